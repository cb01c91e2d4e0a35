/**
 * The outline of France (data/reference/make-outline.mjs writes it): what the bytes of outline.dat mean.
 *
 *     "BLO1"
 *     twice, for rings (closed: coast and frontiers, the largest first) and for lines (open: borders inside):
 *       count, corners of each, then all x, then all y
 *     count of towns, length of their names in bytes, the names in UTF-8 with "\n" between, then all sizes, all x, all y
 *
 * Numbers are LEB128. Coordinates and sizes are differences from the one before, 0, -1, 1, -2 … written as 0, 1, 2, 3 …;
 * coordinates count in steps of `UNIT` of projection.js.
 *
 * @module
 */

import { WORLD } from "./projection.js";

export const MAGIC = "BLO1";
export const UNIT = 128;

/** Corners of one line, x and y in turns, in steps of UNIT. @typedef {Int32Array} Line */
/** @typedef {{ name: string, size: number, x: number, y: number }} Town the largest first */
/** @typedef {{ rings: Line[], lines: Line[], towns: Town[] }} Outline */

/**
 * @param {Uint8Array} bytes from the network: nothing in them is trusted
 * @returns {Outline}
 * @throws {RangeError | TypeError} when they are not an outline
 */
export function readOutline(bytes) {
  let at = MAGIC.length;
  /** @param {boolean} isGood */
  const check = (isGood) => {
    if (!isGood) throw new RangeError(`outline damaged at byte ${at}`);
  };
  for (let i = 0; i < at; ++i) check(bytes[i] === MAGIC.charCodeAt(i));

  function natural() {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = bytes[at++] ?? -1;
      check(byte >= 0 && weight < 2 ** 28);
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
  }
  /** How many things follow, of at least so many bytes each. @param {number} least */
  function count(least) {
    const value = natural();
    check(value * least <= bytes.length - at);
    return value;
  }
  /** The next of a column. @param {number} last @param {number} end */
  function next(last, end) {
    const folded = natural();
    const value = last + (folded % 2 ? -(folded + 1) / 2 : folded / 2);
    check(value >= 0 && value < end);
    return value;
  }
  /** @param {number} least corners of a line */
  function group(least) {
    const lengths = Array.from({ length: count(1) }, natural);
    check(lengths.every((length) => length >= least));
    check(2 * lengths.reduce((sum, length) => sum + length, 0) <= bytes.length - at);
    const lines = lengths.map((length) => new Int32Array(2 * length));
    for (const axis of [0, 1]) {
      let last = 0;
      for (const line of lines) for (let i = axis; i < line.length; i += 2) line[i] = last = next(last, WORLD / UNIT);
    }
    return lines;
  }

  const rings = group(3);
  const lines = group(2);
  const towns = count(4);
  const size = count(1);
  const names = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, at + size)).split("\n");
  at += size;
  check(names.length === towns || size + towns === 0);
  /** @param {number} end */
  const column = (end) => {
    let last = 0;
    return Array.from({ length: towns }, () => (last = next(last, end)));
  };
  const [sizes, xs, ys] = [column(256), column(WORLD / UNIT), column(WORLD / UNIT)];
  check(at === bytes.length);
  return {
    rings,
    lines,
    towns: xs.map((x, i) => ({ name: names[i] ?? "", size: sizes[i] ?? 0, x, y: ys[i] ?? 0 })),
  };
}

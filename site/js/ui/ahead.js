/**
 * Reads the directories that the first search will ask for while the module that asks is still on its way: a round trip
 * less until the first results.
 *
 * @module
 */

import { hexOf } from "../hex.js";
import { bytesOfBase64, readByFetch } from "../searcher.js";

// Fields of the table Root (docs/FORMAT.md).
const DOMAINS = 3;
const DIRECTORIES = 4;

/**
 * @param {Uint8Array} root a FlatBuffer; damaged ones give fewer or wrong paths
 * @param {string[]} romes none: all
 * @returns {string[]} paths below data/
 */
function directoriesOf(root, romes) {
  const view = new DataView(root.buffer);
  const table = view.getUint32(0, true);
  /** @param {number} field @returns {number} where the items of a vector begin */
  const items = (field) => {
    const at = table + view.getUint16(table - view.getInt32(table, true) + 4 + 2 * field, true);
    return at + view.getUint32(at, true) + 4;
  };
  const wanted =
    romes.length > 0 ? romes.map((rome) => (rome.charCodeAt(0) - 65) * 100 + Number(rome.slice(1, 3)) + 1) : [0];
  const paths = [];
  const domains = items(DOMAINS);
  const count = view.getUint32(domains - 4, true);
  for (let i = 0, ref = items(DIRECTORIES); i < count; ++i, ref += 16)
    if (wanted.includes(view.getUint16(domains + 2 * i, true)))
      paths.push(`france/directory-${hexOf(root.subarray(ref, ref + 12))}.bin`);
  return paths;
}

/**
 * A way to read the files of a site that goes ahead as soon as it has read a manifest.
 * @param {string[]} romes of the first search
 * @returns {import("../searcher.js").Read}
 */
export function readAhead(romes) {
  /** @type {Map<string, Promise<Uint8Array>>} by URL; each is taken once, so that another try asks again */
  const ahead = new Map();
  return async (url, cache) => {
    const begun = ahead.get(url.href);
    ahead.delete(url.href);
    const bytes = await (begun ?? readByFetch(url, cache));
    // Only of a manifest is it asked whether a copy is still good.
    if (cache === "no-cache")
      try {
        const { root } = JSON.parse(new TextDecoder().decode(bytes));
        for (const path of directoriesOf(bytesOfBase64(root), romes)) {
          const file = new URL(path, url);
          const reading = readByFetch(file, "default");
          reading.catch(() => {});
          ahead.set(file.href, reading);
        }
      } catch {
        // Whoever reads the manifest says what is wrong with it.
      }
    return bytes;
  };
}

/**
 * How the page reads the files of the site: the directories that the first search will ask for while the module that asks
 * is still on its way, a round trip less until the first results; and each shard once.
 *
 * @module
 */

import { hexOf } from "../hex.js";
import { bytesOf, readByFetch } from "../read.js";
import { bytesOfBase64 } from "../searcher.js";

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
 * Answers for shards and modules, by address. With a search in its address, the page (site/search.html) asks for the module
 * before this script is there. No preload does that: Safari asks again for what was preloaded for a fetch.
 * @type {Record<string, Promise<Response>>}
 */
const begun = /** @type {any} */ (window).begun ?? {};

/** @param {URL} url */
async function readOnce(url) {
  const { href } = url;
  try {
    return await bytesOf((await (begun[href] ??= fetch(url))).clone());
  } catch (error) {
    // The next try asks again.
    delete begun[href];
    throw error;
  }
}

/**
 * A way to read the files of a site that goes ahead as soon as it has read a manifest, and reads nothing twice: the module
 * that comes later is given what the first one had.
 * @param {string[]} [romes] of the first search; undefined: none
 * @returns {import("../read.js").Read}
 */
export function readAhead(romes) {
  return async (url, cache) => {
    if (cache === "default") return readOnce(url);
    const bytes = await readByFetch(url, cache);
    // Only of a manifest is it asked whether a copy is still good.
    if (romes && cache === "no-cache")
      try {
        const { root } = JSON.parse(new TextDecoder().decode(bytes));
        for (const path of directoriesOf(bytesOfBase64(root), romes)) readOnce(new URL(path, url)).catch(() => {});
      } catch {
        // Whoever reads the manifest says what is wrong with it.
      }
    return bytes;
  };
}

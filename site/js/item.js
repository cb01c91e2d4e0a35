/**
 * What item.wasm does.
 *
 * @module
 */

// Numbers of Source in core/ids.hpp.
const sourceNames = ["formations", "offres", "matcha", "lba"];

/**
 * Reads one record, all of it.
 * @param {import("./searcher.js").Searcher} searcher one that was opened with item.wasm or balise-api.wasm
 * @param {string} source @param {string} id
 * @param {string} [page] of the result that a search gave of it: what leads there need not be read then
 * @returns {Promise<any>} the result without `page` and with `details`, values by their numbers in core/field.hpp; null
 *   for none
 */
export async function readItem(searcher, source, id, page = "") {
  const { engine } = searcher;
  const begin = () =>
    engine.begin(`${page}\n${id}`, (block, size) =>
      engine.exports.balise_item?.(sourceNames.indexOf(source), block, size),
    );
  return JSON.parse((await searcher.finish(begin)).body);
}

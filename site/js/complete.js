/**
 * What form.wasm and balise.wasm do beside searching.
 *
 * @module
 */

/** What is completed: places, or occupations and diplomas. @typedef {"places" | "metiers"} Completion */

/**
 * Completes what somebody typed into a form.
 * @param {import("./searcher.js").Searcher} searcher one that was opened with form.wasm, balise.wasm or balise-api.wasm
 * @param {Completion} kind @param {string} text
 * @param {number} [limit] at most 100; of occupations and of diplomas as many each
 * @param {AbortSignal} [signal]
 * @returns {Promise<any[]>} Place or Metier (site/balise.d.ts), best first
 */
export async function complete(searcher, kind, text, limit = 10, signal) {
  const { engine } = searcher;
  const begin = () =>
    engine.begin(text, (block, size) =>
      engine.exports.balise_complete?.(kind === "places" ? 0 : 1, block, size, limit),
    );
  return JSON.parse((await searcher.finish(begin, signal)).body).results;
}

/**
 * What only balise-api.wasm does: pages search without it, and need not load this either.
 *
 * @module
 */

import { BaliseError } from "./errors.js";

/** @typedef {import("./searcher.js").Searcher} Searcher one that was opened with balise-api.wasm */

/**
 * Calls the V1 API.
 * @param {Searcher} searcher
 * @param {string} method @param {string} url "/api/V1/jobs?romes=F1702"
 * @param {boolean} isOwn whether a page of the site itself asks, which needs no `caller`
 * @param {AbortSignal} [signal]
 * @returns {Promise<{status: number, body: string}>} HTTP status, JSON
 */
export function callApi(searcher, method, url, isOwn, signal) {
  const { engine } = searcher;
  return searcher.finish(() => {
    const name = engine.encoder.encode(method);
    const text = engine.encoder.encode(url);
    const number = engine.withBytes(name, (nameBlock) =>
      engine.withBytes(
        text,
        (block) => engine.exports.balise_request?.(nameBlock, name.length, block, text.length, isOwn ? 1 : 0) ?? 0,
      ),
    );
    if (number === 0) throw new BaliseError("engine_unavailable", "this module does not answer the API");
    return number;
  }, signal);
}

/**
 * Lists the files that searches within an area need.
 * @param {Searcher} searcher
 * @param {string} query "lat=…&lon=…&radius=…", "departement=35" or "region=53"
 * @param {boolean} whole all of them; else how many bytes that would be, about
 * @param {AbortSignal} [signal]
 * @returns {Promise<{records: number, bytes: number, files: [string, number][]}>} paths below data/ and their lengths
 */
export async function listArea(searcher, query, whole, signal) {
  const { engine } = searcher;
  const begin = () => engine.begin(query, (block, size) => engine.exports.balise_area?.(block, size, whole ? 1 : 0));
  return JSON.parse((await searcher.finish(begin, signal)).body);
}

// Searches off the page's thread. Messages in: {id, open, home} once, then {id, query}, {id, api, isOwn} and {id, abort}. Out:
// {id, value} or {id, error: {code, detail}}.

import { BaliseError } from "./errors.js";
import { Searcher } from "./searcher.js";

/** @typedef {{id: number, open?: string, home?: string, query?: string, api?: string, isOwn?: boolean, abort?: boolean}} Request */

let base = "";
/** Where balise.js and the modules stand. */
let home = "";
/** @type {Promise<Searcher> | undefined} */
let opening;
/** @type {Promise<Searcher> | undefined} */
let openingApi;
/** @type {Set<number>} */
const aborted = new Set();

/** @param {Request} request */
async function answer({ id, open, home: where, query, api, isOwn }) {
  const isAborted = () => aborted.has(id);
  if (open !== undefined) {
    base = open;
    home = where ?? "";
    opening = Searcher.open(base, new URL("balise.wasm", home));
    return (await opening).manifest;
  }
  if (api !== undefined) {
    // Most pages never call the API: its module is read when one does. A failure must not stay for the next call.
    openingApi ??= Searcher.open(base, new URL("balise-api.wasm", home));
    openingApi.catch(() => (openingApi = undefined));
    return (await openingApi).request("GET", api, isOwn ?? false, isAborted);
  }
  const searcher = await /** @type {Promise<Searcher>} */ (opening);
  return searcher.search(query ?? "", isAborted);
}

self.addEventListener("message", async (/** @type {MessageEvent<Request>} */ event) => {
  const { id, abort } = event.data;
  if (abort) {
    aborted.add(id);
    return;
  }
  try {
    self.postMessage({ id, value: await answer(event.data) });
  } catch (error) {
    const known = error instanceof BaliseError ? error : new BaliseError("engine_unavailable", String(error));
    self.postMessage({ id, error: { code: known.code, detail: known.detail } });
  }
  aborted.delete(id);
});

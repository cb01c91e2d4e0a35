// Searches off the page's thread. Messages in: {id, open} once, then {id, query} and {id, abort}. Out: {id, value} or
// {id, error: {code, detail}}.

import { BaliseError } from "./errors.js";
import { Searcher } from "./searcher.js";

/** @typedef {{id: number, open?: string, query?: string, abort?: boolean}} Request */

/** @type {Promise<Searcher> | undefined} */
let opening;
/** @type {Set<number>} */
const aborted = new Set();

/** @param {Request} request */
async function answer({ id, open, query }) {
  if (open !== undefined) {
    opening = Searcher.open(open);
    return (await opening).manifest;
  }
  const searcher = await /** @type {Promise<Searcher>} */ (opening);
  return searcher.search(query ?? "", () => aborted.has(id));
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

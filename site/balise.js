// Balise: searches a published site, in a browser and in Node.
//
//   import { open } from "https://example.org/balise.js";
//   const balise = await open("https://example.org/");
//   const { results } = await balise.search({ lat: 48.85, lon: 2.35, radius: 30, romes: ["F1702"] });

import { BaliseError } from "./js/errors.js";
import { Searcher } from "./js/searcher.js";
import { home, scriptUrl } from "./js/trusted.js";

export { BaliseError };

/** @typedef {import("./balise.d.ts").Query} Query */
/** @typedef {import("./balise.d.ts").Answer} Answer */
/** @typedef {import("./js/searcher.js").Manifest} Manifest */

/**
 * Whatever searches: a Worker, or a Searcher on this thread.
 * @typedef {{manifest: Manifest, search: (query: string, signal?: AbortSignal) => Promise<string>,
 *   api: (url: string, isOwn: boolean, signal?: AbortSignal) => Promise<{status: number, body: string}>,
 *   close: () => void}} Backend
 */

/** @type {ReadonlyArray<[keyof Query, string]>} */
const parameters = [
  ["lat", "lat"],
  ["lon", "lon"],
  ["radius", "radius"],
  ["romes", "romes"],
  ["romeDomain", "rome_domain"],
  ["diploma", "diploma"],
  ["sources", "sources"],
  ["region", "region"],
  ["departement", "departement"],
  ["opco", "opco"],
  ["limit", "limit"],
  ["widen", "widen"],
  ["cards", "cards"],
];

/** @param {Query} query */
function queryString(query) {
  const text = new URLSearchParams();
  for (const [key, name] of parameters) {
    const value = query[key];
    if (value !== undefined && value !== null) text.set(name, String(value));
  }
  return text.toString();
}

/** @param {string} baseUrl @returns {Promise<Backend>} */
async function openHere(baseUrl) {
  const searcher = await Searcher.open(baseUrl, new URL("balise.wasm", home));
  /** @type {Promise<Searcher> | undefined} */
  let openingApi;
  return {
    manifest: searcher.manifest,
    search: (query, signal) => searcher.search(query, () => signal?.aborted ?? false),
    api: async (url, isOwn, signal) => {
      // As in the worker: read when it is needed, and a failure does not stay.
      openingApi ??= Searcher.open(baseUrl, new URL("balise-api.wasm", home));
      openingApi.catch(() => (openingApi = undefined));
      return (await openingApi).request("GET", url, isOwn, () => signal?.aborted ?? false);
    },
    close: () => {},
  };
}

/** @param {string} baseUrl @returns {Promise<Backend>} */
async function openInWorker(baseUrl) {
  const worker = new Worker(scriptUrl("js/worker.js"), { type: "module" });
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: BaliseError) => void}>} */
  const waiting = new Map();
  let last = 0;
  /** @param {object} request @param {AbortSignal} [signal] @returns {Promise<any>} */
  const call = (request, signal) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      signal?.addEventListener("abort", () => {
        worker.postMessage({ id, abort: true });
        waiting.delete(id);
        reject(new BaliseError("aborted", "the request was given up"));
      });
      worker.postMessage({ id, ...request });
    });
  worker.addEventListener("message", ({ data: { id, value, error } }) => {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error) caller?.reject(new BaliseError(error.code, error.detail));
    else caller?.resolve(value);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    for (const { reject } of waiting.values())
      reject(new BaliseError("engine_unavailable", event.message || "the worker did not start"));
    waiting.clear();
  });
  try {
    const manifest = await call({ open: baseUrl, home: home.href });
    return {
      manifest,
      search: (query, signal) => call({ query }, signal),
      api: (api, isOwn, signal) => call({ api, isOwn }, signal),
      close: () => worker.terminate(),
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

export class Balise {
  /** @param {Backend} backend @param {string} baseUrl */
  constructor(backend, baseUrl) {
    this.backend = backend;
    this.baseUrl = baseUrl;
    this.manifest = backend.manifest;
  }

  /**
   * Results in rank order over all sources, nearest first. Rejects with a BaliseError.
   * @param {Query} query @returns {Promise<Answer>}
   */
  async search(query) {
    if (query.signal?.aborted) throw new BaliseError("aborted", "the request was given up");
    return JSON.parse(await this.backend.search(queryString(query), query.signal));
  }

  /**
   * Answers a URL of the V1 API (docs/API.md): whatever it says, also that parameters are wrong, is an answer. Rejects
   * with a BaliseError when files cannot be had.
   * @param {string | URL} url "/api/V1/jobs?romes=F1702&caller=me", or a whole URL with such a path
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<import("./balise.d.ts").ApiAnswer>}
   */
  async api(url, { signal } = {}) {
    if (signal?.aborted) throw new BaliseError("aborted", "the request was given up");
    const whole = typeof url === "string" && url.startsWith("/") ? null : new URL(url);
    const path = whole ? whole.pathname + whole.search : String(url);
    const isOwn = typeof location !== "undefined" && location.href.startsWith(this.baseUrl);
    const answer = await this.backend.api(path, isOwn, signal);
    return { ...answer, json: () => JSON.parse(answer.body) };
  }

  /** Ends the Worker; the object is of no use afterwards. */
  close() {
    this.backend.close();
  }
}

/**
 * Opens a published site. Searches in a Worker where there is one of the same origin, else on this thread.
 * @param {string | URL} baseUrl root of the site; in Node also a file: URL
 * @returns {Promise<Balise>}
 */
export async function open(baseUrl) {
  const base = new URL(baseUrl, typeof location === "undefined" ? undefined : location.href).href;
  const canWork =
    typeof Worker !== "undefined" &&
    typeof location !== "undefined" &&
    new URL(import.meta.url).origin === location.origin;
  if (canWork) {
    try {
      return new Balise(await openInWorker(base), base);
    } catch (error) {
      // Old browsers have no module workers; everything else would fail on this thread too.
      if (!(error instanceof BaliseError) || error.code !== "engine_unavailable") throw error;
    }
  }
  return new Balise(await openHere(base), base);
}

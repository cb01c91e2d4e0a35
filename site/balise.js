// Balise: searches a published site, in a browser and in Node.
//
//   import { open } from "https://example.org/balise.js";
//   const balise = await open("https://example.org/");
//   const { results } = await balise.search({ lat: 48.85, lon: 2.35, radius: 30, romes: ["F1702"] });

import { home } from "./home.js";
import { callApi } from "./js/api.js";
import { complete } from "./js/complete.js";
import { BaliseError } from "./js/errors.js";
import { readAnywhere } from "./js/read.js";
import { Searcher } from "./js/searcher.js";

export { BaliseError };

/** @typedef {import("./balise.d.ts").Query} Query */
/** @typedef {import("./balise.d.ts").Answer} Answer */
/** @typedef {import("./js/searcher.js").Manifest} Manifest */

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

export class Balise {
  /** @type {Promise<Searcher> | undefined} over the module that answers the API, once that was asked for */
  #apiSearcher;
  #searcher;
  #baseUrl;
  #keys;

  /** @param {Searcher} searcher @param {string} baseUrl @param {string} [keys] */
  constructor(searcher, baseUrl, keys) {
    this.#searcher = searcher;
    this.#baseUrl = baseUrl;
    this.#keys = keys;
    this.manifest = searcher.manifest;
  }

  /**
   * Results in rank order over all sources, nearest first. Rejects with a BaliseError.
   * @param {Query} query @returns {Promise<Answer>}
   */
  async search(query) {
    return JSON.parse(await this.#searcher.search(queryString(query), query.signal));
  }

  /**
   * Places for what somebody has typed so far: a name or its beginning, a postal code, a département; best first.
   * @param {string} text @param {import("./balise.d.ts").CompletionOptions} [options]
   * @returns {Promise<import("./balise.d.ts").Place[]>}
   */
  async places(text, { limit, signal } = {}) {
    return complete(this.#searcher, "places", text, limit, signal);
  }

  /**
   * Occupations and diplomas for what somebody has typed so far, with the ROMEs to search for; best first.
   * @param {string} text @param {import("./balise.d.ts").CompletionOptions} [options]
   * @returns {Promise<import("./balise.d.ts").Metier[]>}
   */
  async metiers(text, { limit, signal } = {}) {
    return complete(this.#searcher, "metiers", text, limit, signal);
  }

  /**
   * Answers a URL of the V1 API (docs/API.md): whatever it says, also that parameters are wrong, is an answer. Rejects
   * with a BaliseError when files cannot be had.
   * @param {string | URL} url "/api/V1/jobs?romes=F1702&caller=me", or a whole URL with such a path
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<import("./balise.d.ts").ApiAnswer>}
   */
  async api(url, { signal } = {}) {
    const whole = typeof url === "string" && url.startsWith("/") ? null : new URL(url);
    const path = whole ? whole.pathname + whole.search : String(url);
    const isOwn = typeof location !== "undefined" && location.href.startsWith(this.#baseUrl);
    // Most pages never call the API: its module is read when one does. A failure must not stay for the next call.
    this.#apiSearcher ??= Searcher.open(this.#baseUrl, new URL("balise-api.wasm", home), readAnywhere, this.#keys);
    this.#apiSearcher.catch(() => (this.#apiSearcher = undefined));
    const answer = await callApi(await this.#apiSearcher, "GET", path, isOwn, signal);
    return { ...answer, json: () => JSON.parse(answer.body) };
  }
}

/**
 * Opens a published site. All work is done on the calling thread: a search takes less than a millisecond, and opening a
 * file that it reads a few. Whoever wants another thread imports this module in a Worker.
 * @param {string | URL} baseUrl root of the site; in Node also a file: URL
 * @param {import("./balise.d.ts").OpenOptions} [options]
 * @returns {Promise<Balise>}
 */
export async function open(baseUrl, options) {
  const base = new URL(baseUrl, typeof location === "undefined" ? undefined : location.href).href;
  const keys = options?.keys?.join(" ");
  const searcher = await Searcher.open(base, new URL("balise.wasm", home), readAnywhere, keys);
  return new Balise(searcher, base.endsWith("/") ? base : `${base}/`, keys);
}

// One open site: manifest, module, files. Runs in a Worker, in a page or in Node; knows no DOM.

import { Engine } from "./engine.js";
import { BaliseError } from "./errors.js";

/**
 * What a manifest says (docs/FORMAT.md).
 * @typedef {{format: number, title: string, as_of: string, counts: Record<string, number>,
 *   regions: Record<string, Record<string, number>>, files: string, shell?: string, offline?: boolean, root: string,
 *   version?: number, published?: string, expires?: string}} Manifest
 */

/** @typedef {import("./read.js").Read} Read */

/** @param {Read} read @param {URL} base @param {string} [keys] @returns {Promise<Manifest>} */
async function readManifest(read, base, keys) {
  /** @type {unknown} */
  let reason;
  const url = new URL("data/manifest.json", base);
  for (const cache of /** @type {const} */ (["no-cache", "reload"])) {
    try {
      const bytes = await read(url, cache);
      const manifest = JSON.parse(new TextDecoder().decode(bytes));
      const refusal = keys && (await (await import("./signature.js")).check(bytes, keys, url.href));
      if (!refusal) return manifest;
      reason = Object.assign(new BaliseError(refusal.code, refusal.detail), refusal);
    } catch (error) {
      reason = error;
    }
  }
  throw reason instanceof BaliseError ? reason : new BaliseError("manifest_unavailable", String(reason));
}

/** @param {string} text @returns {Uint8Array} */
export function bytesOfBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export class Searcher {
  /** @param {Engine} engine @param {Manifest} manifest @param {URL} base @param {Read} read */
  constructor(engine, manifest, base, read) {
    this.engine = engine;
    this.manifest = manifest;
    this.base = base;
    this.read = read;
    /** Files under way, so that two searches do not fetch one twice. @type {Map<string, Promise<void>>} */
    this.pending = new Map();
  }

  /**
   * @param {string} baseUrl root of the site, http(s): or file:
   * @param {URL} moduleUrl where one of the modules is (wasm/exports.cpp)
   * @param {Read} read how files are read
   * @param {string} [keys] public keys, one of which must have signed the manifest; base64, with spaces between
   * @returns {Promise<Searcher>}
   */
  static async open(baseUrl, moduleUrl, read, keys) {
    const base = new URL(baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
    const module = read(moduleUrl, "default").then(
      (bytes) => Engine.load(/** @type {BufferSource} */ (bytes)),
      (error) => Promise.reject(new BaliseError("engine_unavailable", String(error))),
    );
    // Both are asked for at once; a failed manifest must not leave the other's failure unhandled.
    module.catch(() => {});
    const manifest = await readManifest(read, base, keys);
    const engine = await module;
    if (manifest.format > engine.exports.balise_format_version())
      throw new BaliseError("format_too_new", `the site is of format ${manifest.format}`);
    try {
      engine.open(bytesOfBase64(manifest.root));
    } catch (error) {
      if (error instanceof BaliseError && error.code === "format_too_new") throw error;
      throw new BaliseError("manifest_unavailable", `damaged: ${error}`);
    }
    return new Searcher(engine, manifest, base, read);
  }

  /**
   * @param {string} query as core/query.hpp reads it
   * @param {AbortSignal} [signal]
   * @returns {Promise<string>} the answer, JSON
   */
  async search(query, signal) {
    return (await this.finish(() => this.engine.begin(query, this.engine.exports.balise_search), signal)).body;
  }

  /**
   * Reads what a request of the module asks for until it is answered.
   * @param {() => number} begin gives the number of the request @param {AbortSignal} [signal]
   * @returns {Promise<{status: number, body: string}>} HTTP status, JSON
   */
  async finish(begin, signal) {
    const number = begin();
    try {
      for (;;) {
        if (signal?.aborted) throw new BaliseError("aborted", "the request was given up");
        const missing = this.engine.advance(number);
        if (missing.length === 0) return this.engine.answer(number);
        await Promise.all(missing.map((path) => this.fetchFile(path)));
      }
    } finally {
      this.engine.close(number);
    }
  }

  /** @private @param {string} path @returns {Promise<void>} */
  fetchFile(path) {
    let pending = this.pending.get(path);
    if (!pending) {
      // Forgotten when it ends: a failure must not stay for the next try.
      pending = this.fetchOnce(path).finally(() => this.pending.delete(path));
      this.pending.set(path, pending);
    }
    return pending;
  }

  /** @private @param {string} path @returns {Promise<void>} */
  async fetchOnce(path) {
    /** @type {BaliseError | undefined} */
    let failure;
    // A copy on the way that is cut or damaged, or an answer that never was one, is mended by another try past it.
    for (const cache of /** @type {const} */ (["default", "reload"])) {
      try {
        const refused = this.engine.put(path, await this.read(new URL(`data/${path}`, this.base), cache));
        if (refused === "ok") return;
        failure = new BaliseError("shard_damaged", `data/${path}: ${refused}`);
      } catch (error) {
        failure = new BaliseError("shard_unavailable", String(error));
      }
    }
    throw failure;
  }
}

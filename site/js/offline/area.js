/**
 * Areas that the visitor keeps on the device: which there are, and how they get there, whole or not at all. No DOM here.
 *
 * All files of all areas stand in one cache, with the manifest that they belong to. The manifest is replaced only when every
 * file of every area is there, and only then what it no longer leads to goes: without a network, the areas are those of one
 * night.
 *
 * @module
 */

import { listArea } from "../api.js";
import { bytesOf } from "../read.js";
import { cacheNames, fetchWhole, hashInName } from "./kept.js";

/** @typedef {import("../searcher.js").Searcher} Searcher */
/**
 * @typedef {object} Area
 * @property {string} query what is asked of the module: "lat=…&lon=…&radius=…", "departement=35" or "region=53"
 * @property {string} label for people
 * @property {number} records
 * @property {number} bytes
 * @property {string} day of the data, "YYYY-MM-DD"
 * @property {string[]} files paths below data/; none as long as something is missing
 */
/** @typedef {(done_bytes: number, all_bytes: number) => void} OnProgress */

/** More at once do not come faster over one line. */
const AT_ONCE = 8;

export class AreaKeeper {
  /** @param {string} home root of the site */
  constructor(home) {
    this.home = home;
    /** Whoever estimates or keeps gives it: the page has it already. @type {typeof import("../searcher.js").Searcher | undefined} */
    this.SearcherClass = undefined;
    /** Those of the page. @type {string | undefined} */
    this.keys = undefined;
    /** What estimates read with; an area that is kept begins anew. @type {ReturnType<AreaKeeper["open"]> | undefined} */
    this.reading = undefined;
    this.cacheName = cacheNames(home).area;
    this.manifestUrl = new URL("data/manifest.json", home).href;
    this.listKey = new URL(".kept/areas", home).href;
  }

  /** @returns {Promise<Area[]>} in the order in which they were asked for; rejects where storage is denied */
  async list() {
    const response = await caches.match(this.listKey, { cacheName: this.cacheName });
    return response ? response.json() : [];
  }

  /** @returns {Promise<string | undefined>} the root that the areas belong to */
  async root() {
    const response = await caches.match(this.manifestUrl, { cacheName: this.cacheName });
    return response && (await response.json()).root;
  }

  /**
   * How much an area is, about; reads some tens of kilobytes for that, and keeps nothing.
   * @param {string} query @param {AbortSignal} signal
   * @returns {Promise<{ records: number, bytes: number }>}
   */
  async estimate(query, signal) {
    this.reading ??= this.open();
    try {
      return await listArea((await this.reading).searcher, query, false, signal);
    } catch (error) {
      this.reading = undefined;
      throw error;
    }
  }

  /**
   * Keeps one more area and brings all others to the same night; goes on where an earlier call was stopped.
   * @param {Pick<Area, "query" | "label"> | null} added null: those that there are
   * @param {OnProgress} onProgress
   * @param {AbortSignal} signal
   */
  async keep(added, onProgress, signal) {
    const cache = await caches.open(this.cacheName);
    const areas = await this.list();
    if (added && !areas.some(({ query }) => query === added.query)) {
      areas.push({ ...added, records: 0, bytes: 0, day: "", files: [] });
      await this.write(cache, areas);
    }
    let done = 0;
    let all = 0;
    /** @type {Set<string>} paths, each of which counts once */
    const here = new Set();
    /** @param {string} path @param {number} size */
    const onFile = (path, size) => {
      if (here.has(path)) return;
      here.add(path);
      done += size;
      onProgress(done, Math.max(done, all));
    };
    const { searcher, manifest } = await this.open(cache, signal, onFile);
    /** @type {Area[]} */
    const whole = [];
    for (const { query, label } of areas) {
      const before = done;
      all = before + (await listArea(searcher, query, false, signal)).bytes;
      const { records, bytes, files } = await listArea(searcher, query, true, signal);
      const rest = files.filter(([path]) => !here.has(path));
      all = done + rest.reduce((sum, [, size]) => sum + size, 0);
      let next = 0;
      const work = async () => {
        for (let file = rest[next++]; file !== undefined; file = rest[next++])
          await this.take(cache, file[0], signal, onFile);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      const paths = files.map(([path]) => path);
      whole.push({ query, label, records, bytes, day: String(searcher.manifest.as_of), files: paths });
    }
    await cache.put(this.manifestUrl, new Response(manifest, { headers: { "Content-Type": "application/json" } }));
    await this.write(cache, whole);
    await this.purge(cache, whole);
  }

  /** @param {string} query of the area that goes */
  async remove(query) {
    const areas = (await this.list()).filter((area) => area.query !== query);
    if (areas.length === 0) {
      await caches.delete(this.cacheName);
      return;
    }
    const cache = await caches.open(this.cacheName);
    await this.write(cache, areas);
    await this.purge(cache, areas);
  }

  /** @private @param {Cache} cache @param {Area[]} areas */
  async write(cache, areas) {
    await cache.put(this.listKey, new Response(JSON.stringify(areas)));
  }

  /** @private @param {Cache} cache @param {Area[]} areas */
  async purge(cache, areas) {
    // What an area that is not whole has so far is what it goes on with.
    if (areas.some(({ files }) => files.length === 0)) return;
    const inUse = new Set(areas.flatMap(({ files }) => files.map((path) => new URL(`data/${path}`, this.home).href)));
    for (const { url } of await cache.keys()) if (hashInName(url) && !inUse.has(url)) await cache.delete(url);
  }

  /**
   * @private
   * @param {Cache} [cache] that takes what is read; none: nothing does
   * @param {AbortSignal} [signal]
   * @param {(path: string, size: number) => void} [onFile]
   */
  async open(cache, signal, onFile = () => {}) {
    let manifest = "";
    const slots = new Slots(AT_ONCE);
    if (!this.SearcherClass) throw new Error("an AreaKeeper without a Searcher only lists");
    const searcher = await this.SearcherClass.open(
      this.home,
      new URL("balise-api.wasm", this.home),
      async (url, how) => {
        const path = hashInName(url.href) && url.href.slice(new URL("data/", this.home).href.length);
        if (path)
          return slots.use(async () =>
            cache
              ? this.take(cache, path, signal, onFile)
              : bytesOf(await fetch(url, { cache: how, signal: signal ?? null })),
          );
        const bytes = await bytesOf(await fetch(url, { cache: how, signal: signal ?? null }));
        if (url.href === this.manifestUrl) manifest = new TextDecoder().decode(bytes);
        return bytes;
      },
      this.keys,
    );
    return { searcher, manifest };
  }

  /**
   * @private
   * @param {Cache} cache @param {string} path @param {AbortSignal | undefined} signal
   * @param {(path: string, size: number) => void} onFile
   * @returns {Promise<Uint8Array>}
   */
  async take(cache, path, signal, onFile) {
    const url = new URL(`data/${path}`, this.home).href;
    let response = await cache.match(url);
    if (!response) {
      response = await fetchWhole(url, hashInName(path) ?? "none", ["no-store", "reload"], signal);
      await cache.put(url, response.clone());
    }
    const bytes = await bytesOf(response);
    onFile(path, bytes.length);
    return bytes;
  }
}

/** So many at once, the others wait. */
class Slots {
  /** @param {number} free */
  constructor(free) {
    this.free = free;
    /** @type {(() => void)[]} */
    this.waiting = [];
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async use(work) {
    if (this.free > 0) this.free -= 1;
    else await new Promise((resolve) => this.waiting.push(() => resolve(undefined)));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

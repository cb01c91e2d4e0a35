// The service worker: answers /api/V1/* for pages in its scope, from the files of the site, without a server. What it reads
// for that is kept, so that an answer that was given once can be given again without a network. Everything else goes to
// the network as if it were not there.

import { Searcher } from "./js/searcher.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const scope = worker.registration.scope;
const manifestUrl = new URL("data/manifest.json", scope).href;
const CACHE = "balise-1";
/** A network that takes longer than this to say whether there is a new manifest is treated as none. */
const MANIFEST_PATIENCE_MS = 3000;

/** @param {Uint8Array} bytes @returns {Promise<string>} what names of files carry: 12 bytes of the SHA-256 */
async function hashOf(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes));
  return [...new Uint8Array(digest, 0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keeping is a comfort: a full disk, or storage that is denied, must not cost the answer. @param {() => Promise<any>} work */
async function ifPossible(work) {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** @param {URL} url @param {Uint8Array} bytes */
function keep(url, bytes) {
  return ifPossible(async () => (await caches.open(CACHE)).put(url.href, new Response(/** @type {any} */ (bytes))));
}

/** @param {URL} url @returns {Promise<Uint8Array | undefined>} */
function kept(url) {
  return ifPossible(async () => {
    const response = await (await caches.open(CACHE)).match(url.href);
    return response && new Uint8Array(await response.arrayBuffer());
  });
}

/** @param {URL} url @param {RequestInit} options @returns {Promise<Uint8Array>} */
async function fetched(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A file whose name holds its hash is read once; it is kept only if it is what the name says. @type {import("./js/searcher.js").Read} */
async function readData(url, cache) {
  const hash = /-([0-9a-f]{24})\.[a-z]+$/.exec(url.pathname)?.[1];
  if (cache === "default") {
    const bytes = await kept(url);
    if (bytes) return bytes;
  }
  const bytes = await fetched(url, { cache });
  if (hash && (await hashOf(bytes)) === hash) await keep(url, bytes);
  return bytes;
}

/** The network's copy if it answers in time, else the one that was kept. @param {URL} url @returns {Promise<Uint8Array>} */
async function readLatest(url) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), MANIFEST_PATIENCE_MS);
  try {
    const bytes = await fetched(url, { cache: "no-cache", signal: patience.signal });
    // Of a site with keys; what is refused is as good as none.
    const { baliseCheck, baliseKeys } = /** @type {any} */ (self);
    const refusal = url.href === manifestUrl && (await baliseCheck?.(bytes, baliseKeys, url.href));
    if (refusal) throw new Error(refusal.detail);
    await keep(url, bytes);
    return bytes;
  } catch (error) {
    const bytes = await kept(url);
    if (bytes) return bytes;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The site as it was when it was last asked. @type {{manifest: string, searcher: Promise<Searcher>} | undefined} */
let site;

/** @returns {Promise<Searcher>} over the latest manifest that can be had */
async function openSite() {
  const bytes = await readLatest(new URL(manifestUrl));
  const manifest = new TextDecoder().decode(bytes);
  if (site?.manifest !== manifest) {
    const searcher = Searcher.open(scope, new URL("balise-api.wasm", scope), (url, cache) => {
      if (url.href === manifestUrl) return Promise.resolve(bytes);
      return url.pathname.endsWith(".wasm") ? readLatest(url) : readData(url, cache);
    });
    site = { manifest, searcher };
    // A failure must not stay for the next request.
    searcher.catch(() => (site = undefined));
  }
  return site.searcher;
}

/** @param {Request} request @returns {Promise<Response>} */
async function answer(request) {
  const url = new URL(request.url);
  const path = `/${url.pathname.slice(new URL(scope).pathname.length)}${url.search}`;
  let status = 500;
  let body = '{"error":"internal_error"}';
  try {
    const searcher = await openSite();
    ({ status, body } = await searcher.request(request.method, path, request.referrer.startsWith(scope)));
  } catch (error) {
    console.warn(String(error));
  }
  return new Response(request.method === "HEAD" ? null : body, {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" },
  });
}

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  if (event.request.url.startsWith(new URL("api/", scope).href)) event.respondWith(answer(event.request));
});

// The service worker: what was seen works without a network, and /api/V1/* is answered without a server.
//
// It keeps three things apart: the shell (pages, scripts, modules), of which it has one whole version at any time; the
// manifest, of which the network's is taken whenever it comes in time; and shards, whose names say what is in them. Nothing
// is kept that was not checked against a hash. Whatever it cannot do, it leaves to the network as if it were not there.

import { callApi } from "./js/api.js";
import { cacheNames, fetchWhole, hashInName, hashOf, ifPossible, isFrugal, keepable } from "./js/offline/kept.js";
import { bytesOf } from "./js/read.js";
import { Searcher } from "./js/searcher.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const scope = worker.registration.scope;
const names = cacheNames(scope);
const manifestUrl = new URL("data/manifest.json", scope).href;
/** @param {string} name where something is kept that has no address */
const keyOf = (name) => new URL(`.kept/${name}`, scope).href;
/** A network that takes longer than this to give the manifest is treated as none, when there is an older one. */
const PATIENCE_MS = 3000;
/** What a page loads when somebody searches, types, opens an item or the map: fetched ahead, unless bytes are dear. */
const LATER = [
  "search.wasm",
  "form.wasm",
  "item.wasm",
  "fiche.js",
  "fiche.css",
  "map.js",
  "map.css",
  "offline.js",
  "offline.css",
];

/** @typedef {{path: string, bytes: number, sha256: string}} ShellFile */
/** @typedef {{name: string, kept: string[], files: ShellFile[]}} Shell `kept`: paths of those that are here */
/** @typedef {import("./js/searcher.js").Manifest} Manifest */

// ------------------------------------------------------------------------------------------------------------ what is kept

/** Whether the publisher has switched all this off: what is still under way must not be kept after all was removed. */
let isOff = false;

/** @param {string} name */
async function openCache(name) {
  if (isOff) throw new Error("the site keeps nothing any more");
  return caches.open(name);
}

const openSiteCache = () => openCache(names.site);

/** @param {string} key @returns {Promise<Response | undefined>} */
const kept = (key) => ifPossible(() => caches.match(key, { cacheName: names.site }));

/** @param {string} key @param {Response} response */
const keep = (key, response) => ifPossible(async () => (await openSiteCache()).put(key, response));

/** A value that is read for each request: once a life of the worker, which alone writes it. @template T */
class Value {
  /** @param {string} name */
  constructor(name) {
    this.key = keyOf(name);
    /** @type {Promise<T | undefined> | undefined} */
    this.read = undefined;
  }

  /** @returns {Promise<T | undefined>} */
  get() {
    return (this.read ??= ifPossible(async () => (await kept(this.key))?.json()));
  }

  /** @param {T} value */
  async set(value) {
    this.read = undefined;
    await (await openSiteCache()).put(this.key, new Response(JSON.stringify(value)));
    this.read = Promise.resolve(value);
  }
}

// --------------------------------------------------------------------------------------------------------------- manifest

/** @param {string} text @returns {Manifest | undefined} undefined when it is none: an error page with status 200, say */
function manifestOf(text) {
  try {
    const manifest = JSON.parse(text);
    return typeof manifest.root === "string" && typeof manifest.format === "number" ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The manifest from the network, kept when it is one.
 * @param {RequestCache} cache
 * @returns {Promise<string>}
 */
async function fetchManifest(cache) {
  let text = "";
  for (const how of new Set([cache, /** @type {const} */ ("reload")])) {
    const response = await fetch(manifestUrl, { cache: how });
    text = response.status === 200 ? await response.text() : "";
    const manifest = manifestOf(text);
    // Of a site with keys; what is refused is as good as none.
    const { baliseCheck, baliseKeys } = /** @type {any} */ (self);
    if (!manifest || (await baliseCheck?.(new TextEncoder().encode(text), baliseKeys, manifestUrl))) continue;
    isOff = manifest.offline === false;
    if (isOff) await removeAll();
    else {
      await keep(manifestUrl, new Response(text, { headers: { "Content-Type": "application/json" } }));
      await ifPossible(() => beginGeneration(manifest.root));
      updateShell(manifest);
    }
    return text;
  }
  throw new Error(`${manifestUrl} is no manifest`);
}

/**
 * The network's manifest if it comes in time, else the one of the area that the visitor keeps, of which every file is
 * here, else the one that was read last.
 * @param {RequestCache} [cache]
 * @returns {Promise<string>}
 */
async function readManifest(cache = "no-cache") {
  const coming = fetchManifest(cache);
  coming.catch(() => {});
  const older =
    (await ifPossible(() => caches.match(manifestUrl, { cacheName: names.area }))) ?? (await kept(manifestUrl));
  if (!older) return coming;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([coming, late.then(() => older.text())]).catch(() => older.text());
}

// ----------------------------------------------------------------------------------------------------------------- shards

/** Caches of shards, of the latest manifest and of the one before. @type {Value<string[]>} */
const generations = new Value("generations");

/** What neither this manifest nor the one before has led to is forgotten. @param {string} root of the manifest */
async function beginGeneration(root) {
  const name = names.shards((await hashOf(new TextEncoder().encode(root))).slice(0, 12));
  const before = (await generations.get()) ?? [];
  if (before[0] === name) return;
  const now = [name, ...before.filter((other) => other !== name)].slice(0, 2);
  await generations.set(now);
  for (const other of await caches.keys())
    if (other.startsWith(names.shards("")) && !now.includes(other)) await caches.delete(other);
}

/** @param {string} url @returns {Promise<Response | undefined>} */
async function keptShard(url) {
  const [latest, before] = (await generations.get()) ?? [];
  for (const name of [latest, names.area, before]) {
    const response = name && (await caches.match(url, { cacheName: name }));
    if (!response) continue;
    // What is still in use outlives the manifest that first led to it.
    if (name === before) await keepShard(url, response.clone());
    return response;
  }
  return undefined;
}

/** @param {string} url @param {Response} response whole */
async function keepShard(url, response) {
  const [latest, before] = (await generations.get()) ?? [];
  if (!latest) return;
  const put = async () => (await openCache(latest)).put(url, response.clone());
  // A full disk has room again without what an older manifest led to.
  await put().catch(async () => {
    if (before) await caches.delete(before);
    await put();
  });
}

/**
 * @param {string} url of a file whose name holds its hash
 * @param {RequestCache} cache "reload": what is kept seems to be damaged
 * @returns {Promise<Response>}
 */
async function readShard(url, cache) {
  const here = cache === "reload" ? undefined : await ifPossible(() => keptShard(url));
  if (here) return here;
  const response = await fetch(url, { cache });
  if (response.status !== 200) return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const whole = keepable(bytes, response);
  if ((await hashOf(bytes)).startsWith(hashInName(url) ?? "none"))
    await ifPossible(() => keepShard(url, whole.clone()));
  return whole;
}

// ------------------------------------------------------------------------------------------------------------------ shell

/** The whole version that is here. @type {Value<Shell>} */
const shellNow = new Value("shell");

/** The file of the shell that a path stands for, whatever the host makes of endings. @param {Shell} shell @param {string} path */
function shellFile({ files }, path) {
  const candidates = [path, `${path}.html`, path === "" || path.endsWith("/") ? `${path}index.html` : ""];
  return files.find((file) => candidates.includes(file.path));
}

/** Paths that pages have asked for since the worker started. @type {Set<string>} */
const asked = new Set();

/** @type {Promise<unknown>} */
let updating = Promise.resolve();

/** Brings the shell to the version that a manifest names: all of it, or nothing. @param {Manifest} manifest */
function updateShell({ shell: name }) {
  if (name) updating = updating.then(() => ifPossible(() => replaceShell(name)));
  return updating;
}

/** @param {string} name */
async function replaceShell(name) {
  const old = await shellNow.get();
  const cache = await openSiteCache();
  /** @type {{files: ShellFile[]}} */
  const { files } =
    old?.name === name
      ? old
      : await (await fetchWhole(new URL(`data/${name}`, scope).href, hashInName(name) ?? "none")).json();
  const wanted = new Set(old?.kept);
  for (const path of asked) {
    const file = shellFile({ name, files, kept: [] }, path);
    if (file) wanted.add(file.path);
  }
  if (!isFrugal()) for (const path of LATER) wanted.add(path);
  const kept = files.filter(({ path }) => wanted.has(path));
  if (old?.name === name && kept.every(({ path }) => old.kept.includes(path))) return;
  for (const { path, sha256 } of kept)
    if (!(await cache.match(keyOf(sha256))))
      await cache.put(keyOf(sha256), await fetchWhole(new URL(path, scope).href, sha256, ["no-cache", "reload"]));
  await shellNow.set({ name, files, kept: kept.map(({ path }) => path) });
  // The outline of the map is data by its name and its address, but no manifest leads to it.
  if (!isFrugal())
    for (const { path } of files)
      if (path.startsWith("data/")) await ifPossible(() => readShard(new URL(path, scope).href, "default"));
  const inUse = new Set(kept.map(({ sha256 }) => keyOf(sha256)));
  for (const { url } of await cache.keys()) if (/\/[0-9a-f]{64}$/.test(url) && !inUse.has(url)) await cache.delete(url);
}

/** @param {string} path @returns {Promise<Response | undefined>} */
async function keptPage(path) {
  const shell = await shellNow.get();
  const file = shell && shellFile(shell, path);
  return file && kept(keyOf(file.sha256));
}

/** @param {Request} request @param {string} path */
async function readPage(request, path) {
  asked.add(path);
  const here = request.cache === "reload" ? undefined : await keptPage(path);
  if (here) return here;
  try {
    return await fetch(request);
  } catch (error) {
    const late = await keptPage(path);
    if (late) return late;
    // A page that was never seen: what there is without a network is the search.
    if (request.mode === "navigate" && path !== SEARCH && (await keptPage(SEARCH)))
      return Response.redirect(new URL(SEARCH, scope).href);
    throw error;
  }
}
const SEARCH = "recherche-apprentissage";

/** Takes back all that is kept, and the worker with it. */
async function removeAll() {
  generations.read = shellNow.read = undefined;
  for (const name of await caches.keys()) if (name.startsWith(names.prefix)) await caches.delete(name);
  await worker.registration.unregister();
}

// -------------------------------------------------------------------------------------------------------------------- API

/** The site as it was when it was last asked. @type {{manifest: string, searcher: Promise<Searcher>} | undefined} */
let site;

/** @returns {Promise<Searcher>} over the latest manifest that can be had */
async function openSite() {
  const manifest = await readManifest();
  if (site?.manifest !== manifest) {
    const searcher = Searcher.open(scope, new URL("balise-api.wasm", scope), async ({ href, pathname }, cache) => {
      if (href === manifestUrl) return new TextEncoder().encode(manifest);
      if (hashInName(pathname)) return bytesOf(await readShard(href, cache));
      return bytesOf(await readPage(new Request(href, { cache: "no-cache" }), pathOf(href) ?? ""));
    });
    site = { manifest, searcher };
    // A failure must not stay for the next request.
    searcher.catch(() => (site = undefined));
  }
  return site.searcher;
}

/** @param {Request} request @param {string} path @returns {Promise<Response>} */
async function answer(request, path) {
  let status = 500;
  let body = '{"error":"internal_error"}';
  try {
    const searcher = await openSite();
    const { search } = new URL(request.url);
    const isOwn = request.referrer.startsWith(scope);
    ({ status, body } = await callApi(searcher, request.method, `/${path}${search}`, isOwn));
    // The module has been asked for: it is kept with the shell.
    updateShell(searcher.manifest);
  } catch (error) {
    console.warn(String(error));
  }
  return new Response(request.method === "HEAD" ? null : body, {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" },
  });
}

// ----------------------------------------------------------------------------------------------------------------- events

/** @param {string} url @returns {string | undefined} its path below the root of the site */
function pathOf(url) {
  return url.startsWith(scope) ? new URL(url).pathname.slice(new URL(scope).pathname.length) : undefined;
}

/** What pages read before there was a worker: most of it still stands in the browser's own cache. @param {string[]} urls */
async function takeOver(urls) {
  const manifest = manifestOf(await fetchManifest("default"));
  for (const url of urls) {
    const path = pathOf(url);
    if (path === undefined) continue;
    if (hashInName(path)) await ifPossible(() => readShard(url, "force-cache"));
    else asked.add(path);
  }
  if (manifest) await updateShell(manifest);
}

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("message", (event) => {
  const { type, urls } = event.data ?? {};
  const done = () => event.ports[0]?.postMessage("done");
  if (type === "seen" && Array.isArray(urls)) event.waitUntil(ifPossible(() => takeOver(urls)).then(done));
  if (type === "update")
    event.waitUntil(
      ifPossible(() => fetchManifest("no-cache"))
        .then(() => updating)
        .then(done),
    );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  if (path === undefined) return;
  /** @type {Promise<Response>} */
  let response;
  if (path.startsWith("api/")) response = answer(request, path);
  else if (request.method !== "GET" || request.headers.has("range")) return;
  else if (request.url === manifestUrl)
    response = readManifest(request.cache === "default" ? "no-cache" : request.cache).then(
      (text) => new Response(text, { headers: { "Content-Type": "application/json" } }),
    );
  else if (path.startsWith("data/")) {
    if (!hashInName(path)) return;
    response = readShard(request.url, request.cache);
  } else response = readPage(request, path);
  event.respondWith(response);
  // What goes on in the background must not end with the answer.
  event.waitUntil(response.then(() => updating).catch(() => {}));
});

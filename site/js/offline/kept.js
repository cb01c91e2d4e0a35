/**
 * What a device keeps of the site: names of its caches, and the check that every file passes before it goes into one. For
 * the service worker and for pages.
 *
 * @module
 */

import { hexOf } from "../hex.js";

/**
 * Names of the caches of one site: several may stand in folders of one origin, which shares them.
 * @param {string} home root of the site
 */
export function cacheNames(home) {
  const prefix = `balise ${new URL(home).pathname} `;
  return {
    prefix,
    /** pages, scripts, the manifest as it was last read */
    site: `${prefix}site`,
    /** shards that a search has read, by the manifest that it read */
    shards: (/** @type {string} */ generation) => `${prefix}shards ${generation}`,
    /** shards that the visitor asked to keep */
    area: `${prefix}area`,
  };
}

/** @param {Uint8Array} bytes @returns {Promise<string>} SHA-256, hexadecimal */
export async function hashOf(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes));
  return hexOf(new Uint8Array(digest));
}

/** @param {string} path @returns {string | undefined} the hash that the name of a file below data/ carries */
export const hashInName = (path) => /-([0-9a-f]{24})\.[a-z]+$/.exec(path)?.[1];

/**
 * Reads a file that is known by its hash: another try past the browser's own cache mends a damaged copy.
 * @param {string} url
 * @param {string} hash how its SHA-256 begins, hexadecimal
 * @param {RequestCache[]} tries
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>} of bytes that have that hash
 */
export async function fetchWhole(url, hash, tries = ["default", "reload"], signal) {
  let reason = "";
  for (const cache of tries) {
    const response = await fetch(url, signal ? { cache, signal } : { cache });
    const bytes = response.status === 200 ? await bytesOf(response) : undefined;
    if (bytes && (await hashOf(bytes)).startsWith(hash)) return keepable(bytes, response);
    reason = bytes ? "is not what its name promises" : `answered ${response.status}`;
  }
  throw new Error(`${url} ${reason}`);
}

/** A body that breaks off is none. @param {Response} response */
async function bytesOf(response) {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** @param {Uint8Array} bytes @param {Response} from */
export function keepable(bytes, { headers }) {
  const kept = new Headers(headers);
  // What is kept is neither compressed nor of that length any more.
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) kept.delete(name);
  return new Response(/** @type {any} */ (bytes), { headers: kept });
}

/**
 * Keeping is a comfort: a full disk, or storage that is denied, must not cost the answer.
 * @template T @param {() => Promise<T>} work @returns {Promise<T | undefined>}
 */
export async function ifPossible(work) {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** Whether bytes are dear, as the visitor says or the network is slow: then nothing is fetched that nobody has asked for. */
export function isFrugal() {
  const { connection } = /** @type {any} */ (navigator);
  return connection?.saveData === true || /2g/.test(connection?.effectiveType ?? "");
}

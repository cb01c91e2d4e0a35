// How the files of a site are read.

/**
 * Reads a file of the site.
 * @callback Read
 * @param {URL} url
 * @param {RequestCache} cache "default" for names that hold a hash, "no-cache" to ask whether a copy is still good,
 *   "reload" where a copy may be damaged
 * @returns {Promise<Uint8Array>}
 */

/** @param {Response} response @returns {Promise<Uint8Array>} */
export async function bytesOf(response) {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @type {Read} */
export const readByFetch = async (url, cache) => bytesOf(await fetch(url, { cache }));

/** @type {Read} */
async function readFromDisk(url) {
  const { readFile } = await import(/* @vite-ignore */ "node:fs/promises");
  return new Uint8Array(await readFile(url));
}

/** For those who may run in Node. @type {Read} */
export function readAnywhere(url, cache) {
  return (url.protocol === "file:" ? readFromDisk : readByFetch)(url, cache);
}

/**
 * Why a search failed, by a word that programs can rely on:
 * - `manifest_unavailable`: the manifest cannot be had (no site there, no network)
 * - `shard_unavailable`: a file that the search needs cannot be had; a later try may work
 * - `shard_damaged`: a file is not what its name promises, also after it was fetched again
 * - `format_too_new`: the site was published in a later format: load the page again
 * - `wrong_query`: a parameter is missing or out of range; the message says which
 * - `engine_unavailable`: WebAssembly is missing or the module cannot be had
 * - `signature_wrong`: the manifest is not signed by a key that the page knows
 * - `rolled_back`: the manifest is older than one that was seen before
 * - `aborted`: the caller's signal ended the search
 * @typedef {"manifest_unavailable" | "shard_unavailable" | "shard_damaged" | "format_too_new" | "wrong_query"
 *   | "engine_unavailable" | "signature_wrong" | "rolled_back" | "aborted"} BaliseErrorCode
 */

export class BaliseError extends Error {
  /**
   * @param {BaliseErrorCode} code
   * @param {string} detail what and where, in English
   */
  constructor(code, detail) {
    super(`${code}: ${detail}`);
    this.name = "BaliseError";
    this.code = code;
    this.detail = detail;
  }
}

/** The exports of the five modules; wasm/exports.cpp says what each does. Pointers are offsets into `memory`. */
export interface BaliseExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  balise_alloc(size: number): number;
  balise_free(block: number): void;
  balise_result_data(): number;
  balise_result_size(): number;
  balise_format_version(): number;
  balise_open(root: number, size: number): number;
  /** Not in item.wasm. */
  balise_search?(query: number, size: number): number;
  /** Only in form.wasm, balise.wasm and balise-api.wasm. Kind 0 are places, 1 are occupations and diplomas. The answers: Place and Metier of site/balise.d.ts. */
  balise_complete?(kind: number, text: number, size: number, limit: number): number;
  /**
   * Only in item.wasm and balise-api.wasm. Sources are numbered in core/ids.hpp; the text is `page` of a Result, or nothing, a
   * line break, the id. The answer: a Result of site/balise.d.ts with its details by number instead of `page`, or null.
   */
  balise_item?(source: number, text: number, size: number): number;
  /** Only in balise-api.wasm. */
  balise_request?(method: number, methodSize: number, url: number, urlSize: number, isOwn: number): number;
  /** Only in balise-api.wasm. The answer: {"records", "bytes", "files": [["path below data/", bytes], …]} (core/area.hpp). */
  balise_area?(query: number, size: number, whole: number): number;
  balise_advance(request: number): number;
  balise_put(path: number, pathSize: number, bytes: number, size: number): number;
  balise_answer(request: number): number;
  balise_close(request: number): void;
}

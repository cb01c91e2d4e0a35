// A module of wasm/exports.cpp: memory, calls, results. The only file that touches the module's memory.

import { BaliseError } from "./errors.js";

/** @typedef {import("../../wasm/exports.d.ts").BaliseExports} BaliseExports */

// Numbers of ErrorCode in core/result.hpp; a test keeps both equal.
export const errorNames = [
  "ok",
  "wrong_query",
  "wrong_name",
  "wrong_length",
  "wrong_hash",
  "malformed",
  "format_too_new",
  "not_open",
  "not_found",
];

export class Engine {
  /** @param {BaliseExports} exports */
  constructor(exports) {
    this.exports = exports;
    this.encoder = new TextEncoder();
    this.decoder = new TextDecoder();
  }

  /**
   * @param {BufferSource} module the bytes of one of the modules
   * @returns {Promise<Engine>}
   */
  static async load(module) {
    // The module does no I/O; what its C library would call on a fatal error ends in an exception here.
    const halt = () => {
      throw new BaliseError("engine_unavailable", "the module stopped");
    };
    const imports = { wasi_snapshot_preview1: { proc_exit: halt } };
    let instance;
    try {
      ({ instance } = await WebAssembly.instantiate(module, imports));
    } catch (error) {
      // Also where there is no WebAssembly.
      throw new BaliseError("engine_unavailable", String(error));
    }
    const exports = /** @type {BaliseExports} */ (/** @type {unknown} */ (instance.exports));
    exports._initialize();
    return new Engine(exports);
  }

  /** @param {Uint8Array} root the root that the manifest carries */
  open(root) {
    const code = this.withBytes(root, (block) => this.exports.balise_open(block, root.length));
    if (code !== 0) throw this.errorOf(code);
  }

  /** @param {number} request @returns {string[]} paths below data/ of files to be put before the next call; none: done */
  advance(request) {
    const code = this.exports.balise_advance(request);
    if (code !== 0) throw this.errorOf(code);
    return this.resultText()
      .split("\n")
      .filter((path) => path !== "");
  }

  /**
   * @param {string} path @param {Uint8Array} content
   * @returns {string} "ok", or why the file was refused: then it may be put again
   */
  put(path, content) {
    const name = this.encoder.encode(path);
    const code = this.withBytes(name, (nameBlock) =>
      this.withBytes(content, (block) => this.exports.balise_put(nameBlock, name.length, block, content.length)),
    );
    return String(errorNames[code]);
  }

  /** @param {number} request one that is done @returns {{status: number, body: string}} HTTP status, JSON */
  answer(request) {
    const status = this.exports.balise_answer(request);
    return { status, body: this.resultText() };
  }

  /** @param {number} request */
  close(request) {
    this.exports.balise_close(request);
  }

  // What follows is for this file, js/api.js, js/complete.js and js/item.js, by word alone: what "#" becomes for browsers before 2021 is a hundredth of
  // the page's bytes.

  /**
   * Begins a request. @param {string} text
   * @param {((block: number, size: number) => number | undefined) | undefined} call none where the module has not got it
   * @returns {number} its number, to be closed
   */
  begin(text, call) {
    const bytes = this.encoder.encode(text);
    const number = this.withBytes(bytes, (block) => call?.(block, bytes.length));
    if (!number) throw new BaliseError("wrong_query", this.resultText());
    return number;
  }

  resultText() {
    // The view is made anew each time: growing memory detaches the old one.
    const start = this.exports.balise_result_data();
    return this.decoder.decode(new Uint8Array(this.exports.memory.buffer, start, this.exports.balise_result_size()));
  }

  /** @param {number} code */
  errorOf(code) {
    const name = String(errorNames[code]);
    const isItself = name === "format_too_new" || name === "wrong_query";
    return new BaliseError(isItself ? name : "shard_damaged", this.resultText() || name);
  }

  /**
   * Copies bytes into the module for the time of one call.
   * @template T @param {Uint8Array} bytes @param {(block: number) => T} call @returns {T}
   */
  withBytes(bytes, call) {
    const block = this.exports.balise_alloc(bytes.length);
    if (block === 0) throw new BaliseError("engine_unavailable", "the module is out of memory");
    try {
      new Uint8Array(this.exports.memory.buffer, block, bytes.length).set(bytes);
      return call(block);
    } finally {
      this.exports.balise_free(block);
    }
  }
}

// A static host for measuring: Range, pre-compressed files, ETag, and the exact bytes of every answer.

import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".bin": "application/octet-stream",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The file that a path of a URL means, or undefined. */
function fileOf(root, path) {
  const wanted = join(root, normalize(decodeURIComponent(path)));
  if (!wanted.startsWith(root)) return undefined;
  const candidates = path.endsWith("/") ? [`${wanted}index.html`] : [wanted, `${wanted}.html`, `${wanted}/index.html`];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile());
}

/** First and last byte of a Range header over `size` bytes, or undefined for none or one that cannot be met. */
function rangeOf(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const first = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const last = match[1] === "" || match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  return first <= last && first < size ? { first, last } : undefined;
}

/**
 * Serves a folder on 127.0.0.1. Everything below `data/` but the manifest may be kept for ever, all else is asked for again.
 * @param {string} root absolute
 * @returns {Promise<{origin: string, log: object[], take: () => object, close: () => Promise<void>}>} `take` sums up and
 *   forgets what was answered since it was called last
 */
export async function serve(root) {
  let log = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://host").pathname;
    const entry = { method: request.method, path, status: 0, body: 0, headers: 0, done: false };
    const socket = request.socket;
    const before = socket.bytesWritten;
    log.push(entry);
    const count = () => {
      if (entry.done) return;
      entry.done = true;
      const written = socket.bytesWritten - before;
      entry.body = Math.min(entry.body, written);
      entry.headers = written - entry.body;
    };
    response.on("finish", count).on("close", count);

    let file = fileOf(root, path);
    const headers = { "cache-control": "no-cache", "accept-ranges": "bytes" };
    const answer = (status, more = {}) => {
      entry.status = status;
      response.writeHead(status, { ...headers, ...more });
    };
    if (!file) {
      answer(404, { "content-length": 0 });
      response.end();
      return;
    }
    headers["content-type"] = types[extname(file)] ?? "application/octet-stream";
    if (/^\/data\/(?!manifest\.json$)/.test(path)) headers["cache-control"] = "public, max-age=31536000, immutable";
    const wantsRange = request.headers.range !== undefined;
    if (existsSync(`${file}.br`)) {
      headers.vary = "accept-encoding";
      if (!wantsRange && /\bbr\b/.test(request.headers["accept-encoding"] ?? "")) {
        file += ".br";
        headers["content-encoding"] = "br";
      }
    }
    const { size, mtimeMs } = statSync(file);
    headers.etag = `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`;
    if (request.headers["if-none-match"] === headers.etag) {
      answer(304);
      response.end();
      return;
    }
    const range = rangeOf(request.headers.range, size);
    const first = range?.first ?? 0;
    const last = range?.last ?? size - 1;
    answer(range ? 206 : 200, {
      "content-length": last - first + 1,
      ...(range ? { "content-range": `bytes ${first}-${last}/${size}` } : {}),
    });
    if (request.method === "HEAD" || size === 0) {
      response.end();
      return;
    }
    entry.body = last - first + 1;
    if (entry.body > 1 << 22) {
      createReadStream(file, { start: first, end: last }).pipe(response);
      return;
    }
    const bytes = Buffer.alloc(entry.body);
    const handle = openSync(file, "r");
    readSync(handle, bytes, 0, bytes.length, first);
    closeSync(handle);
    response.end(bytes);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    get log() {
      return log;
    },
    take() {
      const taken = log;
      log = [];
      // The icon that a browser asks for by itself belongs to nobody.
      const counted = taken.filter(({ path }) => path !== "/favicon.ico");
      return {
        requests: counted.length,
        bytes: counted.reduce((sum, { body }) => sum + body, 0),
        header_bytes: counted.reduce((sum, { headers }) => sum + headers, 0),
        entries: counted,
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections?.();
      }),
  };
}

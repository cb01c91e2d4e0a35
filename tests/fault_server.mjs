/**
 * An HTTP server on this machine that gives files as it should, or with one of the faults of the sources of this world.
 * Knows ETag, Last-Modified, Range and If-Range.
 */

import http from "node:http";

/**
 * How an answer goes wrong:
 * - `drop`: the connection closes without an answer; `stall`: the head, half of the body, then nothing;
 * - `hang`: no answer at all; `slow`: the whole body, in four parts;
 * - a number: that status, with `retryAfter` if given;
 * - `html`: 200 and a page; `html-as-json`: the same, called JSON; `empty`: 200 and nothing;
 * - `cut`: half of the body, less than Content-Length says; `cut-quietly`: half of it, without Content-Length;
 * - `garbage`: 200 and bytes that are no JSON; `brotli`: an encoding that nobody asked for;
 * - `elsewhere`: a redirect to another port; `loop`: one to itself; `moved`: one to a path of this host that works;
 * - `no-range`: 200 to a request for a range; `wrong-range`: 206 for another range than the one asked for.
 * @typedef {number | "drop" | "stall" | "hang" | "slow" | "html" | "html-as-json" | "empty" | "cut" | "cut-quietly" |
 *   "garbage" | "brotli" | "elsewhere" | "loop" | "moved" | "no-range" | "wrong-range"} Fault
 * @typedef {{ body: Buffer, etag?: string, lastModified?: string, type?: string }} Content
 * @typedef {(request: http.IncomingMessage, url: URL, body: string) =>
 *   { status?: number, headers?: Record<string, string>, body?: string | Buffer }} Handler
 * @typedef {{ method: string, url: string, headers: http.IncomingHttpHeaders, body: string }} Seen
 */

/** The faults that a source may have on a bad night, all of which must leave it as it was. */
export const faults = /** @type {const} */ ([
  "drop",
  "stall",
  "hang",
  404,
  410,
  429,
  500,
  503,
  "html",
  "html-as-json",
  "empty",
  "cut",
  "cut-quietly",
  "garbage",
  "brotli",
  "elsewhere",
  "loop",
]);

export class FaultServer {
  /** @type {Map<string, Content | Handler>} */
  #routes = new Map();
  /** @type {Map<string, { fault: Fault, times: number, retryAfter: string | undefined }>} */
  #faults = new Map();
  /** @type {Seen[]} every request, in order */
  seen = [];
  #server = http.createServer((request, response) => {
    /** @type {Buffer[]} */
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => this.#answer(request, response, Buffer.concat(parts).toString("utf8")));
  });

  /** @returns {Promise<FaultServer>} on a free port */
  static async start() {
    const server = new FaultServer();
    await new Promise((resolve) => server.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    return server;
  }

  get origin() {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * @param {string} path
   * @param {string | Buffer | Handler} content
   * @param {Omit<Content, "body">} [more]
   */
  serve(path, content, more = {}) {
    this.#routes.set(path, typeof content === "function" ? content : { body: Buffer.from(content), ...more });
  }

  /**
   * @param {string} path
   * @param {Fault | null} fault null: none any more
   * @param {{ times?: number, retryAfter?: string }} [options] how many answers go wrong
   */
  fail(path, fault, { times = Infinity, retryAfter } = {}) {
    if (fault === null) this.#faults.delete(path);
    else this.#faults.set(path, { fault, times, retryAfter });
  }

  heal() {
    this.#faults.clear();
    this.seen = [];
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response @param {string} body */
  #answer(request, response, body) {
    const url = new URL(request.url ?? "/", this.origin);
    this.seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    const route = this.#routes.get(url.pathname);
    const failing = this.#faults.get(url.pathname);
    if (failing && failing.times > 0) {
      failing.times -= 1;
      const bytes = typeof route === "function" ? Buffer.from(String(route(request, url, body).body)) : route?.body;
      this.#fail(failing.fault, failing.retryAfter, bytes ?? Buffer.from("[]"), route, url, response);
    } else if (typeof route === "function") {
      const { status = 200, headers = {}, body: answer = "" } = route(request, url, body);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(answer);
    } else if (route) {
      this.#send(route, request, response);
    } else {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
    }
  }

  /** @param {Content} content @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  #send(content, request, response) {
    /** @type {Record<string, string>} */
    const headers = { "content-type": content.type ?? "application/json", "accept-ranges": "bytes" };
    if (content.etag) headers["etag"] = content.etag;
    if (content.lastModified) headers["last-modified"] = content.lastModified;
    const { range, "if-range": same, "if-none-match": none, "if-modified-since": since } = request.headers;
    if (none ? none === content.etag : since && since === content.lastModified) {
      response.writeHead(304, headers).end();
      return;
    }
    const from = /^bytes=(\d+)-$/.exec(range ?? "");
    if (from && (same === content.etag || same === content.lastModified)) {
      const first = Number(from[1]);
      headers["content-range"] = `bytes ${first}-${content.body.length - 1}/${content.body.length}`;
      response.writeHead(206, headers).end(content.body.subarray(first));
      return;
    }
    response.writeHead(200, { ...headers, "content-length": String(content.body.length) }).end(content.body);
  }

  /**
   * @param {Fault} fault
   * @param {string | undefined} retryAfter
   * @param {Buffer} body
   * @param {Content | Handler | undefined} route
   * @param {URL} url
   * @param {http.ServerResponse} response
   */
  #fail(fault, retryAfter, body, route, url, response) {
    /** @type {Record<string, string>} */
    const json = { "content-type": "application/json" };
    if (route && typeof route !== "function") {
      if (route.etag) json["etag"] = route.etag;
      if (route.lastModified) json["last-modified"] = route.lastModified;
    }
    const half = body.subarray(0, body.length >> 1);
    const page = "<!doctype html>\n<html><title>Maintenance</title></html>";
    if (typeof fault === "number") {
      response.writeHead(fault, retryAfter ? { "retry-after": retryAfter } : {}).end("an error");
      return;
    }
    switch (fault) {
      case "drop":
        response.socket?.destroy();
        break;
      case "hang":
        break;
      case "stall":
        response.writeHead(200, { ...json, "content-length": String(body.length) }).write(half);
        break;
      case "slow": {
        response.writeHead(200, { ...json, "content-length": String(body.length) });
        const quarter = Math.ceil(body.length / 4);
        [0, 1, 2, 3].forEach((part) =>
          setTimeout(() => {
            response.write(body.subarray(part * quarter, (part + 1) * quarter));
            if (part === 3) response.end();
          }, part * 250),
        );
        break;
      }
      case "html":
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
        break;
      case "html-as-json":
        response.writeHead(200, json).end(page);
        break;
      case "empty":
        response.writeHead(200, json).end();
        break;
      case "cut":
        response.writeHead(200, { ...json, "content-length": String(body.length) });
        response.write(half, () => setTimeout(() => response.socket?.destroy(), 50));
        break;
      case "cut-quietly":
        response.writeHead(200, json).end(half);
        break;
      case "garbage":
        response.writeHead(200, json).end(Buffer.from(half).map((byte) => byte ^ 0x55));
        break;
      case "brotli":
        response.writeHead(200, { ...json, "content-encoding": "br" }).end("\x0b\x02\x80[]\x03");
        break;
      case "elsewhere":
        response.writeHead(302, { location: `http://127.0.0.1:9${url.pathname}` }).end();
        break;
      case "loop":
        response.writeHead(302, { location: url.pathname }).end();
        break;
      case "moved":
        response.writeHead(301, { location: `${url.pathname}?moved=1` }).end();
        break;
      case "no-range":
        response.writeHead(200, json).end(body);
        break;
      case "wrong-range":
        response.writeHead(206, { ...json, "content-range": "bytes 1-2/3" }).end(body);
        break;
    }
  }
}

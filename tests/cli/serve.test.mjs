/** `balise serve` on a folder made by hand: every header that a CDN would send, and nothing from outside the folder. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { assertRefused, balise, program, scratchFolder } from "./support.mjs";

const scratch = scratchFolder();
const site = path.join(scratch, "site");
const hash = createHash("sha256").update("shard").digest("hex").slice(0, 24);
const shardPath = `data/11/index-${hash}.bin`;
const script = Buffer.from("export const answer = 42;\n".repeat(100));
const shard = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));

/** @type {Record<string, string | Uint8Array>} */
const files = {
  "index.html": "<!doctype html><title>Accueil</title>",
  "recherche-apprentissage.html": "<!doctype html><title>Recherche</title>",
  "recherche-apprentissage/index.html": "<!doctype html><title>Recherche, dossier</title>",
  "recherche-emploi/index.html": "<!doctype html><title>Emploi, dossier</title>",
  "page.css": "body { color: black }",
  "sw.js": "self.addEventListener('fetch', () => {});",
  "balise.js": script,
  "balise.js.br": brotliCompressSync(script),
  "balise.js.gz": gzipSync(script),
  "only-gzip.js": script,
  "only-gzip.js.gz": gzipSync(script),
  "balise.wasm": Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
  "logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
  "empty.css": "",
  "été.html": "<!doctype html><title>Été</title>",
  "data/manifest.json": '{"format": 1}',
  [shardPath]: shard,
  [`${shardPath}.br`]: brotliCompressSync(shard),
  ".git/config": "secret",
  "data/.htpasswd": "secret",
};

/** @type {import("node:child_process").ChildProcess} */
let server;
let port = 0;
let firstLine = "";

/** Starts a server and waits for its first line. */
async function start(/** @type {string} */ folder, /** @type {string[]} */ ...more) {
  const child = spawn(program, ["serve", "--site", folder, "--port", "0", ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const line = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}`)));
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });
  return { child, line, port: Number(/:(\d+)\/$/.exec(line)?.[1]) };
}

before(async () => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(site, name)), { recursive: true });
    writeFileSync(path.join(site, name), content);
  }
  writeFileSync(path.join(scratch, "secret.html"), "secret");
  symlinkSync(path.join(scratch, "secret.html"), path.join(site, "leak.html"));
  symlinkSync("..", path.join(site, "up"));
  symlinkSync("index.html", path.join(site, "inside.html"));
  const started = await start(site);
  ({ child: server, port, line: firstLine } = started);
});
after(() => server?.kill());

/**
 * @typedef {{ status: number, headers: http.IncomingHttpHeaders, body: Buffer, text: string }} Answer
 * @param {string} target as it stands in the request line
 * @param {Record<string, string>} [headers]
 * @param {string} [method]
 * @returns {Promise<Answer>}
 */
function ask(target, headers = {}, method = "GET") {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: "127.0.0.1", port, path: target, method, headers, agent: false },
      (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => {
          const body = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString("utf8") });
        });
      },
    );
    request.once("error", reject);
    request.end();
  });
}

/** Sends bytes as they are and gives the status of the answer: node's client refuses some of these itself. */
function askRaw(/** @type {string} */ bytes) {
  return new Promise((/** @type {(status: number) => void} */ resolve, reject) => {
    let text = "";
    const socket = net.connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text);
      if (status !== null) {
        socket.destroy();
        resolve(Number(status[1]));
      }
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
    socket.setTimeout(8000, () => socket.destroy(new Error("no answer")));
  });
}

test("the first line on stdout is the address", () => {
  assert.match(firstLine, /^http:\/\/127\.0\.0\.1:\d+\/$/);
});

describe("pages", () => {
  for (const [target, title] of [
    ["/", "Accueil"],
    ["/?a=b", "Accueil"],
    ["/index.html", "Accueil"],
    ["/recherche-apprentissage", "Recherche"],
    ["/recherche-apprentissage?romes=F1702&lat=48.85", "Recherche"],
    ["/recherche-apprentissage.html", "Recherche"],
    ["/recherche-apprentissage/", "Recherche, dossier"],
    ["/recherche-apprentissage/index.html", "Recherche, dossier"],
    ["/recherche-emploi", "Emploi, dossier"],
    ["/%C3%A9t%C3%A9", "Été"],
    ["//recherche-apprentissage", "Recherche"],
    ["/recherche%2Dapprentissage", "Recherche"],
    ["/inside", "Accueil"],
  ]) {
    test(`${target} is "${title}"`, async () => {
      const { status, headers, text } = await ask(target ?? "");
      assert.equal(status, 200);
      assert.match(text, new RegExp(`<title>${title}</title>`));
      assert.equal(headers["content-type"], "text/html; charset=utf-8");
      assert.equal(headers["cache-control"], "public, max-age=300, stale-while-revalidate=86400");
    });
  }

  test("what does not exist is said in French, as plain text, and not kept", async () => {
    const { status, headers, text } = await ask("/nulle-part");
    assert.equal(status, 404);
    assert.equal(headers["content-type"], "text/plain; charset=utf-8");
    assert.equal(headers["cache-control"], "no-store");
    assert.match(text, /n'existe pas/);
    assert.doesNotMatch(text, /nulle-part/, "the address is not repeated");
  });
});

describe("types and lifetimes", () => {
  for (const [target, type, cache] of [
    ["/balise.js", "text/javascript; charset=utf-8", "no-cache"],
    ["/sw.js", "text/javascript; charset=utf-8", "no-cache"],
    ["/balise.wasm", "application/wasm", "no-cache"],
    ["/page.css", "text/css; charset=utf-8", "no-cache"],
    ["/logo.svg", "image/svg+xml", "no-cache"],
    ["/data/manifest.json", "application/json", "public, max-age=0, s-maxage=60, stale-if-error=604800"],
    [`/${shardPath}`, "application/octet-stream", "public, max-age=31536000, immutable"],
  ]) {
    test(`${target}`, async () => {
      const { status, headers } = await ask(target ?? "");
      assert.equal(status, 200);
      assert.equal(headers["content-type"], type);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["vary"], "Accept-Encoding");
      if (cache !== null) assert.equal(headers["cache-control"], cache);
      else assert.match(headers["cache-control"] ?? "", /max-age=300\b.*stale-while-revalidate=86400|no-cache/);
    });
  }

  test("data, scripts and the module may be read from other sites, pages may not", async () => {
    for (const target of ["/data/manifest.json", `/${shardPath}`, "/balise.js", "/balise.wasm"])
      assert.equal((await ask(target)).headers["access-control-allow-origin"], "*", target);
    for (const target of ["/", "/recherche-apprentissage", "/page.css", "/nulle-part"])
      assert.equal((await ask(target)).headers["access-control-allow-origin"], undefined, target);
  });

  test("an empty file is an empty answer", async () => {
    const { status, headers, body } = await ask("/empty.css");
    assert.deepEqual([status, headers["content-length"], body.length], [200, "0", 0]);
    assert.equal(headers["content-type"], "text/css; charset=utf-8");
  });
});

describe("compressed variants", () => {
  for (const [accepted, expected] of [
    [undefined, undefined],
    ["", undefined],
    ["identity", undefined],
    ["br", "br"],
    ["BR", "br"],
    ["gzip", "gzip"],
    ["x-gzip", "gzip"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip;q=1.0, br;q=0.5", "gzip"],
    ["br;q=0.5, gzip;q=0.5", "br"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0.000", undefined],
    ["*", "br"],
    ["*;q=0", undefined],
    ["*, br;q=0", "gzip"],
    ["br ; q=0.8 , gzip;q=0.9", "gzip"],
    ["br;q=1.5, gzip", "gzip"],
    ["br;level=9, gzip;q=0.1", "gzip"],
    ["deflate", undefined],
  ]) {
    test(`Accept-Encoding: ${accepted} gives ${expected ?? "the file itself"}`, async () => {
      const { status, headers, body } = await ask(
        "/balise.js",
        accepted === undefined ? {} : { "accept-encoding": accepted },
      );
      assert.equal(status, 200);
      assert.equal(headers["content-encoding"], expected);
      const name = { br: "balise.js.br", gzip: "balise.js.gz" }[expected ?? ""] ?? "balise.js";
      assert.ok(body.equals(Buffer.from(files[name] ?? "")), "the bytes of the variant");
      assert.equal(headers["content-length"], String(body.length));
      assert.equal(headers["content-type"], "text/javascript; charset=utf-8");
    });
  }

  test("only what stands beside the file is offered", async () => {
    assert.equal((await ask("/only-gzip.js", { "accept-encoding": "br, gzip" })).headers["content-encoding"], "gzip");
    assert.equal((await ask("/only-gzip.js", { "accept-encoding": "br" })).headers["content-encoding"], undefined);
    assert.equal((await ask("/page.css", { "accept-encoding": "br, gzip" })).headers["content-encoding"], undefined);
  });

  test("each variant has its own strong ETag", async () => {
    const tags = await Promise.all(
      ["identity", "br", "gzip"].map(
        async (coding) => (await ask("/balise.js", { "accept-encoding": coding })).headers.etag,
      ),
    );
    assert.equal(new Set(tags).size, 3);
    for (const tag of tags) assert.match(tag ?? "", /^"[0-9a-f]+"$/);
  });
});

describe("conditions", () => {
  test("the same content is not sent twice", async () => {
    const first = await ask("/balise.js", { "accept-encoding": "br" });
    const tag = first.headers.etag ?? "";
    for (const value of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
      const { status, headers, body } = await ask("/balise.js", { "accept-encoding": "br", "if-none-match": value });
      assert.deepEqual([status, body.length], [304, 0], value);
      assert.equal(headers.etag, tag);
      assert.equal(headers["cache-control"], first.headers["cache-control"]);
      assert.equal(headers["vary"], "Accept-Encoding");
    }
  });

  test("another tag, or that of another variant, gets the content", async () => {
    const { etag } = (await ask("/balise.js", { "accept-encoding": "gzip" })).headers;
    for (const value of ['"x"', etag ?? "", `${etag ?? ""}x`])
      assert.equal((await ask("/balise.js", { "accept-encoding": "br", "if-none-match": value })).status, 200, value);
  });

  test("a file that changes gets another tag, the same content again the same", async () => {
    const changing = path.join(site, "changing.css");
    writeFileSync(changing, "a {}");
    const before_ = (await ask("/changing.css")).headers.etag;
    writeFileSync(changing, "b {}");
    const between = (await ask("/changing.css")).headers.etag;
    rmSync(changing);
    writeFileSync(changing, "a {}");
    const after_ = (await ask("/changing.css")).headers.etag;
    assert.notEqual(between, before_);
    assert.equal(after_, before_);
  });
});

describe("ranges", () => {
  for (const [range, first, last] of /** @type {[string, number, number][]} */ ([
    ["bytes=0-0", 0, 0],
    ["bytes=10-19", 10, 19],
    ["bytes=990-", 990, 999],
    ["bytes=990-5000", 990, 999],
    ["bytes=-10", 990, 999],
    ["bytes=-5000", 0, 999],
    ["bytes=0-", 0, 999],
  ])) {
    test(range, async () => {
      // A client that also accepts br must not get a piece of the compressed file.
      const { status, headers, body } = await ask(`/${shardPath}`, { range, "accept-encoding": "br" });
      assert.equal(status, 206);
      assert.equal(headers["content-range"], `bytes ${first}-${last}/1000`);
      assert.equal(headers["content-encoding"], undefined);
      assert.equal(headers["content-length"], String(last - first + 1));
      assert.ok(body.equals(shard.subarray(first, last + 1)));
    });
  }

  for (const range of ["bytes=1000-", "bytes=5000-6000", "bytes=-0"]) {
    test(`${range} is outside`, async () => {
      const { status, headers } = await ask(`/${shardPath}`, { range });
      assert.equal(status, 416);
      assert.equal(headers["content-range"], "bytes */1000");
      assert.equal(headers["cache-control"], "no-store");
    });
  }

  test("several ranges get the whole file", async () => {
    const { status, body } = await ask(`/${shardPath}`, { range: "bytes=0-1,5-6" });
    assert.deepEqual([status, body.length], [200, 1000]);
  });

  test("a range that cannot be read is never half obeyed", async () => {
    for (const range of ["bytes=abc", "bytes=5-2", "bytes=", "lines=1-2", "bytes=1-99999999999999999999999"]) {
      const { status, body } = await ask(`/${shardPath}`, { range });
      assert.ok(status === 416 || (status === 200 && body.length === 1000) || status === 206, `${range}: ${status}`);
      if (status === 206) assert.ok(body.equals(shard.subarray(1)), range);
    }
  });

  test("If-Range asks for the whole file once it has changed", async () => {
    const { etag } = (await ask(`/${shardPath}`)).headers;
    assert.equal((await ask(`/${shardPath}`, { range: "bytes=0-9", "if-range": etag ?? "" })).status, 206);
    assert.equal((await ask(`/${shardPath}`, { range: "bytes=0-9", "if-range": '"old"' })).status, 200);
  });
});

describe("methods", () => {
  test("HEAD says what GET says, without the content", async () => {
    for (const headers of [{}, { "accept-encoding": "br" }, { range: "bytes=0-9" }]) {
      const got = await ask("/balise.js", headers);
      const head = await ask("/balise.js", headers, "HEAD");
      assert.equal(head.body.length, 0);
      assert.equal(head.status, got.status);
      for (const name of [
        "content-length",
        "content-type",
        "content-encoding",
        "content-range",
        "etag",
        "cache-control",
      ])
        assert.equal(head.headers[name], got.headers[name], name);
    }
    assert.equal((await ask("/nulle-part", {}, "HEAD")).status, 404);
  });

  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    test(`${method} is refused`, async () => {
      const { status, headers } = await ask("/", {}, method);
      assert.deepEqual([status, headers["allow"]], [405, "GET, HEAD"]);
    });
  }

  test("one connection carries many requests", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set();
    for (let turn = 0; turn < 20; ++turn) {
      await new Promise((resolve, reject) => {
        http
          .get({ host: "127.0.0.1", port, path: "/balise.js", agent }, (response) => {
            sockets.add(response.socket);
            response.resume().once("end", resolve);
          })
          .once("error", reject);
      });
    }
    agent.destroy();
    assert.equal(sockets.size, 1);
  });

  test("fifty requests at a time are all answered", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(`/${shardPath}`)));
    assert.ok(answers.every(({ status, body }) => status === 200 && body.equals(shard)));
  });
});

describe("nothing outside the site", () => {
  for (const target of [
    "/../secret.html",
    "/data/../../secret.html",
    "/%2e%2e/secret.html",
    "/..%2fsecret.html",
    "/data/%2e%2e%2f%2e%2e%2fsecret.html",
    "/..%5csecret.html",
    "/..\\secret.html",
    "/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
    "//etc/passwd",
    "/leak.html",
    "/leak",
    "/up/secret.html",
    "/up/site/index.html",
    "/.git/config",
    "/%2egit/config",
    "/data/.htpasswd",
    "/index.html%00.css",
    "/data",
    "/data/",
  ]) {
    test(`${target}`, async () => {
      const { status, text } = await ask(target);
      // A way out of the site and back in is refused or harmless, but never a file from outside.
      if (target !== "/up/site/index.html") assert.equal(status, 404);
      assert.doesNotMatch(text, /secret|root:/);
    });
  }

  for (const [what, bytes] of [
    ["a target without its slash", "GET ../secret.html HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["an address of another server", "GET http://example.org/ HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["half a percent sign", "GET /index.html% HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a percent sign with no digits", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a target of 20,000 bytes", `GET /${"a".repeat(20000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ["no HTTP at all", "hello\r\n\r\n"],
  ]) {
    test(`${what} is refused`, async () => {
      const status = await askRaw(bytes ?? "");
      assert.ok(status === 0 || (status >= 400 && status < 500), String(status));
      assert.equal((await ask("/")).status, 200, "the server still answers");
    });
  }
});

test("/api/V1 is answered as JSON, readable from other sites", async () => {
  const { status, headers, text } = await ask("/api/V1/jobs?romes=F1702&caller=test");
  assert.match(headers["content-type"] ?? "", /^application\/json/);
  assert.equal(headers["access-control-allow-origin"], "*");
  assert.equal(headers["cache-control"], "no-store");
  const json = JSON.parse(text);
  if (status === 501) assert.match(json.message, /README|developpeurs/);
});

test("a new build is served at once, and a folder that is away is said", async () => {
  const folder = path.join(scratch, "swapped");
  const next = path.join(scratch, "next");
  cpSync(site, folder, { recursive: true, verbatimSymlinks: true });
  mkdirSync(path.join(next, "data"), { recursive: true });
  writeFileSync(path.join(next, "data/manifest.json"), "{}");
  writeFileSync(path.join(next, "index.html"), "<title>Nouveau</title>");
  const { child, port: other } = await start(folder);
  const get = async () => {
    const response = await fetch(`http://127.0.0.1:${other}/`);
    return `${response.status} ${await response.text()}`;
  };
  try {
    assert.match(await get(), /Accueil/);
    renameSync(folder, `${folder}.old`);
    assert.match(await get(), /^503 /);
    renameSync(next, folder);
    assert.match(await get(), /Nouveau/);
  } finally {
    child.kill();
  }
});

describe("the process", () => {
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM"])) {
    test(`${signal} ends it with 0, also while a browser keeps its connection`, async () => {
      const { child, port: other } = await start(site);
      const agent = new http.Agent({ keepAlive: true });
      await new Promise((resolve, reject) => {
        http
          .get({ host: "127.0.0.1", port: other, path: "/", agent }, (response) =>
            response.resume().once("end", resolve),
          )
          .once("error", reject);
      });
      const since = Date.now();
      const ended = new Promise((resolve) => child.once("exit", (code, by) => resolve([code, by])));
      child.kill(signal);
      assert.deepEqual(await ended, [0, null]);
      assert.ok(Date.now() - since < 3000, `${Date.now() - since} ms`);
      agent.destroy();
    });
  }

  test("a port that is taken is said in one sentence", () => {
    const outcome = balise(["serve", "--site", site, "--port", String(port)], { timeout: 10_000 });
    assertRefused(outcome, 1, new RegExp(String(port)), /--port/);
  });

  test("an address that is not of this machine is said in one sentence", () => {
    assertRefused(
      balise(["serve", "--site", site, "--port", "0", "--host", "192.0.2.1"], { timeout: 10_000 }),
      1,
      /192\.0\.2\.1/,
    );
  });

  test("a folder that is no site is said in one sentence", () => {
    assertRefused(balise(["serve", "--site", scratch, "--port", "0"], { timeout: 10_000 }), 1, /manifest\.json/);
  });
});

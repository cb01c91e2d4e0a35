/**
 * Sources over https, and from several hosts. A proxy on this machine stands for the network: it knows the names
 * source.test and other.test, on the usual ports, and has a certificate for the first one only.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { assertRefused, contentOf, filesOf, runBalise, sample, scratchFolder, writeConfig } from "./support.mjs";

const scratch = scratchFolder();
const companies = contentOf(path.join(sample, "entreprises.ndjson.gz")).toString("utf8").trimEnd().split("\n");
const matcha = { url: path.join(sample, "matcha.json"), format: "lba-v3" };
const FETCH = { connect_seconds: 2, stall_seconds: 2, total_seconds: 20, retries: 0, backoff_seconds: 0.02 };
const TOKEN = "s3cr3t-tok3n-of-the-tests-0123456789";
const certificate = path.join(scratch, "certificate.pem");

/** @typedef {{ name: string, isSecure: boolean, url: string, authorization: string | undefined }} Seen */
/** @type {Seen[]} what the servers were asked, in order */
let seen = [];
/** @type {(asked: Seen) => { status?: number, location?: string, body?: string }} */
let answer = () => ({ status: 404 });
/** @type {NodeJS.ProcessEnv} */
let env;
/** @type {(http.Server | https.Server | net.Server)[]} */
const servers = [];

/** @param {http.Server | https.Server | net.Server} server @param {string} [host] @returns {Promise<number>} its port */
const listen = (server, host = "127.0.0.1") =>
  new Promise((resolve) => {
    servers.push(server);
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });

before(async () => {
  const key = path.join(scratch, "key.pem");
  const made = spawnSync(
    "openssl",
    [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=source.test".split(" "),
      ...["-addext", "subjectAltName=DNS:source.test", "-keyout", key, "-out", certificate],
    ],
    { encoding: "utf8" },
  );
  assert.equal(made.status, 0, made.stderr);
  /** @param {boolean} isSecure @returns {http.RequestListener} */
  const listener = (isSecure) => (request, response) => {
    // A proxy is asked for whole addresses.
    const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
    const asked = {
      name: url.hostname,
      isSecure,
      url: url.pathname + url.search,
      authorization: request.headers.authorization,
    };
    seen.push(asked);
    const { status = 200, location, body = "" } = answer(asked);
    response.writeHead(status, { "content-type": "application/json", ...(location ? { location } : {}) }).end(body);
  };
  const secure = https.createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, listener(true));
  const securePort = await listen(secure);
  const proxy = http.createServer(listener(false));
  proxy.on("connect", (request, socket, head) => {
    if (!/^(source|other)\.test:443$/.test(request.url ?? "")) return void socket.end("HTTP/1.1 403 no\r\n\r\n");
    const onward = net.connect(securePort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  const origin = `http://127.0.0.1:${await listen(proxy)}`;
  env = { ...process.env, http_proxy: origin, https_proxy: origin, no_proxy: "", SSL_CERT_FILE: certificate };
  for (const name of ["HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "all_proxy", "CURL_CA_BUNDLE"]) delete env[name];
  env["BALISE_TEST_TOKEN"] = TOKEN;
});
after(() => {
  for (const server of servers) {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  }
});
beforeEach(() => {
  seen = [];
});

let number = 0;

/** A first night. @param {object[]} lba entries @param {NodeJS.ProcessEnv} [environment] */
async function night(lba, environment = env) {
  number += 1;
  const [out, state, report] = ["site", "state", "report"].map((name) => path.join(scratch, `${name}-${number}`));
  const entries = lba.map((entry) => ({ format: "recruteurs-lba", ...entry }));
  const config = writeConfig(scratch, { matcha: [matcha], lba: entries }, { state, fetch: FETCH });
  const outcome = await runBalise(
    [
      ...["build", "--config", config, "--out", out ?? "", "--as-of", "2026-11-19", "--progress", "never"],
      ...["--accept", "baseline", "--report", report ?? ""],
    ],
    { env: environment },
  );
  return { ...outcome, state: state ?? "", report: report ?? "" };
}

const text = (/** @type {number} */ from, /** @type {number} */ to) => `${companies.slice(from, to).join("\n")}\n`;
/** The entry of an address with a token. @param {string} url */
const secret = (url) => ({ url, auth: { bearer_env: "BALISE_TEST_TOKEN" } });

describe("https", () => {
  test("a source, with its token", async () => {
    answer = ({ authorization }) => (authorization === `Bearer ${TOKEN}` ? { body: text(0, 100) } : { status: 401 });
    const outcome = await night([secret("https://source.test/x")]);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.deepEqual(seen, [{ name: "source.test", isSecure: true, url: "/x", authorization: `Bearer ${TOKEN}` }]);
    for (const name of filesOf(outcome.state))
      assert.ok(!readFileSync(path.join(outcome.state, name)).includes(TOKEN), name);
  });

  test("a certificate that nobody has signed, or of another name, is not trusted, and no token is sent", async () => {
    answer = () => ({ body: text(0, 100) });
    const { SSL_CERT_FILE: _, ...trusting } = env;
    assertRefused(await night([secret("https://source.test/x")], trusting), 3, /transfer failed \(SSL/);
    assertRefused(await night([secret("https://other.test/x")]), 3, /transfer failed \(SSL/);
    assert.deepEqual(seen, []);
    const bundle = { ...trusting, CURL_CA_BUNDLE: certificate };
    assert.equal((await night([secret("https://source.test/x")], bundle)).code, 0);
  });

  test("http may lead to https on the same host", async () => {
    answer = ({ isSecure, url }) =>
      isSecure ? { body: text(0, 100) } : { status: 301, location: `https://source.test${url}` };
    const outcome = await night([{ url: "http://source.test/x?a=1" }]);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.deepEqual(
      seen.map(({ isSecure, url }) => [isSecure, url]),
      [
        [false, "/x?a=1"],
        [true, "/x?a=1"],
      ],
    );
  });

  for (const status of [301, 302, 303, 307, 308])
    test(`https never leads to http, by ${status}`, async () => {
      answer = ({ isSecure }) => (isSecure ? { status, location: "http://source.test/x" } : { body: text(0, 100) });
      assertRefused(await night([secret("https://source.test/x")]), 3, /another place \(http:\/\/source\.test:80\)/);
      assert.equal(seen.length, 1);
    });

  test("a token goes with a redirect on its host, and to no other host, name of a user or port", async () => {
    answer = ({ url }) => (url === "/x" ? { status: 302, location: "/y" } : { body: text(0, 100) });
    assert.equal((await night([secret("https://source.test/x")])).code, 0);
    assert.deepEqual(
      seen.map(({ url, authorization }) => [url, authorization]),
      [
        ["/x", `Bearer ${TOKEN}`],
        ["/y", `Bearer ${TOKEN}`],
      ],
    );
    for (const location of [
      "https://other.test/x",
      "//other.test/x",
      "https://source.test.other.test/x",
      "https://source.test:8443/x",
      "https://source.test@other.test/x",
      "https://user@source.test/x",
      "http://127.0.0.1/x",
    ]) {
      seen = [];
      answer = ({ url, name }) => (name === "source.test" && url === "/x" ? { status: 302, location } : { body: "[]" });
      const outcome = await night([secret("https://source.test/x")]);
      assertRefused(outcome, 3, /another place/);
      assert.equal(seen.length, 1, location);
      assert.ok(!outcome.stderr.includes(TOKEN));
    }
  });

  test("pages do not lead from https to http, or to another host", async () => {
    for (const next of ["http://source.test/x?page=2", "https://other.test/x"]) {
      seen = [];
      answer = () => ({ body: `{"data": [${companies[0]}], "next": "${next}"}` });
      assertRefused(await night([{ ...secret("https://source.test/x"), pages: "next" }]), 3, /another place/);
      assert.equal(seen.length, 1, next);
    }
  });
});

test("several hosts are asked at a time, each for one source after the other; what is said has the order of the config", async () => {
  const hosts = 6;
  const running = new Map();
  let [most, mostOfOne] = [0, 0];
  /** @type {string[]} */
  const origins = [];
  for (let i = 1; i <= hosts; ++i) {
    const server = http.createServer(async (request, response) => {
      running.set(i, (running.get(i) ?? 0) + 1);
      mostOfOne = Math.max(mostOfOne, running.get(i));
      most = Math.max(most, [...running.values()].filter((count) => count > 0).length);
      await sleep(100 + 50 * (hosts - i));
      running.set(i, running.get(i) - 1);
      const part = Number(request.url?.slice(1));
      response.writeHead(part === 99 ? 404 : 200, { "content-type": "application/json" });
      response.end(text(part * 20, part * 20 + 20));
    });
    origins.push(`http://127.0.0.${i}:${await listen(server, `127.0.0.${i}`)}`);
  }
  const direct = { ...env, no_proxy: "*" };
  // Two of each host.
  const entries = [...origins, ...origins].map((origin, i) => ({ url: `${origin}/${i}` }));
  const outcome = await night(entries, direct);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.deepEqual([most, mostOfOne], [4, 1]);
  const { sources } = JSON.parse(readFileSync(outcome.report, "utf8"));
  assert.deepEqual(
    sources.slice(1).map((/** @type {any} */ { url, read, fetched }) => [url, read, fetched.requests]),
    entries.map(({ url }) => [url, 20, 1]),
  );
  // Of two that fail the first of the config is named, though the other one fails sooner.
  const failing = entries.map(({ url }, i) => ({ url: i === 1 || i === 5 ? url.replace(/\d+$/, "99") : url }));
  assertRefused(await night(failing, direct), 3, /127\.0\.0\.2:\d+\/99/);
});

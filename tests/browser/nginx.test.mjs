/** The built site behind nginx, as a publisher would serve it: no part of `balise serve` is needed. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DEMO,
  allCards,
  launchBrowser,
  listenForTrouble,
  repository,
  searchNatively,
  settled,
  site,
} from "./support.mjs";

const BROTLI_MODULE = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";
const hasBrotli = existsSync(BROTLI_MODULE);

/** @type {string} */
let prefix;
/** @type {import("node:child_process").ChildProcess} */
let nginx;
/** @type {import("playwright-core").Browser} */
let browser;
let url = "";

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/**
 * @param {string} file relative to the site
 * @param {string} encoding what the client accepts
 * @returns {Promise<http.IncomingMessage>} its head; the body is thrown away
 */
function ask(file, encoding) {
  return new Promise((resolve, reject) => {
    http
      .get(new URL(file, url), { headers: { "accept-encoding": encoding } }, (response) => {
        response.resume();
        response.once("end", () => resolve(response));
      })
      .once("error", reject);
  });
}

before(async () => {
  mkdirSync(path.join(repository, "build"), { recursive: true });
  prefix = mkdtempSync(path.join(repository, "build/nginx-"));
  const port = await freePort();
  url = `http://127.0.0.1:${port}/`;
  const configuration = readFileSync(new URL("nginx.conf.in", import.meta.url), "utf8")
    .replaceAll("@PREFIX@", prefix)
    .replaceAll("@PORT@", String(port))
    .replaceAll("@SITE@", site)
    .replaceAll("@BROTLI_MODULE@", hasBrotli ? `load_module ${BROTLI_MODULE};` : "")
    .replaceAll("@BROTLI_STATIC@", hasBrotli ? "brotli_static on;" : "");
  writeFileSync(path.join(prefix, "nginx.conf"), configuration);
  nginx = spawn("/usr/sbin/nginx", ["-p", prefix, "-c", path.join(prefix, "nginx.conf"), "-e", "stderr"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (let turn = 0; ; ++turn) {
    try {
      await ask("", "identity");
      break;
    } catch (error) {
      if (turn === 50 || nginx.exitCode !== null) throw error;
      await sleep(100);
    }
  }
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  nginx?.kill();
  if (prefix) rmSync(prefix, { recursive: true, force: true });
});

for (const form of ["recherche-apprentissage", "recherche-apprentissage/", "recherche-apprentissage.html"]) {
  test(`behind nginx the demo address works as ${form}`, async () => {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      const trouble = listenForTrouble(page);
      const response = await page.goto(url + DEMO.replace("recherche-apprentissage", form));
      assert.equal(response?.status(), 200);
      assert.equal(new URL(page.url()).pathname, `/${form}`);
      assert.equal(await settled(page), "pret");
      const expected = searchNatively({ lat: "48.85", lon: "2.35", radius: "60", romes: "F1702,F1705,F1701" });
      const today = new Date().toISOString().slice(0, 10);
      const cards = await allCards(page);
      const shown = new Set(cards);
      assert.ok(cards.length > 0);
      for (const result of expected.results) {
        const { expires } = /** @type {{ expires?: string | null }} */ (result);
        if (expires && expires < today) continue;
        assert.ok(shown.has(`${result.source} ${result.id}`), `${result.source} ${result.id} is not on the page`);
      }
      assert.deepEqual(trouble, []);
    } finally {
      await context.close();
    }
  });
}

test("nginx sends the pre-compressed files that stand beside the others", async (context) => {
  if (!hasBrotli) return context.skip(`${BROTLI_MODULE} is not installed`);
  const compressed = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".br"));
  if (compressed.length === 0) return context.skip("this site holds no pre-compressed file");
  for (const file of compressed.slice(0, 10)) {
    const response = await ask(file.slice(0, -3), "br");
    assert.equal(response.statusCode, 200, file);
    assert.equal(response.headers["content-encoding"], "br", file);
  }
});

test("behind nginx data files may be kept for ever, the manifest and the pages may not", async () => {
  const manifest = await ask("data/manifest.json", "identity");
  assert.equal(manifest.statusCode, 200);
  assert.equal(manifest.headers["cache-control"], "no-cache");
  assert.equal((await ask("recherche-emploi", "identity")).headers["cache-control"], "no-cache");
  const [shard] = readdirSync(path.join(site, "data"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "manifest.json" && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => path.relative(site, path.join(entry.parentPath ?? entry.path, entry.name)));
  assert.ok(shard);
  assert.match((await ask(shard, "identity")).headers["cache-control"] ?? "", /immutable/);
});

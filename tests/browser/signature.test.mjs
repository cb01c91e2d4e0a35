/** Pages of a site with keys, in both browsers: what they refuse, what they say, what they keep on the device. */

import assert from "node:assert/strict";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { AS_OF, balise } from "../cli/support.mjs";
import { key, otherKey, publicKey, scratch, smallConfig } from "../cli/publish_support.mjs";
import { faultsOf, launchBrowser, launchFirefox, settled } from "./support.mjs";

const SEARCH = "recherche-apprentissage?romes=D1102,F1601,F1701,F1703&scope=all";
const to = path.join(scratch, "www");
/** By number below. @type {Buffer[]} */
const manifests = [];
const [first, second, expired, other] = /** @type {const} */ ([0, 1, 2, 3]);
/** What is served for the manifest. @type {Buffer} */
let manifest = Buffer.alloc(0);
let url = "";
/** @type {http.Server} */
let server;

/** @type {Record<string, string>} */
const types = {
  html: "text/html",
  css: "text/css",
  js: "text/javascript",
  wasm: "application/wasm",
  json: "application/json",
};

before(async () => {
  const site = path.join(scratch, "site");
  const built = balise([
    "build",
    "--config",
    smallConfig({ keys: [publicKey] }),
    "--out",
    site,
    "--as-of",
    AS_OF,
    "--progress",
    "never",
  ]);
  assert.equal(built.code, 0, built.stderr);
  for (const [folder, ...more] of [
    [to, "--key", key],
    [to, "--key", key],
    [`${to}-old`, "--key", key, "--after", "2", "--now", "2020-01-01T04:00:00Z"],
  ]) {
    const outcome = balise(["publish", "--site", site, "--to", folder ?? "", "--progress", "never", ...more]);
    assert.equal(outcome.code, 0, outcome.stderr);
    manifests.push(readFileSync(path.join(folder ?? "", "current/data/manifest.json")));
  }
  // Of a publisher whom these pages do not know.
  const other = path.join(scratch, "other");
  const cut = balise(["snapshot", "--site", site, "--out", other, "--sources", "lba", "--progress", "never"]);
  assert.equal(cut.code, 0, cut.stderr);
  balise(["publish", "--site", other, "--to", `${to}-other`, "--key", otherKey, "--after", "5", "--progress", "never"]);
  manifests.push(readFileSync(path.join(`${to}-other`, "current/data/manifest.json")));

  server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/data/manifest.json") {
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache" }).end(manifest);
      return;
    }
    const file = ["", ".html", "/index.html"]
      .map((ending) => path.join(to, "current", pathname + ending))
      .find((name) => existsSync(name) && statSync(name).isFile());
    if (file === undefined) return void response.writeHead(404).end();
    const type = types[path.extname(file).slice(1)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "cache-control": "no-cache" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
});
after(() => {
  server?.closeAllConnections();
  server?.close();
});

for (const [name, launch] of /** @type {const} */ ([
  ["Chromium", launchBrowser],
  ["Firefox", launchFirefox],
])) {
  describe(`in ${name}`, () => {
    /** @type {import("playwright-core").Browser} */
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
    });

    /** @param {(page: import("playwright-core").Page) => Promise<void>} work */
    async function onPage(work) {
      const context = await browser.newContext({ locale: "fr-FR" });
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(20_000);
        await work(page);
      } finally {
        await context.close();
      }
    }
    /** @param {import("playwright-core").Page} page @param {Buffer} bytes */
    async function openWith(page, bytes) {
      manifest = bytes;
      await page.goto(url + SEARCH);
      return settled(page);
    }
    /** @param {number} i */
    const of = (i) => manifests[i] ?? Buffer.alloc(0);

    test("a site that its publisher has signed is searched, and the device keeps a file of the site only", () =>
      onPage(async (page) => {
        assert.equal(await openWith(page, of(second)), "pret");
        assert.ok((await page.locator("[data-id]").count()) > 0);
        const stored = await page.evaluate(async () => ({
          local: localStorage.length + sessionStorage.length,
          cookies: document.cookie,
          databases: (await indexedDB.databases?.())?.length ?? 0,
          caches: await caches.keys(),
          files: (await (await caches.open("balise-signed")).keys()).map((request) => new URL(request.url).pathname),
        }));
        assert.deepEqual(stored, {
          local: 0,
          cookies: "",
          databases: 0,
          caches: ["balise-signed"],
          files: ["/data/manifest.json"],
        });
      }));

    test("data of somebody else, or changed on the way, are refused in words", () =>
      onPage(async (page) => {
        for (const bytes of [of(other), Buffer.from(String(of(second)).replace('"version":2', '"version":3'))]) {
          assert.equal(await openWith(page, bytes), "erreur");
          assert.match((await page.locator("#bilan").textContent()) ?? "", /ne portent pas la signature de l'éditeur/);
          assert.equal(await page.locator("[data-id]").count(), 0);
        }
        assert.deepEqual(await faultsOf(page), []);
        manifest = of(second);
        await page.getByRole("button", { name: "Réessayer" }).click();
        await page.locator("[data-etat=pret]").waitFor();
      }));

    test("older data than were seen are refused, in English too", () =>
      onPage(async (page) => {
        assert.equal(await openWith(page, of(first)), "pret");
        assert.equal(await openWith(page, of(second)), "pret");
        assert.equal(await openWith(page, of(first)), "erreur");
        assert.match((await page.locator("#bilan").textContent()) ?? "", /plus anciennes que celles que cet appareil/);
        await page.goto(`${url}${SEARCH}&lang=en`);
        assert.equal(await settled(page), "erreur");
        assert.match((await page.locator("#bilan").textContent()) ?? "", /older than those that this device has seen/);
        assert.equal(await openWith(page, of(second)), "pret");
      }));

    test("data that should have been renewed are shown, with a notice", () =>
      onPage(async (page) => {
        assert.equal(await openWith(page, of(expired)), "pret");
        assert.match((await page.locator("#perime").textContent()) ?? "", /n'ont pas été renouvelées/);
        assert.ok(await page.locator("#perime").isVisible());
        assert.deepEqual(await faultsOf(page), []);
      }));

    test("the service worker answers from signed data only", () =>
      onPage(async (page) => {
        /** @param {Buffer} bytes */
        const ask = async (bytes) => {
          manifest = bytes;
          return page.evaluate(async () => (await fetch("/api/V1/jobs?romes=F1702&caller=test")).status);
        };
        manifest = of(second);
        await page.goto(`${url}developpeurs`);
        await page.evaluate(async () => {
          await navigator.serviceWorker.ready;
          if (!navigator.serviceWorker.controller)
            await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
        });
        assert.equal(await ask(of(other)), 500);
        assert.equal(await ask(of(second)), 200);
        // What was good is still there: as without a network.
        assert.equal(await ask(of(other)), 200);
        assert.equal(await ask(of(first)), 200);
      }));
  });
}

/**
 * The V1 API in the three places where it answers: 500 generated URLs give the same status and the same bytes natively
 * (`balise api`), in Node (`balise.js`) and from the service worker in Chromium. Then the service worker without a network.
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { apiUrls } from "../api_urls.mjs";
import { DEMO, launchBrowser, program, searchNatively, serveSite, site } from "./support.mjs";

const run = promisify(execFile);

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {{url: string, stop: () => void}} */
let server;
before(async () => {
  browser = await launchBrowser();
  server = await serveSite();
});
after(async () => {
  await browser.close();
  server.stop();
});

/** @typedef {{status: number, body: string}} Answer */

/** @param {string} url @returns {Promise<Answer>} */
async function askNatively(url) {
  const args = ["api", "--site", site, "--include", url];
  // 5 and 6 are answers as well.
  const { stdout } = await run(program, args, { maxBuffer: 1 << 28 }).catch((error) => {
    if (error.code === 5 || error.code === 6) return error;
    throw error;
  });
  const status = /^HTTP\/1\.1 (\d{3}) .*\r\n\r\n/.exec(stdout);
  assert.ok(status, url);
  return { status: Number(status[1]), body: stdout.slice(status[0].length) };
}

/** A page of the site, once its service worker answers. */
async function controlledPage() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.url + DEMO);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
  return { context, page };
}

/**
 * What a page of another site would be answered: a request without a referrer.
 * @param {import("playwright-core").Page} page @param {string} url
 * @returns {Promise<Answer & {isFromWorker: boolean}>}
 */
const askWorker = (page, url) =>
  page.evaluate(async (target) => {
    const response = await fetch(target, { referrer: "" });
    const isFromWorker =
      response.headers.get("etag") === null && response.headers.get("x-content-type-options") === null;
    return { status: response.status, body: await response.text(), isFromWorker };
  }, url);

test("500 URLs: the same status and bytes natively, in Node and from the service worker", async (t) => {
  const { results } = searchNatively({ "rome-domain": "F17", limit: "12" });
  /** @param {string} source */
  const idsOf = (source) => results.filter((result) => result.source === source).map(({ id }) => id);
  const ids = { formations: idsOf("formations"), offres: idsOf("offres"), matcha: idsOf("matcha"), lba: idsOf("lba") };
  const urls = apiUrls(500, ids);
  const { open } = await import(pathToFileURL(path.join(site, "balise.js")).href);
  const balise = await open(pathToFileURL(site).href);
  const { context, page } = await controlledPage();
  /** @type {Record<string, Record<number, number>>} */
  const counts = {};
  for (const { route, url } of urls) {
    const native = await askNatively(url);
    const node = await balise.api(url);
    const worker = await askWorker(page, url);
    assert.equal(node.status, native.status, url);
    assert.equal(node.body, native.body, url);
    assert.ok(worker.isFromWorker, `${url} was answered by the server`);
    assert.equal(worker.status, native.status, url);
    assert.equal(worker.body, native.body, url);
    JSON.parse(native.body);
    const byStatus = (counts[route] ??= {});
    byStatus[native.status] = (byStatus[native.status] ?? 0) + 1;
  }
  await context.close();
  t.diagnostic(JSON.stringify(counts));
  for (const route of ["formations", "formationsParRegion", "jobs", "jobsEtFormations"]) {
    assert.ok((counts[route]?.[200] ?? 0) >= 10, `${route}: too few right URLs`);
    assert.ok((counts[route]?.[400] ?? 0) >= 5, `${route}: too few wrong URLs`);
  }
});

test("`balise serve` answers the same bytes over HTTP, and its own pages need no caller", async () => {
  const url = "api/V1/jobsEtFormations?romes=F1702&latitude=48.85&longitude=2.35&radius=30&caller=x";
  const response = await fetch(server.url + url);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(await response.text(), (await askNatively(`/${url}`)).body);
  const without = server.url + url.replace("&caller=x", "");
  assert.equal((await fetch(without)).status, 400);
  assert.equal((await fetch(without, { headers: { referer: `${server.url}developpeurs` } })).status, 200);
  assert.equal((await fetch(without, { headers: { referer: "https://elsewhere.example/" } })).status, 400);
  assert.equal((await fetch(`${server.url}api/V1/application`, { method: "POST", body: "{}" })).status, 501);
  assert.equal((await fetch(server.url + url, { method: "OPTIONS" })).status, 204);
});

test("a page of another origin imports balise.js, searches and calls the API", async () => {
  const elsewhere = http.createServer((_, response) =>
    response.setHeader("content-type", "text/html").end("<title>CFA</title>"),
  );
  await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (elsewhere.address());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  const url = "/api/V1/formations?romes=F1702&latitude=48.85&longitude=2.35&radius=30&caller=cfa";
  const found = await page.evaluate(
    async ([site, api]) => {
      const { open, BaliseError } = await import(`${site}balise.js`);
      const balise = await open(site);
      const { results } = await balise.search({ lat: 48.85, lon: 2.35, radius: 30, romes: ["F1702"] });
      const answer = await balise.api(api);
      const noCaller = await balise.api("/api/V1/formations?romes=F1702");
      const gone = new AbortController();
      gone.abort();
      /** @type {unknown[]} */
      const errors = [];
      for (const attempt of [
        () => balise.search({ lat: 91, lon: 0 }),
        () => balise.search({ signal: gone.signal }),
        () => balise.api(api, { signal: gone.signal }),
        () => open(`${site}nowhere/`),
      ])
        await attempt().catch((/** @type {any} */ error) => errors.push(error instanceof BaliseError && error.code));
      return { ids: results.map((/** @type {any} */ item) => item.id), answer, noCaller: noCaller.status, errors };
    },
    [server.url, url],
  );
  const native = searchNatively({ lat: "48.85", lon: "2.35", radius: "30", romes: "F1702" });
  assert.deepEqual(
    found.ids,
    native.results.map(({ id }) => id),
  );
  assert.deepEqual({ status: found.answer.status, body: found.answer.body }, await askNatively(url));
  assert.equal(found.noCaller, 400);
  assert.deepEqual(found.errors, ["wrong_query", "aborted", "aborted", "manifest_unavailable"]);
  await page.close();
  elsewhere.close();
});

test("a page of the site needs no caller, and POST is answered 501", async () => {
  const { context, page } = await controlledPage();
  const own = await page.evaluate(async () => {
    const response = await fetch("api/V1/formations?romes=F1702");
    return { status: response.status, first: (await response.json()).results?.[0]?.ideaType };
  });
  assert.deepEqual(own, { status: 200, first: "formation" });
  const posted = await page.evaluate(
    async () => (await fetch("api/V1/application", { method: "POST", body: "" })).status,
  );
  assert.equal(posted, 501);
  await context.close();
});

test("with the network off, what was asked once is answered again, and the rest says 500", async () => {
  const own = await serveSite();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(own.url + DEMO);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
  const url = "/api/V1/jobsEtFormations?romes=F1702,F1703&latitude=48.85&longitude=2.35&radius=30&caller=x";
  const online = await askWorker(page, url);
  assert.equal(online.status, 200);
  own.stop();
  await context.setOffline(true);
  assert.deepEqual(await askWorker(page, url), online);
  // Fewer results of the same files are another answer, and need nothing new.
  const narrower = url.replace("radius=30", "radius=20");
  assert.deepEqual((await askWorker(page, narrower)).body, (await askNatively(narrower)).body);
  const elsewhere = await askWorker(page, url.replace("48.85", "45.76").replace("2.35", "4.83"));
  assert.deepEqual([elsewhere.status, elsewhere.body], [500, '{"error":"internal_error"}']);
  await context.close();
});

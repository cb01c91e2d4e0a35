/**
 * What the device keeps: faults of the network and of the disk, nights that change the site, workers and pages of long ago,
 * and areas kept on request.
 */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

import { chromium } from "playwright-core";

import {
  DEMO,
  Relay,
  asOf,
  browser,
  listenForTrouble,
  program,
  relay,
  repository,
  searchNatively,
  serveSite,
  settled,
  site,
  stageSite,
} from "./support.mjs";

stageSite();

const OTHER = "recherche-apprentissage?romes=D1102,D1104&lat=45.76&lon=4.84&radius=30";
const folder = mkdtempSync(path.join(tmpdir(), "balise-offline-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** @param {Uint8Array | string} bytes */
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * The day of the data on the device. The driver's own clock also hides what the page has read.
 * @param {import("playwright-core").Page} page
 */
const setDay = (page) =>
  page.addInitScript((now) => {
    const Real = Date;
    globalThis.Date = /** @type {any} */ (
      class extends Real {
        /** @param {any[]} parts */
        constructor(...parts) {
          // @ts-ignore: as the real one is called
          super(...(parts.length > 0 ? parts : [now]));
        }
        static now() {
          return now;
        }
      }
    );
  }, asOf.getTime());

/**
 * A page in a fresh context.
 * @param {(page: import("playwright-core").Page, trouble: string[]) => Promise<void>} body
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function withPage(body, options = {}) {
  relay.forget();
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 800 }, ...options });
  try {
    const page = await context.newPage();
    const trouble = listenForTrouble(page);
    await setDay(page);
    await body(page, trouble);
  } finally {
    relay.forget();
    await context.close();
  }
}

/** @param {import("playwright-core").Page} page @param {string} address */
async function search(page, address) {
  await page.goto(relay.url + address);
  return settled(page);
}

/**
 * Asks the page again and again: the driver's own waiting takes the promise of an asynchronous function for its answer.
 * @template T
 * @param {import("playwright-core").Page} page
 * @param {(argument: T) => Promise<boolean>} condition
 * @param {T} argument
 */
async function until(page, condition, argument) {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100)))
    if (await page.evaluate(/** @type {any} */ (condition), argument)) return;
  throw new Error(`not within 20 s: ${condition}`);
}

/** Waits until the worker keeps the page that is open. @param {import("playwright-core").Page} page */
const whenKept = (page) =>
  until(
    page,
    async () => {
      if (navigator.serviceWorker.controller === null) return false;
      for (const name of await caches.keys()) {
        const shell = await (await caches.open(name)).match(new URL(".kept/shell", location.href));
        if (shell) return (await shell.json()).kept.includes("page.js");
      }
      return false;
    },
    null,
  );

/** @param {import("playwright-core").Page} page @returns {Promise<string[]>} "source id" of the cards on the page */
const cardsOf = (page) =>
  page.locator("[data-etat] [data-id]").evaluateAll((cards) => {
    return cards.map((card) => `${card.getAttribute("data-source")} ${card.getAttribute("data-id")}`);
  });

/** Names of kept files whose content is not what the name says. @param {import("playwright-core").Page} page */
const wrongOnes = (page) =>
  page.evaluate(async () => {
    /** @param {Response | undefined} response */
    const hash = async (response) => {
      const digest = await crypto.subtle.digest("SHA-256", (await response?.arrayBuffer()) ?? new ArrayBuffer(0));
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    };
    let checked = 0;
    const wrong = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const { url } of await cache.keys()) {
        const expected = /([0-9a-f]{24}|[0-9a-f]{64})(\.[a-z]+)?$/.exec(url)?.[1];
        if (!expected) continue;
        checked += 1;
        if (!(await hash(await cache.match(url))).startsWith(expected)) wrong.push(`${name}: ${url}`);
      }
    }
    return { checked, wrong };
  });

/** Nothing answers any more. @param {import("playwright-core").Page} page */
async function cutNetwork(page) {
  relay.faultOf = () => "unreachable";
  await page.context().setOffline(true);
}

/** @param {import("playwright-core").Page} page */
async function restoreNetwork(page) {
  relay.forget();
  await page.context().setOffline(false);
}

test("what was seen works without a network: the list, an item, the map, the API", async () => {
  await withPage(async (page) => {
    await search(page, DEMO);
    await whenKept(page);
    const cards = await cardsOf(page);
    await page.locator("[data-id] a").first().click();
    await page.locator("#fiche summary").waitFor();
    const item = page.url();
    const textOf = () => page.locator("#fiche h2, #fiche dl, #fiche details").allInnerTexts();
    const text = await textOf();
    await page.goBack();
    const api = "api/V1/jobs?romes=F1702&latitude=48.85&longitude=2.35&radius=30&caller=x";
    const ask = (/** @type {string} */ url) => fetch(url).then((response) => response.text());
    const answer = await page.evaluate(ask, api);
    await cutNetwork(page);
    await page.reload();
    assert.equal(await settled(page), "pret");
    assert.deepEqual(await cardsOf(page), cards);
    assert.equal(await page.evaluate(ask, api), answer);
    await page.goto(item);
    await page.locator("#fiche summary").waitFor();
    assert.deepEqual(await textOf(), text);
    await page.goto(relay.url + DEMO);
    await page.getByRole("button", { name: "Carte", exact: true }).click();
    await page.locator(".marker").first().waitFor();
    // What was not seen says so, and begins by itself when the network is back.
    assert.equal(await search(page, OTHER), "hors-ligne");
    await restoreNetwork(page);
    await page.waitForSelector("[data-etat=pret]");
    // A page that was never seen leads to the search.
    await cutNetwork(page);
    await page.goto(`${relay.url}apprentissage/`);
    await page.waitForURL("**/recherche-apprentissage");
  });
});

for (const fault of /** @type {const} */ ([
  "html",
  "truncated",
  "partial",
  "damaged-gzip",
  "missing",
  "not-modified",
  "wrong-type",
]))
  test(`a worker that is given "${fault}" once for each file repairs it, and keeps nothing wrong`, async () => {
    await withPage(async (page) => {
      await search(page, "recherche-apprentissage?romes=F1702&lat=48.85&lon=2.35&radius=10");
      await whenKept(page);
      await search(page, OTHER);
      const cards = await cardsOf(page);
      await page.evaluate(async () => {
        for (const name of await caches.keys()) if (name.includes("shards")) await caches.delete(name);
      });
      /** @type {Set<string>} */
      const failed = new Set();
      relay.faultOf = (file) => {
        if (!file.endsWith(".bin") || failed.has(file)) return null;
        failed.add(file);
        return fault;
      };
      // The browser's own cache has them too: a reload past it asks the network.
      const session = await page.context().newCDPSession(page);
      await session.send("Network.clearBrowserCache");
      assert.equal(await search(page, OTHER), "pret");
      assert.deepEqual(await cardsOf(page), cards);
      assert.ok(failed.size >= 3, `${failed.size} files failed`);
      const { checked, wrong } = await wrongOnes(page);
      assert.deepEqual(wrong, []);
      assert.ok(checked > failed.size, `${checked} files are kept`);
      await cutNetwork(page);
      assert.equal(await search(page, OTHER), "pret");
    });
  });

for (const fault of /** @type {const} */ (["html", "truncated", "missing", "unreachable"]))
  test(`a manifest that is answered with "${fault}": the last good one goes on`, async () => {
    await withPage(async (page) => {
      await search(page, DEMO);
      await whenKept(page);
      const cards = await cardsOf(page);
      relay.faultOf = (file) => (file === "/data/manifest.json" ? fault : null);
      await page.reload();
      assert.equal(await settled(page), "pret");
      assert.deepEqual(await cardsOf(page), cards);
    });
  });

test("a network that does not answer at all costs three seconds, not the results", async () => {
  await withPage(async (page) => {
    await search(page, DEMO);
    await whenKept(page);
    /** @type {(() => void)[]} */
    const held = [];
    await page
      .context()
      .route("**/data/manifest.json", (route) => new Promise((resolve) => held.push(() => resolve(route.abort()))));
    await page.reload();
    assert.equal(await settled(page), "pret");
    for (const release of held) release();
  });
});

// ------------------------------------------------------------------------------------------------------------ other nights

/** The sample as it is built some days later: offers have expired. */
async function laterNight() {
  const out = path.join(folder, "later");
  if (!existsSync(out)) {
    const day = new Date(asOf.getTime() + 6 * 86_400_000).toISOString().slice(0, 10);
    execFileSync(
      program,
      ["build", "--config", path.join(repository, "data/sample.json"), "--out", out, "--as-of", day],
      {
        stdio: "ignore",
      },
    );
  }
  return out;
}

/** @typedef {Record<string, string>} Options */

/** @param {string} folder @param {Options} options */
function idsIn(folder, options) {
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const output = execFileSync(program, ["search", "--site", folder, "--format", "json", ...args], { encoding: "utf8" });
  return JSON.parse(output).results.map((/** @type {any} */ { source, id }) => `${source} ${id}`);
}

const LYON = { romes: "D1102,D1104", lat: "45.76", lon: "4.84", radius: "30", widen: "5" };
const PARIS = { romes: "F1702,F1705,F1701", lat: "48.85", lon: "2.35", radius: "60", widen: "5" };

test("a page of one night meets the files of the next, and of the one before: lists are of one night, only changes are fetched", async (t) => {
  const later = await laterNight();
  const next = await serveSite(later);
  const { target } = relay;
  const first = { lyon: idsIn(site, LYON).slice(0, 20), paris: idsIn(site, PARIS).slice(0, 20) };
  const second = { lyon: idsIn(later, LYON).slice(0, 20), paris: idsIn(later, PARIS).slice(0, 20) };
  try {
    await withPage(async (page) => {
      await search(page, DEMO);
      await whenKept(page);
      assert.deepEqual(await cardsOf(page), first.paris);
      const tab = await page.context().newPage();
      await setDay(tab);
      await search(tab, DEMO);
      // The site changes under an open page: what it still has to read is no longer there.
      relay.target = new URL(next.url);
      await page.evaluate((address) => {
        history.pushState({}, "", address);
        dispatchEvent(new PopStateEvent("popstate"));
      }, OTHER);
      await page.waitForFunction(() =>
        /Lyon|4,84|4.84/.test(/** @type {any} */ (document.querySelector("#lieu")).value),
      );
      assert.equal(await settled(page), "pret");
      assert.deepEqual(await cardsOf(page), second.lyon, "the open page");
      // The other tab is still on the first night, and finds the second when it is loaded again.
      relay.asked = [];
      await search(tab, DEMO);
      assert.deepEqual(await cardsOf(tab), second.paris, "the other tab");
      const changed = relay.dataFiles();
      await cutNetwork(page);
      for (const one of [page, tab]) {
        await one.reload();
        assert.equal(await settled(one), "pret");
      }
      assert.deepEqual(await cardsOf(tab), second.paris);
      await restoreNetwork(page);
      // Rolled back: the first night again, whose shards are still here.
      relay.target = target;
      await search(tab, DEMO);
      assert.deepEqual(await cardsOf(tab), first.paris, "rolled back");
      t.diagnostic(`${changed.length} files were fetched for the second night`);
    });
  } finally {
    relay.target = target;
    next.stop();
  }
});

test("a worker and a page of long ago meet a later format: both are replaced, with one reload", async () => {
  await withPage(async (page) => {
    await search(page, DEMO);
    await whenKept(page);
    const cards = await cardsOf(page);
    const manifest = JSON.parse(readFileSync(path.join(site, "data/manifest.json"), "utf8"));
    const shell = JSON.parse(readFileSync(path.join(site, "data", manifest.shell), "utf8"));
    // The page of the later site reads the later format.
    const script = readFileSync(path.join(site, "page.js"), "utf8").replace(
      "balise_format_version()",
      "balise_format_version()+1000",
    );
    for (const file of shell.files)
      if (file.path === "page.js") Object.assign(file, { bytes: script.length, sha256: sha256(script) });
    const list = JSON.stringify(shell);
    const name = `shell-${sha256(list).slice(0, 24)}.json`;
    const later = JSON.stringify({ ...manifest, format: manifest.format + 1000, shell: name });
    relay.scripts.set("/page.js", script);
    relay.pages.set("/data/manifest.json", later);
    relay.pages.set(`/data/${name}`, list);
    let loads = 0;
    page.on("load", () => (loads += 1));
    try {
      await page.goto(relay.url + DEMO);
      await page.waitForSelector("[data-etat=pret]", { timeout: 30_000 });
      await page.waitForTimeout(4000);
      assert.equal(await page.locator("[data-etat=pret]").count(), 1);
      assert.deepEqual(await cardsOf(page), cards);
      assert.equal(loads, 2, "one load and one reload");
    } finally {
      relay.pages.clear();
      relay.scripts.clear();
    }
  });
});

/** From now on the manifest says that nothing is to be kept; `relay.pages.clear()` ends it. */
function switchOff() {
  const manifest = JSON.parse(readFileSync(path.join(site, "data/manifest.json"), "utf8"));
  relay.pages.set("/data/manifest.json", JSON.stringify({ ...manifest, offline: false }));
}

test("a site whose config says offline: false takes back all that devices have kept", async () => {
  for (const way of ["manifest", "worker"])
    await withPage(async (page) => {
      await search(page, DEMO);
      await whenKept(page);
      if (way === "manifest") {
        switchOff();
      } else {
        // The worker never gets to the manifest: the browser's own check of sw.js is what is left.
        const out = path.join(folder, "off");
        if (!existsSync(out)) {
          const config = JSON.parse(readFileSync(path.join(repository, "data/sample.json"), "utf8"));
          for (const entries of Object.values(config.sources))
            for (const entry of /** @type {any[]} */ (entries)) entry.url = path.join(repository, "data", entry.url);
          writeFileSync(
            path.join(folder, "off.json"),
            JSON.stringify({ ...config, offline: false, reference: undefined }),
          );
          execFileSync(program, ["build", "--config", path.join(folder, "off.json"), "--out", out], {
            stdio: "ignore",
          });
        }
        relay.scripts.set("/sw.js", readFileSync(path.join(out, "sw.js"), "utf8"));
      }
      try {
        await page.reload();
        if (way === "worker")
          await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
        await until(page, async () => (await caches.keys()).length === 0, null);
        assert.equal(await settled(page), "pret");
        await until(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0, null);
      } finally {
        relay.pages.clear();
        relay.scripts.clear();
      }
    });
});

test("what is still under way when that comes is not kept either", async () => {
  await withPage(async (page) => {
    let wasAsked = false;
    let release = () => {};
    const held = new Promise((resolve) => (release = () => resolve(undefined)));
    // The last file of the shell, behind which the worker has the shell to look at once more.
    relay.holdOf = (file) => {
      if (!file.startsWith("/data/outline-")) return null;
      wasAsked = true;
      return held;
    };
    await search(page, DEMO);
    await whenKept(page);
    switchOff();
    try {
      await page.reload();
      await until(page, async () => (await caches.keys()).length === 0, null);
      assert.ok(wasAsked);
      release();
      await page.waitForTimeout(2000);
      assert.deepEqual(await page.evaluate(() => caches.keys()), []);
    } finally {
      relay.pages.clear();
    }
  });
});

// ------------------------------------------------------------------------------------------------------------- the device

test("a quota of a megabyte: searches go on, an area says that it does not fit", async () => {
  await withPage(async (page, trouble) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", { origin: relay.url.slice(0, -1), quotaSize: 1_000_000 });
    await search(page, DEMO);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
    for (const address of [OTHER, "recherche-apprentissage?lat=48.85&lon=2.35&radius=60"])
      assert.equal(await search(page, address), "pret");
    await page.locator("#zone > button").click();
    await page.locator(".zone-offer .main-action").click();
    await page.locator(".zone-status", { hasText: "plus assez de place" }).waitFor({ timeout: 60_000 });
    assert.equal(await search(page, OTHER), "pret");
    assert.deepEqual((await wrongOnes(page)).wrong, []);
    assert.deepEqual(
      trouble.filter((line) => line.startsWith("uncaught")),
      [],
    );
  });
});

test("storage denied: the page works, keeps nothing and says nothing wrong", async () => {
  const profile = path.join(folder, "denied");
  mkdirSync(path.join(profile, "Default"), { recursive: true });
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(path.join(profile, "Default/Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    relay.forget();
    const page = await context.newPage();
    const trouble = listenForTrouble(page);
    await setDay(page);
    await search(page, DEMO);
    assert.equal(
      await page.evaluate(() =>
        caches.keys().then(
          () => "",
          (error) => error.name,
        ),
      ),
      "SecurityError",
    );
    await page.waitForTimeout(5000);
    assert.equal(await settled(page), "pret");
    assert.deepEqual(
      trouble.filter((line) => !line.startsWith("console info")),
      [],
    );
  } finally {
    await context.close();
  }
});

test("where bytes are dear, nothing is fetched that nobody has asked for", async () => {
  for (const isSlow of [true, false]) {
    const profile = path.join(folder, `net-${isSlow}`);
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", ...(isSlow ? ["--force-effective-connection-type=2G"] : [])],
    });
    try {
      relay.forget();
      const page = await context.newPage();
      await setDay(page);
      await search(page, DEMO);
      await whenKept(page);
      await page.waitForTimeout(1000);
      const effective = await page.evaluate(() => /** @type {any} */ (navigator).connection.effectiveType);
      assert.equal(effective === "2g", isSlow, effective);
      assert.equal(relay.asked.includes("/map.js"), !isSlow);
      assert.equal(
        relay.asked.some((file) => file.includes("outline")),
        !isSlow,
      );
    } finally {
      await context.close();
    }
  }
});

// ------------------------------------------------------------------------------------------------------------------- areas

/** Opens the panel of areas on a search, and waits for the size. @param {import("playwright-core").Page} page @param {string} address */
async function openArea(page, address) {
  await search(page, address);
  await page.locator("#zone > button").click();
  await page.locator(".zone-offer .main-action").waitFor();
}

test("an area: its size, progress, stop, resume, searches without a server, what leaves it, removal", async () => {
  await withPage(async (page, trouble) => {
    await openArea(page, "recherche-apprentissage?lat=48.1119&lon=-1.6811&radius=30&address=Rennes");
    const estimate = (await page.locator(".zone-offer .hint").textContent()) ?? "";
    const megabytes = Number(/Environ ([\d,]+)\u00a0Mo/.exec(estimate)?.[1]?.replace(",", "."));
    assert.ok(megabytes > 0.2 && megabytes < 5, estimate);

    // Stopped half-way, it goes on later with what is missing.
    await page.context().route("**/53/details-*.bin", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.locator(".zone-offer .main-action").click();
    await page.waitForFunction(() => (document.querySelector("progress")?.position ?? 0) > 0.3);
    await page.getByRole("button", { name: "Arrêter" }).click();
    await page.locator(".zone-status", { hasText: "Arrêté" }).waitFor();
    await page.context().unroute("**/53/details-*.bin");
    assert.match((await page.locator(".zone-list").innerText()) ?? "", /incomplète/);
    await page.reload();
    await settled(page);
    relay.asked = [];
    await page.locator("#zone > button").click();
    await page.getByRole("button", { name: "Reprendre" }).click();
    await page.locator(".zone-status", { hasText: "se cherche maintenant sans réseau" }).waitFor();
    const resumed = relay.dataFiles().length;
    const { checked, wrong } = await wrongOnes(page);
    assert.deepEqual(wrong, []);
    assert.ok(resumed > 0 && resumed < checked, `${resumed} of ${checked} files came with the second try`);
    assert.deepEqual(
      trouble.filter((line) => /uncaught|HTTP/.test(line)),
      [],
    );

    await cutNetwork(page);
    let seed = 7;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    let found = 0;
    for (let turn = 0; turn < 30; ++turn) {
      const angle = random() * 2 * Math.PI;
      const away_km = random() * 19;
      const lat = (48.1119 + (away_km / 111.2) * Math.sin(angle)).toFixed(4);
      const lon = (-1.6811 + (away_km / 74.2) * Math.cos(angle)).toFixed(4);
      /** @type {Record<string, string>} */
      const options = { lat, lon, radius: "10" };
      if (turn % 3 !== 0) options["romes"] = ["F1702,M1805,K1302", "D1106,G1803"][turn % 2] ?? "";
      const expected = idsIn(site, options);
      await page.goto(`${relay.url}recherche-apprentissage?${new URLSearchParams(options)}`);
      const state = await settled(page);
      assert.notEqual(state, "hors-ligne", JSON.stringify(options));
      if (expected.length > 0 && state === "pret") {
        assert.deepEqual(await cardsOf(page), expected.slice(0, 20), JSON.stringify(options));
        found += 1;
        await page.locator("[data-id] a").first().click();
        await page.locator("#fiche summary").waitFor();
      }
    }
    assert.ok(found > 10, `${found} searches found something`);

    // The form completes names of the area.
    await page.goto(`${relay.url}recherche-apprentissage`);
    await page.locator("#lieu").pressSequentially("rennes");
    await page.locator("#liste-lieu [role=option]", { hasText: "Rennes" }).first().waitFor();
    await page.locator("#metier").pressSequentially("boulang");
    await page.locator("#liste-metier [role=option]").first().waitFor();

    assert.equal(await search(page, "recherche-apprentissage?lat=43.6&lon=1.44&radius=10"), "hors-ligne");
    const missing = (await page.locator("#bilan").textContent()) ?? "";
    assert.match(missing, /cet appareil connaît\u202f: 30\u00a0km autour de Rennes/);

    await restoreNetwork(page);
    await search(page, DEMO);
    await page.locator("#zone > button").click();
    await page.getByRole("button", { name: /^Supprimer/ }).click();
    await page.locator(".zone-status", { hasText: "n'est plus sur cet appareil" }).waitFor();
    assert.deepEqual(
      await page.evaluate(async () => (await caches.keys()).filter((name) => name.endsWith("area"))),
      [],
    );
  });
});

test("Bretagne kept: a hundred searches at random within it, with the network cut and the server gone", async (t) => {
  const ownServer = await serveSite();
  const between = await new Relay(ownServer.url).start();
  let seed = 11;
  /** @param {number} limit */
  const below = (limit) => (seed = (seed * 48271) % 2147483647) % limit;
  const inside = searchNatively({ region: "53", limit: "1000" }).results.filter(({ lat }) => lat !== null);
  /** @type {{ options: Options, ids: string[] }[]} */
  const searches = [];
  while (searches.length < 100) {
    const record = inside[below(inside.length)];
    if (!record) break;
    const { lat, lon, romes } = record;
    const at = { lat: (Number(lat) + below(100) / 2000).toFixed(4), lon: (Number(lon) + below(100) / 2000).toFixed(4) };
    /** @type {Options} */
    const options = { ...at, radius: String([10, 10, 30, 60][below(4)]) };
    if (below(2) === 0 && romes.length > 0) options["romes"] = romes.slice(0, 3).join(",");
    // Within Bretagne is what finds nothing else, all of it looked at.
    const all = searchNatively({ ...options, limit: "1000" });
    const own = searchNatively({ ...options, limit: "1000", region: "53" });
    const isCut = Object.values(all.more).includes(true);
    if (!isCut && all.results.length > 0 && all.results.length === own.results.length)
      searches.push({ options, ids: idsIn(site, options) });
  }
  try {
    await withPage(async (page) => {
      await page.goto(`${between.url}recherche-apprentissage?region=53&address=Bretagne`);
      await settled(page);
      await page.locator("#zone > button").click();
      await page.locator(".zone-offer .main-action").click({ timeout: 60_000 });
      await page.locator(".zone-status", { hasText: "se cherche maintenant" }).waitFor({ timeout: 240_000 });
      await whenKept(page);
      t.diagnostic(`${await page.locator(".zone-list .hint").innerText()}`);
      ownServer.stop();
      between.stop();
      await page.context().setOffline(true);
      for (const { options, ids } of searches) {
        await page.goto(`${between.url}recherche-apprentissage?${new URLSearchParams(options)}`);
        const state = await settled(page);
        assert.equal(state.replace("elargi", "pret"), "pret", JSON.stringify(options));
        // Behind them the page shows formations beyond the radius, where there are none within and the device has some.
        const cards = await cardsOf(page);
        assert.deepEqual(cards.slice(0, ids.length), ids.slice(0, 20), JSON.stringify(options));
        assert.ok(
          cards.slice(ids.length).every((card) => card.startsWith("formations")),
          JSON.stringify(options),
        );
      }
      await page.locator("[data-id] a").first().click();
      await page.locator("#fiche summary").waitFor();
    });
  } finally {
    between.stop();
    ownServer.stop();
  }
});

test("a région and a département: searches without a centre too; the next night fetches what has changed", async (t) => {
  const later = await laterNight();
  const next = await serveSite(later);
  const { target } = relay;
  try {
    await withPage(async (page) => {
      for (const where of ["region=53&address=Bretagne", "departement=35&address=Ille-et-Vilaine"]) {
        await openArea(page, `recherche-apprentissage?${where}`);
        await page.locator(".zone-offer .main-action").click();
        await page.locator(".zone-status", { hasText: "se cherche maintenant" }).waitFor({ timeout: 60_000 });
      }
      await whenKept(page);
      await cutNetwork(page);
      for (const options of /** @type {Options[]} */ ([
        { region: "53" },
        { departement: "35" },
        { region: "53", romes: "F1702,M1805,G1803" },
      ])) {
        assert.equal(await search(page, `recherche-apprentissage?${new URLSearchParams(options)}`), "pret");
        assert.deepEqual(await cardsOf(page), idsIn(site, options).slice(0, 20), JSON.stringify(options));
      }
      await restoreNetwork(page);
      relay.target = new URL(next.url);
      relay.asked = [];
      await search(page, "recherche-apprentissage?region=53");
      await until(
        page,
        async (root) => {
          const name = (await caches.keys()).find((key) => key.endsWith("area")) ?? "";
          const kept = await (await caches.open(name)).match(new URL("data/manifest.json", location.href));
          return (await kept?.json())?.root !== root;
        },
        JSON.parse(readFileSync(path.join(site, "data/manifest.json"), "utf8")).root,
      );
      const fetched = relay.dataFiles().length;
      const { checked, wrong } = await wrongOnes(page);
      t.diagnostic(`${fetched} files fetched for the next night, ${checked} kept`);
      assert.deepEqual(wrong, []);
      assert.ok(fetched < checked, `${fetched} of ${checked}`);
      await cutNetwork(page);
      for (const options of /** @type {Options[]} */ ([
        { region: "53" },
        { departement: "35", romes: "F1702,M1805,G1803" },
      ])) {
        await search(page, `recherche-apprentissage?${new URLSearchParams(options)}`);
        assert.deepEqual(await cardsOf(page), idsIn(later, options).slice(0, 20), JSON.stringify(options));
      }
    });
  } finally {
    relay.target = target;
    next.stop();
  }
});

// ------------------------------------------------------------------------------------------------------- stick, installation

test("a snapshot in an archive works from a folder of any name, served by Python", async () => {
  const zip = path.join(folder, "bretagne.zip");
  execFileSync(
    program,
    ["snapshot", "--site", site, "--out", path.join(folder, "bretagne"), "--region", "53", "--zip", zip],
    {
      stdio: "ignore",
    },
  );
  const stick = path.join(folder, "clé usb", "Mes documents");
  mkdirSync(stick, { recursive: true });
  execFileSync("python3", ["-m", "zipfile", "-e", zip, stick]);
  const server = spawn("python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"], {
    cwd: path.join(folder, "clé usb"),
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const line = await new Promise((resolve) => server.stdout.once("data", (data) => resolve(String(data))));
    const port = /port (\d+)/.exec(line)?.[1];
    const home = `http://127.0.0.1:${port}/Mes%20documents/`;
    await withPage(async (page) => {
      await page.goto(`${home}recherche-apprentissage/?lat=48.11&lon=-1.68&radius=30`);
      assert.equal(await settled(page), "pret");
      const cards = await cardsOf(page);
      assert.deepEqual(
        cards,
        idsIn(path.join(folder, "bretagne"), { lat: "48.11", lon: "-1.68", radius: "30" }).slice(0, 20),
      );
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
      await page.waitForTimeout(3000);
      server.kill();
      await page.context().setOffline(true);
      await page.reload();
      assert.equal(await settled(page), "pret");
      assert.deepEqual(await cardsOf(page), cards);
    });
  } finally {
    server.kill();
  }
});

test("the site can be installed: a manifest with icons that are there", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    const session = await page.context().newCDPSession(page);
    const { url, errors, data } = await session.send("Page.getAppManifest");
    assert.equal(url, `${relay.url}site.webmanifest`);
    assert.deepEqual(errors, []);
    const { icons, start_url, scope } = JSON.parse(data ?? "");
    assert.equal(new URL(start_url, url).href, `${relay.url}recherche-apprentissage`);
    assert.equal(new URL(scope, url).href, relay.url);
    for (const { src, sizes } of icons) {
      const response = await page.request.get(new URL(src, url).href);
      assert.equal(response.status(), 200, src);
      if (src.endsWith(".png")) assert.equal((await response.body()).readUInt32BE(16), Number.parseInt(sizes, 10));
    }
  });
});

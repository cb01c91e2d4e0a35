/**
 * The built site in Firefox, as Debian ships it: the searches, the keyboard, the frames of partners and the service worker.
 * Its states through axe are in firefox_light.test.mjs and firefox_dark.test.mjs. What is not the browser's doing is tested
 * in Chromium alone.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { withPage } from "./firefox.mjs";
import {
  DEMO,
  Relay,
  allCards,
  choose,
  launchFirefox,
  program,
  relay,
  searchNatively,
  server,
  settled,
  site,
  stageSite,
} from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

stageSite(() => launchFirefox("light"));

test("trouble is heard: a style that the policy forbids is", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    await page.evaluate(() => document.body.setAttribute("style", "color: red"));
    for (let turn = 0; trouble.length === 0 && turn < 50; ++turn) await page.waitForTimeout(100);
    assert.ok(
      trouble.some((line) => line.includes("CSP: style-src-attr inline")),
      trouble.join("\n"),
    );
  });
});

// ------------------------------------------------------------------------------------------------------ the same results

for (const { path, sources, options } of [
  {
    path: "recherche-apprentissage",
    sources: "formations,offres,matcha,lba",
    options: { romes: "F1702,F1705,F1701", lat: "48.85", lon: "2.35", radius: "60" },
  },
  {
    path: "recherche-emploi",
    sources: "offres,matcha,lba",
    options: { romes: "M1202,M1203", lat: "48.85", lon: "2.35", radius: "30" },
  },
  {
    path: "recherche-apprentissage-formation",
    sources: "formations",
    options: { romes: "D1102,D1104", lat: "48.85", lon: "2.35", radius: "30" },
  },
  { path: "recherche-apprentissage", sources: "formations,offres,matcha,lba", options: { romes: "D1102,M1805" } },
]) {
  const query = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  test(`the page and \`balise search\` agree: ${path}?${query.join("&")}`, async () => {
    const expected = searchNatively({ ...options, sources, widen: "5" });
    assert.notEqual(expected.results.length, 0);
    await withPage(async (page, trouble) => {
      await page.goto(`${relay.url}${path}?${query.join("&")}`);
      await settled(page);
      assert.deepEqual(
        await allCards(page),
        expected.results.map(({ source, id }) => `${source} ${id}`),
      );
      assert.deepEqual(trouble, []);
    });
  });
}

// --------------------------------------------------------------------------------------------------------------- keyboard

test("by keys alone: fill in the form with suggestions, send it, open a card, go back to it", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    /** @param {string} selector presses Tab until it has the focus */
    const tabTo = async (selector) => {
      const isThere = () => page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector);
      for (let presses = 0; !(await isThere()); ++presses) {
        assert.ok(presses < 60, `Tab does not lead to ${selector}`);
        await page.keyboard.press("Tab");
      }
    };
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
    await tabTo("#metier");
    await choose(page, "metier", "boulan", "Boulanger");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "lieu");
    await choose(page, "lieu", "paris", "Paris");
    await tabTo("[name=radius]");
    await page.keyboard.type("100");
    await tabTo("[name=scope]");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await tabTo("form [type=submit]");
    await page.keyboard.press("Enter");
    assert.equal(await settled(page), "pret");
    const address = new URL(page.url());
    assert.match(address.searchParams.get("romes") ?? "", /D1102/);
    assert.equal(address.searchParams.get("radius"), "100");
    await page.waitForFunction(() => document.activeElement?.id === "titre-resultats");

    await tabTo("[data-id] a");
    const title = await page.locator("[data-id] h3").first().innerText();
    await page.keyboard.press("Enter");
    await page.locator("#fiche details").waitFor();
    assert.equal(await page.locator("#titre-fiche").innerText(), title);
    await page.waitForFunction(() => document.activeElement?.id === "titre-fiche");
    const back = page.getByRole("button", { name: "Retour aux résultats" });
    for (let presses = 0; !(await back.evaluate((node) => node === document.activeElement)); ++presses) {
      assert.ok(presses < 5, "Shift+Tab does not lead back to the results");
      await page.keyboard.press("Shift+Tab");
    }
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("fiche")?.hidden);
    assert.equal(page.url(), address.href);
    await page.waitForFunction(() => document.querySelector("[data-id]")?.contains(document.activeElement));
    assert.deepEqual(trouble, []);
  });
});

// ---------------------------------------------------------------------------------------------------------------- framed

const QUERY = "romes=F1702,F1705,F1701&lat=48.85&lon=2.35&radius=60&caller=essai";

for (const [way, body] of /** @type {[string, () => string][]} */ ([
  [
    "a bare iframe",
    () =>
      `<iframe title="Recherche" width="360" height="660" src="${relay.url}recherche-apprentissage?${QUERY}&return_uri=/retour"></iframe>`,
  ],
  [
    "<balise-widget>",
    () =>
      `<balise-widget romes="F1702,F1705,F1701" lat="48.85" lon="2.35" radius="60" caller="essai" return-uri="/retour"></balise-widget>
       <script src="${relay.url}embed.js" async></script>`,
  ],
])) {
  test(`framed by ${way} on another site: results, a record, and the way back`, async () => {
    const host = await new Relay(server.url).start();
    try {
      // Another port is the same site still, another name is not.
      const partner = host.url.replace("127.0.0.1", "localhost");
      const head = `<!doctype html><html lang="fr"><meta charset="utf-8"><link rel="icon" href="data:,">`;
      host.pages.set(
        "/",
        `${head}<title>Partenaire</title>
         <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; script-src ${relay.url}embed.js 'nonce-x'; frame-src ${relay.url}; require-trusted-types-for 'script'">
         <script nonce="x">addEventListener("message", ({ origin, data }) => { if (data.type === "goToPage") document.title = origin + " " + JSON.stringify(data); });</script>
         <h1>Partenaire</h1>${body()}</html>`,
      );
      host.pages.set("/retour", `${head}<title>De retour</title><h1>De retour</h1></html>`);
      await withPage(async (page, trouble) => {
        await page.goto(partner);
        const frame = page.locator("iframe").contentFrame();
        await frame.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
        assert.equal(await frame.locator("[data-id]").count(), 20);
        // The driver's pointer misses whatever is in a frame of another process, so nothing is pressed by its position.
        await frame.locator("[data-id] a").first().dispatchEvent("click");
        await frame.locator("#fiche details").waitFor();
        await frame.getByRole("button", { name: "Retour aux résultats" }).dispatchEvent("click");
        await frame.locator("[data-id]").first().waitFor();
        await frame.locator("[data-retour]").dispatchEvent("click");
        if (way === "<balise-widget>") await page.waitForURL(`${partner}retour`);
        else await page.waitForFunction(() => document.title !== "Partenaire");
        const message = `${relay.url.slice(0, -1)} {"type":"goToPage","page":"/retour"}`;
        assert.equal(await page.title(), way === "<balise-widget>" ? "De retour" : message);
        assert.deepEqual(trouble, []);
      });
    } finally {
      host.stop();
    }
  });
}

// -------------------------------------------------------------------------------------------------------- service worker

test("the service worker answers the API: the bytes of `balise api`", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}${DEMO}`);
    await settled(page);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
    relay.forget();
    const url = "/api/V1/jobs?romes=F1702,F1703&latitude=48.85&longitude=2.35&radius=60&caller=essai";
    const answer = await page.evaluate(async (target) => {
      const response = await fetch(target, { referrer: "" });
      return { status: response.status, body: await response.text() };
    }, url);
    assert.equal(answer.status, 200);
    assert.ok(!relay.asked.some((path) => path.startsWith("/api/")), "it was answered by the server");
    const native = execFileSync(program, ["api", "--site", site, url], { encoding: "utf8", maxBuffer: 1 << 28 });
    assert.equal(answer.body, native);
    assert.notEqual(JSON.parse(native).peJobs.results.length, 0);
    assert.deepEqual(trouble, []);
  });
});

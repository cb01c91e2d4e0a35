/** The pre-rendered listings in Chromium: reached without JavaScript, by links alone; axe on each kind of page. */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { pages } from "./states.mjs";
import { browser, faultsOf, listenForTrouble, relay, repository, server, stageSite } from "./support.mjs";

const screenshots = path.join(repository, "build/screenshots");
const WIDTHS = [360, 1280];

mkdirSync(screenshots, { recursive: true });
stageSite();

/**
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: import("playwright-core").Page, trouble: string[]) => Promise<void>} body
 */
async function withPage(options, body) {
  relay.forget();
  const context = await browser.newContext({ locale: "fr-FR", ...options });
  try {
    const page = await context.newPage();
    await body(page, listenForTrouble(page));
  } finally {
    await context.close();
  }
}

describe("without JavaScript", () => {
  for (const width of WIDTHS) {
    test(`from the search page to results, by links alone, at ${width} px`, () =>
      withPage({ javaScriptEnabled: false, viewport: { width, height: 800 } }, async (page, trouble) => {
        await page.goto(`${server.url}recherche-apprentissage`);
        assert.equal(await page.locator("form").isVisible(), false, "a form that cannot search is not shown");
        await page.screenshot({ path: path.join(screenshots, `sans-js-${width}.png`) });
        await page.getByRole("link", { name: "Par région et par métier" }).first().click();
        await page.getByRole("link", { name: "Bretagne" }).click();
        await page.getByRole("link", { name: "Ille-et-Vilaine (35)" }).click();
        await page.getByRole("link", { name: "Second œuvre du bâtiment" }).click();
        assert.match(page.url(), /\/apprentissage\/ille-et-vilaine-35\/f16-second-oeuvre-du-batiment\/$/);
        assert.ok((await page.locator(".cards > .card").count()) > 3);
        assert.match((await page.locator("h1").textContent()) ?? "", /^Second œuvre du bâtiment en alternance/);
        // And on, to the same occupation elsewhere and to another one there.
        await page.getByRole("link", { name: "Finistère (29)" }).click();
        assert.match(page.url(), /\/finistere-29\/f16-/);
        await page.getByRole("link", { name: "Tous les métiers" }).click();
        assert.match(page.url(), /\/apprentissage\/finistere-29\/$/);
        assert.deepEqual(trouble, []);
      }));
  }
});

test("a listing leads to the same search", () =>
  withPage({ viewport: { width: 1280, height: 800 } }, async (page, trouble) => {
    await page.goto(`${server.url}apprentissage/ille-et-vilaine-35/f16-second-oeuvre-du-batiment/`);
    const total = ((await page.locator(".lead").textContent()) ?? "")
      .match(/\d+/g)
      ?.reduce((sum, n) => sum + Number(n), 0);
    await page.getByRole("link", { name: "Chercher et filtrer" }).click();
    await page.locator("[data-etat=pret]").waitFor();
    assert.equal(Number.parseInt((await page.locator("#titre-resultats").textContent()) ?? "", 10), total);
    assert.equal(await page.locator("#lieu").inputValue(), "Ille-et-Vilaine");
    assert.equal(await page.locator("#metier").inputValue(), "Second œuvre du bâtiment");
    assert.deepEqual(trouble, []);
  }));

test("without WebAssembly the error leads to the listings", () =>
  withPage({ viewport: { width: 360, height: 740 } }, async (page) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    await page.goto(`${server.url}recherche-apprentissage?romes=F1602&lat=48.85&lon=2.35`);
    const results = page.locator("[data-etat=erreur]");
    await results.waitFor();
    await page.screenshot({ path: path.join(screenshots, "sans-wasm-360.png") });
    await results.getByRole("link", { name: "Annonces par région" }).click();
    await page.getByRole("heading", { name: "L'alternance par région et par métier" }).waitFor();
  }));

const { france, region, departement, domaine, liste } = pages;
const kinds = { france, region, departement, domaine, liste };

describe("axe, layout and policy of each kind of page", () => {
  for (const [name, address] of Object.entries(kinds))
    for (const colorScheme of /** @type {const} */ (["light", "dark"]))
      for (const width of [320, 360, 768, 1280])
        test(`${name}, ${colorScheme}, ${width} px`, () =>
          withPage({ colorScheme, viewport: { width, height: 800 } }, async (page, trouble) => {
            await page.goto(relay.url + address);
            const stray = relay.asked.filter((file) => !/^\/(apprentissage\/.*|page\.css|home\.css)$/.test(file));
            assert.deepEqual(stray, [], "nothing but the page and two styles");
            assert.ok(
              await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
              "no sideways scroll",
            );
            if (WIDTHS.includes(width))
              await page.screenshot({
                path: path.join(screenshots, `${name}-${width}-${colorScheme}.png`),
                fullPage: true,
              });
            assert.deepEqual(await faultsOf(page), []);
            assert.deepEqual(trouble, [], "neither messages nor violations of the policy");
          }));
});

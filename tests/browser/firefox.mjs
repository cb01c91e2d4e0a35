/** What the tests in Firefox share: a page that says what troubles it, and the states of the page through axe. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { enterState, pages, previews } from "./states.mjs";
import { asOf, browser, faultsOf, listenForTrouble, relay, reportBreaches } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * A page in a fresh context, with an empty cache.
 * @param {(page: Page, trouble: string[]) => Promise<void>} body
 * @param {number} [width] CSS pixels
 */
export async function withPage(body, width = 1280) {
  relay.forget();
  const context = await browser.newContext({
    locale: "fr-FR",
    viewport: { width, height: width < 768 ? 640 : 800 },
  });
  try {
    const page = await context.newPage();
    const trouble = listenForTrouble(page);
    await reportBreaches(page);
    await page.clock.setFixedTime(asOf);
    await body(page, trouble);
  } finally {
    await context.close();
  }
}

/** Those of states.mjs that differ in what they are made of: all of them would take twice the time. */
const names = [
  "accueil",
  "formulaire",
  "formulaire-refus",
  "suggestions-metier",
  "suggestions-lieu",
  "pret",
  "avis",
  "filtre",
  "elargi",
  "vide",
  "fiche-formations",
  "fiche-offres",
  "fiche-matcha",
  "fiche-lba",
  "fiche-disparue",
  "carte-france",
  "anglais",
  "erreur",
  "hors-ligne",
  "zone-gardee",
  "modifier-ouvert",
];

/** Of which the browser tells, as it must. */
const troubled = new Set(["erreur", "hors-ligne"]);

/**
 * A test of each state and page at each width, in the browser of stageSite().
 * @param {"light" | "dark"} scheme that it has
 */
export function testStates(scheme) {
  for (const width of [320, 768, 1280]) {
    for (const name of names) {
      test(`${name}, ${width} px`, async () => {
        await withPage(async (page, trouble) => {
          await enterState(page, name);
          assert.equal(
            await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches),
            scheme === "dark",
          );
          assert.deepEqual(await faultsOf(page), []);
          if (troubled.has(name)) assert.ok(!trouble.join("\n").includes("CSP"), trouble.join("\n"));
          else assert.deepEqual(trouble, []);
        }, width);
      });
    }
    for (const [name, address] of Object.entries(pages)) {
      test(`${name}, a page of its own, ${width} px`, async () => {
        await withPage(async (page, trouble) => {
          await page.goto(`${relay.url}${address}`, { waitUntil: "networkidle" });
          assert.deepEqual(await faultsOf(page, name.startsWith("testeur") ? previews : null), []);
          assert.deepEqual(trouble, []);
        }, width);
      });
    }
  }
}

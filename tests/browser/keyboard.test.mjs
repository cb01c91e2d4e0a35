/** Every task of the search page by keys alone: nothing is clicked, filled in or focused by the driver. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asOf, browser, listenForTrouble, relay, settled, stageSite, takeSuggestion } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

stageSite();

/**
 * Presses Tab until what is wanted has the focus, and can be seen with its outline.
 * @param {Page} page
 * @param {string} selector
 * @param {string} [key] "Shift+Tab" to go back
 */
async function tabTo(page, selector, key = "Tab") {
  const where = () =>
    page.evaluate((wanted) => {
      const active = document.activeElement;
      if (active?.matches(wanted) !== true) return null;
      const { top, bottom } = active.getBoundingClientRect();
      const style = getComputedStyle(active, active.closest(".cards li") ? "::after" : null);
      return { isOnScreen: bottom > 0 && top < innerHeight, outline: style.outlineStyle };
    }, selector);
  let found = await where();
  for (let presses = 0; found === null; ++presses) {
    assert.ok(presses < 90, `${key} does not lead to ${selector}`);
    await page.keyboard.press(key);
    found = await where();
  }
  assert.ok(found.isOnScreen, `${selector} has the focus out of sight`);
  assert.equal(found.outline, "solid", `${selector} does not show that it has the focus`);
}

/** @param {Page} page @param {string} field @param {string} text @param {string} label */
async function take(page, field, text, label) {
  await tabTo(page, `#${field}`);
  await page.keyboard.type(text);
  await takeSuggestion(page, field, label);
}

for (const width of [360, 1280])
  test(`from the form to a kept area and back, ${width} px`, async () => {
    relay.forget();
    const context = await browser.newContext({
      locale: "fr-FR",
      viewport: { width, height: 800 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    try {
      const page = await context.newPage();
      const trouble = listenForTrouble(page);
      await page.clock.setFixedTime(asOf);
      await page.goto(`${relay.url}recherche-apprentissage`);
      const focusOnTitle = () => page.waitForFunction(() => document.activeElement?.id === "titre-resultats");

      // Search for a trade at a place.
      await take(page, "metier", "maço", "Maçon");
      await take(page, "lieu", "rennes", "Rennes");
      await tabTo(page, "#radius");
      await page.keyboard.type("100");
      await tabTo(page, "[type=submit]");
      await page.keyboard.press("Enter");
      assert.equal(await settled(page), "pret");
      await focusOnTitle();
      const address = new URL(page.url()).search;
      assert.match(address, /romes=F1.*radius=100/);

      // More of it.
      await tabTo(page, ".foot button");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelectorAll("[data-id]")[20]?.contains(document.activeElement));

      // The newest first, and back to the nearest.
      await tabTo(page, "select[data-outil=sort]", "Shift+Tab");
      await page.keyboard.press("ArrowDown");
      await page.waitForURL(/sort=date/);
      assert.equal(await settled(page), "pret");
      await page.waitForFunction(() => document.activeElement?.matches("[data-outil=sort]"));
      await page.keyboard.press("ArrowUp");
      await page.waitForURL((url) => !url.search.includes("sort"));
      assert.equal(await settled(page), "pret");

      // One kind alone, and all again.
      await tabTo(page, "[data-outil=formations]");
      await page.keyboard.press("Space");
      await page.waitForURL(/sources=formations/);
      assert.equal(await settled(page), "pret");
      assert.equal(await page.locator("[data-id]:not([data-source=formations])").count(), 0);
      await page.waitForFunction(() => document.activeElement?.matches("[data-outil=formations]"));
      await page.keyboard.press("Space");
      await page.waitForURL((url) => url.search === address);
      assert.equal(await settled(page), "pret");

      // An item, the next one, and back to the list.
      await tabTo(page, "[data-id] a");
      await page.keyboard.press("Enter");
      await page.locator("#fiche details").waitFor();
      await tabTo(page, ".bar button:last-child", "Shift+Tab");
      const first = page.url();
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.href !== first);
      await page.locator("#fiche details").waitFor();
      await tabTo(page, "#fiche summary");
      await page.keyboard.press("Enter");
      assert.ok(await page.locator("#fiche details").evaluate((node) => /** @type {HTMLDetailsElement} */ (node).open));
      await tabTo(page, ".bar .back", "Shift+Tab");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement?.closest("[data-id]"));
      assert.equal(new URL(page.url()).search, address);

      // The map: a marker, what is there, and the list again.
      await tabTo(page, "[data-outil=map]", "Shift+Tab");
      await page.keyboard.press("Enter");
      await page.locator(".marker").first().waitFor();
      await tabTo(page, ".marker");
      await page.keyboard.press("Enter");
      await page.locator(".map-chosen").waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".map-chosen").waitFor({ state: "hidden" });
      await tabTo(page, "[data-outil=map]", "Shift+Tab");
      await page.keyboard.press("Enter");
      await page.locator(".map").waitFor({ state: "hidden" });

      // The link, and the table.
      const tools = "#liste > .actions button";
      await tabTo(page, `${tools}:nth-child(1)`);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Lien copié" }).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
      await tabTo(page, `${tools}:nth-child(3)`);
      const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
      assert.match(readFileSync(await download.path(), "utf8"), /^\ufeffType;Titre;([^\n]*\n){20}/);

      // The area is kept on the device, and is gone again.
      await page.locator("#zone > button").waitFor({ timeout: 20_000 });
      await tabTo(page, "#zone > button");
      await page.keyboard.press("Enter");
      await page.locator(".zone-offer .main-action").waitFor();
      await tabTo(page, ".zone-offer .main-action");
      await page.keyboard.press("Enter");
      await page.locator(".zone-status", { hasText: "se cherche maintenant sans réseau" }).waitFor({ timeout: 60_000 });
      await tabTo(page, ".zone-list button:last-child");
      await page.keyboard.press("Enter");
      await page.locator(".zone-status", { hasText: "n'est plus sur cet appareil" }).waitFor();

      // The same in English.
      await tabTo(page, "#langue");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.documentElement.lang === "en");
      assert.equal(await settled(page), "pret");
      assert.deepEqual(trouble, []);
    } finally {
      await context.close();
    }
  });

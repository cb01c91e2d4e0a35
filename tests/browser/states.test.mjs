/** Each state of the page through axe, at three widths, light and dark; screenshots of each go to build/screenshots/. */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { enterState, states } from "./states.mjs";
import { DEMO, browser, faultsOf, relay, repository, settled, stageSite } from "./support.mjs";

const screenshots = path.join(repository, "build/screenshots");

mkdirSync(screenshots, { recursive: true });
stageSite();

for (const width of [320, 768, 1280]) {
  describe(`${width} px`, () => {
    const height = width < 768 ? 640 : 800;
    for (const [index, name] of Object.keys(states).entries()) {
      // Reaching a state takes longer than looking at it: the scheme changes under the page, half of the time from light to
      // dark and half of the time back.
      /** @type {("light" | "dark")[]} */
      const schemes = index % 2 === 0 ? ["light", "dark"] : ["dark", "light"];
      describe(name, () => {
        /** @type {import("playwright-core").Page} */
        let page;
        before(async () => {
          relay.forget();
          const context = await browser.newContext({
            locale: "fr-FR",
            colorScheme: schemes[0] ?? null,
            viewport: { width, height },
          });
          page = await context.newPage();
          await enterState(page, name);
        });
        after(() => page?.context().close());
        for (const colorScheme of schemes) {
          test(colorScheme, async () => {
            await page.emulateMedia({ colorScheme });
            assert.deepEqual(await faultsOf(page), []);
            if (width === 768) return;
            if (width === 320) await page.setViewportSize({ width: 360, height });
            const file = `${name}-${width === 320 ? 360 : width}-${colorScheme}.png`;
            // A detail view is long, and what was pressed last in it is at its end.
            await page.screenshot({ path: path.join(screenshots, file), fullPage: name.startsWith("fiche-") });
            await page.setViewportSize({ width, height });
          });
        }
      });
    }
  });
}

test("forced colours keep the chosen segment and the kinds apart", async () => {
  relay.forget();
  const context = await browser.newContext({ forcedColors: "active", viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.goto(`${relay.url}${DEMO}`);
    assert.equal(await settled(page), "pret");
    await page.screenshot({ path: path.join(screenshots, "pret-1280-forced.png") });
    const outline = await page
      .locator("input[name=scope]:checked + span")
      .evaluate((chosen) => getComputedStyle(chosen).outlineStyle);
    assert.equal(outline, "solid");
    const border = await page
      .locator("[data-id] .tag")
      .first()
      .evaluate((tag) => getComputedStyle(tag).borderTopColor);
    assert.notEqual(border, "rgba(0, 0, 0, 0)");
  } finally {
    await context.close();
  }
});

test("actions are at least 44 pixels high, everything else that can be pressed 24", async () => {
  relay.forget();
  const context = await browser.newContext({ viewport: { width: 360, height: 640 } });
  try {
    const page = await context.newPage();
    for (const address of ["", "recherche-apprentissage", `${DEMO}&return_uri=/`, "fiche"]) {
      await page.goto(`${relay.url}${address === "fiche" ? DEMO : address}`);
      if (address !== "" && address !== "recherche-apprentissage") await settled(page);
      if (address === "fiche") {
        await page.locator("[data-id] a").first().click();
        await page.locator("#fiche details").waitFor();
      }
      const small = await page
        .locator("a:visible, button:visible, select:visible, input:visible")
        .evaluateAll((targets) =>
          targets
            // All of a card is the target of its link.
            .map((target) => ({ target, box: (target.closest(".cards li") ?? target).getBoundingClientRect() }))
            .filter(({ target, box }) => {
              const least = target.matches("main p:not(.try) a, .skip, .bottom a") ? 24 : 44;
              return box.height < least || box.width < 24;
            })
            .map(({ target, box }) => `${target.outerHTML.slice(0, 80)} is ${box.width} × ${box.height}`),
        );
      assert.deepEqual(small, []);
    }
  } finally {
    await context.close();
  }
});

/** Each state of the page through axe, at three widths, light and dark; screenshots of each go to build/screenshots/. */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { DEMO, browser, faultsOf, relay, repository, settled, stageSite } from "./support.mjs";

const screenshots = path.join(repository, "build/screenshots");

mkdirSync(screenshots, { recursive: true });
stageSite();

/** @typedef {import("playwright-core").Page} Page */

/** @type {Record<string, { address: string, state: string | null, prepare?: (page: Page) => Promise<void> }>} */
const states = {
  accueil: { address: "", state: null },
  formulaire: { address: "recherche-apprentissage", state: null },
  "formulaire-refus": {
    address: "recherche-emploi",
    state: null,
    prepare: async (page) => {
      await page.getByLabel("Métier").fill("zzz");
      await page.getByRole("button", { name: "C'est parti" }).click();
      await page.locator("[aria-invalid]").waitFor();
    },
  },
  pret: { address: `${DEMO}&return_uri=/`, state: "pret" },
  "pret-suite": {
    address: "recherche-apprentissage-formation?lat=48.85&lon=2.35&radius=100",
    state: "pret",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Voir plus" }).click();
    },
  },
  avis: { address: "recherche-apprentissage?romes=F1702,ABCDE&lat=48.85&lon=2.35&radius=31", state: "pret" },
  "suggestions-metier": {
    address: "recherche-apprentissage",
    state: null,
    prepare: async (page) => {
      await page.locator("#metier").pressSequentially("boulan");
      await page.locator("#liste-metier [role=option]").first().waitFor();
      await page.keyboard.press("ArrowDown");
    },
  },
  "suggestions-lieu": {
    address: "recherche-emploi",
    state: null,
    prepare: async (page) => {
      await page.locator("#lieu").pressSequentially("saint-denis");
      await page.locator("#liste-lieu [role=option]").first().waitFor();
    },
  },
  filtre: { address: `${DEMO}&sources=formations,lba&sort=date`, state: "pret" },
  departement: { address: "recherche-apprentissage?romes=F1702&departement=69&address=Rhône+(69)", state: "pret" },
  fige: { address: "recherche-emploi?romes=F1702&job_name=Maçon&frozen_job=1", state: "pret" },
  elargi: { address: "recherche-emploi?romes=D1102&lat=48.2&lon=3.9&radius=10", state: "elargi" },
  "elargi-formations": { address: "recherche-apprentissage?romes=J1501&lat=46&lon=-20&radius=10", state: "elargi" },
  ...Object.fromEntries(
    ["formations", "offres", "matcha", "lba"].map((source) => [
      `fiche-${source}`,
      {
        address: `${DEMO}&sources=${source}`,
        state: null,
        prepare: async (/** @type {Page} */ page) => {
          await page.locator("[data-id] a").first().click();
          await page.locator("#fiche summary").click();
        },
      },
    ]),
  ),
  "fiche-disparue": {
    address: "recherche-apprentissage?type=matcha&itemId=personne",
    state: null,
    prepare: async (page) => {
      await page.getByRole("heading", { name: "n'existe plus" }).waitFor();
    },
  },
  carte: {
    address: DEMO,
    state: "pret",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Carte", exact: true }).click();
      await page.locator(".marker").first().waitFor();
    },
  },
  "carte-france": {
    address: "recherche-apprentissage?romes=F1702",
    state: "pret",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Carte", exact: true }).click();
      await page.getByRole("button", { name: "Placer tous les résultats" }).click();
      await page.locator(".map-places button").first().waitFor();
      await page.locator(".cluster:visible").first().click();
    },
  },
  anglais: { address: `${DEMO}&lang=en`, state: "pret" },
  vide: { address: "recherche-emploi?romes=F1702&lat=46&lon=-20&radius=10", state: "vide" },
  erreur: {
    // A page without a search first: files that a search has read stay in the cache, and would hide the fault.
    address: "recherche-apprentissage",
    state: "erreur",
    prepare: async (page) => {
      relay.faultOf = (file) => (file.startsWith("/data/") && file !== "/data/manifest.json" ? "missing" : null);
      await page.goto(`${relay.url}${DEMO}`);
    },
  },
  "hors-ligne": {
    address: "recherche-apprentissage",
    state: "hors-ligne",
    prepare: async (page) => {
      await page.getByLabel("Métier").fill("F1702");
      relay.faultOf = () => "unreachable";
      await page.context().setOffline(true);
      await page.getByRole("button", { name: "C'est parti" }).click();
    },
  },
  "modifier-ouvert": {
    address: DEMO,
    state: "pret",
    prepare: async (page) => {
      const open = page.getByRole("button", { name: "Modifier la recherche" });
      if (await open.isVisible()) await open.click();
    },
  },
};

for (const width of [320, 768, 1280]) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    describe(`${width} px, ${colorScheme}`, () => {
      for (const [name, { address, state, prepare }] of Object.entries(states)) {
        test(name, async () => {
          relay.forget();
          const context = await browser.newContext({
            locale: "fr-FR",
            colorScheme,
            viewport: { width, height: width < 768 ? 640 : 800 },
          });
          try {
            const page = await context.newPage();
            await page.goto(`${relay.url}${address}`, { waitUntil: "networkidle" });
            if (address.includes("?") && !address.includes("itemId")) await settled(page);
            await prepare?.(page);
            if (state !== null) await page.locator(`[data-etat=${state}]`).waitFor({ timeout: 20_000 });
            assert.deepEqual(await faultsOf(page), []);
            if (width === 320) await page.setViewportSize({ width: 360, height: 640 });
            if (width !== 768) {
              const file = `${name}-${width === 320 ? 360 : width}-${colorScheme}.png`;
              await page.screenshot({ path: path.join(screenshots, file) });
            }
          } finally {
            await context.close();
          }
        });
      }
    });
  }
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

/** The states of the page that are looked at in every browser: how each is reached, for `relay` of support.mjs. */

import { DEMO, goOffline, relay, settled } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * `prepare` goes on from where `address` has been loaded; `state` is the data-etat to wait for then, null: none.
 * @type {Record<string, { address: string, state: string | null, prepare?: (page: Page) => Promise<void> }>}
 */
export const states = {
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
  "recherche-departement": {
    address: "recherche-apprentissage?romes=F1702&departement=69&address=Rhône+(69)",
    state: "pret",
  },
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
      await goOffline(page);
      await page.getByRole("button", { name: "C'est parti" }).click();
    },
  },
  zone: {
    address: "recherche-apprentissage?romes=F1702&lat=48.1119&lon=-1.6811&radius=10&address=Rennes",
    state: "pret",
    prepare: async (page) => {
      await page.locator("#zone > button").click();
      await page.locator(".zone-offer .main-action").waitFor();
    },
  },
  "zone-gardee": {
    address: "recherche-apprentissage?romes=F1702&lat=48.1119&lon=-1.6811&radius=10&address=Rennes",
    state: "pret",
    prepare: async (page) => {
      await page.locator("#zone > button").click();
      await page.locator(".zone-offer .main-action").click();
      await page.locator(".zone-list li .hint").waitFor();
      await page.locator("progress").waitFor({ state: "detached" });
    },
  },
  anciennes: {
    address: DEMO,
    state: "pret",
    prepare: async (page) => {
      await page.clock.setFixedTime(new Date("2027-01-10T12:00:00Z"));
      await page.reload();
      await page.locator("[data-ancien]").waitFor();
    },
  },
  "fiche-anglais": {
    address: `${DEMO}&lang=en&sources=offres`,
    state: null,
    prepare: async (page) => {
      await page.locator("[data-id] a").first().click();
      await page.locator("#fiche summary").click();
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

/** Pages beside the search, in both languages; in the preview of the first stand pages with states of their own. */
export const pages = {
  testeur: "test-widget?romes=F1702,ABC&radius=31&frozen_job=1",
  "testeur-anglais": "test-widget?lang=en",
  guide: "developpeurs",
  "guide-anglais": "developers",
  france: "apprentissage/",
  region: "apprentissage/bretagne/",
  departement: "apprentissage/ille-et-vilaine-35/",
  domaine: "apprentissage/f16-second-oeuvre-du-batiment/",
  liste: "apprentissage/ille-et-vilaine-35/f16-second-oeuvre-du-batiment/",
};

/** What of them is not looked at. */
export const previews = { exclude: [["#apercu-telephone"], ["#apercu-large"]] };

/**
 * Brings a new page into a state of the table.
 * @param {Page} page
 * @param {string} name
 */
export async function enterState(page, name) {
  const found = states[name];
  if (found === undefined) throw new Error(`there is no state "${name}"`);
  const { address, state, prepare } = found;
  await page.goto(`${relay.url}${address}`, { waitUntil: "networkidle" });
  if (address.includes("?") && !address.includes("itemId")) await settled(page);
  await prepare?.(page);
  if (state !== null) await page.locator(`[data-etat=${state}]`).waitFor({ timeout: 20_000 });
}

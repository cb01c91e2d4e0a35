/** Five thousand hostile values in every parameter of the search page, and in every text of the data that it shows. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { build, filesOf, scratchFolder, writeConfig } from "../cli/support.mjs";
import { manyHostileValues } from "../hostile_values.mjs";
import {
  allCards,
  asOf,
  browser,
  listenForTrouble,
  program,
  relay,
  reportBreaches,
  repository,
  serveSite,
  settled,
  stageSite,
} from "./support.mjs";

const VALUES = manyHostileValues(5000);
/** Values that the page takes between two questions of the test. */
const BATCH = 250;

const NAMES =
  "romes lat lon radius diploma scope sources sort opco departement region insee zipcode address job_name frozen_job metier lieu type itemId caller return_uri return_logo_url utm_campaign utm_source utm_medium lang".split(
    " ",
  );

stageSite();

/**
 * @param {string} root address of a site
 * @param {(page: import("playwright-core").Page) => Promise<void>} body
 */
async function withPage(root, body) {
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 800 } });
  /** @type {string[]} */
  const wrong = [];
  try {
    const page = await context.newPage();
    const trouble = listenForTrouble(page);
    const own = new URL(root).origin;
    page.on("dialog", (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("popup", (popup) => wrong.push(`window: ${popup.url()}`));
    page.on("request", (request) => {
      if (/^(https?|ftp|wss?):/.test(request.url()) && new URL(request.url()).origin !== own)
        wrong.push(`request: ${request.url()}`);
    });
    await page.clock.setFixedTime(asOf);
    await reportBreaches(page);
    await page.addInitScript(() => {
      /** What stands in the page that no template and no script of the page has put there. */
      Object.assign(globalThis, {
        strangers: () => {
          const found = [];
          if (document.title === "x" || location.origin !== origin) found.push("it ran");
          for (const node of document.querySelectorAll(
            "svg:not([aria-hidden]), script:not([src], head > #module + script), iframe, img, style",
          ))
            if (/** @type {HTMLScriptElement} */ (node).type !== "application/ld+json") found.push(node.outerHTML);
          for (const link of document.querySelectorAll("a[href]")) {
            const { protocol, origin: target } = new URL(/** @type {HTMLAnchorElement} */ (link).href);
            if (!/^https?:$/.test(protocol)) found.push(`link to ${protocol}`);
            if (link.matches("[data-retour]") && target !== origin) found.push(`return to ${target}`);
          }
          for (const node of document.querySelectorAll("*"))
            for (const { name } of node.attributes)
              if (/^on|^style$|^srcdoc$/.test(name)) found.push(`attribute ${name}`);
          return found;
        },
      });
    });
    await body(page);
    // Of what is not there the browser tells, as it must.
    wrong.push(...trouble.filter((line) => !/HTTP 404|404 \(Not Found\)|console warning|Failed to fetch/.test(line)));
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

/**
 * Gives addresses to a page that stands, as back and forward do, and looks at what each made of it.
 * @param {import("playwright-core").Page} page
 * @param {string[]} addresses queries
 * @param {string} done what is there once an address is shown
 */
async function visit(page, addresses, done) {
  for (let start = 0; start < addresses.length; start += BATCH) {
    const faults = await page.evaluate(
      async ([queries, selector]) => {
        /** @type {string[]} */
        const found = [];
        for (const query of queries) {
          history.replaceState(null, "", query);
          dispatchEvent(new PopStateEvent("popstate", { state: null }));
          const end = performance.now() + 10_000;
          do await new Promise((resolve) => setTimeout(resolve));
          while (document.querySelector(selector) === null && performance.now() < end);
          if (document.querySelector(selector) === null) found.push(`nothing is shown: ${query}`);
          const strangers = /** @type {any} */ (globalThis).strangers();
          if (strangers.length > 0) found.push(`${query}: ${strangers.join(", ")}`);
        }
        return found;
      },
      /** @type {const} */ ([addresses.slice(start, start + BATCH), done]),
    );
    assert.deepEqual(faults, []);
  }
}

const SHOWN = "#resultats[aria-busy=false]";

test("what does not belong in the page is seen", () =>
  withPage(relay.url, async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    const found = await page.evaluate(() => {
      const link = document.createElement("a");
      link.setAttribute("href", "javascript:x");
      document.body.append(document.createElement("img"), link);
      return /** @type {any} */ (globalThis).strangers();
    });
    assert.deepEqual(found, ["<img>", "link to javascript:"]);
  }));

describe("5,000 hostile values in parameters", () => {
  test("in all of them at once", () =>
    withPage(relay.url, async (page) => {
      await page.goto(`${relay.url}recherche-apprentissage`);
      const queries = VALUES.map((value) => `?${new URLSearchParams(NAMES.map((name) => [name, value]))}`);
      await visit(page, queries, SHOWN);
    }));

  test("each in one of them, beside a search that is right", () =>
    withPage(relay.url, async (page) => {
      await page.goto(`${relay.url}recherche-apprentissage`);
      const queries = VALUES.map((value, i) => {
        const params = new URLSearchParams({ romes: "F1702", departement: "48" });
        const name = /** @type {string} */ (NAMES[i % NAMES.length]);
        params.set(name, value);
        if (name === "itemId") params.set("type", "matcha");
        if (name === "return_logo_url") params.set("return_uri", "/");
        return `?${params}`;
      });
      await visit(page, queries, SHOWN);
    }));
});

// ------------------------------------------------------------------------------------------------------------------- data

/** Of each kind; with their different values in each field they hold all 5,000. */
const RECORDS = 1250;

/** Texts that decide whether there is a record at all: one of forty is hostile. */
const NEEDED =
  /rome|siret|geo|coordonnee|status|published|catalogue|publication|expiration|niveau|european|postal|zip|insee|departement|contract|localite/i;

/** @param {number} i @returns {string} a number of its own whose last digit is right (Luhn) */
function siretOf(i) {
  const digits = String(1_000_000_000_000 + i);
  const sum = [...digits].reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits + String((10 - (sum % 10)) % 10);
}

/**
 * A record with a value of its own in each text.
 * @param {any} node
 * @param {number} i number of the record
 * @param {string} name
 * @param {{ field: number }} at counts the texts
 * @returns {any}
 */
function poisoned(node, i, name = "", at = { field: 0 }) {
  if (Array.isArray(node)) return node.map((item) => poisoned(item, i, name, at));
  if (node !== null && typeof node === "object")
    return Object.fromEntries(
      Object.entries(node).map(([key, item]) => [key, poisoned(item, i, `${name}.${key}`, at)]),
    );
  if (typeof node === "number" || typeof node === "boolean") return node;
  const field = at.field++;
  if (NEEDED.test(name) && (i + field) % 40 !== 0) return node;
  const value = /** @type {string} */ (VALUES[(i * 4 + field * 619) % VALUES.length]);
  // Ids differ, or later ones would be the same record; those that are too long would be none.
  if (/id$|cle_/i.test(name)) return `${i}${value.slice(0, 60)}`;
  // A title that is all markup is none either.
  return /title|intitule/.test(name) ? `A ${value}` : value;
}

test(`hostile values in every text of ${4 * RECORDS} records: lists, detail views and listings`, async (t) => {
  const folder = scratchFolder();
  const data = path.join(repository, "data/sample");
  /** @param {any[]} records */
  const fill = (records) =>
    Array.from({ length: RECORDS }, (_, i) => {
      const record = structuredClone(records[i % 40]);
      if (record.siret) record.siret = siretOf(i);
      return poisoned(record, i);
    });
  /** @param {string} name @param {any[]} records */
  const write = (name, records) => {
    const file = path.join(folder, `${name}.ndjson`);
    writeFileSync(file, records.map((record) => JSON.stringify(record)).join("\n"));
    return file;
  };
  /** @param {string} name */
  const lines = (name) =>
    gunzipSync(readFileSync(path.join(data, name)))
      .toString()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .slice(0, 60)
      .map((line) => JSON.parse(line.replace(/,$/, "")));
  const matcha = JSON.parse(readFileSync(path.join(data, "matcha.json"), "utf8")).filter(
    (/** @type {any} */ job) => job.offer?.status === "Active" && job.identifier?.id,
  );
  const site = path.join(folder, "site");
  const outcome = build(
    writeConfig(
      folder,
      {
        formations: [{ url: write("formations", fill(lines("formations.json.gz"))), format: "catalogue" }],
        offres: [{ url: write("offres", fill(matcha)), format: "lba-v3" }],
        matcha: [{ url: write("matcha", fill(matcha.toReversed())), format: "lba-v3" }],
        lba: [{ url: write("lba", fill(lines("entreprises.ndjson.gz"))), format: "recruteurs-lba" }],
      },
      { limits: { max_rejected_percent: 100 } },
    ),
    site,
  );
  assert.equal(outcome.code, 0, outcome.stderr);
  const server = await serveSite(site);
  try {
    /** @type {string[]} */
    const items = [];
    await withPage(server.url, async (page) => {
      for (const [source, type] of Object.entries({
        formations: "training",
        offres: "peJob",
        matcha: "matcha",
        lba: "lba",
      })) {
        const found = JSON.parse(
          execFileSync(program, ["search", "--site", site, "--format", "json", `--sources=${source}`, "--limit=1000"], {
            encoding: "utf8",
            maxBuffer: 1 << 28,
          }),
        ).results;
        t.diagnostic(`${source}: ${found.length}`);
        items.push(
          ...found.map((/** @type {any} */ { id }) => `?${new URLSearchParams({ type, itemId: id }).toString()}`),
        );
        await page.goto(`${server.url}recherche-apprentissage?lat=46.6&lon=2.4&radius=100&sources=${source}`);
        await settled(page);
        await page.goto(`${server.url}recherche-apprentissage?lat=48.85&lon=2.35&radius=100&sources=${source}`);
        await settled(page);
        await allCards(page);
        assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).strangers()), []);
      }
      assert.ok(items.length > 2000, `only ${items.length} records were taken`);
      await page.goto(`${server.url}recherche-apprentissage`);
      await visit(page, items, "#fiche:not([hidden]) h2");
      const listings = filesOf(path.join(site, "apprentissage")).filter((name) => /\/.*\/index\.html$/.test(name));
      for (const name of listings.slice(0, 100)) {
        await page.goto(`${server.url}apprentissage/${name.replace(/index\.html$/, "")}`);
        assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).strangers()), [], name);
      }
    });
    t.diagnostic(`${items.length} records`);
  } finally {
    server.stop();
  }
});

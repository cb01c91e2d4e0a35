/** The built site in Chromium: what it finds, what it fetches, what it says when something is wrong. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { hostileValues } from "../hostile_values.mjs";
import {
  DEMO,
  Relay,
  allCards,
  asOf,
  browser,
  choose,
  listenForTrouble,
  relay,
  reportBreaches,
  searchNatively,
  server,
  settled,
  stageSite,
} from "./support.mjs";

stageSite();

/**
 * A page in a fresh context, with an empty cache.
 * @param {(page: import("playwright-core").Page, trouble: string[]) => Promise<void>} body
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function withPage(body, options = {}) {
  relay.forget();
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 800 }, ...options });
  try {
    const page = await context.newPage();
    const trouble = listenForTrouble(page);
    await page.clock.setFixedTime(asOf);
    await body(page, trouble);
  } finally {
    await context.close();
  }
}

/** @param {import("playwright-core").Page} page */
const statusText = async (page) => (await page.locator("#bilan").textContent()) ?? "";

// ------------------------------------------------------------------------------------------------------ the same results

/** @typedef {{ path: string, sources: string, options: Record<string, string> }} Query */

const PERIMETERS = [
  { path: "recherche-apprentissage", sources: "formations,offres,matcha,lba" },
  { path: "recherche-emploi", sources: "offres,matcha,lba" },
  { path: "recherche-apprentissage-formation", sources: "formations" },
];

/**
 * Queries around records that the site holds, whatever it was built from, and a few fixed ones.
 * @returns {Query[]}
 */
function chooseQueries() {
  /** @type {Query[]} */
  const queries = [];
  const radii = ["10", "30", "60", "100"];
  for (const [index, source] of ["formations", "offres", "matcha", "lba"].entries()) {
    const placed = searchNatively({ sources: source }).results.filter(({ lat }) => lat !== null);
    for (let turn = 0; turn < 5 && placed.length > 0; ++turn) {
      const record = placed[Math.floor((turn * placed.length) / 5)];
      if (record === undefined || record.lat === null || record.lon === null) continue;
      const next = placed[(Math.floor((turn * placed.length) / 5) + 7) % placed.length];
      const romes = turn === 0 ? [] : [...new Set([...record.romes, ...(turn > 2 ? (next?.romes ?? []) : [])])];
      const perimeter = PERIMETERS[turn % 2 === 0 ? 0 : source === "formations" ? 2 : 1];
      if (perimeter === undefined) continue;
      queries.push({
        ...perimeter,
        options: {
          lat: (record.lat + turn * 0.01).toFixed(5),
          lon: (record.lon - turn * 0.01).toFixed(5),
          radius: radii[(turn + index) % 4] ?? "30",
          ...(romes.length > 0 ? { romes: romes.slice(0, 20).join(",") } : {}),
        },
      });
    }
  }
  const [all, jobs, trainings] = PERIMETERS;
  if (all === undefined || jobs === undefined || trainings === undefined) throw new Error("three perimeters");
  const paris = { lat: "48.85", lon: "2.35" };
  queries.push(
    { ...all, options: { ...paris, radius: "60", romes: "F1702,F1705,F1701" } },
    { ...all, options: { romes: "D1102,M1805" } },
    { ...jobs, options: { romes: "F1603" } },
    { ...trainings, options: { ...paris, radius: "100", diploma: "3" } },
    { ...trainings, options: { ...paris, radius: "30", diploma: "5", romes: "M1203,D1401,M1604" } },
    { ...all, options: { lat: "49.1", lon: "1.7", radius: "100" } },
    { ...all, options: { lat: "46.0", lon: "-20.0", radius: "10" } },
  );
  return queries;
}

describe("the page and `balise search` agree", () => {
  let withResults = 0;
  for (const { path: page_path, sources, options } of chooseQueries()) {
    const query = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    test(`${page_path}?${query.join("&")}`, async () => {
      // Pages show the nearest formations when none is within the radius.
      const expected = searchNatively({ ...options, sources, widen: "5" });
      await withPage(async (page, trouble) => {
        await page.goto(`${relay.url}${page_path}?${query.join("&")}`);
        const state = await settled(page);
        const cards = await allCards(page);
        assert.deepEqual(
          cards,
          expected.results.map(({ source, id }) => `${source} ${id}`),
        );
        assert.deepEqual(trouble, []);
        if (cards.length === 0) {
          assert.equal(state, "vide");
          return;
        }
        ++withResults;
        const radius_m = Number(options["radius"] ?? "30") * 1000;
        const isWidened = expected.results.some(({ distance_m }) => distance_m !== null && distance_m > radius_m);
        assert.equal(state, isWidened ? "elargi" : "pret");
        assert.match(await page.locator("#fraicheur").innerText(), /^Données du \d{1,2}(er)?\s\p{L}+ 20\d\d$/u);
      });
    });
  }
  test("and most of these searches find something", () => assert.ok(withResults >= 20, `only ${withResults}`));
});

test("a level leaves out the offers that state another one, and keeps those that state none", async () => {
  const options = { lat: "48.85", lon: "2.35", radius: "60", diploma: "3" };
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage?lat=48.85&lon=2.35&radius=60&diploma=3`);
    assert.equal(await settled(page), "pret");
    const cards = await allCards(page);
    assert.deepEqual(
      cards,
      searchNatively(options).results.map(({ source, id }) => `${source} ${id}`),
    );
    assert.ok(cards.some((card) => card.startsWith("offres ")));
    assert.equal(await page.locator("[data-id]", { hasText: /Bac, bac pro|BTS|Licence|Master/ }).count(), 0);
  });
});

test("offers that expire before the device's day are not shown", async () => {
  await withPage(async (page) => {
    const url = `${relay.url}recherche-emploi?lat=48.85&lon=2.35&radius=100`;
    await page.goto(url);
    assert.equal(await settled(page), "pret");
    const now = await allCards(page);
    await page.clock.setFixedTime(new Date("2099-01-01T12:00:00Z"));
    await page.goto(url);
    await settled(page);
    const later = await allCards(page);
    assert.deepEqual(
      later,
      now.filter((card) => later.includes(card)),
    );
    assert.ok(later.length < now.length, "no offer of the site ever expires");
  });
});

// ----------------------------------------------------------------------------------------------------- what it fetches

test("a search far away shares the directory of its domain with one in Paris, and nothing else", async () => {
  const overseas = ["04", "01", "02", "03", "06"]
    .flatMap((region) => searchNatively({ region, limit: "1" }).results)
    .find(({ lat }) => lat !== null);
  assert.ok(overseas?.lat && overseas.lon, "the site holds no record overseas");
  /** @type {string[][]} */
  const fetched = [];
  for (const [lat, lon] of [
    ["48.85", "2.35"],
    [String(overseas.lat), String(overseas.lon)],
  ]) {
    await withPage(async (page) => {
      await page.goto(`${relay.url}recherche-apprentissage?lat=${lat}&lon=${lon}&radius=30`);
      assert.equal(await settled(page), "pret");
      fetched.push(relay.dataFiles());
    });
  }
  const [paris = [], far = []] = fetched;
  assert.ok(paris.length > 0 && far.length > 0);
  const shared = far.filter((file) => paris.includes(file));
  assert.equal(shared.length, 1, shared.join(" "));
  assert.match(shared[0] ?? "", /france\/directory-/);
});

test("the directories of a search are read while the module is on its way, and everything once", async () => {
  await withPage(async (page, trouble) => {
    const directories = () => relay.asked.filter((file) => file.startsWith("/data/france/directory-"));
    /** @type {string[]} */
    let before = [];
    relay.holdOf = (file) =>
      file !== "/search.wasm"
        ? null
        : (async () => {
            for (let tries = 0; directories().length < 2 && tries < 100; ++tries) await page.waitForTimeout(50);
            before = directories();
          })();
    await page.goto(`${relay.url}recherche-apprentissage?romes=F1702,M1805&lat=48.85&lon=2.35&radius=30`);
    assert.equal(await settled(page), "pret");
    assert.equal(before.length, 2);
    const asked = relay.asked.filter((file) => file.startsWith("/data/"));
    assert.deepEqual(asked, [...new Set(asked)]);
    assert.deepEqual(trouble, []);
  });
});

test("each arrival loads the module that it needs: to search, to type, to read a card", async () => {
  const modules = () => relay.asked.filter((file) => file.endsWith(".wasm"));
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}${DEMO}`);
    assert.equal(await settled(page), "pret");
    assert.deepEqual(modules(), ["/search.wasm"]);
    const before = relay.dataFiles();
    await page.locator("[data-id] a").first().click();
    await page.locator("#fiche details").waitFor();
    assert.deepEqual(modules(), ["/search.wasm", "/item.wasm"]);
    // Where the card stands need not be looked up, and nothing is read twice.
    assert.match(
      relay
        .dataFiles()
        .filter((file) => !before.includes(file))
        .join(" "),
      /^\S+\/details-\S+$/,
    );
    const shards = relay.asked.filter((file) => file.endsWith(".bin"));
    assert.deepEqual(shards, [...new Set(shards)]);
    assert.deepEqual(trouble, []);
  });
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}${DEMO}`);
    assert.equal(await settled(page), "pret");
    await page.getByLabel("Métier").fill("coif");
    await page.locator("#liste-metier [role=option]").first().waitFor();
    assert.deepEqual(modules(), ["/search.wasm", "/form.wasm"]);
    assert.deepEqual(trouble, []);
  });
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}recherche-apprentissage`, { waitUntil: "networkidle" });
    assert.deepEqual(modules(), ["/form.wasm"]);
    await page.getByLabel("Métier").fill("F1702");
    await page.getByRole("button", { name: "C'est parti" }).click();
    await page.locator("[data-etat=pret]").waitFor();
    assert.deepEqual(modules(), ["/form.wasm"]);
    const [card] = await page
      .locator("[data-id] a")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    relay.forget();
    await page.goto(new URL(card ?? "", page.url()).href);
    await page.locator("#fiche details").waitFor();
    assert.deepEqual(modules().sort(), ["/item.wasm", "/search.wasm"]);
    // Without the search that it came from.
    const { searchParams } = new URL(page.url());
    relay.forget();
    await page.goto(
      `${relay.url}recherche-apprentissage?type=${searchParams.get("type")}&itemId=${searchParams.get("itemId")}`,
    );
    await page.locator("#fiche details").waitFor();
    assert.deepEqual(modules(), ["/item.wasm"]);
    assert.deepEqual(trouble, []);
  });
});

test("when the module of searches cannot be had, that of the form searches", async () => {
  await withPage(async (page) => {
    relay.faultOf = (file) => (file === "/search.wasm" ? "missing" : null);
    await page.goto(`${relay.url}${DEMO}`);
    assert.equal(await settled(page), "pret");
    assert.ok((await page.locator("[data-id]").count()) > 0);
  });
});

test("the form alone fetches no shard before it is used, and nothing is ever asked of another host", async () => {
  await withPage(async (page, trouble) => {
    /** @type {Set<string>} */
    const hosts = new Set();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`${relay.url}recherche-apprentissage`, { waitUntil: "networkidle" });
    assert.deepEqual(
      relay.asked.filter((file) => file.startsWith("/data/")),
      ["/data/manifest.json"],
    );
    assert.equal(await page.locator("[data-etat]").count(), 0);
    await page.goto(`${relay.url}${DEMO}`);
    await settled(page);
    assert.deepEqual([...hosts], [relay.url.slice(0, -1)]);
    assert.deepEqual(await page.context().cookies(), []);
    assert.deepEqual(trouble, []);
  });
});

// ------------------------------------------------------------------------------------------------------------ addresses

for (const form of ["recherche-apprentissage", "recherche-apprentissage/", "recherche-apprentissage.html"]) {
  test(`the demo address works as ${form}`, async () => {
    await withPage(async (page, trouble) => {
      const response = await page.goto(`${relay.url}${DEMO.replace("recherche-apprentissage", form)}`);
      assert.equal(response?.status(), 200);
      assert.equal(await settled(page), "pret");
      assert.ok((await page.locator("[data-id]").count()) > 0);
      assert.deepEqual(trouble, []);
    });
  });
}

test("the home page leads to the three searches, and its examples find something", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(relay.url);
    const links = await page
      .locator("main .doors a")
      .evaluateAll((anchors) => anchors.map((a) => a.getAttribute("href") ?? ""));
    assert.equal(links.length, 6);
    for (const link of links) {
      await page.goto(new URL(link, relay.url).href);
      if (link.includes("?")) assert.equal(await settled(page), "pret", link);
      else await page.getByRole("heading", { name: "Par où commencer" }).waitFor();
    }
    assert.deepEqual(trouble, []);
  });
});

test("wrong parameters are ignored and said, in one line", async () => {
  await withPage(async (page) => {
    const notice = page.locator("#avis[role=status]");
    await page.goto(`${relay.url}recherche-apprentissage?romes=F1702,ABCDE&lat=95&lon=2&radius=31&diploma=9&scope=x`);
    assert.equal(await settled(page), "pret");
    const text = await notice.innerText();
    for (const part of [
      "romes «\u00a0ABCDE\u00a0»",
      "lat «\u00a095\u00a0»",
      "lon «\u00a02\u00a0»",
      "radius «\u00a031\u00a0»",
      "diploma «\u00a09\u00a0»",
      "scope «\u00a0x\u00a0»",
    ]) {
      assert.ok(text.includes(part), `${part} is not in: ${text}`);
    }
    assert.equal(await page.locator("[name=radius]").inputValue(), "30");

    const codes = Array.from({ length: 24 }, (_, n) => `F17${String(n).padStart(2, "0")}`);
    await page.goto(`${relay.url}recherche-apprentissage?romes=${codes.join(",")}`);
    await settled(page);
    assert.match(await notice.innerText(), /20 premiers.*24/);
    assert.equal(await page.locator("[name=metier]").inputValue(), codes.slice(0, 20).join(", "));

    await page.goto(`${relay.url}${DEMO}`);
    await settled(page);
    assert.equal(await notice.innerText(), "");
  });
});

test("scope narrows the page that searches everything, and no other", async () => {
  await withPage(async (page) => {
    const place = "lat=48.85&lon=2.35&radius=60";
    /** @param {string} address */
    const sourcesAt = async (address) => {
      await page.goto(`${relay.url}${address}`);
      assert.equal(await settled(page), "pret");
      return [...new Set((await allCards(page)).map((card) => card.split(" ")[0]))].sort();
    };
    assert.deepEqual(await sourcesAt(`recherche-apprentissage?${place}&scope=training`), ["formations"]);
    assert.ok(!(await sourcesAt(`recherche-apprentissage?${place}&scope=job`)).includes("formations"));
    assert.ok(!(await sourcesAt(`recherche-emploi?${place}&scope=training`)).includes("formations"));
    assert.deepEqual(await sourcesAt(`recherche-apprentissage-formation?${place}&scope=job`), ["formations"]);
  });
});

test("the form writes the address; back and forward read it", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}recherche-apprentissage?caller=demo&utm_source=x`);
    await choose(page, "metier", "maçon", "Maçon");
    await choose(page, "lieu", "paris", "Paris (75)");
    await page.getByLabel("Rayon").selectOption("60");
    await page.getByRole("button", { name: "C'est parti" }).click();
    assert.equal(await settled(page), "pret");
    const first = new URL(page.url());
    const search = "?romes=F1611,F1701,F1703,F1704&lat=48.8534&lon=2.3488&radius=60";
    const names = "&job_name=Ma%C3%A7on&address=Paris+%2875%29&caller=demo";
    assert.equal(first.search, search + names);
    const firstCards = await allCards(page);

    await page.getByLabel("Niveau visé").selectOption("3");
    await page.getByRole("radio", { name: "Formations" }).check({ force: true });
    await page.getByRole("button", { name: "C'est parti" }).click();
    assert.equal(await settled(page), "pret");
    assert.equal(new URL(page.url()).search, `${search}&diploma=3&scope=training${names}`);
    await page.goBack();
    assert.equal(await settled(page), "pret");
    assert.equal(page.url(), first.href);
    assert.equal(await page.getByLabel("Métier").inputValue(), "Maçon");
    assert.equal(await page.getByLabel("Niveau visé").inputValue(), "");
    assert.deepEqual(await allCards(page), firstCards);
    await page.goBack();
    await page.getByRole("heading", { name: "Par où commencer" }).waitFor();
    assert.equal(await page.locator("[data-etat]").count(), 0);
    await page.goForward();
    assert.equal(await settled(page), "pret");
    assert.deepEqual(await allCards(page), firstCards);
    assert.deepEqual(trouble, []);
  });
});

test("what the form cannot read is said beside its field", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    const submit = page.getByRole("button", { name: "C'est parti" });
    await submit.click();
    assert.equal(await page.locator("#erreur-metier").innerText(), "Indiquez un métier ou un lieu.");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "metier");
    await page.getByLabel("Métier").fill("zzz");
    await submit.click();
    await page.locator("#erreur-metier", { hasText: "« zzz » n'est pas dans la liste" }).waitFor();
    assert.equal(await page.getByLabel("Métier").getAttribute("aria-invalid"), "true");
    await page.getByLabel("Métier").fill("F1702");
    await page.getByLabel("Lieu").fill("Atlantide");
    await submit.click();
    await page.locator("#erreur-lieu", { hasText: "Atlantide" }).waitFor();
    assert.equal(await page.getByLabel("Métier").getAttribute("aria-invalid"), null);
  });
});

test("what a visitor types and sends is found: trades, towns, postal codes, codes", async () => {
  await withPage(async (page) => {
    /** @type {Record<string, unknown>} */
    const answers = {};
    /** @param {"metier" | "lieu"} field @param {string} text */
    const answerTo = async (field, text) => {
      await page.goto(`${relay.url}recherche-apprentissage`);
      if (field === "lieu") await page.getByLabel("Métier").fill("F1702");
      await page.locator(`#${field}`).fill(text);
      await page.keyboard.press("Enter");
      // Either it is understood, and the search is in the address, or the field says that it is not.
      await page.waitForFunction(
        (name) => location.search !== "" || document.getElementById(name)?.getAttribute("aria-invalid") === "true",
        field,
      );
      const found = new URL(page.url()).searchParams;
      if (field === "metier") return found.get("romes");
      const center =
        found.get("lat") && `${Number(found.get("lat")).toFixed(1)} ${Number(found.get("lon")).toFixed(1)}`;
      return center || found.get("departement") || found.get("region");
    };
    for (const text of ["boulange", "Électricien", "f1702; m1805", "F1702, x"])
      answers[text] = await answerTo("metier", text);
    for (const text of [
      "st etienne",
      "93200",
      "Saint-Denis (974)",
      "finistère",
      "bretagne",
      "48.85, 2.35",
      "-20.9;55.4",
      "91, 2",
    ])
      answers[text] = await answerTo("lieu", text);
    assert.match(String(answers.boulange), /D1102/);
    assert.match(String(answers["Électricien"]), /F1602/);
    delete answers.boulange;
    delete answers["Électricien"];
    assert.deepEqual(answers, {
      "f1702; m1805": "F1702,M1805",
      "F1702, x": null,
      "st etienne": "45.4 4.4",
      93200: "48.9 2.4",
      "Saint-Denis (974)": "-20.9 55.5",
      finistère: "29",
      bretagne: "53",
      "48.85, 2.35": "48.9 2.4",
      "-20.9;55.4": "-20.9 55.4",
      "91, 2": null,
    });
  });
});

test("a form sent before the script ran still becomes a search", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage?metier=F1702&lieu=Paris&radius=60&diploma=&scope=all`);
    assert.equal(await settled(page), "pret");
    assert.equal(new URL(page.url()).search, "?romes=F1702&lat=48.8534&lon=2.3488&radius=60&address=Paris+%2875%29");
  });
});

// ---------------------------------------------------------------------------------------------------------------- faults

const isShard = (/** @type {string} */ file) => file.startsWith("/data/") && file !== "/data/manifest.json";

for (const fault of /** @type {const} */ (["missing", "html", "truncated"])) {
  test(`a data file that is ${fault} is said, and "Réessayer" works once it is there`, async () => {
    await withPage(async (page) => {
      relay.faultOf = (file) => (isShard(file) ? fault : null);
      await page.goto(`${relay.url}${DEMO}`);
      assert.equal(await settled(page), "erreur");
      assert.match(await statusText(page), /fichier de données/);
      assert.equal(await page.locator("[data-etat] li").count(), 0);
      await page.getByRole("button", { name: "Réessayer" }).click();
      await page.locator("[data-etat=erreur]").waitFor();
      relay.faultOf = () => null;
      await page.getByRole("button", { name: "Réessayer" }).click();
      await page.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
      assert.ok((await page.locator("[data-id]").count()) > 0);
    });
  });
}

for (const fault of /** @type {const} */ (["missing", "html", "truncated"])) {
  test(`a manifest that is ${fault} is said, and "Réessayer" works once it is there`, async () => {
    await withPage(async (page) => {
      relay.faultOf = (file) => (file === "/data/manifest.json" ? fault : null);
      await page.goto(`${relay.url}${DEMO}`);
      assert.equal(await settled(page), "erreur");
      assert.match(await statusText(page), /données/);
      relay.faultOf = () => null;
      await page.getByRole("button", { name: "Réessayer" }).click();
      await page.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
    });
  });
}

test("data newer than the page ask for a reload", async () => {
  await withPage(async (page) => {
    relay.faultOf = (file) => (file === "/data/manifest.json" ? "newer" : null);
    await page.goto(`${relay.url}${DEMO}`);
    assert.equal(await settled(page), "erreur");
    assert.match(await statusText(page), /plus récentes que cette page/);
    relay.faultOf = () => null;
    await page.getByRole("button", { name: "Recharger" }).click();
    await page.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
  });
});

test("without a network the page says so, and goes on when it is back", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage`, { waitUntil: "networkidle" });
    await page.getByLabel("Métier").fill("F1702");
    relay.faultOf = (file) => (file.startsWith("/data/") ? "unreachable" : null);
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "C'est parti" }).click();
    assert.equal(await settled(page), "hors-ligne");
    assert.match(await statusText(page), /connexion/);
    relay.faultOf = () => null;
    await page.context().setOffline(false);
    await page.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
  });
});

test("nothing found is never bare: each way out leads to a search", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}recherche-emploi?romes=F1702&lat=46&lon=-20&radius=10`);
    assert.equal(await settled(page), "vide");
    assert.equal(await page.locator("[data-etat] ol").count(), 0);
    // The widest radius has been tried already.
    assert.equal(await page.getByRole("button", { name: "Élargir" }).count(), 0);
    await page.getByRole("button", { name: "toute la France" }).click();
    await page.locator("[data-etat=pret]").waitFor();
    assert.equal(new URL(page.url()).search, "?romes=F1702");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "titre-resultats");
    assert.deepEqual(trouble, []);
  });
});

test("without JavaScript one sentence says what is missing and leads to the listings", async () => {
  await withPage(
    async (page) => {
      await page.goto(`${relay.url}${DEMO}`);
      const sentence = page.locator("noscript p").first();
      assert.ok(await sentence.isVisible());
      assert.match(await sentence.innerText(), /demande JavaScript/);
      await page.locator("noscript a").click();
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.equal(new URL(page.url()).pathname, new URL("apprentissage/", relay.url).pathname);
    },
    { javaScriptEnabled: false },
  );
});

// -------------------------------------------------------------------------------------------------- keyboard and width

test("the keyboard alone fills the form, sends it and reads on from the results", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    const focused = () =>
      page.evaluate(() => {
        const active = /** @type {HTMLElement | null} */ (document.activeElement);
        return active?.getAttribute("name") || active?.id || active?.innerText || "";
      });
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Aller aux résultats");
    assert.ok(await page.getByText("Aller aux résultats").isVisible());
    for (let presses = 0; (await focused()) !== "metier" && presses < 5; ++presses) await page.keyboard.press("Tab");
    await page.keyboard.type("F1702,F1705,F1701");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "lieu");
    await page.keyboard.type("48.85, 2.35");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "position");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "radius");
    await page.keyboard.type("100");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "diploma");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "scope");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "C'est parti");
    await page.keyboard.press("Enter");
    assert.equal(await settled(page), "pret");
    assert.match(page.url(), /romes=F1702,F1705,F1701&lat=48.85&lon=2.35&radius=100$/);
    await page.waitForFunction(() => document.activeElement?.id === "titre-resultats");
    for (let presses = 0; !/Voir plus/.test(await focused()) && presses < 40; ++presses)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("[data-id]").nth(39).waitFor();
    assert.equal(await page.locator("[data-id]").count(), 40);
    await page.waitForFunction(() => document.querySelectorAll("[data-id]")[20]?.contains(document.activeElement));
  });
});

for (const width of [320, 360]) {
  test(`at ${width} px nothing scrolls sideways, and the form opens from the results`, async () => {
    await withPage(
      async (page) => {
        for (const address of ["", "recherche-apprentissage", "recherche-emploi?lat=46&lon=-20&romes=F1702", DEMO]) {
          await page.goto(`${relay.url}${address}`);
          if (address.includes("?")) await settled(page);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(overflow <= 0, `${address}: ${overflow} px too wide`);
        }
        assert.ok(await page.locator("[data-id]").first().isVisible());
        assert.ok(!(await page.getByLabel("Métier").isVisible()));
        const open = page.getByRole("button", { name: "Modifier la recherche" });
        await open.click();
        assert.ok(await page.getByLabel("Métier").isVisible());
        await page.getByLabel("Rayon").selectOption("100");
        await page.getByRole("button", { name: "C'est parti" }).click();
        await page.waitForURL(/radius=100/);
        assert.equal(await settled(page), "pret");
        assert.ok(!(await page.getByLabel("Métier").isVisible()));
      },
      { viewport: { width, height: 640 } },
    );
  });
}

for (const [name, address] of Object.entries({
  "a search": DEMO,
  "a search in English": `${DEMO}&lang=en`,
  "a search by postal code": "recherche-apprentissage?romes=F1702&zipcode=93200&radius=60",
  "a search by the name of a town": "recherche-emploi?romes=F1702&address=Saint-Denis+(93)",
  "the form in English": "recherche-apprentissage?lang=en",
}))
  test(`on arrival nothing moves that has been seen: ${name}`, async () => {
    await withPage(
      async (page) => {
        await page.addInitScript(() => {
          const all = /** @type {any} */ (globalThis);
          all.moved = 0;
          new PerformanceObserver((entries) => {
            for (const entry of entries.getEntries()) all.moved += /** @type {any} */ (entry).value;
          }).observe({ type: "layout-shift", buffered: true });
        });
        // Long enough for what stands in the page to be painted before it is known what comes.
        await page.route(/en\.js|\/data\//, async (route) => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          await route.continue();
        });
        await page.goto(`${relay.url}${address}`, { waitUntil: "networkidle" });
        if (address.includes("romes=")) assert.equal(await settled(page), "pret");
        const moved = await page.evaluate(() => /** @type {any} */ (globalThis).moved);
        assert.ok(moved < 0.1, `layout shift of ${moved}`);
      },
      { viewport: { width: 360, height: 640 } },
    );
  });

// --------------------------------------------------------------------------------------------------- the embedding site

test("framed, the way back is a message to the embedding origin, and the frame stays", async () => {
  await withPage(async (page, trouble) => {
    const host = await new Relay(server.url).start();
    try {
      const source = `${relay.url}${DEMO}&return_uri=/mon-espace%3Fx%3D1`;
      host.pages.set(
        "/hote",
        `<!doctype html><html lang="fr"><link rel="icon" href="data:,"><title>attente</title>
         <script>addEventListener("message", (e) => { document.title = e.origin + " " + JSON.stringify(e.data); });</script>
         <iframe title="Recherche" width="660" height="480" src="${source.replaceAll("&", "&amp;")}"></iframe></html>`,
      );
      await page.goto(`${host.url}hote`);
      const frame = page.frameLocator("iframe");
      await frame.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
      await frame.locator("[data-retour]").click();
      await page.waitForFunction(() => document.title !== "attente");
      assert.equal(await page.title(), `${relay.url.slice(0, -1)} {"type":"goToPage","page":"/mon-espace?x=1"}`);
      assert.equal(page.frames()[1]?.url(), source);
      assert.deepEqual(trouble, []);
    } finally {
      host.stop();
    }
  });
});

test("framed, a logo of the embedding site is shown, one of a third site is not asked for", async () => {
  await withPage(async (page, trouble) => {
    const host = await new Relay(server.url).start();
    try {
      const pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
      host.pages.set("/logo.svg", "");
      await page.route(`${host.url}logo.svg`, (route) =>
        route.fulfill({
          contentType: "image/svg+xml",
          body: '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"/>',
        }),
      );
      /** @param {string} logo */
      const embed = async (logo) => {
        const source = `${relay.url}${DEMO}&return_uri=/&return_logo_url=${encodeURIComponent(logo)}`;
        host.pages.set(
          "/hote",
          `<!doctype html><html lang="fr"><link rel="icon" href="${pixel}"><title>hôte</title>
           <iframe title="Recherche" width="660" height="480" src="${source.replaceAll("&", "&amp;")}"></iframe></html>`,
        );
        await page.goto(`${host.url}hote`);
        const frame = page.frameLocator("iframe");
        await frame.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
        return frame.locator("[data-retour]");
      };
      const own = await embed(`${host.url}logo.svg`);
      await own.locator("img").waitFor();
      assert.match((await own.locator("img").getAttribute("alt")) ?? "", /^Retour à 127\.0\.0\.1/);
      /** @type {string[]} */
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      const other = await embed("https://example.org/logo.png");
      assert.match(await other.innerText(), /^Retour à 127\.0\.0\.1/);
      assert.equal(await other.locator("img").count(), 0);
      assert.deepEqual(
        asked.filter((url) => url.includes("example.org/")),
        [],
      );
      assert.deepEqual(trouble, []);
    } finally {
      host.stop();
    }
  });
});

test("return_uri leads to no third site and runs nothing; hostile values stay text", async () => {
  await withPage(async (page, trouble) => {
    const hostile = [
      "https://example.org/",
      "//example.org/x",
      "/\\example.org",
      "javascript:document.title='x'",
      "data:text/html,<script>document.title='x'</script>",
      "\"><img src=x onerror=document.title='x'>",
    ];
    for (const value of hostile) {
      const text = encodeURIComponent(value);
      await page.goto(
        `${relay.url}recherche-emploi?romes=F1702,${text}&lat=${text}&caller=${text}&return_uri=${text}&return_logo_url=${text}`,
      );
      await settled(page);
      const target = await page.locator("[data-retour]").evaluate((link) => /** @type {any} */ (link).href);
      assert.equal(new URL(target).origin, relay.url.slice(0, -1), value);
      assert.notEqual(await page.title(), "x");
      assert.equal(await page.locator("img").count(), 0);
    }
    await page.goto(`${relay.url}recherche-emploi?romes=F1702&return_uri=/retour`);
    assert.equal(
      await page.locator("[data-retour]").evaluate((link) => /** @type {any} */ (link).href),
      `${relay.url}retour`,
    );
    assert.deepEqual(trouble, []);
  });
});

// ----------------------------------------------------------------------------------------------------------- suggestions

test("suggestions follow the combobox pattern, and the keyboard does it all", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    const input = page.getByRole("combobox", { name: /Métier/ });
    await input.pressSequentially("boulan");
    const options = page.locator("#liste-metier [role=option]");
    await options.first().waitFor();
    assert.equal(await input.getAttribute("aria-expanded"), "true");
    assert.ok((await options.count()) <= 10);
    assert.match((await page.locator("#suggestions").textContent()) ?? "", /^\d+\ssuggestions?$/);
    await page.keyboard.press("ArrowDown");
    assert.equal(await input.getAttribute("aria-activedescendant"), await options.first().getAttribute("id"));
    assert.equal(await page.locator("[aria-selected=true]").count(), 1);
    await page.keyboard.press("ArrowUp");
    assert.equal(await input.getAttribute("aria-activedescendant"), null);
    await page.keyboard.press("ArrowUp");
    assert.equal(await input.getAttribute("aria-activedescendant"), await options.last().getAttribute("id"));
    await page.keyboard.press("Escape");
    assert.equal(await input.getAttribute("aria-expanded"), "false");
    assert.equal(await input.inputValue(), "boulan");
    await page.keyboard.press("Escape");
    assert.equal(await input.inputValue(), "");
    await choose(page, "metier", "boulan", "Boulanger");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "metier");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.locator("#liste-lieu [role=option]", { hasText: "Toute la France" }).waitFor();
    await page.keyboard.press("Tab");
    assert.ok(await page.locator("#liste-lieu").isHidden());
    await page.getByRole("button", { name: "C'est parti" }).press("Enter");
    assert.equal(await settled(page), "pret");
    assert.match(page.url(), /\?romes=D1102(,\w+)*&job_name=Boulanger$/);
    assert.deepEqual(trouble, []);
  });
});

test("a pointer takes a suggestion too, and a département has no radius", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    await page.getByLabel("Métier").fill("F1702");
    await page.locator("#lieu").pressSequentially("rhône");
    await page.locator("#liste-lieu [role=option]", { hasText: "Rhône (69)" }).click();
    assert.equal(await page.getByLabel("Lieu").inputValue(), "Rhône (69)");
    assert.ok(await page.getByLabel("Rayon").isDisabled());
    await page.getByRole("button", { name: "C'est parti" }).click();
    await settled(page);
    assert.equal(new URL(page.url()).search, "?romes=F1702&departement=69&address=Rh%C3%B4ne+%2869%29");
    assert.deepEqual(
      await allCards(page),
      searchNatively({ romes: "F1702", departement: "69" }).results.map(({ source, id }) => `${source} ${id}`),
    );
    await page.goto(`${relay.url}recherche-apprentissage?romes=F1702&region=84`);
    await settled(page);
    assert.deepEqual(
      await allCards(page),
      searchNatively({ romes: "F1702", region: "84" }).results.map(({ source, id }) => `${source} ${id}`),
    );
  });
});

test("the position is asked for on a click only, and rounded", async () => {
  await withPage(
    async (page) => {
      await page.goto(`${relay.url}recherche-apprentissage`);
      await page.getByRole("button", { name: "Autour de moi" }).click();
      await page.waitForFunction(() => /** @type {any} */ (document.getElementById("lieu")).value === "Autour de moi");
      await page.getByRole("button", { name: "C'est parti" }).click();
      assert.equal(await settled(page), "pret");
      assert.equal(new URL(page.url()).search, "?lat=48.86&lon=2.35&radius=30");
      assert.equal(await page.getByLabel("Lieu").inputValue(), "Autour de moi");
    },
    { geolocation: { latitude: 48.85661, longitude: 2.35222 }, permissions: ["geolocation"] },
  );
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage`);
    await page.getByRole("button", { name: "Autour de moi" }).click();
    await page.locator("#erreur-lieu", { hasText: "position n'est pas disponible" }).waitFor();
  });
});

test("a place without coordinates is looked up: insee, zipcode, address", async () => {
  await withPage(async (page) => {
    for (const place of ["insee=93066&zipcode=93200", "zipcode=93200", "address=Saint-Denis+(93)"]) {
      await page.goto(`${relay.url}recherche-apprentissage?romes=F1702&radius=60&${place}`);
      assert.equal(await settled(page), "pret");
      assert.match(await page.getByLabel("Lieu").inputValue(), /^Saint-Denis/, place);
      assert.ok(await page.locator("[data-id] .distance").first().isVisible());
    }
    await page.goto(`${relay.url}recherche-apprentissage?romes=F1702&address=Atlantide`);
    assert.equal(await settled(page), "pret");
    assert.match(await page.locator("#avis").innerText(), /address «\u00a0Atlantide\u00a0»/);
  });
});

// ----------------------------------------------------------------------------------------- filters, order, widened radius

test("filters narrow by source, keep their counts and the focus, and stand in the address", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}${DEMO}`);
    assert.equal(await settled(page), "pret");
    const chips = page.getByRole("group", { name: "Filtrer" }).getByRole("button");
    const names = await chips.allInnerTexts();
    assert.equal(names.length, 4);
    const found = searchNatively({ romes: "F1702,F1705,F1701", lat: "48.85", lon: "2.35", radius: "60" });
    for (const [index, source] of ["formations", "offres", "matcha", "lba"].entries()) {
      const count = found.results.filter((result) => result.source === source).length;
      assert.equal(names[index]?.replace(/^\D+/, ""), `${count}${found.more[source] ? "+" : ""}`);
    }
    await chips.nth(0).focus();
    await page.keyboard.press("Space");
    await page.waitForURL(/sources=formations/);
    assert.equal(await settled(page), "pret");
    await page.waitForFunction(() => /** @type {any} */ (document.activeElement)?.dataset.outil === "formations");
    assert.deepEqual(await chips.allInnerTexts(), names);
    assert.equal(await chips.nth(0).getAttribute("aria-pressed"), "true");
    const cards = await allCards(page);
    assert.deepEqual(
      cards,
      found.results.filter(({ source }) => source === "formations").map(({ source, id }) => `${source} ${id}`),
    );
    await chips.nth(3).click();
    await page.waitForURL(/sources=formations,lba/);
    await settled(page);
    await page.goBack();
    await page.goBack();
    await page.waitForFunction(() => !location.search.includes("sources"));
    assert.equal(await settled(page), "pret");
    assert.equal(await page.locator("[aria-pressed=true]").count(), 0);
    assert.deepEqual(trouble, []);
  });
});

test("the newest offers stand first when asked, and the rest keeps its order", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}${DEMO}`);
    await settled(page);
    await page.getByLabel("Trier").selectOption("date");
    await page.waitForURL(/sort=date/);
    assert.equal(await settled(page), "pret");
    const found = searchNatively({ romes: "F1702,F1705,F1701", lat: "48.85", lon: "2.35", radius: "60" });
    const cards = await allCards(page);
    assert.deepEqual([...cards].sort(), found.results.map(({ source, id }) => `${source} ${id}`).sort());
    const isOffer = (/** @type {string} */ card) => /^(offres|matcha) /.test(card);
    const dates = new Map(
      found.results.map((result) => [`${result.source} ${result.id}`, /** @type {any} */ (result).created ?? ""]),
    );
    const offers = cards.filter(isOffer);
    const dated = offers.filter((card) => dates.get(card) !== "");
    assert.deepEqual(cards.slice(0, dated.length), dated);
    if ([...dates.values()].some((date) => date !== ""))
      for (const [index, card] of dated.slice(1).entries())
        assert.ok((dates.get(card) ?? "") <= (dates.get(dated[index] ?? "") ?? ""), card);
    assert.deepEqual(
      cards.filter((card) => !isOffer(card)),
      found.results.map(({ source, id }) => `${source} ${id}`).filter((card) => !isOffer(card)),
    );
  });
});

test("jobs out of reach widen the radius, which the page says", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}recherche-emploi?romes=D1102&lat=48.2&lon=3.9&radius=10`);
    assert.equal(await settled(page), "elargi");
    assert.match(await statusText(page), /^Rien à 10\skm .*le rayon a été élargi à (30|60|100)\skm/);
    const radius = /élargi à (\d+)/.exec(await statusText(page))?.[1] ?? "";
    assert.equal(await page.getByLabel("Rayon").inputValue(), "10");
    assert.deepEqual(
      await allCards(page),
      searchNatively({ romes: "D1102", lat: "48.2", lon: "3.9", radius, sources: "offres,matcha,lba" }).results.map(
        ({ source, id }) => `${source} ${id}`,
      ),
    );
    assert.deepEqual(trouble, []);
  });
});

test("an OPCO that there is narrows the jobs; one that there is not is said and left out", async () => {
  await withPage(async (page) => {
    const query = { romes: "F1702,F1703", lat: "48.85", lon: "2.35", radius: "60" };
    const address = `${relay.url}recherche-emploi?${new URLSearchParams(query)}`;
    await page.goto(`${address}&opco=constructys`);
    await settled(page);
    const sources = "offres,matcha,lba";
    const expected = searchNatively({ ...query, sources, opco: "constructys" }).results;
    assert.deepEqual(
      await allCards(page),
      expected.map(({ source, id }) => `${source} ${id}`),
    );
    await page.goto(`${address}&opco=personne`);
    assert.equal(await settled(page), "pret");
    assert.match(await page.locator("#avis").innerText(), /opco «\u00a0personne\u00a0»/);
  });
});

test("a frozen trade cannot be changed, and is searched for", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage?romes=F1702&job_name=Ma%C3%A7on&frozen_job=1`);
    assert.equal(await settled(page), "pret");
    assert.equal(await page.getByLabel("Métier").inputValue(), "Maçon");
    assert.ok(!(await page.getByLabel("Métier").isEditable()));
    await page.getByLabel("Niveau visé").selectOption("3");
    await page.getByRole("button", { name: "C'est parti" }).click();
    await page.waitForURL(/romes=F1702&diploma=3&job_name=Ma%C3%A7on&frozen_job=1$/);
    await page.goto(`${relay.url}recherche-apprentissage?romes=F1702&frozen_job=1`);
    await settled(page);
    assert.ok(await page.getByLabel("Métier").isEditable());
  });
});

// -------------------------------------------------------------------------------------------------------- the detail view

for (const source of ["formations", "offres", "matcha", "lba"]) {
  test(`a card of ${source} opens with the keyboard, shows what the data say, and closes to its place`, async () => {
    await withPage(async (page, trouble) => {
      await page.goto(`${relay.url}${DEMO}&sources=${source}`);
      await settled(page);
      const card = page.locator("[data-id]").nth(1);
      const id = (await card.getAttribute("data-id")) ?? "";
      const title = await card.locator("h3").innerText();
      await card.locator("a").focus();
      await page.keyboard.press("Enter");
      const pane = page.locator("#fiche");
      await pane.locator("details").waitFor();
      assert.equal(await page.locator("#titre-fiche").innerText(), title);
      assert.equal(await page.evaluate(() => document.activeElement?.id), "titre-fiche");
      const params = new URL(page.url()).searchParams;
      const type = { formations: "training", offres: "peJob", matcha: "matcha", lba: "lba" }[source];
      assert.deepEqual([params.get("type"), params.get("itemId")], [type, id]);
      assert.ok((await pane.locator("dd").count()) >= 3);
      assert.ok(await pane.locator("details dd", { hasText: id.slice(0, 20) }).count());
      for (const link of await pane.locator("a").all()) {
        assert.match((await link.getAttribute("href")) ?? "", /^https?:\/\//);
        assert.match((await link.getAttribute("rel")) ?? "", /noopener/);
      }
      const address = page.url();
      await page.getByRole("button", { name: "Suivant" }).click();
      await page.waitForURL((url) => url.href !== address);
      await page.getByRole("button", { name: "Précédent" }).click();
      await page.waitForURL(address);
      await page.keyboard.press("Shift+Tab");
      await page.getByRole("button", { name: "Retour aux résultats" }).press("Enter");
      await page.waitForFunction(() => document.getElementById("fiche")?.hidden);
      assert.ok(!page.url().includes("itemId"));
      assert.ok(await card.evaluate((node) => node.contains(document.activeElement)), "the focus is not on the card");

      // The address alone leads to it, with the list behind it.
      await page.goto(address);
      await pane.locator("details").waitFor();
      assert.equal(await page.locator("#titre-fiche").innerText(), title);
      await settledBehind(page);
      await page.getByRole("button", { name: "Retour aux résultats" }).click();
      assert.ok(await card.isVisible());
      assert.deepEqual(trouble, []);
    });
  });
}

/** @param {import("playwright-core").Page} page */
const settledBehind = (page) =>
  page.locator("[data-etat]:not([data-etat=chargement])").waitFor({ state: "attached", timeout: 20_000 });

test("a link to one item needs no search, and one that is gone says so", async () => {
  await withPage(async (page, trouble) => {
    const offer = searchNatively({ sources: "offres", limit: "1" }).results[0];
    assert.ok(offer);
    await page.goto(`${relay.url}recherche-emploi?type=peJob&itemId=${encodeURIComponent(offer.id)}`);
    await page.locator("#fiche details").waitFor();
    assert.equal(await page.locator("#titre-fiche").innerText(), offer.title);
    await page.getByRole("button", { name: "Retour aux résultats" }).click();
    await page.getByRole("heading", { name: "Par où commencer" }).waitFor();
    for (const type of ["training", "peJob", "matcha", "lba", "lbb"]) {
      await page.goto(`${relay.url}recherche-emploi?type=${type}&itemId=personne`);
      await page.getByRole("heading", { name: "n'existe plus" }).waitFor();
    }
    await page.goto(`${relay.url}recherche-emploi?itemId=123`);
    assert.match(await page.locator("#avis").innerText(), /itemId «\u00a0123\u00a0»/);
    assert.deepEqual(trouble, []);
  });
});

test("a detail file that is missing is said, and can be asked for again", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}${DEMO}`);
    await settled(page);
    relay.faultOf = (file) => (file.includes("/details-") ? "missing" : null);
    await page.locator("[data-id] a").first().click();
    await page.getByRole("heading", { name: "n'a pas pu être lue" }).waitFor();
    relay.faultOf = () => null;
    await page.getByRole("button", { name: "Réessayer" }).click();
    await page.locator("#fiche details").waitFor();
  });
});

test("the table has every result, as spreadsheets read it", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}${DEMO}`);
    await settled(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Exporter" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^resultats-\d{4}-\d\d-\d\d\.csv$/);
    const text = readFileSync(await download.path(), "utf8");
    assert.ok(text.startsWith("\ufeffType;Titre;"));
    const found = searchNatively({ romes: "F1702,F1705,F1701", lat: "48.85", lon: "2.35", radius: "60" });
    for (const { id } of found.results) assert.ok(text.includes(id), id);
    assert.deepEqual(trouble, []);
  });
});

test("the link of a search is copied, or shown where the clipboard is closed", async () => {
  await withPage(
    async (page) => {
      await page.goto(`${relay.url}${DEMO}`);
      await settled(page);
      await page.getByRole("button", { name: "Partager" }).click();
      await page.getByRole("button", { name: "Lien copié" }).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  );
  await withPage(async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    });
    await page.goto(`${relay.url}${DEMO}`);
    await settled(page);
    await page.getByRole("button", { name: "Partager" }).click();
    assert.equal(await page.getByLabel("Copiez ce lien").inputValue(), page.url());
  });
});

// --------------------------------------------------------------------------------------------------------- other languages

test("English is loaded when asked for, complete, and stays", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}${DEMO}`);
    await settled(page);
    assert.ok(!relay.asked.includes("/en.js"));
    await page.getByRole("link", { name: "English" }).click();
    await page.getByRole("button", { name: "Search" }).waitFor();
    assert.equal(await settled(page), "pret");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    const french = /\b(résultats?|métier|lieu|rayon|niveau|voir plus|trier|données|rechercher|retour|partager)\b/i;
    const chrome = page.locator("h1, h2, label, legend, button, #bilan, #fraicheur, .tag, .shown, option");
    assert.deepEqual(
      (await chrome.allInnerTexts()).filter((text) => french.test(text)),
      [],
    );
    await page.locator("[data-id] a").first().click();
    await page.locator("#fiche details summary").click();
    const words = page.locator("#fiche h3, #fiche dt, #fiche button, #fiche summary, #fiche .links a");
    assert.deepEqual(
      (await words.allInnerTexts()).filter((text) => french.test(text)),
      [],
    );
    assert.match(page.url(), /lang=en/);
    await page.getByRole("link", { name: "Français" }).click();
    await page.getByRole("button", { name: "Retour aux résultats" }).waitFor();
    assert.ok(!page.url().includes("lang="));
    assert.deepEqual(trouble, []);
  });
});

// ---------------------------------------------------------------------------------------------------------- hostile values

const PARAMETERS =
  "romes lat lon radius diploma scope sources sort opco departement region insee zipcode address job_name frozen_job type itemId lang caller return_uri return_logo_url utm_campaign utm_source utm_medium metier lieu";

test("hostile values in every parameter run nothing, lead nowhere and break nothing", async () => {
  const values = hostileValues();
  const names = PARAMETERS.split(" ");
  await withPage(async (page, trouble) => {
    /** @type {Set<string>} */
    const hosts = new Set();
    page.on("request", (request) => {
      if (/^(https?|ftp):/.test(request.url())) hosts.add(new URL(request.url()).origin);
    });
    await reportBreaches(page);
    const own = relay.url.slice(0, -1);
    for (const [index, value] of values.entries()) {
      // Each value alone in a few parameters, and in all of them at once: every pair over the whole run.
      const one = names.filter((_, n) => n % 5 === index % 5);
      for (const chosen of [one, names]) {
        const params = new URLSearchParams(chosen.map((name) => [name, value]));
        if (chosen !== names && !chosen.includes("romes")) params.set("romes", "F1702");
        // Longer request lines are refused by servers.
        if (params.toString().length > 7000) for (const name of chosen.slice(1)) params.delete(name);
        await page.goto(`${relay.url}recherche-apprentissage?${params}`);
        await page.waitForFunction(
          () =>
            document.getElementById("titre-resultats")?.textContent !== "Résultats" &&
            document.querySelector("[data-etat=chargement]") === null,
        );
        assert.notEqual(await page.title(), "x");
        const links = await page
          .locator("[data-retour]")
          .evaluateAll((all) => all.map((a) => /** @type {any} */ (a).href));
        for (const link of links) assert.equal(new URL(link).origin, own, `${value}: ${link}`);
        assert.equal(
          await page.locator("svg:not([aria-hidden]), script:not([src], head > #module + script), iframe, img").count(),
          0,
          value,
        );
        assert.ok(page.url().startsWith(relay.url));
      }
    }
    assert.deepEqual([...hosts], [own]);
    assert.deepEqual(
      // Files under way when the next address was opened, and logos that there are not.
      trouble.filter((line) => !/Failed to fetch|HTTP 404|404 \(Not Found\)/.test(line)),
      [],
    );
  });
});

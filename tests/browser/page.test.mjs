/** The built site in Chromium: what it finds, what it fetches, what it says when something is wrong. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import {
  DEMO,
  Relay,
  allCards,
  launchBrowser,
  listenForTrouble,
  searchNatively,
  serveSite,
  settled,
  site,
} from "./support.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let server;
/** @type {Relay} */
let relay;

before(async () => {
  server = await serveSite();
  relay = await new Relay(server.url).start();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  relay?.stop();
  server?.stop();
});

/** The device's clock stands at the day of the data: expired offers have a test of their own. */
const asOf = new Date(`${JSON.parse(readFileSync(path.join(site, "data/manifest.json"), "utf8")).as_of}T12:00:00Z`);

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
      const expected = searchNatively({ ...options, sources });
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
    assert.equal(await page.locator("[data-id]", { hasText: /niveau 4|bac \+/ }).count(), 0);
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

test("a search far away fetches nothing that a search in Paris needs", async () => {
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
  assert.deepEqual(
    far.filter((file) => paris.includes(file)),
    [],
  );
});

test("the form alone fetches no data before it is used, and nothing is ever asked of another host", async () => {
  await withPage(async (page, trouble) => {
    /** @type {Set<string>} */
    const hosts = new Set();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`${relay.url}recherche-apprentissage`, { waitUntil: "networkidle" });
    assert.deepEqual(
      relay.asked.filter((file) => file.startsWith("/data/")),
      [],
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
      .locator("main a")
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
      "romes « ABCDE »",
      "lat « 95 »",
      "lon « 2 »",
      "radius « 31 »",
      "diploma « 9 »",
      "scope « x »",
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
    await page.getByLabel("Métier").fill("maçon");
    await page.getByLabel("Lieu").fill("paris");
    await page.getByLabel("Rayon").selectOption("60");
    await page.getByRole("button", { name: "C'est parti" }).click();
    assert.equal(await settled(page), "pret");
    const first = new URL(page.url());
    assert.equal(first.search, "?romes=F1701,F1702,F1703,F1705&lat=48.8589&lon=2.347&radius=60&caller=demo");
    const firstCards = await allCards(page);

    await page.getByLabel("Niveau visé").selectOption("3");
    await page.getByRole("radio", { name: "Formations" }).check({ force: true });
    await page.getByRole("button", { name: "C'est parti" }).click();
    assert.equal(await settled(page), "pret");
    assert.equal(
      new URL(page.url()).search,
      "?romes=F1701,F1702,F1703,F1705&lat=48.8589&lon=2.347&radius=60&diploma=3&scope=training&caller=demo",
    );
    await page.goBack();
    assert.equal(await settled(page), "pret");
    assert.equal(page.url(), first.href);
    assert.equal(await page.getByLabel("Métier").inputValue(), "maçon");
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

test("what a visitor types is found: trades, towns, postal codes, codes", async () => {
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
      return found.get("lat") && `${found.get("lat")} ${found.get("lon")}`;
    };
    for (const text of ["boulanger", "Électricien", "dev web", "f1702; m1805", "F1702, x"])
      answers[text] = await answerTo("metier", text);
    for (const text of ["st etienne", "93200", "Saint-Denis (974)", "48.85, 2.35", "-20.9;55.4", "91, 2"])
      answers[text] = await answerTo("lieu", text);
    assert.deepEqual(answers, {
      boulanger: "D1102,D1104",
      Électricien: "F1602,I1309",
      "dev web": "M1805",
      "f1702; m1805": "F1702,M1805",
      "F1702, x": null,
      "st etienne": "45.4241 4.3665",
      93200: "48.9268 2.3657",
      "Saint-Denis (974)": "-20.8852 55.4579",
      "48.85, 2.35": "48.85 2.35",
      "-20.9;55.4": "-20.9 55.4",
      "91, 2": null,
    });
  });
});

test("a form sent before the script ran still becomes a search", async () => {
  await withPage(async (page) => {
    await page.goto(`${relay.url}recherche-apprentissage?metier=F1702&lieu=Paris&radius=60&diploma=&scope=all`);
    assert.equal(await settled(page), "pret");
    assert.equal(new URL(page.url()).search, "?romes=F1702&lat=48.8589&lon=2.347&radius=60");
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
    await page.getByText("Données du").waitFor();
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
    await page.getByRole("button", { name: "Élargir à 60" }).click();
    await page.waitForURL(/radius=60/);
    assert.equal(await settled(page), "vide");
    assert.equal(await page.getByLabel("Rayon").inputValue(), "60");
    assert.equal(await page.getByRole("button", { name: "Élargir à 60" }).count(), 0);
    await page.getByRole("button", { name: "toute la France" }).click();
    await page.locator("[data-etat=pret]").waitFor();
    assert.equal(new URL(page.url()).search, "?romes=F1702");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "titre-resultats");
    assert.deepEqual(trouble, []);
  });
});

test("without JavaScript one sentence says what is missing", async () => {
  await withPage(
    async (page) => {
      await page.goto(`${relay.url}${DEMO}`);
      const sentence = page.locator("noscript p");
      assert.ok(await sentence.isVisible());
      assert.match(await sentence.innerText(), /activez JavaScript/);
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
    await page.keyboard.press("Tab");
    assert.match(await focused(), /Voir plus/);
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("[data-id]").count(), 40);
    const isFirstNew = await page
      .locator("[data-id]")
      .nth(20)
      .evaluate((card) => card.contains(document.activeElement));
    assert.ok(isFirstNew, "the focus is not on the first of the new cards");
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

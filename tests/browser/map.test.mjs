/** The map of the results in Chromium: it follows the list, works without a network, and asks nobody else unless told to. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  DEMO,
  allCards,
  asOf,
  browser,
  faultsOf,
  listenForTrouble,
  relay,
  searchNatively,
  settled,
  stageSite,
} from "./support.mjs";

/** What stands for an image of the IGN. */
const IMAGE = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><path fill="#c33" d="M0 0h256v256H0z"/></svg>`;
const BREST = "recherche-apprentissage?lat=48.39&lon=-4.48&radius=60";

/** @typedef {import("playwright-core").Page} Page */

stageSite();

/**
 * A page in a fresh context, which no request may leave but those to hosts that are allowed.
 * @param {string} address
 * @param {(page: Page, trouble: string[]) => Promise<void>} body
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function withPage(address, body, options = {}) {
  relay.forget();
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    const trouble = listenForTrouble(page);
    page.on("request", (request) => {
      const { host, protocol } = new URL(request.url());
      if (protocol !== "data:" && host !== new URL(relay.url).host && host !== "data.geopf.fr")
        trouble.push(request.url());
    });
    await page.clock.setFixedTime(asOf);
    await page.goto(relay.url + address);
    await settled(page);
    await body(page, trouble);
  } finally {
    await context.close();
  }
}

/** @param {Page} page */
const toggle = (page) => page.getByRole("button", { name: "Carte", exact: true });
/** @param {Page} page */
async function openMap(page) {
  await toggle(page).click();
  await page.locator(".marker").first().waitFor();
}
/** @param {Page} page waits for what is asked of the next frames */
const painted = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
/** How many results the markers that can be seen stand for. @param {Page} page */
async function onMap(page) {
  await painted(page);
  return page
    .locator(".marker:visible")
    .evaluateAll((markers) => markers.reduce((sum, marker) => sum + Number(marker.textContent || 1), 0));
}
/** Where the markers stand. @param {Page} page */
async function places(page) {
  await painted(page);
  return page
    .locator(".marker:visible")
    .evaluateAll((markers) => markers.map((marker) => /** @type {HTMLElement} */ (marker).style.transform).join(" "));
}
/** @param {Page} page */
const focused = (page) =>
  page.evaluate(() => document.activeElement?.className || document.activeElement?.tagName || "");

// --------------------------------------------------------------------------------------------------------------- opening

test("nothing of the map is loaded before; it opens and closes with the keyboard, and the focus stays", async () => {
  await withPage(DEMO, async (page, trouble) => {
    assert.ok(!relay.asked.some((file) => /map|outline/.test(file)), relay.asked.join(" "));
    await toggle(page).focus();
    assert.equal(await toggle(page).getAttribute("aria-expanded"), "false");
    await page.keyboard.press("Enter");
    const map = page.getByRole("region", { name: "Carte des résultats" });
    await map.waitFor();
    assert.equal(await toggle(page).getAttribute("aria-expanded"), "true");
    assert.ok(await toggle(page).evaluate((button) => button === document.activeElement));
    assert.match(
      await map.innerText(),
      /Les 20 résultats affichés sont sur la carte. La liste ci-dessous contient les mêmes/,
    );
    assert.equal(relay.asked.filter((file) => file.includes("/data/outline-")).length, 1);
    await page.locator(".map-view").focus();
    await page.keyboard.press("Escape");
    assert.ok(await map.isHidden());
    assert.equal(await toggle(page).getAttribute("aria-expanded"), "false");
    assert.ok(await toggle(page).evaluate((button) => button === document.activeElement));
    await page.keyboard.press("Space");
    await map.waitFor();
    assert.deepEqual(trouble, []);
  });
});

test("the outline is painted: land where Brest is, sea to the west of it, and the border of the circle", async () => {
  await withPage(`${BREST}&romes=F1702`, async (page, trouble) => {
    await openMap(page);
    await painted(page);
    const [brittany, atlantic, inCircle] = await page.locator(".map canvas").evaluate((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      const context = /** @type {CanvasRenderingContext2D} */ (
        /** @type {HTMLCanvasElement} */ (canvas).getContext("2d")
      );
      const { data } = context.getImageData(0, 0, width, height);
      /** How opaque a point is; shares of the canvas. */
      const look = (/** @type {number} */ x, /** @type {number} */ y) =>
        data[4 * (Math.floor(y * height) * width + Math.floor(x * width)) + 3] ?? -1;
      return [look(0.96, 0.6), look(0.05, 0.5), look(0.3, 0.5)];
    });
    assert.equal(brittany, 255);
    assert.equal(atlantic, 0);
    assert.ok(inCircle !== undefined && inCircle > 0 && inCircle < 60, `${inCircle}`);
    assert.deepEqual(trouble, []);
  });
});

test("La Réunion is shown for itself; a search of all of France leads to what lies overseas", async () => {
  await withPage("recherche-apprentissage?lat=-21.1&lon=55.5&radius=100", async (page, trouble) => {
    await openMap(page);
    assert.equal(await onMap(page), 20);
    assert.deepEqual(trouble, []);
  });
  await withPage("recherche-apprentissage?romes=F1702", async (page, trouble) => {
    await openMap(page);
    await page.getByRole("button", { name: "Placer tous les résultats" }).click();
    const chip = page.locator(".map-places button", { hasText: "La Réunion" });
    await chip.waitFor();
    const there = Number(/\((\d+)\)/.exec(await chip.innerText())?.[1]);
    const before = await places(page);
    await chip.click();
    assert.notEqual(await places(page), before);
    assert.equal(await onMap(page), there);
    assert.deepEqual(trouble, []);
  });
});

// ------------------------------------------------------------------------------------------------------------- the list

test("pins follow the list: filters, more results, all of them, another order, another search", async () => {
  await withPage(DEMO, async (page, trouble) => {
    await openMap(page);
    assert.equal(await onMap(page), 20);
    await page.getByRole("button", { name: "Voir plus" }).click();
    await page.waitForFunction(() => document.querySelectorAll("li[data-id]").length === 40);
    assert.equal(await onMap(page), 40);

    await page.locator(".chip.matcha").click();
    await page.waitForURL(/sources=matcha/);
    await settled(page);
    const direct = searchNatively({
      romes: "F1702,F1705,F1701",
      lat: "48.85",
      lon: "2.35",
      radius: "60",
      sources: "matcha",
    });
    const placed = direct.results.filter(({ lat }) => lat !== null).length;
    assert.equal(await onMap(page), placed);
    assert.deepEqual(await page.locator(".map-legend li").allInnerTexts(), ["Offres directes"]);
    await page.locator(".chip.matcha").click();
    await page.waitForURL((url) => !url.search.includes("sources"));
    await settled(page);

    const all = page.getByRole("button", { name: "Placer tous les résultats" });
    await all.click();
    await all.waitFor({ state: "hidden" });
    const cards = await allCards(page);
    assert.equal(await onMap(page), cards.length);
    assert.match(await page.locator(".map").innerText(), new RegExp(`Les ${cards.length} résultats affichés`));
    assert.ok(await page.locator(".map-view").evaluate((view) => view === document.activeElement));

    await page.locator("[data-outil=sort]").selectOption("date");
    await page.waitForURL(/sort=date/);
    await settled(page);
    assert.equal(await onMap(page), 20);

    await page.goto(`${relay.url}recherche-emploi?romes=F1702&lat=46&lon=-20&radius=10`);
    await settled(page);
    assert.equal(await toggle(page).count(), 0);
    assert.deepEqual(trouble, []);
  });
});

test("without results the map leaves, and is there again with the next ones", async () => {
  await withPage(DEMO, async (page, trouble) => {
    await openMap(page);
    await page.locator("#lieu").fill("46, -20");
    await page.getByRole("radio", { name: "Emplois" }).check({ force: true });
    await page.getByRole("button", { name: "C'est parti" }).click();
    await page.locator("[data-etat=vide]").waitFor();
    assert.ok(await page.locator(".map").isHidden());
    await page.goBack();
    await page.locator("[data-etat=pret]").waitFor();
    await page.locator(".map").waitFor();
    assert.equal(await onMap(page), 20);
    assert.deepEqual(trouble, []);
  });
});

test("a marker lists its results; each leads to its card, and closing leads back to the marker", async () => {
  await withPage(BREST, async (page, trouble) => {
    await openMap(page);
    const marker = page.locator(".marker").first();
    const count = Number((await marker.innerText()) || 1);
    const label = await marker.getAttribute("aria-label");
    assert.match(label ?? "", count > 1 ? /^\d+\srésultats, / : /, /);
    await marker.focus();
    await page.keyboard.press("Enter");
    const chosen = page.locator(".map-chosen");
    assert.equal(await chosen.locator("li").count(), count);
    assert.equal(await focused(page), "H3");
    await page.keyboard.press("Escape");
    assert.ok(await chosen.isHidden());
    assert.ok(await marker.evaluate((node) => node === document.activeElement));

    await marker.click();
    const link = chosen.locator("a").last();
    const name = await link.innerText();
    const target = (await link.getAttribute("href")) ?? "";
    await link.click();
    const card = page.locator(target);
    assert.equal(await card.locator("h3").innerText(), name);
    assert.ok(
      await card.evaluate((node) => node.contains(document.activeElement) && node.classList.contains("pointed")),
    );
    assert.ok(await card.isVisible());
    assert.equal(new URL(page.url()).hash, "");
    // From there Enter opens it, as from the list.
    await page.keyboard.press("Enter");
    await page.locator("#fiche details").waitFor();
    await page.getByRole("button", { name: "Retour aux résultats" }).click();
    await page.locator(".map").waitFor();
    assert.equal(await onMap(page), 20);
    assert.deepEqual(trouble, []);
  });
});

test("a cluster comes apart when it is zoomed to; the same list gives the same clusters", async () => {
  await withPage(BREST, async (page, trouble) => {
    await openMap(page);
    const first = await places(page);
    const before = await page.locator(".marker").count();
    await page.locator(".cluster").first().click();
    await page.getByRole("button", { name: "Zoomer ici" }).click();
    await painted(page);
    assert.ok((await page.locator(".marker").count()) > before);
    await page.getByRole("button", { name: "Recentrer" }).click();
    assert.equal(await places(page), first);
    assert.deepEqual(trouble, []);
  });
});

test("pointing at a card, or focusing it, marks its pin", async () => {
  await withPage(DEMO, async (page) => {
    await openMap(page);
    const marked = page.locator(".marker.on");
    assert.equal(await marked.count(), 0);
    await page.locator(".cards li").nth(2).hover();
    assert.equal(await marked.count(), 1);
    await page.locator("h1").hover();
    assert.equal(await marked.count(), 0);
    await page.locator(".cards li a").nth(1).focus();
    assert.equal(await marked.count(), 1);
  });
});

// -------------------------------------------------------------------------------------------------------------- moving it

test("arrows move the map, + and - zoom within limits, 0 recentres; Tab reaches one marker, arrows the others", async () => {
  await withPage("recherche-apprentissage?romes=F1702", async (page, trouble) => {
    await openMap(page);
    const start = await places(page);
    await page.locator(".map-view").focus();
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await places(page), start);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await places(page), start);
    for (let turn = 0; turn < 20; ++turn) await page.keyboard.press("+");
    await painted(page);
    for (let turn = 0; turn < 40; ++turn) await page.keyboard.press("-");
    assert.ok((await onMap(page)) > 0);
    await page.keyboard.press("0");
    assert.equal(await places(page), start);

    assert.equal(await page.locator(".marker[tabindex='0']").count(), 1);
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assert.match(await focused(page), /marker/);
    await page.keyboard.press("ArrowRight");
    assert.match(await focused(page), /marker/);
    assert.notEqual(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), first);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), first);
    await page.keyboard.press("+");
    await painted(page);
    assert.match(await focused(page), /marker|map-view/);
    // When the marker has left the view, the focus is on the view before it.
    if ((await focused(page)) === "map-view") await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Zoomer");
    assert.deepEqual(trouble, []);
  });
});

test("the wheel scrolls the page, and zooms with Ctrl; the mouse drags, a click recentres", async () => {
  await withPage(DEMO, async (page, trouble) => {
    await page.setViewportSize({ width: 1280, height: 600 });
    await openMap(page);
    await page.getByRole("button", { name: "Placer tous les résultats" }).click();
    await page.waitForFunction(() => document.querySelectorAll("li[data-id]").length > 100);
    await page.evaluate(() => scrollTo(0, 0));
    const box = await page.locator(".map-view").boundingBox();
    assert.ok(box);
    const start = await places(page);
    await page.mouse.move(box.x + 200, box.y + 60);
    await page.mouse.wheel(0, 120);
    await page.waitForFunction(() => scrollY > 0);
    assert.equal(await places(page), start);
    assert.ok(await page.locator(".map-hint", { hasText: "Ctrl" }).isVisible());
    await page.evaluate(() => scrollTo(0, 0));
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    assert.notEqual(await places(page), start);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await page.getByRole("button", { name: "Recentrer" }).click();
    assert.equal(await places(page), start);

    await page.mouse.move(box.x + 30, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 80, { steps: 4 });
    await page.mouse.up();
    const dragged = await places(page);
    assert.notEqual(dragged, start);
    await page.mouse.click(box.x + 30, box.y + 100);
    assert.notEqual(await places(page), dragged);
    assert.deepEqual(trouble, []);
  });
});

test("one finger scrolls the page, two move and zoom the map", async () => {
  await withPage(
    DEMO,
    async (page, trouble) => {
      await openMap(page);
      await page.locator(".map-view").scrollIntoViewIfNeeded();
      const box = await page.locator(".map-view").boundingBox();
      assert.ok(box);
      const client = await page.context().newCDPSession(page);
      /** @param {string} type @param {[number, number][]} points */
      const touch = (type, points) =>
        client.send("Input.dispatchTouchEvent", {
          type: /** @type {any} */ (type),
          touchPoints: points.map(([x, y], id) => ({ x: box.x + x, y: box.y + y, id })),
        });
      const start = await places(page);
      await touch("touchStart", [[60, 250]]);
      for (let y = 240; y > 100; y -= 20) await touch("touchMove", [[60, y]]);
      await touch("touchEnd", []);
      await page.waitForFunction(
        (top) => Math.abs((document.querySelector(".map-view")?.getBoundingClientRect().top ?? top) - top) > 20,
        box.y,
      );
      assert.equal(await places(page), start);

      // The page rolls on for a moment.
      await page.waitForTimeout(500);
      await page.evaluate(() => document.querySelector(".map-view")?.scrollIntoView({ block: "center" }));
      const now = await page.locator(".map-view").boundingBox();
      assert.ok(now);
      const top = await page.evaluate(() => scrollY);
      Object.assign(box, now);
      await touch("touchStart", [
        [100, 200],
        [140, 200],
      ]);
      for (let step = 1; step <= 5; ++step)
        await touch("touchMove", [
          [100 - 10 * step, 200],
          [140 + 10 * step, 200],
        ]);
      await touch("touchEnd", []);
      assert.notEqual(await places(page), start);
      assert.equal(await page.evaluate(() => scrollY), top);
      assert.deepEqual(trouble, []);
    },
    { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true },
  );
});

// --------------------------------------------------------------------------------------------------- network and failure

test("after the first opening the map needs no network", async () => {
  await withPage(BREST, async (page, trouble) => {
    await openMap(page);
    const start = await places(page);
    await toggle(page).click();
    await page.context().setOffline(true);
    relay.faultOf = () => "unreachable";
    await toggle(page).click();
    assert.equal(await places(page), start);
    await page.getByRole("button", { name: "Dézoomer" }).click();
    assert.notEqual(await places(page), start);
    await page.locator(".marker:visible").first().click();
    assert.ok((await page.locator(".map-chosen li").count()) > 0);
    assert.deepEqual(trouble, []);
  });
});

test("the outline comes from the cache when the page is opened again", async () => {
  await withPage(BREST, async (page) => {
    await openMap(page);
    relay.asked = [];
    await page.reload();
    await settled(page);
    await openMap(page);
    assert.deepEqual(
      relay.asked.filter((file) => file.includes("outline")),
      [],
    );
  });
});

for (const fault of /** @type {const} */ (["missing", "html", "truncated", "unreachable"]))
  test(`pins are there without an outline (${fault}), and it is said`, async () => {
    await withPage(BREST, async (page) => {
      relay.faultOf = (file) => (file.includes("/outline-") ? fault : null);
      await openMap(page);
      assert.equal(await onMap(page), 20);
      assert.match(await page.locator(".map .notice").innerText(), /contour n'a pas pu être chargé/);
    });
  });

test("a script that cannot be had is said, and the list stays", async () => {
  await withPage(BREST, async (page) => {
    relay.faultOf = (file) => (file === "/map.js" ? "missing" : null);
    await toggle(page).click();
    await page.locator("#avis", { hasText: "connexion" }).waitFor();
    assert.equal(await page.locator("li[data-id]").count(), 20);
  });
});

test("images of the IGN are asked for after a click that says so, and no longer after another", async () => {
  await withPage(BREST, async (page, trouble) => {
    /** @type {import("playwright-core").Request[]} */
    const asked = [];
    await page.route("https://data.geopf.fr/**", (route) => {
      asked.push(route.request());
      return route.fulfill({ contentType: "image/svg+xml", body: IMAGE });
    });
    await openMap(page);
    await page.getByRole("button", { name: "Zoomer", exact: true }).click();
    await painted(page);
    assert.equal(asked.length, 0);
    const button = page.getByRole("button", { name: "Afficher le fond de carte de l'IGN" });
    const text = await page.locator(`#${await button.getAttribute("aria-describedby")}`).innerText();
    assert.match(text, /data\.geopf\.fr.*adresse IP/);
    await page.evaluate(() => scrollTo(0, 0));
    const box = await page.locator(".map-view").boundingBox();
    assert.ok(box);
    const sea = () => page.screenshot({ clip: { x: box.x + 10, y: box.y + 150, width: 40, height: 40 } });
    const before = await sea();
    await button.click();
    const off = page.getByRole("button", { name: "Retirer le fond de carte de l'IGN" });
    await off.waitFor();
    await page.waitForLoadState("networkidle");
    await painted(page);
    assert.ok(asked.length > 3 && asked.length < 40, `${asked.length} images`);
    for (const request of asked) {
      assert.equal(request.resourceType(), "image");
      assert.equal((await request.allHeaders())["referer"], undefined);
      assert.equal((await request.allHeaders())["cookie"], undefined);
    }
    assert.match(await page.locator(".map-credit").innerText(), /IGN/);
    // The sea has no outline: what is painted there is an image.
    await page.evaluate(() => scrollTo(0, 0));
    assert.notDeepEqual(await sea(), before);

    await off.click();
    const count = asked.length;
    await page.locator(".map-view").focus();
    for (const key of ["ArrowLeft", "ArrowUp", "-", "-"]) await page.keyboard.press(key);
    await painted(page);
    assert.equal(asked.length, count);
    await page.reload();
    await settled(page);
    await openMap(page);
    await button.waitFor();
    assert.equal(asked.length, count);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
    assert.deepEqual(trouble, []);
  });
});

test("images that do not come are said, and the outline stays", async () => {
  await withPage(BREST, async (page) => {
    await page.route("https://data.geopf.fr/**", (route) => route.abort());
    await openMap(page);
    await page.getByRole("button", { name: "Afficher le fond de carte de l'IGN" }).click();
    await page.getByText("le contour reste affiché").waitFor();
    assert.equal(await onMap(page), 20);
  });
});

// ------------------------------------------------------------------------------------------------------- for everybody

test("in English, complete", async () => {
  await withPage(`${DEMO}&lang=en`, async (page, trouble) => {
    await page.getByRole("button", { name: "Map", exact: true }).click();
    const map = page.getByRole("region", { name: "Map of the results" });
    await page.locator(".marker").first().click();
    await page.getByRole("button", { name: "Show the map of the IGN" }).waitFor();
    const french = /\b(résultats?|carte|villes|contour|fond|zoomer|fermer|aller|légende|liste)\b/i;
    const texts = await map
      .locator("p, button, h3, .map-legend li, [aria-label]")
      .evaluateAll((nodes) => nodes.map((node) => `${node.textContent} ${node.getAttribute("aria-label") ?? ""}`));
    assert.deepEqual(
      texts.filter((text) => french.test(text)),
      [],
    );
    assert.deepEqual(trouble, []);
  });
});

test("paper has the list, not the map", async () => {
  await withPage(DEMO, async (page) => {
    await openMap(page);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".map").isHidden());
    assert.ok(await page.locator("li[data-id]").first().isVisible());
  });
});

for (const width of [320, 768, 1280])
  describe(`${width} px`, () => {
    for (const options of /** @type {import("playwright-core").BrowserContextOptions[]} */ ([
      { colorScheme: "light" },
      { colorScheme: "dark" },
      { colorScheme: "dark", forcedColors: "active", reducedMotion: "reduce" },
    ]))
      test(Object.values(options).join(", "), async () => {
        await withPage(
          "recherche-apprentissage?romes=F1702",
          async (page) => {
            await openMap(page);
            await page.getByRole("button", { name: "Placer tous les résultats" }).click();
            await page.locator(".map-places button").first().waitFor();
            await page.locator(".cluster:visible").first().click();
            await page.locator(".map-chosen").waitFor();
            assert.deepEqual(await faultsOf(page, { include: [[".results"]] }), []);
            const small = await page.locator(".map button:visible, .map a:visible").evaluateAll((targets) =>
              targets
                .filter((target) => {
                  const { width, height } = target.getBoundingClientRect();
                  return height < (target.matches(".marker") ? 32 : target.matches("a") ? 16 : 44) || width < 24;
                })
                .map((target) => target.outerHTML.slice(0, 90)),
            );
            assert.deepEqual(small, []);
          },
          { ...options, viewport: { width, height: width < 768 ? 640 : 800 } },
        );
      });
  });

/** A partner's pages, on an origin of their own, with the widget in them; the pages for partners; hostile values in both. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { hostileValues } from "../hostile_values.mjs";
import { pages, previews } from "./states.mjs";
import {
  Relay,
  asOf,
  browser,
  faultsOf,
  launchBrowser,
  listenForTrouble,
  relay,
  reportBreaches,
  repository,
  server,
  stageSite,
} from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The partner. @type {Relay} */
let host;

stageSite(async () => {
  host = await new Relay(server.url).start();
  return launchBrowser();
});
after(() => host?.stop());

/**
 * @param {(page: Page, trouble: string[]) => Promise<void>} body
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function withPage(body, options = {}) {
  relay.forget();
  host.forget();
  host.pages.clear();
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1000, height: 700 }, ...options });
  try {
    const page = await context.newPage();
    const trouble = listenForTrouble(page);
    page.on("dialog", (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await reportBreaches(page);
    await page.clock.setFixedTime(asOf);
    await body(page, trouble);
  } finally {
    await context.close();
  }
}

/** @param {string} body @param {string} [head] */
const partnerPage = (body, head = "") =>
  `<!doctype html><html lang="fr"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Partenaire</title>${head}</head>
   <body><h1>Partenaire</h1>${body}</body></html>`;

/** All that a partner needs to allow. */
const strictPolicy = () =>
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; script-src ${relay.url}embed.js; frame-src ${relay.url}; require-trusted-types-for 'script'">`;

const script = () => `<script src="${relay.url}embed.js" async></script>`;
const SEARCH = `romes="F1702,F1705,F1701" lat="48.85" lon="2.35" radius="60" caller="essai"`;
const QUERY = "romes=F1702,F1705,F1701&lat=48.85&lon=2.35&radius=60&caller=essai";

/** @param {Page} page @param {number} index @returns the page inside the n-th widget, once its results are there */
async function inside(page, index = 0) {
  const frame = page.locator("balise-widget").nth(index).locator("iframe").contentFrame();
  await frame.locator("[data-etat=pret], [data-etat=elargi]").waitFor({ timeout: 20_000 });
  return frame;
}

/** @param {Page} page @param {number} [index] heights of the frame and of the page inside, until they are one */
async function fitted(page, index = 0) {
  const frame = page.locator("balise-widget").nth(index).locator("iframe");
  let heights = [0, 1];
  for (let turn = 0; turn < 50 && heights[0] !== heights[1]; ++turn) {
    heights = [
      await frame.evaluate((element) => element.getBoundingClientRect().height),
      await frame
        .contentFrame()
        .locator("body")
        .evaluate((body) => Math.max(660, Math.ceil(body.getBoundingClientRect().height))),
    ];
    if (heights[0] !== heights[1]) await page.waitForTimeout(100);
  }
  assert.equal(heights[0], heights[1]);
  return heights[0] ?? 0;
}

// ------------------------------------------------------------------------------------------------------- a partner's page

test("three ways on one page, under a strict policy: late, and as high as what they show", async () => {
  await withPage(async (page, trouble) => {
    host.pages.set(
      "/",
      partnerPage(
        `<balise-widget ${SEARCH} title="Près de Paris"><a href="${relay.url}recherche-apprentissage?${QUERY}">Chercher</a></balise-widget>
         <iframe width="360" height="660" title="Cadre" src="${relay.url}recherche-emploi?${QUERY}"></iframe>
         <p><a id="lien" href="${relay.url}recherche-apprentissage?${QUERY}">Chercher</a></p>
         ${"<p>Du texte.</p>".repeat(200)}
         <balise-widget path="recherche-apprentissage-formation" ${SEARCH}></balise-widget>
         ${script()}`,
        strictPolicy(),
      ),
    );
    await page.goto(host.url);
    await inside(page);
    const height = await fitted(page);
    assert.ok(height > 1000, `${height} px`);
    const widget = page.locator("balise-widget").first();
    assert.equal(await widget.locator("iframe").getAttribute("title"), "Près de Paris");
    assert.equal(await widget.locator("a").isVisible(), false);
    // The bare frame keeps its height, and scrolls.
    const bare = page.frameLocator("iframe[title=Cadre]");
    await bare.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
    assert.equal(await page.locator("iframe[title=Cadre]").evaluate((frame) => frame.clientHeight), 660);
    // The last one is far below: nothing of it has been asked for, and its room is kept.
    assert.ok(!relay.asked.includes("/recherche-apprentissage-formation"));
    const last = page.locator("balise-widget").nth(1);
    assert.equal(await last.locator("iframe").count(), 0);
    assert.equal(await last.evaluate((element) => element.shadowRoot?.firstElementChild?.clientHeight), 660);
    await last.scrollIntoViewIfNeeded();
    await inside(page, 1);
    await fitted(page, 1);
    assert.deepEqual(trouble, []);
    await page.locator("#lien").click();
    await page.locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
    assert.ok(page.url().startsWith(relay.url));
    assert.deepEqual(trouble, []);
  });
});

test("the guide's own snippet works as it is, whatever it swallows", async () => {
  await withPage(async (page, trouble) => {
    host.pages.set(
      "/",
      partnerPage(
        `<iframe style="height: 660px; width: 360px;max-width: 100%;margin: auto;display: block;" src="${relay.url}recherche-apprentissage?radius=60&romes=F1702,F1705,F1701&scope=all&lat=48.85&lon=2.35&caller=ID_service_appelant_labonnealternance&return_uri=/&return_logo_url=${host.url}logo.png" />`,
      ),
    );
    await page.route(`${host.url}logo.png`, (route) =>
      route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
    );
    await page.goto(host.url);
    await page.frameLocator("iframe").locator("[data-etat=pret]").waitFor({ timeout: 20_000 });
    assert.equal(await page.frameLocator("iframe").locator("[data-retour]").count(), 1);
    assert.deepEqual(trouble, []);
  });
});

test("an opened record comes on the screen, and so does its card on the way back", async () => {
  await withPage(async (page, trouble) => {
    host.pages.set(
      "/",
      partnerPage(`<p>Avant.</p><balise-widget ${SEARCH}></balise-widget>${"<p>Après.</p>".repeat(60)}${script()}`),
    );
    await page.goto(host.url);
    const frame = await inside(page);
    const list = await fitted(page);
    const link = frame.locator("[data-id] a").nth(15);
    await link.scrollIntoViewIfNeeded();
    const title = await link.textContent();
    const scrolled = await page.evaluate(() => scrollY);
    assert.ok(scrolled > 500, `${scrolled}`);
    await link.click();
    await frame.locator("#fiche h2").waitFor();
    const item = await fitted(page);
    assert.ok(item < list);
    await frame.locator("#fiche h2").waitFor();
    const box = await frame.locator("#fiche h2").boundingBox();
    assert.ok(box !== null && box.y >= 0 && box.y < 700, `${box?.y}`);
    await frame.getByRole("button", { name: "Retour aux résultats" }).click();
    await fitted(page);
    const card = await frame.locator("[data-id] a").nth(15).boundingBox();
    assert.equal(await frame.locator("[data-id] a").nth(15).textContent(), title);
    assert.ok(card !== null && card.y >= 0 && card.y < 700, `${card?.y}`);
    assert.deepEqual(trouble, []);
  });
});

test("the return button is an event, and leads to the partner's page unless it is cancelled", async () => {
  await withPage(async (page, trouble) => {
    host.pages.set("/", partnerPage(`<balise-widget ${SEARCH} return-uri="/retour?a=1"></balise-widget>${script()}`));
    host.pages.set("/retour", partnerPage("<p>De retour.</p>"));
    await page.goto(host.url);
    const frame = await inside(page);
    await page.evaluate(() => {
      addEventListener(
        "goToPage",
        (event) => {
          event.preventDefault();
          document.title = JSON.stringify(/** @type {CustomEvent} */ (event).detail.page);
        },
        { once: true },
      );
    });
    await frame.locator("[data-retour]").click();
    await page.waitForFunction(() => document.title !== "Partenaire");
    assert.equal(await page.title(), '"/retour?a=1"');
    assert.equal(page.url(), host.url);
    await frame.locator("[data-retour]").click();
    await page.getByText("De retour.").waitFor();
    assert.equal(page.url(), `${host.url}retour?a=1`);
    assert.deepEqual(trouble, []);
  });
});

test("changed attributes load the frame again, once, and leave no trace in the history", async () => {
  await withPage(async (page, trouble) => {
    host.pages.set("/", partnerPage(`<balise-widget ${SEARCH}></balise-widget>${script()}`));
    await page.goto(host.url);
    await inside(page);
    const length = await page.evaluate(() => history.length);
    relay.forget();
    await page.locator("balise-widget").evaluate((/** @type {HTMLElement} */ widget) => {
      widget.setAttribute("radius", "100");
      widget.setAttribute("path", "recherche-emploi");
      widget.setAttribute("radius", "10");
      widget.title = "Emplois";
      widget.className = "x";
    });
    const frame = page.locator("balise-widget iframe");
    await frame.contentFrame().locator("body[data-perimetre=job] [data-etat]:not([data-etat=chargement])").waitFor();
    assert.deepEqual(
      relay.asked.filter((file) => file.startsWith("/recherche")),
      ["/recherche-emploi"],
    );
    assert.equal(await frame.getAttribute("title"), "Emplois");
    const { searchParams } = new URL(page.frames()[1]?.url() ?? "");
    assert.equal(`${searchParams}`, "romes=F1702%2CF1705%2CF1701&lat=48.85&lon=2.35&radius=10&caller=essai");
    assert.equal(await page.evaluate(() => history.length), length);
    assert.deepEqual(trouble, []);
  });
});

test("messages of anybody else are not heard", async () => {
  await withPage(async (page, trouble) => {
    host.pages.set(
      "/",
      partnerPage(`<balise-widget ${SEARCH}></balise-widget>${script()}<iframe title="Autre" src="/autre"></iframe>`),
    );
    host.pages.set("/autre", partnerPage("<p>Autre.</p>"));
    await page.goto(host.url);
    await inside(page);
    const height = await fitted(page);
    // From the partner's own page, from another frame of the partner's, and from another frame of the site.
    await page.evaluate(async (url) => {
      const messages = [
        { type: "balise-height", height: 7 },
        { type: "goToPage", page: "/autre" },
      ];
      for (const message of messages) postMessage(message, "*");
      const other = /** @type {any} */ (frames[frames.length - 1]);
      other.eval(`for (const message of ${JSON.stringify(messages)}) parent.postMessage(message, "*")`);
      const widget = /** @type {HTMLElement} */ (document.querySelector("balise-widget"));
      const frame = document.createElement("iframe");
      frame.name = "balise-widget";
      frame.title = "Du même site";
      frame.width = frame.height = "300";
      frame.src = `${url}recherche-emploi`;
      widget.after(frame);
      await new Promise((resolve) =>
        addEventListener("message", ({ data }) => data.type === "balise-height" && resolve(0)),
      );
    }, relay.url);
    await page.waitForTimeout(300);
    assert.equal(await fitted(page), height);
    assert.equal(page.url(), host.url);
    assert.deepEqual(trouble, []);
  });
});

test("what stands inside stays when nothing can be loaded", async () => {
  await withPage(async (page) => {
    host.pages.set(
      "/",
      partnerPage(
        `<balise-widget ${SEARCH}><a href="/x">Chercher ailleurs</a></balise-widget><balise-widget ${SEARCH} title="Chercher ici"></balise-widget>${script()}`,
        `<meta http-equiv="Content-Security-Policy" content="frame-src 'none'">`,
      ),
    );
    await page.goto(host.url);
    await page.getByRole("link", { name: "Chercher ailleurs" }).waitFor();
    const own = page.getByRole("link", { name: "Chercher ici" });
    await own.waitFor();
    assert.ok((await own.getAttribute("href"))?.startsWith(`${relay.url}recherche-apprentissage?romes=`));
    await own.click({ trial: true });
  });
});

test("a widget that is moved, or removed, works or is gone", async () => {
  await withPage(async (page, trouble) => {
    host.pages.set(
      "/",
      partnerPage(`<div id="la"></div><balise-widget ${SEARCH}></balise-widget>${script()}${script()}`),
    );
    await page.goto(host.url);
    await inside(page);
    await page.evaluate(() => document.getElementById("la")?.append(document.querySelector("balise-widget") ?? ""));
    await inside(page);
    await fitted(page);
    await page.evaluate(() => document.querySelector("balise-widget")?.remove());
    assert.equal(page.frames().length, 1);
    assert.deepEqual(trouble, []);
  });
});

test("the site may stand in a folder, and say no more than the partner's origin", async () => {
  await withPage(async (page, trouble) => {
    const folder = `${relay.url}outils/balise/`;
    /** @type {Set<string>} */
    const referrers = new Set();
    await page.route(`${folder}**`, async (route) => {
      referrers.add(route.request().headers()["referer"] ?? "");
      const response = await route.fetch({ url: route.request().url().replace("outils/balise/", "") });
      await route.fulfill({ response });
    });
    host.pages.set(
      "/page/privee",
      partnerPage(`<balise-widget ${SEARCH} return-uri="/"></balise-widget><script src="${folder}embed.js"></script>`),
    );
    await page.goto(`${host.url}page/privee`);
    const frame = await inside(page);
    await fitted(page);
    assert.ok(page.frames()[1]?.url().startsWith(folder));
    assert.match(await frame.locator("[data-retour]").innerText(), /^Retour à 127\.0\.0\.1/);
    for (const referrer of referrers) assert.ok(!referrer.includes("privee"), referrer);
    assert.deepEqual(
      trouble.filter((line) => !line.includes("service worker")),
      [],
    );
  });
});

// ------------------------------------------------------------------------------------------------------- hostile values

test("hostile values in about ten thousand snippets are read back as they are, and run nothing", async () => {
  await withPage(async (page, trouble) => {
    // The page that makes snippets is of the site; what it makes is put into a partner's, which has no policy at all.
    await page.route(`${host.url}site/**`, (route) => {
      const file = path.join(repository, new URL(route.request().url()).pathname);
      return existsSync(file)
        ? route.fulfill({ contentType: "text/javascript", body: readFileSync(file, "utf8") })
        : route.abort();
    });
    host.pages.set("/", partnerPage("<div id=la></div>"));
    /** @type {string[]} */
    const elsewhere = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(host.url)) elsewhere.push(request.url());
    });
    await page.goto(host.url);
    const { cases, wrong } = await page.evaluate(
      async ({ values, base }) => {
        /** @type {string} */
        const at = "/site/js/";
        const { makeSnippets } = await import(`${at}snippets.js`);
        const { elementUrl } = await import(`${at}element.js`);
        const { PARAMETERS, attributeOf } = await import(`${at}widget.js`);
        const la = /** @type {HTMLElement} */ (document.getElementById("la"));
        const wrong = [];
        let cases = 0;
        for (const value of values)
          for (const name of PARAMETERS) {
            ++cases;
            const { url, frame, element, link } = makeSnippets(
              new URL(base),
              "recherche-apprentissage",
              (/** @type {string} */ asked) => (asked === name ? value : ""),
              value,
            );
            // Into the live page, where handlers and scripts would run; frames would load, so they go into a template.
            la.innerHTML = link + element;
            const template = document.createElement("template");
            template.innerHTML = frame;
            const [a, tag] = [la.children[0], la.querySelector("balise-widget")];
            const inner = template.content.firstElementChild;
            const attributes = [...(tag?.attributes ?? [])].map((attribute) => attribute.name);
            const shown = value.replace(/[\p{C}\s]+/gu, " ").trim();
            const isRight =
              la.children.length === 3 &&
              template.content.childNodes.length === 1 &&
              a instanceof HTMLAnchorElement &&
              a.href === url &&
              inner?.getAttribute("src") === url &&
              [...(inner?.attributes ?? [])].map((attribute) => attribute.name).join() === "style,src,title,allow" &&
              (shown === "" || tag?.getAttribute(attributeOf(name)) === shown.toWellFormed()) &&
              attributes.every((attribute) => attribute === "title" || attribute === attributeOf(name)) &&
              new URL(elementUrl(new URL(base), tag?.attributes)).origin === new URL(base).origin &&
              (new URL(url).searchParams.get(name) ?? "") === shown.toWellFormed();
            if (!isRight) wrong.push(`${name}: ${value.slice(0, 80)}: ${element}`);
          }
        la.replaceChildren();
        return { cases, wrong };
      },
      { values: hostileValues(), base: relay.url },
    );
    assert.deepEqual(wrong.slice(0, 5), []);
    assert.ok(cases >= 4500, `${cases}`);
    assert.equal(await page.title(), "Partenaire");
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(trouble, []);
  });
});

test("a hundred hostile values in real frames and in /test-widget lead nowhere", async () => {
  const values = hostileValues();
  // Every kind of value once, whatever it would run.
  const chosen = values.filter(
    (value, index) => (value.length < 400 && index % 2 === 0) || /^(java|data|\t)/.test(value),
  );
  assert.ok(chosen.length >= 100, `${chosen.length}`);
  await withPage(async (page, trouble) => {
    /** @type {string[]} */
    const elsewhere = [];
    page.on("request", (request) => {
      const url = request.url();
      if (/^(https?|ftp|wss?|file):/.test(url) && !url.startsWith(host.url) && !url.startsWith(relay.url))
        elsewhere.push(url);
    });
    host.pages.set("/", partnerPage(script()));
    await page.goto(host.url);
    const names = await page.evaluate(() => {
      const names =
        "path radius romes scope lat lon caller return-uri return-logo-url job-name frozen-job diploma opco address zipcode insee departement region sources sort type item-id lang utm-campaign utm-source utm-medium title";
      return names.split(" ");
    });
    let loads = 0;
    for (const [index, value] of chosen.entries()) {
      // Each alone in some attributes, and every tenth in all of them at once.
      const some = index % 10 === 0 ? names : names.filter((_, n) => n % 9 === index % 9);
      const url = await page.evaluate(
        async ({ some, value }) => {
          document.querySelector("balise-widget")?.remove();
          const widget = document.createElement("balise-widget");
          for (const name of some) widget.setAttribute(name, value);
          const frame = () => widget.shadowRoot?.querySelector("iframe");
          // The frame before may have said its height when it was gone already.
          const isLoaded = new Promise((resolve) =>
            addEventListener("message", function listen({ data, source }) {
              if (data.type !== "balise-height" || source !== frame()?.contentWindow) return;
              removeEventListener("message", listen);
              resolve(0);
            }),
          );
          document.body.append(widget);
          await isLoaded;
          return frame()?.src ?? "";
        },
        { some, value },
      );
      assert.ok(url.startsWith(relay.url), url);
      assert.equal(page.url(), host.url, value);
      assert.equal(await page.title(), "Partenaire");
      ++loads;
    }
    assert.ok(loads >= 100);
    for (const [index, value] of chosen.entries()) {
      if (index % 4 !== 0) continue;
      const params = new URLSearchParams(
        names.map((name) => [name.replace("item-id", "itemId").replaceAll("-", "_"), value]),
      );
      if (index % 8 === 0) for (const name of ["lang", "path"]) params.delete(name);
      await page.goto(`${relay.url}test-widget?${params}`);
      await page.waitForFunction(() => document.getElementById("code-lien")?.textContent !== "");
      await page.locator("#apercu-large").scrollIntoViewIfNeeded();
      await page.frameLocator("#apercu-large").locator("#titre-resultats").waitFor();
      assert.notEqual(await page.title(), "x");
      assert.ok(page.url().startsWith(`${relay.url}test-widget`), page.url());
    }
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(
      // Files under way when the next address was opened, and logos that there are not.
      trouble.filter((line) => !/Failed to fetch|HTTP 404|404 \(Not Found\)/.test(line)),
      [],
    );
  });
});

// ---------------------------------------------------------------------------------------------------- pages for partners

for (const width of [320, 768, 1280])
  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    describe(`pages for partners, ${width} px, ${colorScheme}`, () => {
      for (const address of [pages.testeur, pages["testeur-anglais"], pages.guide, pages["guide-anglais"]])
        test(address, async () => {
          await withPage(
            async (page, trouble) => {
              await page.goto(`${relay.url}${address}`, { waitUntil: "networkidle" });
              assert.deepEqual(await faultsOf(page, previews), []);
              assert.deepEqual(trouble, []);
            },
            { colorScheme, viewport: { width, height: width < 768 ? 640 : 800 } },
          );
        });
    });

test("/test-widget by keyboard: fill in, read the remark, copy, and find it all again at its address", async () => {
  await withPage(
    async (page, trouble) => {
      await page.goto(`${relay.url}test-widget`);
      await page.waitForFunction(() => location.search.includes("radius=60"));
      assert.equal(
        await page.locator("#code-cadre").textContent(),
        `<iframe style="height: 660px; width: 360px;max-width: 100%;margin: auto;display: block;" src="${relay.url}recherche-apprentissage?radius=60&romes=F1702,F1705,F1701&scope=all&lat=47&lon=2.2&caller=ID_service_appelant_labonnealternance&return_uri=/" title="Formations et emplois en alternance" allow="clipboard-write; geolocation"></iframe>`,
      );
      const focused = () =>
        page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || "");
      /** @param {string} id */
      const tabTo = async (id) => {
        for (let presses = 0; presses < 60 && (await focused()) !== id; ++presses) await page.keyboard.press("Tab");
        assert.equal(await focused(), id);
      };
      await tabTo("path");
      await page.keyboard.press("ArrowDown");
      await tabTo("romes");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("D1102");
      await tabTo("radius");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("45");
      assert.match((await page.locator("#note-radius").textContent()) ?? "", /45.*10, 30, 60 ou 100/);
      assert.equal(await page.locator("#radius").getAttribute("aria-invalid"), "true");
      await tabTo("frozen_job");
      await page.keyboard.press("Space");
      assert.match((await page.locator("#avis").textContent()) ?? "", /frozen_job.*job_name/);
      await tabTo("utm_medium");
      await page.keyboard.press("Enter");
      assert.ok(page.url().includes("romes=D1102"));
      for (let presses = 0; presses < 20 && !(await focused()).startsWith("Copier"); ++presses)
        await page.keyboard.press("Tab");
      assert.equal(await focused(), "Copier Iframe");
      await page.keyboard.press("Enter");
      await page.locator(".copied", { hasText: "Copié" }).first().waitFor();
      assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        await page.locator("#code-cadre").textContent(),
      );
      // The preview follows, and Back leaves the page instead of going through its states.
      const preview = page.frameLocator("#apercu-telephone");
      await preview.locator("body[data-perimetre=job] [data-etat]").waitFor();
      const address = page.url();
      const code = await page.locator("#code-element").textContent();
      await page.reload();
      await page.waitForFunction(() => document.getElementById("code-lien")?.textContent !== "");
      assert.equal(page.url(), address);
      assert.equal(await page.locator("#code-element").textContent(), code);
      assert.equal(await page.locator("#radius").inputValue(), "45");
      assert.equal(await page.locator("#frozen_job").isChecked(), true);
      await page.getByRole("button", { name: "Tout effacer" }).press("Enter");
      assert.equal(await page.locator("#romes").inputValue(), "");
      await page.getByRole("button", { name: "Exemple du guide" }).press("Enter");
      assert.equal(await page.locator("#romes").inputValue(), "F1702,F1705,F1701");
      assert.deepEqual(
        trouble.filter((line) => !line.includes("Failed to fetch")),
        [],
      );
    },
    { permissions: ["clipboard-read", "clipboard-write"] },
  );
});

test("/test-widget finds the codes of an occupation and of a place", async () => {
  await withPage(async (page, trouble) => {
    await page.goto(`${relay.url}test-widget?romes=F1702&zipcode=75001`);
    for (const [field, text, label] of /** @type {const} */ ([
      ["metier", "boulan", "Boulang"],
      ["lieu", "saint-denis", "Saint-Denis"],
    ])) {
      await page.locator(`#${field}`).pressSequentially(text);
      await page.locator(`#liste-${field} [role=option]`, { hasText: label }).first().waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    }
    assert.match(await page.locator("#romes").inputValue(), /D1102/);
    assert.match(await page.locator("#address").inputValue(), /Saint-Denis/);
    assert.notEqual(await page.locator("#lat").inputValue(), "");
    assert.equal(await page.locator("#zipcode").inputValue(), "");
    assert.match(page.url(), /romes=[^&]*D1102.*&lat=.*&lon=.*&job_name=.*&address=Saint-Denis/);
    assert.deepEqual(
      // What the preview was reading when it was led to the next address.
      trouble.filter((line) => !line.includes("Failed to fetch")),
      [],
    );
  });
});

test("where the clipboard is denied the code is selected, and copied the old way", async () => {
  await withPage(async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: () => Promise.reject(new Error("denied")) },
      });
      document.execCommand = () => false;
    });
    await page.goto(`${relay.url}test-widget`);
    await page.getByRole("button", { name: "Copier Lien simple" }).press("Enter");
    await page.locator(".copied", { hasText: "Ctrl+C" }).waitFor();
    const selected = await page.evaluate(() => getSelection()?.toString());
    assert.equal(selected, await page.locator("#code-lien").textContent());
  });
});

test("the guide needs no script, and names this very site when it has one", async () => {
  for (const javaScriptEnabled of [false, true])
    await withPage(
      async (page, trouble) => {
        for (const address of ["developpeurs", "developers", "developpeurs/"]) {
          await page.goto(`${relay.url}${address}`);
          const code = (await page.locator("pre code").first().textContent()) ?? "";
          assert.ok(
            code.includes(javaScriptEnabled ? `src="${relay.url}recherche` : `src="https://votre-balise.example/`),
            code,
          );
          assert.equal((await page.locator("button").count()) > 5, javaScriptEnabled);
          assert.equal(await page.locator("tbody tr").count(), 25);
          const links = await page
            .locator("a[href]")
            .evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href));
          for (const link of new Set(links.map((href) => href.split("#")[0] ?? ""))) {
            assert.ok(link.startsWith(relay.url), link);
            assert.equal((await page.request.get(link)).status(), 200, link);
          }
          for (const anchor of links.filter((href) => href.includes("#")))
            assert.equal(await page.locator(`[id="${new URL(anchor).hash.slice(1)}"]`).count(), 1, anchor);
        }
        assert.deepEqual(trouble, []);
      },
      { javaScriptEnabled },
    );
});

test("the guide's example requests are answered by the service worker alone", async () => {
  await withPage(async (page, trouble) => {
    relay.faultOf = (file) => (file.startsWith("/api/") ? "missing" : null);
    await page.goto(`${relay.url}developpeurs`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const links = await page
      .locator("a[href*='api/V1/']")
      .evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href));
    assert.equal(links.length, 3);
    for (const link of links) {
      await page.goto(`${relay.url}developpeurs`);
      await page.locator(`a[href$="${new URL(link).pathname.slice(1)}${new URL(link).search}"]`).click();
      await page.waitForURL(link);
      const body = JSON.parse(await page.locator("body").innerText());
      assert.ok(Array.isArray(body) ? body.length > 0 : (body.results ?? body.peJobs?.results)?.length > 0, link);
    }
    assert.deepEqual(
      // The browser asks for an icon of its own beside answers in JSON.
      trouble.filter((line) => !/favicon|404 \(Not Found\)/.test(line)),
      [],
    );
  });
});

test("the home page leads to both pages", async () => {
  await withPage(async (page) => {
    for (const [name, title] of [
      ["tester le widget", "Tester le widget"],
      ["guide d'intégration et API", "Guide d'intégration"],
    ]) {
      await page.goto(relay.url);
      await page.getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    }
  });
});

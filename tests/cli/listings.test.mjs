/** The pre-rendered listings of a site: their links, their HTML, their data, hostile sources, the sitemap, verify. */

import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { parse } from "parse5";
import {
  assertRefused,
  balise,
  build,
  contentOf,
  filesOf,
  repository,
  scratchFolder,
  writeConfig,
} from "./support.mjs";

const scratch = scratchFolder();
const site = path.join(scratch, "site");
const URL_OF_SITE = "https://example.org/alternance/";

/** @typedef {import("parse5").DefaultTreeAdapterMap["node"]} Node */
/** @typedef {import("parse5").DefaultTreeAdapterMap["element"]} Element */

/** @type {string[]} */
let pages = [];

before(() => {
  const config = JSON.parse(readFileSync(path.join(repository, "data/sample.json"), "utf8"));
  for (const entry of Object.values(config.sources).flat()) entry.url = path.join(repository, "data", entry.url);
  const outcome = build(writeConfig(scratch, config.sources, { url: URL_OF_SITE }), site);
  assert.equal(outcome.code, 0, outcome.stderr);
  pages = filesOf(path.join(site, "apprentissage"))
    .filter((name) => name.endsWith(".html"))
    .map((name) => `apprentissage/${name}`);
});

/**
 * The elements of a page; what a parser has to repair fails the test.
 * @param {string} name
 * @returns {Element[]}
 */
function elementsOf(name) {
  const html = readFileSync(path.join(site, name), "utf8");
  /** @type {Element[]} */
  const elements = [];
  const visit = (/** @type {Node} */ node) => {
    if ("tagName" in node) elements.push(node);
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(
    parse(html, {
      onParseError: ({ code, startLine }) =>
        // <meta ... /> is as HTML allows it.
        code === "non-void-html-element-start-tag-with-trailing-solidus"
          ? undefined
          : assert.fail(`${name}, line ${startLine}: ${code}`),
    }),
  );
  return elements;
}

/** @param {Element} element @param {string} name */
const attribute = (element, name) => element.attrs.find((item) => item.name === name)?.value;

/** @param {Element} element @returns {string} */
const textOf = (element) => element.childNodes.map((node) => ("value" in node ? node.value : "")).join("");

test("there are listings for every region and departement with records, down to each domain", () => {
  assert.ok(pages.length > 1000, String(pages.length));
  for (const name of [
    "",
    "bretagne/",
    "ille-et-vilaine-35/",
    "ile-de-france/g16-cuisine/",
    "paris-75/g16-cuisine/",
    "g16-cuisine/",
  ])
    assert.ok(pages.includes(`apprentissage/${name}index.html`), name);
});

test("pages are well-formed, every link leads to a file of the site, ids and headings are in order", () => {
  const ends = new Map();
  for (const name of pages) {
    const elements = elementsOf(name);
    const ids = elements.map((element) => attribute(element, "id")).filter((id) => id !== undefined);
    assert.equal(new Set(ids).size, ids.length, `${name}: an id stands twice`);
    assert.equal(elements.filter(({ tagName }) => tagName === "h1").length, 1, name);
    let level = 1;
    for (const { tagName } of elements) {
      if (!/^h[1-6]$/.test(tagName)) continue;
      assert.ok(Number(tagName[1]) <= level + 1, `${name}: ${tagName} after h${level}`);
      level = Number(tagName[1]);
    }
    for (const element of elements) {
      const address = attribute(element, "href");
      if (address === undefined || address.startsWith("data:")) continue;
      const url = new URL(address, `${URL_OF_SITE}${name.replace(/index\.html$/, "")}`);
      if (!url.href.startsWith(URL_OF_SITE)) {
        assert.match(url.protocol, /^https?:$/, name);
        continue;
      }
      const target = url.href.slice(URL_OF_SITE.length).replace(/[?#].*/s, "");
      if (!ends.has(target))
        ends.set(
          target,
          target === "" || target.endsWith("/")
            ? existsSync(path.join(site, target, "index.html"))
            : existsSync(path.join(site, target)) || existsSync(path.join(site, `${target}.html`)),
        );
      assert.ok(ends.get(target), `${name} links to ${address}`);
      if (url.hash !== "" && target === name.replace(/index\.html$/, ""))
        assert.ok(ids.includes(url.hash.slice(1)), name);
    }
  }
});

test("titles, descriptions and canonical addresses are there, and the page's own", () => {
  const titles = new Map();
  for (const name of pages) {
    const elements = elementsOf(name);
    const title = textOf(/** @type {Element} */ (elements.find(({ tagName }) => tagName === "title")));
    const canonical = attribute(
      /** @type {Element} */ (elements.find((element) => attribute(element, "rel") === "canonical")),
      "href",
    );
    const description = elements.find((element) => attribute(element, "name") === "description");
    assert.ok((attribute(/** @type {Element} */ (description), "content") ?? "").length > 40, name);
    assert.ok(canonical?.startsWith(`${URL_OF_SITE}apprentissage/`), name);
    assert.ok(pages.includes(`${canonical?.slice(URL_OF_SITE.length)}index.html`), name);
    if (canonical === `${URL_OF_SITE}${name.replace(/index\.html$/, "")}`) {
      assert.ok(!titles.has(title), `${name} and ${titles.get(title)}: ${title}`);
      titles.set(title, name);
    }
  }
});

test("at most fifty results, the nearest first in each section, with data for all but companies", () => {
  for (const name of pages) {
    const html = readFileSync(path.join(site, name), "utf8");
    const data = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1];
    assert.ok(data, name);
    const graph = JSON.parse(data)["@graph"];
    assert.equal(graph[0]["@type"], "BreadcrumbList");
    const items = graph[1]?.itemListElement ?? [];
    const cards = html.match(/<li class="card">/g)?.length ?? 0;
    assert.ok(cards <= 50, `${name}: ${cards}`);
    assert.equal(items.length, cards - (html.match(/<span class="tag lba">/g)?.length ?? 0), name);
    items.forEach((/** @type {any} */ { position, item }, /** @type {number} */ i) => {
      assert.equal(position, i + 1);
      assert.match(item["@type"], /^(JobPosting|Course)$/);
      if (item["@type"] === "Course") assert.ok(item.name && item.provider.name && item.hasCourseInstance.location);
      else assert.ok(item.title && item.description && item.hiringOrganization.name && item.jobLocation.address);
      if (item.validThrough !== undefined) assert.ok(item.validThrough >= "2026-11-21", name);
    });
    for (const section of html.split("<section").slice(1)) {
      const lengths = [...section.matchAll(/<span class="distance">(?:([\d,]+)\u00a0(k?)m|sur place)</g)].map(
        ([, number = "0", kilo]) => Number(number.replace(",", ".")) * (kilo ? 1000 : 1),
      );
      lengths.forEach((length, i) => assert.ok(i === 0 || length >= (lengths[i - 1] ?? 0), name));
    }
  }
});

test("no page has a script, an inline style or an image; one gzip variant each holds the same", () => {
  for (const name of pages) {
    for (const element of elementsOf(name)) {
      assert.ok(!["img", "style", "iframe", "object", "form"].includes(element.tagName), `${name}: ${element.tagName}`);
      if (element.tagName === "script") assert.equal(attribute(element, "type"), "application/ld+json", name);
      for (const item of element.attrs) assert.ok(!/^on|^style$/.test(item.name), `${name}: ${item.name}`);
    }
    const page = readFileSync(path.join(site, name));
    assert.ok(page.length < 80_000, `${name}: ${page.length} bytes`);
    assert.ok(page.equals(contentOf(path.join(site, `${name}.gz`))), name);
  }
});

test("the sitemap lists every page once, by its whole address", () => {
  const index = readFileSync(path.join(site, "sitemap.xml"), "utf8");
  const parts = [...index.matchAll(/<loc>(.*?)<\/loc><lastmod>2026-11-21</g)].map(([, loc = ""]) => loc);
  assert.deepEqual(parts, [`${URL_OF_SITE}sitemap-1.xml`]);
  const listed = [...readFileSync(path.join(site, "sitemap-1.xml"), "utf8").matchAll(/<loc>(.*?)<\/loc>/g)].map(
    ([, loc = ""]) => loc.slice(URL_OF_SITE.length),
  );
  assert.equal(new Set(listed).size, listed.length);
  const wanted = pages.map((name) => name.replace(/index\.html$/, "")).filter((name) => !/-97\d\//.test(name));
  for (const name of [...wanted, "", "recherche-apprentissage", "recherche-emploi"])
    assert.ok(listed.includes(name), name);
  assert.equal(listed.length, wanted.length + 4);
  assert.match(
    readFileSync(path.join(site, "robots.txt"), "utf8"),
    /^Sitemap: https:\/\/example\.org\/alternance\/sitemap\.xml$/m,
  );
});

test("verify reads every listing, and names the one that was changed", () => {
  assert.equal(balise(["verify", "--site", site, "--progress", "never"]).code, 0);
  const victim = path.join(site, "apprentissage/paris-75/g16-cuisine/index.html");
  const content = readFileSync(victim);
  appendFileSync(victim, " ");
  assertRefused(balise(["verify", "--site", site, "--progress", "never"]), 4, /g16-cuisine\/index\.html/);
  writeFileSync(victim, content);
});

test("without an address there is no sitemap; hostile sources run nothing", () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)> ' onclick='alert(3) </script>\u2028&lt;svg onload=alert(4)&gt;`;
  const offer = {
    identifier: { id: `x"><script>${1}</script>`, partner_label: hostile },
    offer: {
      title: hostile,
      description: hostile.repeat(4),
      rome_codes: ["F1702"],
      status: "Active",
      publication: { creation: "2026-11-01T00:00:00.000Z", expiration: "2027-01-01T00:00:00.000Z" },
    },
    contract: { type: ["Apprentissage"] },
    workplace: {
      name: hostile,
      location: { address: `1 rue ${hostile} 35000 Rennes`, geopoint: { type: "Point", coordinates: [-1.68, 48.11] } },
    },
    apply: { url: "javascript:alert(5)" },
  };
  const source = path.join(scratch, "hostile.json");
  writeFileSync(source, JSON.stringify([offer]));
  const out = path.join(scratch, "hostile");
  const outcome = build(writeConfig(scratch, { matcha: [{ url: source, format: "lba-v3" }] }), out);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.ok(!existsSync(path.join(out, "sitemap.xml")) && !existsSync(path.join(out, "robots.txt")));
  const listings = filesOf(path.join(out, "apprentissage")).filter((name) => /f17.*html$/.test(name));
  assert.equal(listings.length, 3);
  for (const name of listings) {
    const html = readFileSync(path.join(out, "apprentissage", name), "utf8");
    assert.equal(html.match(/<script/g)?.length, 1, name);
    assert.doesNotMatch(html, /<img|<svg (?!viewBox)|="javascript:|\u2028/, name);
  }
});

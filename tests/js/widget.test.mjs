// What partners copy: addresses, snippets, attributes of <balise-widget>, remarks on values without effect, and the tables
// that describe them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { template, words as english } from "../../site/i18n/tester.en.js";
import { words as french } from "../../site/i18n/tester.fr.js";
import { elementUrl } from "../../site/js/element.js";
import { escapeHtml, makeSnippets } from "../../site/js/snippets.js";
import { explain } from "../../site/js/ui/explain.js";
import { readQuery } from "../../site/js/ui/query.js";
import { PARAMETERS, PATHS, attributeOf, widgetUrl } from "../../site/js/widget.js";
import { hostileValues } from "../hostile_values.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const base = new URL("https://balise.example/site/");

/** @param {Record<string, string>} values */
const valueOf = (values) => (/** @type {string} */ name) => values[name] ?? "";

/** @param {string} text what a browser makes of an attribute or text that escapeHtml has written */
const unescapeHtml = (text) =>
  text.replace(/&(amp|lt|gt|quot);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[String(name)] ?? "");

const GUIDE = {
  radius: "60",
  romes: "F1702,F1705,F1701",
  scope: "all",
  lat: "47",
  lon: "2.2",
  caller: "ID_service_appelant_labonnealternance",
  return_uri: "/",
  return_logo_url: "https://example.org/images/logo.png",
};
// The guide's example, its host changed.
const GUIDE_URL =
  "https://balise.example/site/recherche-apprentissage?radius=60&romes=F1702,F1705,F1701&scope=all&lat=47&lon=2.2" +
  "&caller=ID_service_appelant_labonnealternance&return_uri=/&return_logo_url=https://example.org/images/logo.png";

test("an address is that of the guide, byte for byte, with another host", () => {
  assert.equal(widgetUrl(base, "recherche-apprentissage", valueOf(GUIDE)), GUIDE_URL);
  for (const path of PATHS) assert.equal(widgetUrl(base, path, valueOf({})), base.href + path);
  assert.equal(widgetUrl(base, "//example.org", valueOf({})), `${base.href}recherche-apprentissage`);
});

test("the bare frame is the guide's, closed, and with a title", () => {
  const { frame } = makeSnippets(base, "recherche-apprentissage", valueOf(GUIDE), "Recherche");
  const style = "height: 660px; width: 360px;max-width: 100%;margin: auto;display: block;";
  assert.equal(
    frame,
    `<iframe style="${style}" src="${GUIDE_URL}" title="Recherche" allow="clipboard-write; geolocation"></iframe>`,
  );
});

test("the element says the same as the frame", () => {
  for (const path of PATHS) {
    const values = { ...GUIDE, frozen_job: "1", job_name: 'Maçon "d\'art" & <co>', itemId: "a#L01", type: "training" };
    const { element, link, url } = makeSnippets(base, path, valueOf(values), 'Titre "&"');
    const [, tag = ""] = /<balise-widget([^>]*)>/.exec(element) ?? [];
    const attributes = [...tag.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => ({
      name,
      value: unescapeHtml(value),
    }));
    const own = new URL(elementUrl(base, attributes));
    assert.equal(own.pathname, `/site/${path}`);
    const sorted = (/** @type {URL} */ { searchParams }) => [...searchParams].map(String).sort();
    assert.deepEqual(sorted(own), sorted(new URL(url)));
    assert.match(element, /^<script src="https:\/\/balise\.example\/site\/embed\.js" async><\/script>\n/);
    assert.ok(element.includes(`  ${link}\n</balise-widget>`));
    assert.ok(link.endsWith(">Titre &quot;&amp;&quot;</a>"));
  }
});

test("attributes are named as parameters, with either dash", () => {
  const read = (/** @type {Record<string, string>} */ attributes) =>
    elementUrl(
      base,
      Object.entries(attributes).map(([name, value]) => ({ name, value })),
    ).slice(base.href.length);
  assert.equal(read({}), "recherche-apprentissage?");
  assert.equal(
    read({ "return-uri": "/a", return_logo_url: "/b" }),
    "recherche-apprentissage?return_uri=%2Fa&return_logo_url=%2Fb",
  );
  assert.equal(read({ "item-id": "1", type: "lba" }), "recherche-apprentissage?itemId=1&type=lba");
  assert.equal(read({ itemid: "1" }), "recherche-apprentissage?itemId=1");
  assert.equal(read({ "frozen-job": "", romes: "" }), "recherche-apprentissage?frozen_job=1");
  assert.equal(read({ path: "recherche-emploi", lang: "en" }), "recherche-emploi?lang=en");
  for (const path of [
    "",
    "/recherche-emploi",
    "../x",
    "https://example.org/",
    "javascript:alert(1)",
    "recherche-emploi/",
  ])
    assert.equal(read({ path }), "recherche-apprentissage?");
  assert.equal(
    read({ class: "a", id: "b", style: "c", title: "d", hidden: "", onclick: "e", "data-x": "f", "aria-label": "g" }),
    "recherche-apprentissage?",
  );
  for (const name of PARAMETERS)
    assert.equal(
      new URL(elementUrl(base, [{ name: attributeOf(name), value: "x" }])).searchParams.get(name),
      "x",
      name,
    );
});

test("every parameter that the page reads is among those of the widget, and the other way round", () => {
  /** @type {Set<string>} */
  const read = new Set();
  const params = new URLSearchParams();
  params.get = (name) => {
    read.add(name);
    return name === "romes" ? "F1702" : "x";
  };
  readQuery(params, "all");
  for (const name of read) assert.ok(PARAMETERS.includes(name), name);
  // Those that other parts of the page read.
  const others = ["caller", "return_uri", "return_logo_url", "lang", "utm_campaign", "utm_source", "utm_medium"];
  assert.deepEqual([...PARAMETERS].filter((name) => !read.has(name)).sort(), others.sort());
  const described = JSON.parse(readFileSync(`${root}docs/parameters.json`, "utf8")).map(
    (/** @type {{ name: string }} */ { name }) => name,
  );
  assert.deepEqual([...PARAMETERS].sort(), described.sort());
});

test("what has no effect is said, with its reason", () => {
  /** @param {string} query @param {string} [path] */
  const reasons = (query, path = "recherche-apprentissage") =>
    explain(path, new URLSearchParams(query)).map(({ name, reason }) => `${name} ${reason}`);
  assert.deepEqual(reasons(new URL(GUIDE_URL).search), []);
  assert.deepEqual(reasons(""), []);
  assert.deepEqual(reasons("romes=F1702,x&lat=48&radius=31&diploma=9&scope=jobs"), [
    "romes value",
    "lat value",
    "radius value",
    "diploma value",
    "scope value",
  ]);
  const codes = Array.from({ length: 21 }, (_, index) => `A1${100 + index}`).join(",");
  assert.deepEqual(reasons(`romes=${codes}`), ["romes tooMany"]);
  assert.deepEqual(reasons("scope=job", "recherche-emploi"), ["scope path"]);
  assert.deepEqual(reasons("romes=F1702&radius=60"), ["radius needsPlace"]);
  assert.deepEqual(reasons("romes=F1702&radius=60&address=Brest"), []);
  assert.deepEqual(reasons("lat=48&lon=2&zipcode=75001&insee=75056&departement=75&region=11"), [
    "departement placed",
    "region placed",
    "zipcode placed",
    "insee placed",
  ]);
  assert.deepEqual(reasons("departement=75&region=11"), ["region placed"]);
  assert.deepEqual(reasons("job_name=Maçon&frozen_job=1"), ["job_name needsRomes", "frozen_job needsRomes"]);
  assert.deepEqual(reasons("romes=F1702&frozen_job=1"), ["frozen_job needsJobName"]);
  assert.deepEqual(reasons("romes=F1702&job_name=Maçon&frozen_job=1"), []);
  assert.deepEqual(reasons("utm_source=a&utm_medium=b"), ["utm_source needsCampaign", "utm_medium needsCampaign"]);
  assert.deepEqual(reasons("utm_source=a&utm_campaign=b"), []);
  assert.deepEqual(reasons("return_uri=javascript:alert(1)&return_logo_url=data:,x"), [
    "return_uri otherSite",
    "return_logo_url logo",
  ]);
  assert.deepEqual(reasons("return_uri=mailto:a@b.c&return_logo_url=logo.png"), [
    "return_uri otherSite",
    "return_logo_url logo",
  ]);
  assert.deepEqual(Object.keys(english.reasons), Object.keys(french.reasons));
  assert.deepEqual(Object.keys(english), Object.keys(french));
});

test("hostile values stay values in every address and snippet", () => {
  let cases = 0;
  for (const value of hostileValues())
    for (const name of ["path", ...PARAMETERS]) {
      const values = { [name]: value };
      const path = values.path ?? "recherche-apprentissage";
      const { url, frame, element, link } = makeSnippets(base, path, valueOf(values), value);
      const parsed = new URL(url);
      assert.equal(parsed.origin, base.origin);
      assert.ok(PATHS.includes(parsed.pathname.slice("/site/".length)), url);
      // Nothing of the value can end an attribute or a text, or begin a character reference.
      assert.match(url, /^[\w\-./:?&=,%*+~]*$/);
      assert.match(frame, /^<iframe style="[^"<>]*" src="[^"<>;]*" title="[^"<>]*" allow="[^"<>]*"><\/iframe>$/);
      assert.match(link, /^<a href="[^"<>;]*">[^"<>]*<\/a>$/);
      assert.match(
        element,
        /^<script src="[^"<>;]*" async><\/script>\n<balise-widget(\n {2}[a-z-]+="[^"<>]*")*>\n {2}<a href="[^"<>;]*">[^"<>]*<\/a>\n<\/balise-widget>$/,
      );
      const own = new URL(elementUrl(base, [{ name: attributeOf(name), value }]));
      assert.equal(own.origin, base.origin);
      assert.ok(PATHS.includes(own.pathname.slice("/site/".length)), own.href);
      for (const remark of explain(path, parsed.searchParams))
        assert.ok(remark.reason === "value" ? remark.name in french.accepted : remark.reason in french.reasons);
      ++cases;
    }
  assert.ok(cases > 5000, `${cases}`);
  assert.equal(unescapeHtml(escapeHtml('&lt;<a b="c">')), '&lt;<a b="c">');
});

test("the tables of parameters are those of docs/parameters.json", () => {
  execFileSync(process.execPath, ["scripts/parameter-tables.mjs", "--check"], { cwd: root, stdio: "pipe" });
});

test("every text of /test-widget has its English", () => {
  const page = readFileSync(`${root}site/test-widget.html`, "utf8");
  const keys = new Set([...page.matchAll(/data-t(?:-title|-label)?="([^"]*)"/g)].map(([, key = ""]) => key));
  assert.deepEqual([...keys].sort(), Object.keys(template).sort());
});

/** `logo` in a config, `--logo` of a snapshot: on every page, and nothing in it that could do more than be looked at. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { smallConfig } from "./publish_support.mjs";
import { assertRefused, balise, build, filesOf, repository, scratchFolder } from "./support.mjs";

const scratch = scratchFolder();
const plain = path.join(scratch, "plain");
const site = path.join(scratch, "site");
const title = 'Région "A & B" {{x}}';
let last = 0;

const SVG = `<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand --><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 30">
<style><![CDATA[.a { fill: url(#g) }]]></style><defs><linearGradient id="g"/></defs>
<path class="a" style="stroke:#123" d="M0 0h90v30H0z"/><use xlink:href="#g"/>
<image href="data:image/png;base64,iVBORw0KGgo=" width="1" height="1"/><text>A &amp; B &#233;</text></svg>
`;

/** @param {string | Buffer} content @param {string} name */
function file(content, name = `logo-${++last}.svg`) {
  const written = path.join(scratch, name);
  writeFileSync(written, content);
  return written;
}

/** @param {number} width @param {number} height */
function png(width, height) {
  const chunk = (/** @type {string} */ name, /** @type {Buffer} */ content) => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((1 + 3 * Math.min(width, 64)) * Math.min(height, 64), 90);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** @param {string} folder @returns {string} the name of its logo */
const logoOf = (folder) => JSON.parse(readFileSync(path.join(folder, "data/manifest.json"), "utf8")).logo;

/** @param {string[]} options */
const cut = (...options) => balise(["snapshot", "--site", site, "--progress", "never", ...options]);

before(() => {
  for (const [out, more] of /** @type {[string, Record<string, unknown>][]} */ ([
    [plain, {}],
    [site, { logo: file(SVG) }],
  ])) {
    const built = build(smallConfig({ title, ...more }), out);
    assert.equal(built.code, 0, built.stderr);
  }
});

/** @param {string} folder @param {string} logo */
function assertOnEveryPage(folder, logo) {
  const pages = filesOf(folder).filter((name) => name.endsWith(".html") && !name.startsWith("docs/"));
  assert.ok(pages.length > 20);
  for (const name of pages) {
    const html = readFileSync(path.join(folder, name), "utf8");
    const [, inner = "", src = ""] = /class="brand"[^>]*>(<img src="([^"]*)"[^>]*>)<\/(?:a|p)>/.exec(html) ?? [];
    assert.ok(inner, `${name} has no logo`);
    assert.match(inner, /alt="Région &quot;A &amp; B&quot; &#123;&#123;x&#125;&#125;"/, name);
    assert.equal(path.join(path.dirname(name), src), logo, name);
  }
}

test("it stands on every page of a site in the place of the mark, with the title as its text", () => {
  const logo = logoOf(site);
  assert.match(logo, /^logo-[0-9a-f]{24}\.svg$/);
  assert.equal(readFileSync(path.join(site, logo), "utf8"), SVG);
  assertOnEveryPage(site, logo);
  assert.match(readFileSync(path.join(site, "page.css"), "utf8"), /\.brand img\{/);
  const shell = readFileSync(
    path.join(site, "data", JSON.parse(readFileSync(path.join(site, "data/manifest.json"), "utf8")).shell),
    "utf8",
  );
  assert.ok(shell.includes(logo), "devices keep it");
  assert.equal(balise(["verify", "--site", site, "--progress", "never"]).code, 0);
});

test("a site without one has the pages and the style sheet of the assets", () => {
  const css = (/** @type {string} */ folder) => readFileSync(path.join(folder, "page.css"));
  assert.ok(css(plain).equals(readFileSync(path.join(repository, "build/assets/site/page.css"))));
  assert.equal(logoOf(plain), undefined);
  for (const name of filesOf(plain).filter((one) => one.endsWith(".html")))
    assert.doesNotMatch(readFileSync(path.join(plain, name), "utf8"), /class="brand"[^>]*><img/, name);
});

test("a snapshot keeps it, or has its own", () => {
  const [kept, own] = [path.join(scratch, "kept"), path.join(scratch, "own")];
  assert.equal(cut("--out", kept, "--sources", "lba").code, 0);
  assert.equal(logoOf(kept), logoOf(site));
  assertOnEveryPage(kept, logoOf(site));
  const image = file(png(40, 20), "own.png");
  const made = cut("--out", own, "--sources", "lba", "--logo", image);
  assert.equal(made.code, 0, made.stderr);
  assert.match(logoOf(own), /^logo-[0-9a-f]{24}\.png$/);
  assert.ok(readFileSync(path.join(own, logoOf(own))).equals(readFileSync(image)));
  assertOnEveryPage(own, logoOf(own));
  assert.ok(!existsSync(path.join(own, logoOf(site))));
  assert.equal(balise(["verify", "--site", own, "--progress", "never"]).code, 0);
});

test("one that was changed behind the site's back gives no snapshot", () => {
  const copy = path.join(scratch, "changed");
  assert.equal(cut("--out", copy).code, 0);
  writeFileSync(path.join(copy, logoOf(copy)), SVG.replace("90 30", "91 30"));
  const outcome = balise(["snapshot", "--site", copy, "--out", path.join(scratch, "none"), "--progress", "never"]);
  assertRefused(outcome, 4, /logo-.* is not what its name says/);
});

describe("refused by name:", () => {
  const inside = (/** @type {string} */ text, attributes = "") =>
    `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${text}</svg>`;
  /** @type {[string, string | Buffer, RegExp][]} */
  const cases = [
    ["a script", inside("<script>alert(1)</script>"), /element <script>/],
    ["a script with a prefix", inside('<s:script xmlns:s="http://www.w3.org/2000/svg"/>'), /element <s:script>/],
    ["a script in capitals", inside("<SCRIPT/>"), /element <SCRIPT>/],
    ["foreignObject", inside("<foreignObject/>"), /element <foreignObject>/],
    ["an event attribute", inside("", 'onload="alert(1)"'), /attribute onload of <svg>/],
    ["an event attribute of a shape", inside('<path onClick="x()"/>'), /attribute onClick of <path>/],
    ["an image from elsewhere", inside('<image href="https://example.org/x.png"/>'), /attribute href of <image>/],
    ["one beside it", inside('<image href="x.png"/>'), /attribute href of <image>.*"x\.png"/],
    ["an SVG in an address", inside('<image href="data:image/svg+xml,x"/>'), /attribute href of <image>/],
    [
      "another file's shape",
      inside('<use xlink:href="x.svg#a"/>', 'xmlns:xlink="http://www.w3.org/1999/xlink"'),
      /xlink:href/,
    ],
    ["an address in entities", inside('<image href="&#x68;ttps://example.org/"/>'), /attribute href of <image>/],
    ["a reference by xml:base", inside("", 'xml:base="https://example.org/"'), /xml:base/],
    ["a fill from elsewhere", inside("<path fill=\"url( 'https://example.org/#a')\"/>"), /attribute fill of <path>/],
    ["a style from elsewhere", inside("<style>@import 'x.css';</style>"), /@import in its <style>/],
    ["one behind a comment", inside("<style>@imp<!-- -->ort 'x.css';</style>"), /@import in its <style>/],
    ["a style in escapes", inside('<path style="fill:\\75rl(x)"/>'), /backslash in the attribute style/],
    ["an animation of a link", inside('<set attributeName="href" to="x"/>'), /animates "href" in <set>/],
    ["a link", inside('<a href="#x"/>'), /element <a>/],
    ["HTML", inside('<b xmlns="http://www.w3.org/1999/xhtml"/>'), /vocabulary/],
    ["a document type", `<!DOCTYPE svg [<!ENTITY a "b">]>${inside("")}`, /document type/],
    ["a style sheet of XML", `<?xml-stylesheet href="x.css"?>${inside("")}`, /processing instruction/],
    ["an entity of its own", inside("&a;"), /entity &a;/],
    ["an end that is missing", '<svg xmlns="http://www.w3.org/2000/svg"><g></svg>', /<\/svg>/],
    ["a cut file", '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0', /attribute d/],
    ["nothing", "", /no <svg>/],
    ["a text", "hello", /neither an SVG nor a PNG/],
    ["something behind it", `${inside("")}<svg/>`, /behind its <svg>/],
    ["Latin-1", Buffer.from(inside("<text>é</text>"), "latin1"), /no UTF-8/],
    ["a large one", inside(`<path d="${"M0 0".repeat(12_500)}"/>`), /at most 50000/],
    ["a cut PNG", png(40, 20).subarray(0, 60), /breaks off/],
    ["a damaged PNG", Buffer.from(png(40, 20).map((byte, i) => (i === 50 ? byte ^ 1 : byte))), /checksum/],
    ["something behind a PNG", Buffer.concat([png(40, 20), Buffer.from("<svg/>")]), /behind its PNG/],
    ["a PNG of no size", png(0, 20), /0 by 20 pixels/],
    ["a huge PNG", png(5000, 20), /5000 by 20 pixels/],
  ];
  const out = path.join(scratch, "refused");
  for (const [what, content, pattern] of cases)
    test(what, () => {
      assertRefused(cut("--out", out, "--logo", file(content)), 2, /logo-\d+\.svg/, pattern);
      assert.ok(!existsSync(out));
    });
  test("in a config as well", () => {
    assertRefused(build(smallConfig({ logo: file(inside("<script/>")) }), out), 2, /element <script>/);
    assertRefused(build(smallConfig({ logo: "absent.svg" }), out), 1, /absent\.svg/);
    assert.ok(!existsSync(out));
  });
});

/** A site that knows its own address: oEmbed files, the links that lead to them, and the examples of its guide. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { balise, build, sample, scratchFolder, writeConfig } from "./support.mjs";

const scratch = scratchFolder();
const site = path.join(scratch, "site");
const unnamed = path.join(scratch, "unnamed");
const PAGES = ["recherche-apprentissage", "recherche-emploi", "recherche-apprentissage-formation"];
const sources = { matcha: [{ url: path.join(sample, "matcha.json"), format: "lba-v3" }] };

/** @param {string} folder @param {string} file */
const read = (folder, file) => readFileSync(path.join(folder, file), "utf8");

before(() => {
  for (const [folder, more] of /** @type {const} */ ([
    [site, { url: "https://alternance.example.org/x", title: "L'alternance & <moi>" }],
    [unnamed, {}],
  ])) {
    const outcome = build(writeConfig(scratch, sources, more), folder);
    assert.equal(outcome.code, 0, outcome.stderr);
  }
});

test("each search page names its answers, in both of its forms", () => {
  for (const page of PAGES)
    for (const file of [`${page}.html`, `${page}/index.html`]) {
      const links = [...read(site, file).matchAll(/<link rel="alternate" type="([^"]*)" href="([^"]*)" \/>/g)];
      assert.deepEqual(
        links.map(([, type, href]) => [type, href]),
        [
          ["application/json+oembed", `https://alternance.example.org/x/oembed/${page}.json`],
          ["text/xml+oembed", `https://alternance.example.org/x/oembed/${page}.xml`],
        ],
      );
    }
  for (const file of ["index.html", "test-widget.html", "developpeurs.html"])
    assert.ok(!read(site, file).includes("+oembed"), file);
});

test("an answer is what oEmbed 1.0 asks of a rich type, the same in JSON and XML", () => {
  for (const page of PAGES) {
    const answer = JSON.parse(read(site, `oembed/${page}.json`));
    assert.equal(answer.version, "1.0");
    assert.equal(answer.type, "rich");
    assert.equal(answer.provider_name, "L'alternance & <moi>");
    assert.equal(answer.provider_url, "https://alternance.example.org/x/");
    assert.equal(answer.width, 360);
    assert.equal(answer.height, 660);
    assert.match(
      answer.html,
      /^<iframe title="[^"<>]+" src="[^"<>]+" width="360" height="660" style="[^"<>]*" allow="[^"<>]*" loading="lazy"><\/iframe>$/,
    );
    assert.ok(answer.html.includes(` src="https://alternance.example.org/x/${page}" `));
    const xml = read(site, `oembed/${page}.xml`);
    assert.match(xml, /^<\?xml version="1\.0" encoding="utf-8"\?>\n<oembed>\n/);
    const fields = [...xml.matchAll(/^ {2}<(\w+)>([^<>]*)<\/\1>$/gm)].map(([, name = "", text = ""]) => [
      name,
      text
        .replaceAll("&quot;", '"')
        .replaceAll("&#39;", "'")
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&amp;", "&"),
    ]);
    assert.deepEqual(
      fields,
      Object.entries(answer).map(([name, value]) => [name, String(value)]),
    );
    assert.match(xml, /<\/oembed>\n$/);
  }
});

test("the guide's examples name the address, and the files belong to the site", () => {
  for (const file of ["developpeurs.html", "developers/index.html"])
    assert.ok(read(site, file).includes("https://alternance.example.org/x/embed.js"), file);
  const outcome = balise(["verify", "--site", site]);
  assert.equal(outcome.code, 0, outcome.stderr);
});

test("a site that does not know its address has none of this", () => {
  assert.ok(!existsSync(path.join(unnamed, "oembed")));
  for (const page of PAGES) assert.ok(!read(unnamed, `${page}.html`).includes("oembed"));
  assert.ok(read(unnamed, "developpeurs.html").includes("https://votre-balise.example/embed.js"));
});

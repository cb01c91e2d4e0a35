// site/_headers and the examples are as docs/headers.json says, and say it in a way that hosts understand.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { files, groupsOf, headersOf, readTable } from "../../scripts/hosting.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = process.env.BALISE_SITE ?? join(root, "public");
const table = readTable();

const sent = readdirSync(site, { recursive: true, encoding: "utf8" })
  .filter((name) => statSync(join(site, name)).isFile() && !/\.(br|gz)$/.test(name) && !/^[._]/.test(name))
  .sort();

/** Paths that ask for a file. @param {string} name */
const pathsOf = (name) => [
  `/${name}`,
  ...(name.endsWith("index.html") ? [`/${name.slice(0, -"index.html".length)}`] : []),
  ...(/^[^/]+\.html$/.test(name) && name !== "index.html" ? [`/${name.slice(0, -".html".length)}`] : []),
];

test("the files are those that the table gives", () => {
  for (const [file, make] of files) assert.equal(readFileSync(join(root, file), "utf8"), make(table), file);
});

test("every path of a site is in one group at most, and all data are in one", () => {
  for (const name of sent)
    for (const path of pathsOf(name)) {
      const groups = groupsOf(table, path).map((group) => group.name);
      assert.ok(groups.length <= 1, `${path}: ${groups}`);
      if (name.startsWith("data/"))
        assert.deepEqual(groups, [name === "data/manifest.json" ? "manifest" : "data"], path);
    }
});

test("who may frame a page, and what it may load, is said for every page; policies are those of the pages", () => {
  for (const name of sent.filter((file) => file.endsWith(".html"))) {
    const own = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(
      readFileSync(join(site, name), "utf8"),
    )?.[1];
    for (const path of pathsOf(name)) {
      const policy = headersOf(table, path)["Content-Security-Policy"] ?? "";
      const [, before, frames] = /^(.*); frame-ancestors (.*)$/.exec(policy) ?? [];
      assert.equal(before, own, path);
      const widget = /^\/(recherche-|apprentissage\/)/.test(path);
      assert.equal(frames, widget ? "*" : /^\/(index\.html)?$/.test(path) ? "'none'" : "'self'", path);
    }
  }
});

test("the policy of a page allows the script that stands in it", () => {
  const pages = sent.filter((file) => /^recherche-[a-z-]+(\.html|\/index\.html)$/.test(file));
  assert.equal(pages.length, 6);
  for (const name of pages) {
    const html = readFileSync(join(site, name), "utf8");
    const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)];
    assert.equal(scripts.length, 1, name);
    const hash = createHash("sha256")
      .update(scripts[0]?.[1] ?? "")
      .digest("base64");
    assert.ok(html.includes(`script-src 'self' 'sha256-${hash}' `), `site/search.html must allow 'sha256-${hash}'`);
  }
});

/** As Netlify and Cloudflare Pages read it: the headers of every rule that matches are added up. @param {string} text */
function parse(text) {
  /** @type {{pattern: string, headers: [string, string][]}[]} */
  const rules = [];
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("/")) rules.push({ pattern: line, headers: [] });
    else {
      const [, name, value] = /^ +([A-Za-z-]+): (.+)$/.exec(line) ?? [];
      assert.ok(name && value, `no header: ${line}`);
      rules.at(-1)?.headers.push([name, value]);
    }
  }
  return rules;
}

test("_headers gives every path the headers of the table, each once", () => {
  const text = readFileSync(join(site, "_headers"), "utf8");
  const rules = parse(text);
  assert.ok(rules.length <= 100, "Cloudflare Pages reads 100 rules");
  for (const line of text.split("\n")) assert.ok(line.length <= 2000, "and 2,000 characters a line");
  for (const { pattern } of rules) assert.match(pattern, /^\/[^*]*\*?$/, "a star stands at the end only");
  for (const name of sent)
    for (const path of pathsOf(name)) {
      /** @type {Record<string, string>} */
      const got = {};
      for (const { pattern, headers } of rules) {
        if (pattern.endsWith("*") ? !path.startsWith(pattern.slice(0, -1)) : path !== pattern) continue;
        for (const [header, value] of headers) {
          assert.ok(!(header in got), `${path} gets ${header} twice`);
          got[header] = value;
        }
      }
      const { "Cache-Control": cache, ...expected } = headersOf(table, path);
      // Without a rule these hosts have a file asked for again.
      if (got["Cache-Control"] || cache !== table.others["Cache-Control"])
        assert.equal(got["Cache-Control"], cache, path);
      delete got["Cache-Control"];
      assert.deepEqual(got, expected, path);
    }
});

test("GitHub Pages takes the folder as it is", () => {
  assert.equal(readFileSync(join(site, ".nojekyll"), "utf8"), "");
});

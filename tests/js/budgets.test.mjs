// Sizes of what a page loads, and of what a first search reads, against tests/budgets.json.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = process.env.BALISE_SITE ?? join(root, "public");
const budgets = JSON.parse(readFileSync(join(root, "tests/budgets.json"), "utf8"));

/** What a host that looks for variants sends. @param {string} file */
const sentBytes = (file) => statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;

/** The file of a name; "*" stands for its hash. @param {string} name */
function fileOf(name) {
  const [start, end] = join(site, name).split("*");
  if (end === undefined) return start;
  const folder = dirname(start);
  const found = readdirSync(folder)
    .map((file) => join(folder, file))
    .filter((file) => file.startsWith(start) && file.endsWith(end));
  assert.equal(found.length, 1, name);
  return found[0];
}

for (const [name, budget] of Object.entries(budgets.brotli_bytes))
  test(`${name} is at most ${budget} bytes`, (t) => {
    const bytes = sentBytes(fileOf(name));
    t.diagnostic(`${bytes} bytes`);
    assert.ok(bytes <= budget, `${bytes} bytes`);
  });

test("the search page with its form, look-ups included, stays within its budget", (t) => {
  const { files, brotli_bytes } = budgets.page_with_form;
  /** @param {string} name */
  const bytesOf = (name) => sentBytes(fileOf(name));
  const bytes = files.map(bytesOf).reduce((/** @type {number} */ sum, /** @type {number} */ size) => sum + size, 0);
  t.diagnostic(`${bytes} bytes`);
  assert.ok(bytes <= brotli_bytes, `${bytes} bytes`);
});

test("a first search stays within its budget", async (t) => {
  const { Searcher } = await import("../../site/js/searcher.js");
  /** @type {string[]} */
  const files = ["recherche-apprentissage.html", "page.css", "page.js"].map((name) => join(site, name));
  /** @type {import("../../site/js/read.js").Read} */
  const read = async (url) => {
    files.push(fileURLToPath(url));
    return new Uint8Array(readFileSync(url));
  };
  const searcher = await Searcher.open(pathToFileURL(site).href, pathToFileURL(join(site, "search.wasm")), read);
  await searcher.search("romes=F1702,F1705,F1701&lat=48.85&lon=2.35&radius=60&cards=20&widen=5");
  const bytes = files.reduce((sum, file) => sum + sentBytes(file), 0);
  t.diagnostic(`${files.length} files, ${bytes} bytes`);
  assert.ok(files.length <= budgets.first_search.files, `${files.length} files: ${files.join(" ")}`);
  assert.ok(bytes <= budgets.first_search.brotli_bytes, `${bytes} bytes`);
});

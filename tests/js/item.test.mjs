// One record, all of it, as the page reads it when a card is opened: the embedded sample.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readItem } from "../../site/js/item.js";
import { readAnywhere } from "../../site/js/read.js";
import { Searcher } from "../../site/js/searcher.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = process.env.BALISE_SITE ?? join(root, "public");
/** @type {string[]} */
let asked = [];
/** @param {string} module */
const open = (module) =>
  Searcher.open(pathToFileURL(site).href, pathToFileURL(join(site, module)), (url, cache) => {
    asked.push(url.href.replace(/.*\/data\//, ""));
    return readAnywhere(url, cache);
  });
const searcher = await open("search.wasm");
const reader = await open("item.wasm");

// Numbers of core/field.hpp.
const DESCRIPTION = 1;
const SIRET = 3;

for (const source of ["formations", "offres", "matcha", "lba"]) {
  test(`an item of ${source} is its card with its details`, async () => {
    const { results } = JSON.parse(await searcher.search(`sources=${source}&limit=3&lat=48.85&lon=2.35&radius=60`));
    assert.ok(results.length > 0);
    for (const { distance_m, page, ...card } of results) {
      assert.ok(distance_m !== null);
      const { details, ...item } = await readItem(reader, source, card.id, page);
      assert.deepEqual(item, { ...card, distance_m: null });
      assert.ok(Object.keys(details).length > 0);
      for (const [number, value] of Object.entries(details)) {
        assert.match(number, /^\d{1,2}$/);
        assert.ok(typeof value === "string" && value !== "");
      }
      if (source === "offres") assert.ok(details[DESCRIPTION].length > 50);
      if (source === "formations") assert.match(details[SIRET], /^\d{14}$/);
    }
  });
}

test("with the page that a search names only its details are read besides; any other name of a page changes nothing", async () => {
  const [card] = JSON.parse(await searcher.search("sources=offres&limit=1")).results;
  const [path] = card.page.split(" ");
  const cold = await open("item.wasm");
  asked = [];
  const item = await readItem(cold, "offres", card.id, card.page);
  assert.ok(item.details);
  assert.equal(asked[0], path);
  assert.match(asked.slice(1).join(" "), /^\S+\/details-\S+$/);
  for (const page of [
    "",
    " ",
    path,
    `${card.page}0x`,
    card.page.replace("/cards-", "/index-"),
    `99${card.page.slice(2)}`,
  ]) {
    const other = await open("item.wasm");
    asked = [];
    assert.deepEqual(await readItem(other, "offres", card.id, page), item, page);
    assert.match(asked[0] ?? "", /id-directory/, page);
  }
  // A page that it does not stand on.
  const [elsewhere] = JSON.parse(await searcher.search("sources=lba&limit=1")).results;
  assert.notEqual(elsewhere.page, card.page);
  assert.deepEqual(await readItem(await open("item.wasm"), "offres", card.id, elsewhere.page), item);
});

test("an id that there is not gives null, and one of another source too", async () => {
  const { results } = JSON.parse(await searcher.search("sources=offres&limit=1"));
  assert.equal(await readItem(reader, "offres", "no such id"), null);
  assert.equal(await readItem(reader, "offres", ""), null);
  assert.equal(await readItem(reader, "offres", "\u0000<script>"), null);
  assert.equal(await readItem(reader, "matcha", results[0].id), null);
});

test("a source that there is not is refused", async () => {
  await assert.rejects(readItem(reader, "emplois", "1"), { code: "wrong_query" });
});

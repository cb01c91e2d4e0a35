// One record, all of it, as the page reads it when a card is opened: the embedded sample.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readAnywhere } from "../../site/js/read.js";
import { Searcher } from "../../site/js/searcher.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = process.env.BALISE_SITE ?? join(root, "public");
const searcher = await Searcher.open(pathToFileURL(site).href, pathToFileURL(join(site, "balise.wasm")), readAnywhere);

// Numbers of core/field.hpp.
const DESCRIPTION = 1;
const SIRET = 3;

for (const source of ["formations", "offres", "matcha", "lba"]) {
  test(`an item of ${source} is its card with its details`, async () => {
    const { results } = JSON.parse(await searcher.search(`sources=${source}&limit=3&lat=48.85&lon=2.35&radius=60`));
    assert.ok(results.length > 0);
    for (const { distance_m, ...card } of results) {
      assert.ok(distance_m !== null);
      const { details, ...item } = JSON.parse(await searcher.item(source, card.id));
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

test("an id that there is not gives null, and one of another source too", async () => {
  const { results } = JSON.parse(await searcher.search("sources=offres&limit=1"));
  assert.equal(await searcher.item("offres", "no such id"), "null");
  assert.equal(await searcher.item("offres", ""), "null");
  assert.equal(await searcher.item("offres", "\u0000<script>"), "null");
  assert.equal(await searcher.item("matcha", results[0].id), "null");
});

test("a source that there is not is refused", async () => {
  await assert.rejects(searcher.item("emplois", "1"), { code: "wrong_query" });
});

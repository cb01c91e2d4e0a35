// The vectors of tests/vectors, through the shipped module in Node: the twin of tests/unit/vectors_test.cpp.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const assets = process.env.BALISE_ASSETS ?? join(root, "build/assets");
const { readAnywhere } = await import("../../site/js/read.js");
const { Searcher } = await import("../../site/js/searcher.js");

/** @type {string} */
let folder;
/** @type {any} */
let searcher;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "balise-vectors-"));
  await cp(join(root, "docs/format-samples"), join(folder, "data"), { recursive: true });
  searcher = await Searcher.open(
    pathToFileURL(folder).href,
    pathToFileURL(join(assets, "site/balise.wasm")),
    readAnywhere,
  );
});
after(() => rm(folder, { recursive: true }));

const vectors = JSON.parse(await readFile(join(root, "tests/vectors/searches.json"), "utf8"));

for (const { why, query, ids, more, error } of vectors) {
  test(`${why} (${query})`, async () => {
    const search = searcher.search(query);
    if (error) {
      await assert.rejects(search, (/** @type {any} */ reason) => {
        assert.equal(reason.code, "wrong_query");
        assert.ok(reason.detail.startsWith(`${error} `), reason.detail);
        return true;
      });
      return;
    }
    const answer = JSON.parse(await search);
    assert.deepEqual(
      answer.results.map((/** @type {any} */ { source, id }) => `${source}:${id}`),
      ids,
    );
    if (more) assert.deepEqual(answer.more, more);
  });
}

// The vectors of tests/vectors, through the shipped modules in Node: the twin of tests/unit/vectors_test.cpp.

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
/** That of developers, and that of pages, which says less of a query. @type {Record<string, any>} */
const searchers = {};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "balise-vectors-"));
  await cp(join(root, "docs/format-samples"), join(folder, "data"), { recursive: true });
  for (const module of ["balise.wasm", "search.wasm"])
    searchers[module] = await Searcher.open(
      pathToFileURL(folder).href,
      pathToFileURL(join(assets, "site", module)),
      readAnywhere,
    );
});
after(() => rm(folder, { recursive: true }));

const vectors = JSON.parse(await readFile(join(root, "tests/vectors/searches.json"), "utf8"));

for (const { why, query, ids, more, error } of vectors) {
  test(`${why} (${query})`, async () => {
    for (const [module, searcher] of Object.entries(searchers)) {
      const search = searcher.search(query);
      if (error) {
        await assert.rejects(search, (/** @type {any} */ reason) => {
          assert.equal(reason.code, "wrong_query");
          assert.ok(reason.detail.startsWith(`${error} "`), reason.detail);
          assert.equal(/": (must|is|cannot) /.test(reason.detail), module === "balise.wasm", reason.detail);
          return true;
        });
        continue;
      }
      const answer = JSON.parse(await search);
      assert.deepEqual(
        answer.results.map((/** @type {any} */ { source, id }) => `${source}:${id}`),
        ids,
      );
      if (more) assert.deepEqual(answer.more, more);
      // How the query was understood: pages only need to know of its OPCO.
      const { opco, ...rest } = answer.query;
      assert.equal(Object.keys(rest).length > 0, module === "balise.wasm");
      assert.equal(opco !== undefined, query.includes("opco="));
    }
  });
}

// The sample files of docs/format-samples must be read for ever, as their decoded twins say.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const balise = process.env.BALISE_BIN ?? join(root, "build/release/balise");
const samples = join(root, "docs/format-samples");

test("inspect says of every sample what its twin says", async () => {
  const kinds = new Set();
  for (const entry of await readdir(samples, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || entry.name.endsWith(".decoded.json")) continue;
    const twin = await readFile(path.replace(/\.\w+$/, ".decoded.json"), "utf8");
    assert.equal(execFileSync(balise, ["inspect", "--json", path], { encoding: "utf8" }), twin, path);
    kinds.add(entry.name.replace(/(-[0-9a-f]{24}\.bin|\.json)$/, ""));
  }
  const all = ["cards", "details", "directory", "id-directory", "ids", "index", "lookups", "manifest", "metiers"];
  const rest = ["page-directory", "pages", "places", "table", "title-directory", "titles"];
  assert.deepEqual([...kinds].sort(), [...all, ...rest]);
});

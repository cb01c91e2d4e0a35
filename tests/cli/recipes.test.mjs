/** `balise snapshot --recipes`: many snapshots of one site, each as if it were cut alone. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import {
  assertRefused,
  balise,
  build,
  filesOf,
  firstDifference,
  repository,
  scratchFolder,
  treeHash,
} from "./support.mjs";

const scratch = scratchFolder();
const site = path.join(scratch, "site");
const KEY = "vjqMyMIoRl/+cXzeCKCBAbI7Rb5NEZO+V64ZucariQM=";
let last = 0;

/** @param {unknown} recipes @returns {string} path */
function recipesFile(recipes) {
  const file = path.join(scratch, `recipes-${++last}.json`);
  writeFileSync(file, JSON.stringify(recipes));
  return file;
}

/** @param {unknown} recipes @param {string} out @param {string[]} more */
const cutAll = (recipes, out, ...more) =>
  balise(["snapshot", "--site", site, "--recipes", recipesFile(recipes), "--out", out, "--progress", "never", ...more]);

before(() => {
  const built = build(path.join(repository, "data/sample.json"), site);
  assert.equal(built.code, 0, built.stderr);
  writeFileSync(path.join(scratch, "logo.svg"), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"/>');
  writeFileSync(path.join(scratch, "theme.json"), '{"radius": "0"}');
});

/** Each recipe, and the options that say the same. @type {[Record<string, unknown>, string[]][]} */
const pairs = [
  [{ name: "tout" }, []],
  [
    { name: "bretagne", title: "Bretagne", url: "https://example.org/bzh", filter: { regions: ["53"] }, zip: true },
    ["--title", "Bretagne", "--url", "https://example.org/bzh/", "--region", "53"],
  ],
  [
    { name: "idf", theme: { light: { accent: "#005a9c" } }, logo: "logo.svg", filter: { regions: ["11"] } },
    ["--theme", path.join(scratch, "accent.json"), "--logo", path.join(scratch, "logo.svg"), "--region", "11"],
  ],
  [
    { name: "constructys", keys: [KEY], theme: "theme.json", filter: { opcos: ["Constructys"], sources: ["lba"] } },
    ["--keys", KEY, "--theme", path.join(scratch, "theme.json"), "--opco", "Constructys", "--sources", "lba"],
  ],
  [{ name: "autour-de-paris", filter: { near: "48.85,2.35,30" } }, ["--near", "48.85,2.35,30"]],
  [
    { name: "f_75", filter: { rome_domains: ["F"], departements: ["75"] } },
    ["--rome-domain", "F", "--departement", "75"],
  ],
];
const recipes = pairs.map(([recipe]) => recipe);

for (const jobs of ["1", "2", "13"]) {
  test(`each has the bytes of the same options alone, with --jobs ${jobs}`, () => {
    writeFileSync(path.join(scratch, "accent.json"), '{"light": {"accent": "#005a9c"}}');
    const out = path.join(scratch, `out-${jobs}`);
    const outcome = cutAll({ snapshots: recipes }, out, "--jobs", jobs);
    assert.equal(outcome.code, 0, outcome.stderr);
    const lines = outcome.stdout.trim().split("\n");
    assert.equal(lines.length, recipes.length);
    assert.deepEqual(readdirSync(out).sort(), [...recipes.map(({ name }) => name), "bretagne.zip"].sort());
    for (const [i, [{ name }, options]] of pairs.entries()) {
      const alone = path.join(scratch, `alone-${name}`);
      const made = path.join(out, String(name));
      if (!existsSync(alone)) {
        const cut = balise(["snapshot", "--site", site, "--out", alone, "--progress", "never", ...options]);
        assert.equal(cut.code, 0, cut.stderr);
        assert.equal(balise(["verify", "--site", alone, "--progress", "never"]).code, 0);
      }
      assert.equal(treeHash(made), treeHash(alone), `${name}: ${firstDifference(alone, made)}`);
      assert.ok(lines[i]?.startsWith(`${made}: `), lines[i]);
    }
    assert.ok(readFileSync(path.join(out, "bretagne.zip")).length > 1000);
  });
}

test("one that holds nothing is named, the others are published, and what it was stays", () => {
  const out = path.join(scratch, "some");
  assert.equal(cutAll([{ name: "vide", filter: { regions: ["94"] } }], out).code, 0);
  const before = treeHash(path.join(out, "vide"));
  const empty = { name: "vide", filter: { regions: ["94"], departements: ["75"] } };
  const outcome = cutAll([{ name: "corse", filter: { regions: ["94"] } }, empty], out);
  assert.equal(outcome.code, 3, outcome.stderr);
  assert.match(outcome.stderr, /^vide: no record of/m);
  assert.match(outcome.stderr, /\nbalise: 1 of 2 snapshots were not made: vide;/);
  assert.match(outcome.stdout, /corse: .* lba\n$/);
  assert.equal(treeHash(path.join(out, "vide")), before);
  assert.equal(balise(["verify", "--site", path.join(out, "corse"), "--progress", "never"]).code, 0);
  assert.deepEqual(readdirSync(out).sort(), ["corse", "vide"]);
});

test("a damaged region stops those that need it, whoever read it first, and no other", () => {
  const damaged = path.join(scratch, "damaged");
  assert.equal(balise(["snapshot", "--site", site, "--out", damaged, "--progress", "never"]).code, 0);
  const page = filesOf(damaged).find((name) => /^data\/11\/cards-/.test(name)) ?? "";
  const bytes = readFileSync(path.join(damaged, page));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path.join(damaged, page), bytes);
  const out = path.join(scratch, "from-damaged");
  const outcome = balise([
    ...["snapshot", "--site", damaged, "--out", out, "--progress", "never", "--recipes"],
    recipesFile([
      { name: "idf", filter: { regions: ["11"] } },
      { name: "paris", filter: { departements: ["75"] } },
      { name: "corse", filter: { regions: ["94"] } },
    ]),
  ]);
  assert.equal(outcome.code, 4, outcome.stderr);
  for (const name of ["idf", "paris"])
    assert.match(outcome.stderr, new RegExp(`^${name}: .*${path.basename(page)}`, "m"));
  assert.deepEqual(readdirSync(out), ["corse"]);
});

test("what is wrong in a file of recipes is refused by recipe and key, before anything is written", () => {
  const out = path.join(scratch, "never");
  /** @param {unknown} recipe @param {RegExp[]} patterns */
  const refused = (recipe, ...patterns) => assertRefused(cutAll([{ name: "bon" }, recipe], out), 2, ...patterns);
  refused({ name: "b", titel: "x" }, /recipes-\d+\.json: b: unknown key titel; .*title/);
  refused({ name: "b", filter: { region: ["53"] } }, /b\.filter: unknown key region;/);
  refused({ name: "b", filter: { regions: ["99"] } }, /b\.filter: regions\[0\] is "99"/);
  refused({ name: "b", theme: { light: { accent: "yellow" } } }, /b\.theme/, /yellow/);
  refused({ name: "b", theme: { light: { accent: "#ffd500" } } }, /contrast of accent/);
  refused({ name: "b", url: "example.org" }, /b: url/);
  refused({ name: "b", keys: ["x"] }, /b: keys\[0\]/);
  refused({ name: "b", zip: "yes" }, /b\.zip/);
  refused({ name: "b", title: "" }, /b\.title/);
  refused({ title: "x" }, /snapshots\[1\] has no "name"/);
  for (const name of ["../b", "", ".b", "a/b", "-b", "é", "a.zip", "x".repeat(65)])
    refused({ name }, /snapshots\[1\]\.name/);
  refused({ name: "BON" }, /two snapshots BON/);
  refused(7, /snapshots\[1\] must be an object/);
  assertRefused(cutAll([], out), 2, /must be a list/);
  assertRefused(cutAll({ snapshots: [{ name: "b" }], more: 1 }, out), 2, /unknown key more/);
  assertRefused(cutAll([{ name: "b", logo: "absent.svg" }], out), 1, /b\.logo names .*absent\.svg/);
  const twice = recipesFile([]);
  writeFileSync(twice, '[{"name": "b", "name": "c"}]');
  assertRefused(balise(["snapshot", "--site", site, "--out", out, "--recipes", twice]), 2, /stands twice/);
  assert.ok(!existsSync(out));
});

test("it stands alone among the options, and keeps its hands off other folders", () => {
  const out = path.join(scratch, "apart");
  for (const options of [
    ["--region", "53"],
    ["--title", "x"],
    ["--logo", "x"],
    ["--zip", "x"],
    ["--keys", KEY],
  ])
    assertRefused(cutAll([{ name: "b" }], out, ...options), 2, /excludes/);
  assertRefused(cutAll([{ name: "site" }], scratch), 2, /one folder/);
  mkdirSync(path.join(out, "mine"), { recursive: true });
  writeFileSync(path.join(out, "mine", "mine.txt"), "mine");
  assertRefused(cutAll([{ name: "b" }, { name: "mine" }], out), 1, /something else than a site/);
  assert.deepEqual(readdirSync(out), ["mine"]);
});

/** `balise snapshot`: a smaller complete site, cut from a built one. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  writeConfig,
} from "./support.mjs";

const scratch = scratchFolder();
const site = path.join(scratch, "site");
let last = 0;

/**
 * @param {string[]} options
 * @returns {string} the folder of the new site, verified
 */
function snapshot(...options) {
  const out = path.join(scratch, `snapshot-${++last}`);
  const made = balise(["snapshot", "--site", site, "--out", out, "--progress", "never", ...options]);
  assert.equal(made.code, 0, made.stderr);
  const verified = balise(["verify", "--site", out, "--progress", "never"]);
  assert.equal(verified.code, 0, verified.stderr);
  return out;
}

/** @param {string} folder @param {string[]} options */
function found(folder, ...options) {
  const outcome = balise(["search", "--site", folder, "--format", "json", "--limit", "150", ...options]);
  assert.equal(outcome.code, 0, outcome.stderr);
  /** @type {{ results: { source: string, id: string }[] }} */
  const { results } = JSON.parse(outcome.stdout);
  return results.map(({ source, id }) => `${source} ${id}`);
}

/** @param {string} folder */
const manifestOf = (folder) => JSON.parse(readFileSync(path.join(folder, "data/manifest.json"), "utf8"));

before(() => {
  const built = build(path.join(repository, "data/sample.json"), site);
  assert.equal(built.code, 0, built.stderr);
});

test("a snapshot of everything is the site, byte by byte", () => {
  const copy = snapshot();
  assert.equal(treeHash(copy), treeHash(site), firstDifference(site, copy));
});

// Of a region in which no record has its duplicate in another one: these are joined before anything is cut.
test("a snapshot of a region is what a build of that region alone gives", () => {
  const sources = JSON.parse(readFileSync(path.join(repository, "data/sample.json"), "utf8"));
  for (const entries of Object.values(sources.sources))
    for (const entry of entries) entry.url = path.join(repository, "data", entry.url);
  const config = writeConfig(scratch, sources.sources, { title: sources.title, filter: { regions: ["44"] } });
  const alone = path.join(scratch, "alone");
  const built = build(config, alone);
  assert.equal(built.code, 0, built.stderr);
  const cut = snapshot("--region", "Grand Est");
  assert.equal(treeHash(cut), treeHash(alone), firstDifference(alone, cut));
});

const selections = [
  ["--region", "53"],
  ["--departement", "2A"],
  ["--romes", "F1702,F1705"],
  ["--rome-domain", "M16"],
  ["--sources", "formations,lba"],
];
for (const selection of selections) {
  test(`a snapshot by ${selection.join(" ")} answers as a search with it`, () => {
    const cut = snapshot(...selection);
    const everything = found(cut);
    assert.ok(everything.length > 0);
    assert.deepEqual(everything, found(site, ...selection));
    const circle = ["--lat", "48.11", "--lon", "-1.68", "--radius", "100"];
    assert.deepEqual(found(cut, ...circle), found(site, ...circle, ...selection));
  });
}

test("a snapshot by circle holds what lies in it, and the rest is gone from every file", () => {
  const circle = ["--lat", "48.85", "--lon", "2.35", "--radius", "5"];
  const cut = snapshot("--near", "48.85,2.35,5");
  assert.deepEqual(found(cut, ...circle), found(site, ...circle));
  const { counts } = manifestOf(cut);
  const everywhere = found(cut, "--lat", "48.85", "--lon", "2.35", "--radius", "20000");
  assert.deepEqual(everywhere, found(site, ...circle));
  assert.ok(Object.values(counts).some((count) => count > 0));
});

test("an OPCO's snapshot holds its offers and companies, and formations unless they are left out", () => {
  const cut = snapshot("--opco", "Constructys");
  assert.deepEqual(found(cut), found(site, "--opco", "Constructys"));
  assert.equal(manifestOf(cut).counts.formations, manifestOf(site).counts.formations);
  const jobs = snapshot("--opco", "Constructys", "--sources", "offres,matcha,lba");
  assert.deepEqual(found(jobs), found(site, "--opco", "Constructys", "--sources", "offres,matcha,lba"));
  assert.equal(manifestOf(jobs).counts.formations, 0);
});

test("it says what it covers, in the manifest and on its pages, and so does a snapshot of it", () => {
  const cut = snapshot("--region", "11", "--title", "Île-de-France");
  assert.deepEqual(manifestOf(cut).covers, [{ regions: ["11"] }]);
  assert.equal(manifestOf(cut).title, "Île-de-France");
  assert.match(readFileSync(path.join(cut, "recherche-emploi.html"), "utf8"), /couvre : <span>Île-de-France<\/span>/);
  assert.doesNotMatch(readFileSync(path.join(site, "recherche-emploi.html"), "utf8"), /couverture/);
  const out = path.join(scratch, "smaller");
  const again = balise(["snapshot", "--site", cut, "--out", out, "--rome-domain", "F", "--near", "48.85,2.35,30"]);
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(manifestOf(out).covers, [
    { regions: ["11"] },
    { rome_domains: ["F"], near: { lat: 48.85, lon: 2.35, radius: 30 } },
  ]);
  assert.match(
    readFileSync(path.join(out, "recherche-emploi.html"), "utf8"),
    /Île-de-France ; 30 km autour de 48.85 2.35, domaines F</,
  );
});

test("a theme colours the pages of a snapshot, stays with snapshots of it, and must be readable", () => {
  const file = path.join(scratch, "theme.json");
  writeFileSync(file, JSON.stringify({ light: { accent: "#005a9c", "accent-strong": "#003a66" }, radius: "0.25rem" }));
  const cut = snapshot("--region", "94", "--theme", file);
  const css = readFileSync(path.join(cut, "page.css"), "utf8");
  assert.match(css, /--balise-accent:#005a9c;/);
  assert.match(css, /--balise-radius:0.25rem;/);
  assert.doesNotMatch(readFileSync(path.join(site, "page.css"), "utf8"), /#005a9c/);
  const again = path.join(scratch, "themed-again");
  assert.equal(balise(["snapshot", "--site", cut, "--out", again, "--sources", "lba"]).code, 0);
  assert.equal(readFileSync(path.join(again, "page.css"), "utf8"), css);

  const out = path.join(scratch, "unreadable");
  const refused = (/** @type {unknown} */ theme, /** @type {RegExp[]} */ ...patterns) => {
    writeFileSync(file, JSON.stringify(theme));
    assertRefused(balise(["snapshot", "--site", site, "--out", out, "--theme", file]), 2, ...patterns);
    const config = writeConfig(scratch, { matcha: [{ url: "absent.json", format: "lba-v3" }] }, { theme });
    writeFileSync(path.join(scratch, "absent.json"), "[]");
    assertRefused(build(config, out), 2, ...patterns);
  };
  refused({ light: { accent: "#ffd500" } }, /contrast of accent #ffd500 on/, /must be 4\.5/);
  refused({ dark: { focus: "#19201e" } }, /theme\.dark: contrast of focus/, /must be 3\.0/);
  refused({ light: { accent: "yellow" } }, /accent is "yellow"/, /#rrggbb/);
  refused({ light: { akzent: "#000" } }, /no colour "akzent"; there are accent,/);
});

test("any number of threads gives the same bytes", () => {
  const one = snapshot("--rome-domain", "F", "--jobs", "1");
  const many = snapshot("--rome-domain", "F", "--jobs", "7");
  assert.equal(treeHash(one), treeHash(many), firstDifference(one, many));
});

test("--zip writes the same site into an archive, the same one every time, and works from any folder", () => {
  const archives = [1, 2].map((i) => path.join(scratch, `site-${i}.zip`));
  const [cut] = archives.map((zip) => snapshot("--region", "94", "--zip", zip));
  const [first, second] = archives.map((zip) => readFileSync(zip));
  assert.ok(first?.equals(/** @type {Buffer} */ (second)), "two archives of one snapshot differ");
  const unpacked = path.join(scratch, "unpacked", "deep");
  mkdirSync(unpacked, { recursive: true });
  const script =
    "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])";
  const extracted = spawnSync("python3", ["-c", script, String(archives[0]), unpacked], { encoding: "utf8" });
  assert.equal(extracted.status, 0, extracted.stderr);
  assert.equal(treeHash(unpacked), treeHash(String(cut)), firstDifference(String(cut), unpacked));
  for (const name of filesOf(unpacked).filter((file) => file.endsWith(".html")))
    assert.doesNotMatch(readFileSync(path.join(unpacked, name), "utf8"), /(href|src|action)="\//, name);
});

test("what cannot be done is refused, and what was published stays", () => {
  const out = snapshot("--region", "94");
  const before = treeHash(out);
  const again = (/** @type {string[]} */ ...options) =>
    balise(["snapshot", "--site", site, "--out", out, "--progress", "never", ...options]);
  assertRefused(again("--region", "99"), 2, /regions\[0\] is "99"/, /94 Corse/);
  assertRefused(again("--near", "48.85,2.35"), 2, /near is "48.85,2.35"/, /LAT,LON,KM/);
  assertRefused(again("--opco", "nobody"), 2, /opcos\[0\]/);
  assertRefused(again("--region", "53", "--departement", "75"), 3, /no record of/);
  assertRefused(again("--region", "53", "--zip", path.join(scratch, "absent", "x.zip")), 1, /absent\/x\.zip/);
  assertRefused(balise(["snapshot", "--site", site, "--out", site]), 2, /one folder/);
  assertRefused(balise(["snapshot", "--site", site, "--out", path.join(site, "inner")]), 2, /one folder/);
  assertRefused(balise(["snapshot", "--site", path.join(scratch, "absent"), "--out", out]), 1, /holds no site/);
  const other = path.join(scratch, "other");
  mkdirSync(other);
  writeFileSync(path.join(other, "mine.txt"), "mine");
  assertRefused(balise(["snapshot", "--site", site, "--out", other]), 1, /something else than a site/);
  assert.equal(treeHash(out), before);
});

test("a damaged site gives no snapshot", () => {
  const damaged = snapshot();
  const page = filesOf(damaged).find((name) => /\/cards-/.test(name)) ?? "";
  const bytes = readFileSync(path.join(damaged, page));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path.join(damaged, page), bytes);
  const outcome = balise(["snapshot", "--site", damaged, "--out", path.join(scratch, "none"), "--progress", "never"]);
  assertRefused(outcome, 4, new RegExp(path.basename(page)));
});

/** The same records give the same bytes: built twice, on one thread or several, in any order, in any language. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import {
  build,
  contentOf,
  firstDifference,
  program,
  repository,
  scratchFolder,
  treeHash,
  writeConfig,
} from "./support.mjs";

const scratch = scratchFolder();
const config = path.join(repository, "data/sample.json");
const reference = path.join(scratch, "reference");
let referenceHash = "";
let referenceReport = "";

/**
 * Builds into `name` and compares everything with the first build.
 * @param {string} name
 * @param {string} from config
 * @param {string[]} more arguments
 */
function assertSame(name, from, ...more) {
  const out = path.join(scratch, name);
  const outcome = build(from, out, ...more);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.equal(treeHash(out), referenceHash, `first difference: ${firstDifference(reference, out)}`);
  if (name !== "again") rmSync(out, { recursive: true });
}

/** A report without what no two runs share. @param {string} file */
function withoutTimes(file) {
  const report = JSON.parse(readFileSync(file, "utf8"));
  delete report.run;
  return JSON.stringify(report);
}

before(() => {
  const report = path.join(scratch, "reference.json");
  const outcome = build(config, reference, "--jobs", "1", "--report", report);
  assert.equal(outcome.code, 0, outcome.stderr);
  referenceHash = treeHash(reference);
  referenceReport = withoutTimes(report);
});

test("twice, on one thread", () => {
  assertSame("again", config, "--jobs", "1");
});

for (const jobs of ["2", "4", "16"]) {
  test(`on ${jobs} threads, the report included`, () => {
    const report = path.join(scratch, `report-${jobs}.json`);
    assertSame(`jobs-${jobs}`, config, "--jobs", jobs, "--report", report);
    assert.equal(withoutTimes(report), referenceReport);
  });
}

test("over a site that stands there already", () => {
  assertSame("again", config, "--jobs", "4");
});

test("with another time zone, umask and working folder", () => {
  const out = path.join(scratch, "elsewhere");
  const built = spawnSync(
    "bash",
    [
      "-c",
      'umask 077; cd /; exec "$0" build --config "$1" --out "$2" --as-of 2026-11-21 --progress never',
      program,
      config,
      out,
    ],
    { encoding: "utf8", env: { ...process.env, TZ: "Pacific/Auckland" } },
  );
  assert.equal(built.status, 0, built.stderr);
  assert.equal(treeHash(out), referenceHash, `first difference: ${firstDifference(reference, out)}`);
});

for (const locale of ["C", "C.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8"]) {
  test(`in the locale ${locale}`, (context) => {
    /** @type {NodeJS.ProcessEnv} */
    const environment = { ...process.env, LC_ALL: locale, LANG: locale };
    if (!locale.startsWith("C")) {
      // Compiled here, because a server seldom has it: a comma for decimals, and for Turkish another lower case of I.
      const folder = path.join(scratch, "locales");
      mkdirSync(folder, { recursive: true });
      const [language] = locale.split(".");
      const compiled = spawnSync("localedef", ["-i", language ?? "", "-f", "UTF-8", path.join(folder, locale)]);
      if (compiled.status !== 0)
        return context.skip(`localedef cannot make ${locale}: is the package locales missing?`);
      environment["LOCPATH"] = folder;
    }
    const saved = process.env;
    process.env = environment;
    try {
      assertSame(`locale-${locale}`, config, "--jobs", "2");
    } finally {
      process.env = saved;
    }
  });
}

/** A seeded generator, so that a failure can be repeated. */
function shuffled(/** @type {string[]} */ rows, /** @type {number} */ seed) {
  const copy = [...rows];
  let state = seed;
  for (let i = copy.length - 1; i > 0; --i) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [copy[i], copy[j]] = [/** @type {string} */ (copy[j]), /** @type {string} */ (copy[i])];
  }
  return copy;
}

/** The rows of a source as texts, whatever its container is, and how to write them back. */
function rowsOf(/** @type {string} */ file) {
  const text = contentOf(file).toString("utf8");
  if (/^\s*\[/.test(text)) {
    const rows = JSON.parse(text).map((/** @type {unknown} */ row) => JSON.stringify(row));
    return { rows, join: (/** @type {string[]} */ list) => `[${list.join(",")}]` };
  }
  const lines = text.trimEnd().split("\n");
  return { rows: lines, join: (/** @type {string[]} */ list) => `${list.join("\n")}\n` };
}

for (const seed of [1, 20261121]) {
  test(`with the rows of every source shuffled (seed ${seed})`, () => {
    const folder = path.join(scratch, `shuffled-${seed}`);
    mkdirSync(folder);
    const given = JSON.parse(readFileSync(config, "utf8"));
    /** @type {Record<string, { url: string, format: string }[]>} */
    const sources = {};
    for (const [source, entries] of Object.entries(given.sources)) {
      sources[source] = /** @type {{ url: string, format: string }[]} */ (entries).map(({ url, format }) => {
        const file = path.join(path.dirname(config), url);
        const { rows, join } = rowsOf(file);
        // A page of France Travail holds many offers: those are shuffled within their page as well.
        const inner = rows.map((/** @type {string} */ row) => {
          if (!row.startsWith('{"resultats"')) return row;
          const page = JSON.parse(row);
          const offers = shuffled(
            page.resultats.map((/** @type {unknown} */ offer) => JSON.stringify(offer)),
            seed,
          );
          return JSON.stringify({ ...page, resultats: offers.map((offer) => JSON.parse(offer)) });
        });
        const text = Buffer.from(join(shuffled(inner, seed)));
        const plain = path.basename(url).replace(/\.(gz|zst|br)$/, "");
        // Other containers than the originals: they must not matter either.
        const [name, bytes] = url.endsWith(".gz")
          ? [`${plain}.br`, brotliCompressSync(text)]
          : url.endsWith(".br")
            ? [plain, text]
            : [`${plain}.gz`, gzipSync(text)];
        writeFileSync(path.join(folder, name), bytes);
        return { url: path.join(folder, name), format };
      });
    }
    for (const jobs of ["1", "3"])
      assertSame(`shuffled-${seed}-${jobs}`, writeConfig(folder, sources, { title: given.title }), "--jobs", jobs);
  });
}

test("another title is another site: the comparison sees a difference", () => {
  const out = path.join(scratch, "another");
  const given = JSON.parse(readFileSync(config, "utf8"));
  const sources = Object.fromEntries(
    Object.entries(given.sources).map(([source, entries]) => [
      source,
      entries.map((/** @type {{ url: string }} */ entry) => ({
        ...entry,
        url: path.resolve(path.dirname(config), entry.url),
      })),
    ]),
  );
  const outcome = build(writeConfig(scratch, sources, { title: "Another" }), out);
  assert.equal(outcome.code, 0, outcome.stderr);
  // The list of files comes first: the web manifest has the title as well.
  assert.match(firstDifference(reference, out) ?? "", /^data\/files-/);
});

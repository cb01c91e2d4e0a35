/** No e-mail address, phone number or name of a person enters a published file, compressed or not. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { plantCanaries } from "./canaries.mjs";
import { build, contentOf, filesOf, repository, sample, scratchFolder, unpacked } from "./support.mjs";

const scratch = scratchFolder();
const site = path.join(scratch, "site");
const reportFile = path.join(scratch, "report.json");

/** @typedef {{ kind: string, file: string, id: string, detail: string, what?: string, where?: string }} Dirt */
/** @type {Dirt[]} */
const planted = JSON.parse(readFileSync(path.join(sample, "dirt.json"), "utf8")).filter(
  (/** @type {Dirt} */ entry) => entry.kind === "personal",
);

/** @type {Map<string, string>} every published file and the report, as UTF-8, decompressed and unpacked */
const published = new Map();

/** What a reader of a published file can come to see. @param {string} file @returns {string} */
function readable(file) {
  const content = file.endsWith(".bin") ? unpacked(file) : contentOf(file);
  if (path.basename(file) !== "manifest.json") return content.toString("utf8");
  return content.toString("utf8") + Buffer.from(JSON.parse(content.toString("utf8")).root, "base64").toString("utf8");
}

/** @type {[name: string, text: string, folded: string][]} files that a person's data could come into */
let data = [];

before(() => {
  const outcome = build(path.join(repository, "data/sample.json"), site, "--report", reportFile);
  assert.equal(outcome.code, 0, outcome.stderr);
  for (const name of filesOf(site)) published.set(name, readable(path.join(site, name)));
  published.set("report.json", readFileSync(reportFile, "utf8"));
  published.set("stderr of the build", outcome.stderr);
  data = [...published]
    .filter(([name]) => /^data\/|^apprentissage\/|^report|^stderr/.test(name))
    .map(([name, text]) => [name, text, folded(text)]);
});

/** Lower case, no accents, and what is not a letter, digit or one of "@." is one space: how a reader compares. */
function folded(/** @type {string} */ text) {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@.]+/gu, " ");
}

test("the sample plants all sorts of personal data in its sources", () => {
  const kinds = new Set(planted.map((entry) => `${entry.what} ${entry.where}`));
  for (const kind of ["email contact", "email text", "phone contact", "phone text", "name contact"])
    assert.ok(kinds.has(kind), `no ${kind}`);
  assert.ok(planted.length >= 30);
});

describe("nothing that was planted is published", () => {
  for (const { detail, file, id, what } of planted) {
    test(`${what} "${detail}" of ${file} ${id}`, () => {
      const needle = what === "phone" ? detail.replace(/[^\d]/g, "").slice(-9) : folded(detail).trim();
      assert.ok(needle.length >= 8, needle);
      for (const [name, text, foldedText] of data) {
        assert.ok(!text.includes(detail), `${name} holds it`);
        if (what === "phone") {
          // However it is written: digits with at most two other characters between them.
          const digits = new RegExp([...needle].join("[^\\d]{0,2}"));
          assert.doesNotMatch(text, digits, name);
        } else {
          assert.ok(!foldedText.includes(needle), `${name} holds it in another spelling`);
        }
      }
    });
  }
});

describe("nothing that looks like it is published", () => {
  // Generic, so also what was planted by nobody. Card and detail files are packed texts, one after the other.
  const email =
    /[\p{L}\p{N}._%+-]+ ?(?:@|\(at\)|\[at\]|\barobase\b) ?[\p{L}\p{N}-]+(?: ?\. ?[\p{L}\p{N}-]+)* ?\. ?[a-z]{2,}/giu;
  const phone =
    /(?<![\d.,_-])(?:(?:\+|00) ?(?:33|262|590|594|596) ?(?:\(0\) ?)?|0)[1-9](?:[ .\-\u00a0\u202f]?\d{2}){4}(?!\d)/gu;

  for (const [what, pattern] of /** @type {[string, RegExp][]} */ ([
    ["e-mail address", email],
    ["phone number", phone],
  ])) {
    test(`the pattern for an ${what} finds those of the sources`, () => {
      const sources = ["formations.json.gz", "offres-france-travail.ndjson.br", "offres-lba.ndjson.gz", "matcha.json"];
      const found = sources.flatMap((name) => contentOf(path.join(sample, name)).toString("utf8").match(pattern) ?? []);
      assert.ok(found.length >= 5, `${found.length} found`);
    });

    test(`no ${what} in any file`, () => {
      for (const [name, text] of published) {
        // Binary columns hold bytes that mean nothing as text.
        if (/\/(directory|index|titles)-|\.wasm/.test(name)) continue;
        const found = (text.match(pattern) ?? []).filter((match) => !isIdentifier(match, text));
        assert.deepEqual(found, [], name);
      }
    });
  }

  /** A SIRET of the ranges 0033 and 00262 looks like a phone number, and a longer word may hold ten digits. */
  function isIdentifier(/** @type {string} */ match, /** @type {string} */ text) {
    if (!/^\d+$/.test(match)) return false;
    if (match.length === 14 && passesLuhn(match)) return true;
    for (let at = text.indexOf(match); at >= 0; at = text.indexOf(match, at + 1)) {
      const around = text.slice(Math.max(0, at - 1), at) + text.slice(at + match.length, at + match.length + 1);
      if (!/[\p{L}\p{N}]/u.test(around)) return false;
    }
    return true;
  }

  function passesLuhn(/** @type {string} */ digits) {
    const sum = [...digits].reverse().reduce((total, digit, i) => {
      const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return sum % 10 === 0;
  }
});

describe("of 500 canaries in all formats and fields", () => {
  const folder = path.join(scratch, "canaries");
  const { config, state, canaries, records } = plantCanaries(folder, 500);
  const out = path.join(scratch, "aviary");
  /** @type {[name: string, words: string, digits: string][]} */
  let files = [];

  /** @param {string} name @param {string} text @returns {[string, string, string]} */
  const searchable = (name, text) => [name, folded(text), text.replace(/(?<=\d)[^\d]{1,2}(?=\d)/g, "")];

  /** Files that hold it. @param {import("./canaries.mjs").Canary} canary */
  const holding = ({ kind, needle }) =>
    files.filter(([, words, digits]) => (kind === "phone" ? digits : words).includes(needle)).map(([name]) => name);

  before(() => {
    const report = path.join(folder, "report-of-canaries.json");
    const outcome = build(config, out, "--report", report, "--accept", "baseline");
    assert.equal(outcome.code, 0, outcome.stderr);
    files = filesOf(out).map((name) => searchable(name, readable(path.join(out, name))));
    for (const name of filesOf(state))
      files.push(searchable(`state/${name}`, readFileSync(path.join(state, name), "utf8")));
    files.push(searchable("report.json", readFileSync(report, "utf8")), searchable("stderr", outcome.stderr));
  });

  test("their records are published, in each format", () => {
    const { counts } = JSON.parse(readFileSync(path.join(out, "data/manifest.json"), "utf8"));
    const planted = [
      records["formations.ndjson"],
      records["offres.ndjson"],
      records["matcha.ndjson"],
      records["entreprises.ndjson"],
    ];
    assert.deepEqual(Object.values(counts), planted);
    assert.equal(new Set(canaries.map(({ needle }) => needle)).size, 500);
    for (const kind of ["email", "phone", "name"])
      assert.ok(canaries.filter((canary) => canary.kind === kind).length >= 30, kind);
    for (const name of ["report.html", "status.json"])
      assert.ok(
        files.some(([file]) => file === `state/${name}`),
        name,
      );
  });

  test("none is in any published byte, report or state", () => {
    const found = canaries.flatMap((canary) => {
      const names = holding(canary);
      return names.length > 0 ? [{ ...canary, names }] : [];
    });
    assert.deepEqual(found, []);
  });

  test("one that is published on purpose is found, packed, in the listings and in their compressed forms", () => {
    const kept = "Aide chez Zoravelkin 639999991, zoravelkin639";
    const source = path.join(folder, "offres.ndjson");
    const [first = "", ...rest] = readFileSync(source, "utf8").split("\n");
    const record = JSON.parse(first);
    record.intitule = kept;
    writeFileSync(source, [JSON.stringify(record), ...rest].join("\n"));
    const outcome = build(config, out);
    assert.equal(outcome.code, 0, outcome.stderr);
    files = filesOf(out).map((name) => searchable(name, readable(path.join(out, name))));
    for (const [kind, needle] of /** @type {["email" | "phone" | "name", string][]} */ ([
      ["name", "zoravelkin"],
      ["phone", "639999991"],
      ["email", "zoravelkin639"],
    ])) {
      const names = holding({ kind, needle, format: "", field: "", spelling: "" });
      for (const pattern of [/\/cards-[^/]*\.bin$/, /^apprentissage\/.*\.html$/, /\.html\.gz$/])
        assert.ok(
          names.some((name) => pattern.test(name)),
          `${kind} in no ${pattern}`,
        );
    }
  });
});

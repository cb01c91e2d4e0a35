/** No e-mail address, phone number or name of a person enters a published file, compressed or not. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { build, contentOf, filesOf, repository, sample, scratchFolder } from "./support.mjs";

const scratch = scratchFolder();
const site = path.join(scratch, "site");
const reportFile = path.join(scratch, "report.json");

/** @typedef {{ kind: string, file: string, id: string, detail: string, what?: string, where?: string }} Dirt */
/** @type {Dirt[]} */
const planted = JSON.parse(readFileSync(path.join(sample, "dirt.json"), "utf8")).filter(
  (/** @type {Dirt} */ entry) => entry.kind === "personal",
);

/** @type {Map<string, string>} every published file and the report, as UTF-8, decompressed */
const published = new Map();

/** @type {[name: string, text: string, folded: string][]} files that a person's data could come into */
let data = [];

before(() => {
  const outcome = build(path.join(repository, "data/sample.json"), site, "--report", reportFile);
  assert.equal(outcome.code, 0, outcome.stderr);
  for (const name of filesOf(site)) published.set(name, contentOf(path.join(site, name)).toString("utf8"));
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

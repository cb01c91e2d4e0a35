/**
 * Thirty nights, each with 0 to 3 faults drawn by a seed: an oracle that knows the rules of docs/OPERATIONS.md, and
 * nothing of the program, says what becomes of each source and of the night. BALISE_SOAK_SEED draws others.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { FaultServer, faults } from "../fault_server.mjs";
import { balise, contentOf, runBalise, sample, scratchFolder, treeHash, writeConfig } from "./support.mjs";

const NIGHTS = 30;
const seed = Number(process.env["BALISE_SOAK_SEED"] ?? 20261121);
const scratch = scratchFolder();
const [out, state] = [path.join(scratch, "site"), path.join(scratch, "state")];
const FIRST = Date.UTC(2026, 9, 20);

/** @type {FaultServer} */
let server;
before(async () => {
  server = await FaultServer.start();
});
after(() => server.close());

let drawn = seed;
/** @param {number} below */
function random(below) {
  drawn = (Math.imul(drawn, 1664525) + 1013904223) >>> 0;
  return Math.floor((drawn / 2 ** 32) * below);
}

/** @param {string} name @param {(row: any) => boolean} isGood */
function good(name, isGood) {
  const text = contentOf(path.join(sample, name)).toString("utf8").trim();
  /** @type {any[]} */
  const rows = text.startsWith("[")
    ? JSON.parse(text)
    : text.split("\n").flatMap((line) => {
        try {
          return [JSON.parse(line)];
        } catch {
          return [];
        }
      });
  return rows.filter(isGood);
}

/** Rows of a source; how many of them a night has changes a little, and how they are spoilt. */
const sources = {
  lba: {
    format: "recruteurs-lba",
    rows: good("entreprises.ndjson.gz", (row) => /^\d{14}$/.test(row.siret) && row.enseigne && row.zip_code),
    size: 400,
    nameless: (/** @type {any} */ row) => ({ ...row, enseigne: null, raison_sociale: null }),
    useless: (/** @type {any} */ row) => ({ ...row, siret: "none" }),
  },
  offres: {
    format: "france-travail",
    rows: good("offres-france-travail.ndjson.br", (row) => row.id && row.intitule && row.lieuTravail?.commune),
    size: 240,
    nameless: (/** @type {any} */ row) => ({ ...row, intitule: "" }),
    useless: (/** @type {any} */ row) => ({ ...row, id: null }),
  },
};
/** @typedef {keyof typeof sources} Name */
const names = /** @type {Name[]} */ (Object.keys(sources));

/** What a gate must see, by itself. */
const spoils = {
  shrunk: (/** @type {any[]} */ rows) => rows.slice(0, rows.length * 0.6),
  grown: (/** @type {any[]} */ rows, /** @type {Name} */ name) => {
    const again = sources[name].rows.slice(0, rows.length * 2.3);
    return again;
  },
  nameless: (/** @type {any[]} */ rows, /** @type {Name} */ name) =>
    rows.map((row, i) => (i % 15 === 0 ? sources[name].nameless(row) : row)),
  useless: (/** @type {any[]} */ rows, /** @type {Name} */ name) =>
    rows.map((row, i) => (i % 8 === 0 ? sources[name].useless(row) : row)),
  doubled: (/** @type {any[]} */ rows) => [...rows, ...rows.slice(0, rows.length / 10)],
};
/** @typedef {keyof typeof spoils} Spoil */
const bad = [...faults, .../** @type {Spoil[]} */ (Object.keys(spoils))];

describe(`thirty nights of seed ${seed}`, () => {
  const tally = { published: 0, degraded: 0, refused: 0 };
  /** @type {Record<Name, number>} the night whose data each source stands on */
  const dataOf = { lba: -1, offres: -1 };
  let hash = "";

  for (let night = 0; night < NIGHTS; ++night) {
    test(`night ${night + 1}`, async () => {
      const asOf = new Date(FIRST + night * 86_400_000).toISOString().slice(0, 10);
      server.heal();
      /** @type {Partial<Record<Name, string | number>>} */
      const wrong = {};
      // The first night is quiet. Faults may fall on one source twice: it has then only the last one.
      for (let i = night === 0 ? 0 : random(4); i > 0; --i)
        wrong[/** @type {Name} */ (names[random(names.length)])] = bad[random(bad.length)] ?? 500;
      // Once the local file is not what it should be: it has no copy.
      const isLocalBad = night === 11 || night === 23;
      for (const name of names) {
        const { rows, size } = sources[name];
        const today = rows.slice(0, size + random(20));
        const fault = wrong[name];
        const spoil = spoils[/** @type {Spoil} */ (fault)];
        const text = (spoil ? spoil(today, name) : today).map((row) => JSON.stringify(row)).join("\n");
        server.serve(`/${name}`, `${text}\n`, { etag: `"${night}"` });
        server.fail(`/${name}`, spoil || fault === undefined ? null : /** @type {any} */ (fault));
      }
      const config = writeConfig(
        scratch,
        {
          matcha: [
            { url: isLocalBad ? path.join(sample, "dirt.json") : path.join(sample, "matcha.json"), format: "lba-v3" },
          ],
          lba: [{ url: `${server.origin}/lba`, format: "recruteurs-lba" }],
          offres: [{ url: `${server.origin}/offres`, format: "france-travail" }],
        },
        {
          state,
          fetch: { stall_seconds: 0.3, retries: 1, backoff_seconds: 0.01, total_seconds: 10, max_wait_seconds: 1 },
          // The address of the local file changes with it, and what "today" is must not make offers of the sample old.
          limits: { max_expired_points: 100 },
        },
      );
      const outcome = await runBalise(
        ["build", "--config", config, "--out", out, "--as-of", asOf, "--progress", "never"].concat(
          night === 0 ? ["--accept", "baseline"] : [],
        ),
        { env: { ...process.env, no_proxy: "127.0.0.1", NO_PROXY: "127.0.0.1" } },
      );

      const isKept = names.some((name) => wrong[name] !== undefined);
      const expected = isLocalBad ? "refused" : isKept ? "degraded" : "published";
      const said = JSON.parse(readFileSync(path.join(state, "status.json"), "utf8"));
      const why = `${JSON.stringify(wrong)} ${outcome.stderr}`;
      assert.equal(said.outcome, expected, why);
      assert.equal(outcome.code, expected === "refused" ? 3 : 0, why);
      tally[expected] += 1;
      if (expected === "refused") {
        assert.equal(treeHash(out), hash, "the site of the night before");
      } else {
        const manifest = JSON.parse(readFileSync(path.join(out, "data/manifest.json"), "utf8"));
        for (const name of names) {
          if (wrong[name] === undefined) dataOf[name] = night;
          const of = manifest.sources.find((/** @type {any} */ one) => one.source === name);
          assert.equal(of.state, wrong[name] === undefined ? "ok" : "kept", `${name}: ${why}`);
          const day = new Date(FIRST + dataOf[name] * 86_400_000).toISOString().slice(0, 10);
          assert.equal(of.as_of, day, `${name}: ${why}`);
        }
        hash = treeHash(out);
      }
      const verified = balise(["verify", "--site", out]);
      assert.equal(verified.code, 0, verified.stderr);
    });
  }

  test("there were nights of every kind", () => {
    assert.equal(tally.published + tally.degraded + tally.refused, NIGHTS);
    for (const [kind, count] of Object.entries(tally)) assert.ok(count > 0, `no ${kind}`);
  });
});

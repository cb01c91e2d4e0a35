/** A night that is cut into jobs: sources are fetched, judged and kept as a build does it, and the site is the same. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { FaultServer } from "../fault_server.mjs";
import {
  assertRefused,
  contentOf,
  firstDifference,
  runBalise,
  sample,
  scratchFolder,
  treeHash,
  writeConfig,
} from "./support.mjs";

const scratch = scratchFolder();
const companies = contentOf(path.join(sample, "entreprises.ndjson.gz")).toString("utf8").trimEnd().split("\n");
const text = (/** @type {number} */ from, /** @type {number} */ to) => `${companies.slice(from, to).join("\n")}\n`;
const FETCH = { connect_seconds: 2, stall_seconds: 0.5, total_seconds: 20, retries: 0, backoff_seconds: 0.02 };
const env = { ...process.env, no_proxy: "127.0.0.1", NO_PROXY: "127.0.0.1" };

/** @type {FaultServer} */
let server;
before(async () => {
  server = await FaultServer.start();
});
after(() => server.close());
beforeEach(() => server.heal());

/** One config with a state of its own. */
class Place {
  /** @param {string} name */
  constructor(name) {
    this.state = path.join(scratch, `${name}.state`);
    this.work = path.join(scratch, `${name}.work`);
    this.out = path.join(scratch, `${name}.site`);
    this.report = path.join(scratch, `${name}.report.json`);
    const lba = [{ url: `${server.origin}/lba`, format: "recruteurs-lba" }];
    const matcha = [{ url: path.join(sample, "matcha.json"), format: "lba-v3" }];
    this.config = writeConfig(
      scratch,
      { matcha, lba },
      {
        state: this.state,
        fetch: FETCH,
        filter: { regions: ["11", "84"] },
      },
    );
  }
  /** @param {string[]} args */
  run(...args) {
    return runBalise(args, { env });
  }
  /** @param {string} asOf @param {string[]} more */
  build(asOf, ...more) {
    return this.run("build", "--config", this.config, "--out", this.out, "--as-of", asOf, ...this.reported(), ...more);
  }
  /** @param {string} asOf @param {string[]} more */
  partition(asOf, ...more) {
    const args = ["--config", this.config, "--work", this.work, "--as-of", asOf];
    return this.run("partition", ...args, ...this.reported(), ...more);
  }
  async jobs() {
    const { parts } = JSON.parse(readFileSync(path.join(this.work, "plan.json"), "utf8"));
    for (const number of parts.keys()) {
      const { code, stderr } = await this.run("job", "--work", this.work, "--number", String(number));
      assert.equal(code, 0, stderr);
    }
  }
  /** @param {string[]} more */
  merge(...more) {
    return this.run("merge", "--work", this.work, "--out", this.out, ...this.reported(), ...more);
  }
  /** A night in its three steps. @param {string} asOf @param {string[]} more */
  async night(asOf, ...more) {
    const outcome = await this.partition(asOf, ...more);
    if (outcome.code !== 0) return outcome;
    await this.jobs();
    return this.merge(...more);
  }
  reported() {
    return ["--report", this.report, "--progress", "never"];
  }
  /** @param {string} name of a file in the state folder */
  told(name) {
    return JSON.parse(readFileSync(path.join(this.state, name), "utf8"));
  }
}

/** What both say of a night, but for the time that it took. @param {Place} place @param {string} day */
function saidOf(place, day) {
  const { run, ...report } = JSON.parse(readFileSync(place.report, "utf8"));
  assert.ok(run.durations_ms.fetch >= 0 && run.durations_ms.pages >= 0, "both parts are in it");
  const { duration_ms, ...night } = place.told(`nights/${day}.json`);
  assert.ok(duration_ms > 0);
  const { started, ended, last_published, ...status } = place.told("status.json");
  assert.ok(started && ended && last_published);
  return { report, night, status };
}

test("a night in jobs is the night of a build: published, nothing new, degraded, and refused", async () => {
  const [whole, cut] = [new Place("whole"), new Place("cut")];
  server.serve("/lba", text(0, 400), { etag: '"1"' });
  assertRefused(await cut.partition("2026-11-19"), 3, /--accept baseline/);
  assert.ok(!existsSync(path.join(cut.work, "plan.json")));
  assert.equal(cut.told("status.json").outcome, "refused");

  const same = async (/** @type {string} */ day, /** @type {string} */ outcome, /** @type {string[]} */ ...more) => {
    for (const done of [await whole.build(day, ...more), await cut.night(day, ...more)])
      assert.equal(done.code, 0, done.stderr);
    assert.equal(treeHash(cut.out), treeHash(whole.out), `${day}: ${firstDifference(whole.out, cut.out)}`);
    assert.deepEqual(saidOf(cut, day), saidOf(whole, day));
    assert.equal(cut.told("status.json").outcome, outcome);
  };
  await same("2026-11-19", "published", "--accept", "baseline");
  server.seen = [];
  await same("2026-11-20", "published");
  assert.deepEqual(
    server.seen.map(({ headers }) => headers["if-none-match"]),
    ['"1"', '"1"'],
  );
  server.fail("/lba", 503);
  await same("2026-11-21", "degraded");
  assert.match(readFileSync(path.join(cut.out, "recherche-emploi.html"), "utf8"), /la source ne répond pas/);
  server.heal();
  server.serve("/lba", text(0, 60), { etag: '"2"' });
  await same("2026-11-22", "degraded");
  assert.match(readFileSync(path.join(cut.out, "recherche-emploi.html"), "utf8"), /les plus récentes ont été écartées/);
  await same(
    "2026-11-23",
    "published",
    "--accept",
    "lba:shrink",
    "--accept",
    "lba:departements",
    "--accept",
    "lba:drop",
  );
});

test("a night is remembered when it is published, once, and a merge can be run again", async () => {
  const place = new Place("again");
  server.serve("/lba", text(0, 400), { etag: '"1"' });
  assert.equal((await place.partition("2026-11-19", "--accept", "baseline")).code, 0);
  assert.ok(!existsSync(path.join(place.state, "nights/2026-11-19.json")));
  assert.ok(!existsSync(path.join(place.state, "status.json")));
  await place.jobs();
  assert.equal((await place.merge()).code, 0);
  const copies = treeHash(path.join(place.state, "sources"));
  const hash = treeHash(place.out);
  assert.equal((await place.merge()).code, 0);
  assert.equal(treeHash(path.join(place.state, "sources")), copies);
  assert.equal(treeHash(place.out), hash);
});

test("a merge does not publish what another run has fetched anew since", async () => {
  const place = new Place("overtaken");
  server.serve("/lba", text(0, 400), { etag: '"1"' });
  assert.equal((await place.partition("2026-11-19", "--accept", "baseline")).code, 0);
  await place.jobs();
  server.serve("/lba", text(0, 430), { etag: '"2"' });
  const other = await place.run(
    ...["build", "--config", place.config, "--out", `${place.out}-2`, "--as-of", "2026-11-19", "--progress", "never"],
    ...["--accept", "baseline"],
  );
  assert.equal(other.code, 0, other.stderr);
  assertRefused(await place.merge(), 3, /was fetched again since .*run 'balise partition' again/);
  assert.ok(!existsSync(place.out));
});

test("a site that loses too much is refused by merge, unless that is accepted", async () => {
  const place = new Place("drop");
  server.serve("/lba", text(0, 400), { etag: '"1"' });
  assert.equal((await place.night("2026-11-19", "--accept", "baseline")).code, 0);
  server.serve("/lba", text(0, 290), { etag: '"2"' });
  assert.equal((await place.partition("2026-11-20", "--accept", "lba:departements")).code, 0);
  await place.jobs();
  const hash = treeHash(place.out);
  assertRefused(await place.merge(), 3, /source lba: .*--accept lba:drop/);
  assert.equal(treeHash(place.out), hash);
  assert.equal(place.told("status.json").outcome, "refused");
  assert.equal((await place.merge("--accept", "lba:drop")).code, 0);
  assert.equal(place.told("status.json").outcome, "published");
});

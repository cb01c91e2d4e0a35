/** A build that is cut into jobs gives the same bytes as one that is not, however often its jobs are killed. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import {
  AS_OF,
  balise,
  build,
  filesOf,
  firstDifference,
  program,
  repository,
  scratchFolder,
  treeHash,
} from "./support.mjs";

const scratch = scratchFolder();
const config = path.join(repository, "data/sample.json");
const reference = path.join(scratch, "reference");
const work = path.join(scratch, "work");
let parts = 0;

const partition = (/** @type {string} */ folder, /** @type {string[]} */ ...more) =>
  balise(["partition", "--config", config, "--work", folder, "--as-of", AS_OF, "--progress", "never", ...more]);
const job = (/** @type {string} */ folder, /** @type {number} */ number) =>
  balise(["job", "--work", folder, "--number", String(number)]);
const merge = (/** @type {string} */ folder, /** @type {string} */ out) =>
  balise(["merge", "--work", folder, "--out", out, "--progress", "never"]);

before(() => {
  const outcome = build(config, reference, "--report", path.join(scratch, "build.json"));
  assert.equal(outcome.code, 0, outcome.stderr);
});

test("partition says how many jobs there are, and reports as build does", () => {
  const report = path.join(scratch, "partition.json");
  const outcome = partition(work, "--report", report);
  assert.equal(outcome.code, 0, outcome.stderr);
  parts = Number(outcome.stdout);
  assert.equal(
    parts,
    Object.keys(JSON.parse(readFileSync(path.join(reference, "data/manifest.json"), "utf8")).regions).length,
  );
  const [told, said] = [path.join(scratch, "build.json"), report].map((file) => JSON.parse(readFileSync(file, "utf8")));
  assert.equal(said.outcome, "prepared");
  for (const key of ["as_of", "sources", "totals", "gates"]) assert.deepEqual(said[key], told[key], key);
});

test("nothing is merged before all jobs are done", () => {
  const out = path.join(scratch, "early");
  const outcome = merge(work, out);
  assert.equal(outcome.code, 3, outcome.stderr);
  assert.match(outcome.stderr, /receipt\.json is missing: run 'balise job --work .* --number \d+' first/);
  assert.ok(!existsSync(out));
});

test("jobs that are killed at random and tried again, two of each at a time, give the site of a build", async () => {
  let killed = 0;
  /** Ends when the job was done once. */
  const persist = async (/** @type {number} */ number) => {
    for (let turn = 0; ; ++turn) {
      const child = spawn(program, ["job", "--work", work, "--number", String(number)], { stdio: "ignore" });
      const end = new Promise((resolve) => child.on("exit", resolve));
      if (turn < 3) {
        await setTimeout(Math.random() * 400);
        if (child.exitCode === null) {
          child.kill("SIGKILL");
          ++killed;
        }
      }
      if ((await end) === 0) return;
      assert.ok(turn < 10, `job ${number} fails`);
    }
  };
  for (let number = parts - 1; number >= 0; --number) await Promise.all([persist(number), persist(number)]);
  assert.ok(killed > 0);
  const out = path.join(scratch, "merged");
  const outcome = merge(work, out);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.equal(treeHash(out), treeHash(reference), `first difference: ${firstDifference(reference, out)}`);
});

test("a job that is done again says the same, and leaves what is there", () => {
  const receipt = path.join(work, "done/0/receipt.json");
  const first = readFileSync(receipt, "utf8");
  const outcome = job(work, 0);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.equal(outcome.stdout, first);
  assert.equal(readFileSync(receipt, "utf8"), first);
  const { part, region, input, objects, counts } = JSON.parse(first);
  assert.deepEqual([part, typeof region, input.length, objects.length, counts.length], [0, "string", 64, 64, 4]);
});

test("a merge can be run again, over the site that it made", () => {
  const out = path.join(scratch, "merged");
  assert.equal(merge(work, out).code, 0);
  assert.equal(treeHash(out), treeHash(reference));
  rmSync(out, { recursive: true });
});

/**
 * What a merge, or else job 0, says of a copy of the work folder that was changed.
 * @param {(folder: string) => void} change
 * @param {(folder: string, out: string) => ReturnType<typeof job>} [command]
 */
function refusal(change, command = merge) {
  const folder = path.join(scratch, "changed");
  cpSync(work, folder, { recursive: true });
  change(folder);
  const out = path.join(scratch, "refused");
  const outcome = command(folder, out);
  assert.ok(!existsSync(out));
  rmSync(folder, { recursive: true });
  return outcome;
}

const edit = (/** @type {string} */ file, /** @type {(text: string) => string} */ how) =>
  writeFileSync(file, how(readFileSync(file, "utf8")));

test("receipts that are missing, contradictory or of other files are refused by name", () => {
  const receipt = "done/0/receipt.json";
  const cases = /** @type {[(folder: string) => void, RegExp][]} */ ([
    [(folder) => rmSync(path.join(folder, receipt)), /done\/0\/receipt\.json is missing/],
    [(folder) => writeFileSync(path.join(folder, receipt), "{"), /is no receipt of this part/],
    [
      (folder) => cpSync(path.join(folder, "done/1"), path.join(folder, "done/0"), { recursive: true }),
      /is no receipt of this part/,
    ],
    [
      (folder) => edit(path.join(folder, receipt), (text) => text.replace(/"input":"./, '"input":"_')),
      /is of other records/,
    ],
    [
      (folder) => edit(path.join(folder, receipt), (text) => text.replace(/"counts":\[\d+/, '"counts":[9999')),
      /counts other records/,
    ],
    [(folder) => appendFileSync(path.join(folder, "done/0/result.json"), " "), /does not hold what its receipt says/],
    [(folder) => rmSync(path.join(folder, "done/0/ids"), { recursive: true }), /does not hold what its receipt says/],
    [
      (folder) => {
        const [name] = filesOf(path.join(folder, "done/0/site")).filter((file) => file.endsWith(".bin"));
        rmSync(path.join(folder, "done/0/site", name ?? ""));
      },
      /does not hold what its receipt says/,
    ],
    [(folder) => edit(path.join(folder, "plan.json"), (text) => text.slice(1)), /plan\.json: is damaged/],
    [
      (folder) =>
        edit(path.join(folder, "plan.json"), (text) => text.replace(/"config_sha256": "./, '"config_sha256": "_')),
      /was changed since/,
    ],
  ]);
  for (const [change, message] of cases) {
    const { code, stderr } = refusal(change);
    assert.equal(code, 3, stderr);
    assert.match(stderr, message);
  }
});

test("a job refuses records that are not those of the plan, and an outcome that contradicts another", () => {
  const first = (/** @type {string} */ folder) => job(folder, 0);
  const ofRecords = refusal((folder) => {
    rmSync(path.join(folder, "done"), { recursive: true });
    mkdirSync(path.join(folder, "done"));
    appendFileSync(path.join(folder, "parts/0"), "x");
  }, first);
  assert.equal(ofRecords.code, 3);
  assert.match(ofRecords.stderr, /parts\/0: is not what the plan was made with/);
  const ofOutcome = refusal(
    (folder) => edit(path.join(folder, "done/0/receipt.json"), (text) => text.replace(/"objects":"./, '"objects":"_')),
    first,
  );
  assert.equal(ofOutcome.code, 3);
  assert.match(ofOutcome.stderr, /the same job had another outcome before/);
});

test("wrong usage is said", () => {
  for (const [outcome, message] of /** @type {[ReturnType<typeof job>, RegExp][]} */ ([
    [job(work, parts), /--number \d+: the jobs of .* are 0 to \d+/],
    [job(scratch, 0), /holds no plan/],
    [partition(repository), /holds something else than parts of a build/],
    [partition(path.join(scratch, "w"), "--as-of", "today"), /.+/],
  ])) {
    assert.equal(outcome.code, 2, outcome.stderr);
    assert.match(outcome.stderr, message);
  }
  assert.ok(
    readdirSync(scratch).every((name) => !name.startsWith(".")),
    "a scratch folder was left behind",
  );
});

test("on Slurm, as docs/examples/slurm does it", (context) => {
  const missing = ["sbatch", "slurmctld", "slurmd"].filter(
    (name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0,
  );
  if (missing.length > 0) return context.skip(`${missing.join(", ")} missing: is the package slurm-wlm installed?`);
  const out = path.join(scratch, "slurm-site");
  // While the array runs, some of its jobs are taken from the node and queued again.
  const chaos = `"$@" & build=$!
    for ((turn = 0; turn < 4; )); do
      kill -0 "$build" 2>/dev/null || break
      for id in $(squeue --noheader --states=RUNNING --name=balise-job --format=%A | head -n 1); do
        scontrol requeue "$id" && echo "requeued $id" && ((++turn))
        sleep 1
        scontrol update JobId="$id" StartTime=now
      done
      sleep 0.2
    done
    wait "$build"`;
  const outcome = spawnSync(
    path.join(repository, "tests/cli/one_node_slurm.sh"),
    [
      "bash",
      "-c",
      chaos,
      "chaos",
      path.join(repository, "docs/examples/slurm/build.sh"),
      config,
      path.join(scratch, "slurm-work"),
      out,
      AS_OF,
    ],
    { encoding: "utf8", env: { ...process.env, BALISE: program }, timeout: 900_000 },
  );
  if (outcome.status === 77)
    return context.skip(`Slurm does not start here: ${outcome.stderr.trim().split("\n").at(-1)}`);
  assert.equal(outcome.status, 0, outcome.stderr + outcome.stdout);
  assert.match(outcome.stdout, /requeued/);
  assert.equal(treeHash(out), treeHash(reference), `first difference: ${firstDifference(reference, out)}`);
});

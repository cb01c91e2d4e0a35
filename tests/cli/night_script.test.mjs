/** The examples that run the night: the script itself, and what starts it. */

import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { balise, program, repository } from "./support.mjs";
import { key, otherKey, otherPublicKey, publicKey, scratch } from "./publish_support.mjs";

const run = promisify(execFile);
const examples = path.join(repository, "docs/examples");
const script = path.join(examples, "balise-night.sh");
const to = path.join(scratch, "srv");
const work = path.join(scratch, "work");
cpSync(path.join(repository, "tests/fixtures/tiny"), path.join(scratch, "etc"), { recursive: true });
const config = path.join(scratch, "etc/config.json");

const env = {
  ...process.env,
  BALISE_PROGRAM: program,
  BALISE_CONFIG: config,
  BALISE_KEY: key,
  BALISE_WORK: work,
  BALISE_TO: to,
};

/** @param {Record<string, string>} [more] environment @returns {Promise<{code: number, stderr: string}>} */
const night = (more = {}) =>
  run(script, { env: { ...env, ...more } }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    (error) => error,
  );

test("two nights are two releases", async () => {
  for (const version of [1, 2]) {
    const { code, stderr } = await night();
    assert.equal(code, 0, stderr);
    assert.equal(readlinkSync(path.join(to, "current")), `releases/${version}`);
  }
  assert.equal(balise(["verify", "--site", path.join(to, "current"), "--key", publicKey]).code, 0);
  assert.ok(existsSync(path.join(work, "report.json")));
});

test("a night whose data are refused leaves what was published, and says so by its exit code", async () => {
  const file = path.join(scratch, "etc/entreprises.ndjson");
  const before = readFileSync(file);
  writeFileSync(file, "");
  const { code, stderr } = await night();
  writeFileSync(file, before);
  assert.equal(code, 3, stderr);
  assert.equal(readlinkSync(path.join(to, "current")), "releases/2");
  assert.equal((await night()).code, 0);
  assert.equal(readlinkSync(path.join(to, "current")), "releases/3");
});

test("with recipes each snapshot is published on its own, by its own key if it has one", async () => {
  const [keys, snapshots] = [path.join(scratch, "keys"), path.join(scratch, "srv-snapshots")];
  mkdirSync(keys);
  cpSync(otherKey, path.join(keys, "batiment"));
  const recipes = path.join(scratch, "etc/recipes.json");
  const more = { BALISE_RECIPES: recipes, BALISE_SNAPSHOT_KEYS: keys };
  const write = (/** @type {unknown[]} */ ...list) => writeFileSync(recipes, JSON.stringify(list));
  const batiment = { name: "batiment", keys: [otherPublicKey], filter: { rome_domains: ["F"] } };
  const empty = { name: "vide", filter: { regions: ["94"] } };
  const stranger = { name: "autre", keys: [otherPublicKey] };

  write(batiment, { name: "paris", filter: { departements: ["75"] } });
  const first = await night(more);
  assert.equal(first.code, 0, first.stderr);
  for (const [name, signer] of /** @type {[string, string][]} */ ([
    ["batiment", otherPublicKey],
    ["paris", publicKey],
  ])) {
    const current = path.join(snapshots, name, "current");
    assert.equal(readlinkSync(current), "releases/1");
    const verified = balise(["verify", "--site", current, "--key", signer, "--progress", "never"]);
    assert.equal(verified.code, 0, verified.stderr);
  }
  // One that holds nothing, and one whose pages do not trust the key: the others are published all the same.
  write(empty, batiment);
  const second = await night(more);
  assert.equal(second.code, 3, second.stderr);
  assert.match(second.stderr, /vide: no record/);
  assert.equal(readlinkSync(path.join(snapshots, "batiment/current")), "releases/2");
  assert.ok(!existsSync(path.join(snapshots, "vide")));
  write(stranger, batiment);
  const third = await night(more);
  assert.notEqual(third.code, 0, third.stderr);
  assert.equal(readlinkSync(path.join(snapshots, "batiment/current")), "releases/3");
  assert.ok(!existsSync(path.join(snapshots, "autre/current")));
});

test("a second night while one is at work ends with 75", async () => {
  const first = spawn("flock", [path.join(work, "night.lock"), "sh", "-c", "echo locked; sleep 30"], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  try {
    await new Promise((resolve) => first.stdout.once("data", resolve));
    const { code, stderr } = await night();
    assert.equal(code, 75);
    assert.match(stderr, /another night is at work/);
  } finally {
    if (first.pid) process.kill(-first.pid, "SIGKILL");
  }
});

test("systemd takes the service and the timer", (t) => {
  if (spawnSync("systemd-analyze", ["--version"]).status !== 0)
    return t.skip("skipped: systemd-analyze is not on this machine");
  const units = path.join(scratch, "units");
  mkdirSync(units);
  for (const name of ["balise.service", "balise.timer"])
    writeFileSync(
      path.join(units, name),
      readFileSync(path.join(examples, name), "utf8")
        .replaceAll("/opt/balise/docs/examples/", `${examples}/`)
        .replace("User=balise", "User=root"),
    );
  const files = ["balise.service", "balise.timer"].map((name) => path.join(units, name));
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...files], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.ok(!stderr.includes(units) && !stderr.includes("balise."), stderr);
  const calendar = /OnCalendar=(.*)/.exec(readFileSync(path.join(examples, "balise.timer"), "utf8"))?.[1] ?? "";
  assert.equal(spawnSync("systemd-analyze", ["calendar", calendar]).status, 0);
});

test("the line for cron is one, and names the script", () => {
  const lines = readFileSync(path.join(examples, "balise.cron"), "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#") && !/^[A-Z]+=/.test(line));
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? "",
    /^\d+ \d+ \* \* \* balise nice -n 10 \/opt\/balise\/(docs\/examples\/balise-night\.sh) /,
  );
  assert.ok(existsSync(script));
});

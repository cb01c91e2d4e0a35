// The whole benchmark: sets, oracle, builds, searches, report. See ../run.sh for what it needs installed.

import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { cold, launch, networks, warm } from "./browser.mjs";
import { report } from "./report.mjs";
import { serve } from "./server.mjs";

const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const bin = join(repository, "build", "bench");
// The day of the first set, and the one after it.
const as_of = "2026-11-20";
const next_day = "2026-11-21";
const browserPeers = ["json", "kdbush", "sqlite", "flatgeobuf", "duckdb"];
const allPeers = [...browserPeers, "postgis"];

const { values } = parseArgs({
  options: {
    scale: { type: "string", default: "1" },
    searches: { type: "string", default: "200" },
    cold: { type: "string", default: "60" },
    slow: { type: "string", default: "24" },
    "slow-peers": { type: "string", default: "2" },
    larger: { type: "string", default: "0" },
    peers: { type: "string", default: allPeers.join(",") },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: String(cpus().length) },
    out: { type: "string", default: join(bin, "run") },
    results: { type: "string", default: join(bin, "results.json") },
    docs: { type: "string", default: join(repository, "docs", "BENCHMARKS.md") },
  },
});
const peers = values.peers.split(",").filter(Boolean);
for (const name of peers)
  if (!allPeers.includes(name)) throw new Error(`no peer "${name}"; there are ${allPeers.join(", ")}`);
const out = resolve(values.out);
const searchCount = Number(values.searches);
/** With an empty cache, and more so on throttled networks, only some of the searches are asked: each takes a while. */
const coldCount = Math.min(Number(values.cold), searchCount);
const slowCount = Math.min(Number(values.slow), searchCount);
/** Those of them that peers are asked: with megabytes to fetch, each takes minutes. */
const slowPeersCount = Math.min(Number(values["slow-peers"]), slowCount);

/** So many of a list, evenly drawn. */
const some = (list, count) =>
  list.filter((_, i) => Math.floor(((i + 1) * count) / list.length) > Math.floor((i * count) / list.length));

const begin = Date.now();
const say = (text) => console.error(`[${((Date.now() - begin) / 1000).toFixed(0).padStart(5)} s] ${text}`);

/** Runs a program under GNU time: what it printed, its seconds and its peak memory. */
async function timed(command, args, options = {}) {
  const file = join(out, "time.txt");
  const run = promisify(execFile);
  const { stdout, stderr } = await run("/usr/bin/time", ["-f", "%e %U %S %M", "-o", file, command, ...args], {
    maxBuffer: 1 << 30,
    cwd: repository,
    ...options,
  });
  const [seconds, user, system, peak_kb] = (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .at(-1)
    .split(" ")
    .map(Number);
  return { stdout, stderr, seconds, cpu_seconds: user + system, peak_mb: peak_kb / 1024 };
}

/** How long ext4 passes over the inodes of deleted files, one by one, when it wants one for a new file. */
const deletionMemory_ms = 40_000;
let lastDeletion = -Infinity;
async function removeFolder(folder) {
  if (!existsSync(folder)) return;
  await rm(folder, { recursive: true });
  lastDeletion = Date.now();
}

/** Before a build is timed: what was written before is on the disk, and what was deleted forgotten. */
async function settleDisk() {
  await promisify(execFile)("sync");
  await new Promise((resolve) => setTimeout(resolve, lastDeletion + deletionMemory_ms - Date.now()));
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    files.push({ path, name: relative(folder, path), bytes: (await stat(path)).size });
  }
  return files;
}

/** Files of a published folder and their bytes as a host sends them: of a file with a variant that counts, .br before .gz. */
async function publishedFiles(folder) {
  const files = await filesBelow(folder);
  const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
  return files
    .filter(({ name }) => !/\.(br|gz)$/.test(name) || !byName.has(name.replace(/\.(br|gz)$/, "")))
    .map((file) => ({
      ...file,
      sent_bytes: byName.get(`${file.name}.br`) ?? byName.get(`${file.name}.gz`) ?? file.bytes,
    }));
}

/**
 * Bytes of published files by kind.
 * @param {(name: string) => string} kindOf
 */
function sizes(files, kindOf) {
  const kinds = {};
  for (const { name, bytes, sent_bytes } of files) {
    const kind = (kinds[kindOf(name)] ??= { files: 0, sent_bytes: 0, plain_bytes: 0 });
    ++kind.files;
    kind.sent_bytes += sent_bytes;
    kind.plain_bytes += bytes;
  }
  return kinds;
}

/** Kind of a file of Balise's site: below data/ what stands before its hash. */
function kindOfBalise(name) {
  if (name.startsWith("apprentissage/")) return "listings";
  if (!name.startsWith("data/")) return "pages, scripts, module";
  const base = name.split("/").at(-1);
  const kind = /^([a-z-]+)-[0-9a-f]{16,}/.exec(base)?.[1] ?? base.replace(/\.(json|bin).*$/, "");
  return `data: ${kind}`;
}

/** @returns {Promise<string>} the same for the same name and content */
async function identityOf({ path, name }) {
  const hash = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  return `${name} ${hash}`;
}

async function makeSet(folder, night, scale = values.scale) {
  const { stdout } = await timed(join(bin, "balise_bench_data"), [
    "--out",
    folder,
    "--seed",
    values.seed,
    "--scale",
    scale,
    "--searches",
    values.searches,
    "--night",
    String(night),
  ]);
  return JSON.parse(stdout);
}

/** Builds as of a day and verifies; with `profile`, under perf, where there is one. */
async function buildBalise(data, site, day, reportFile, profile) {
  await removeFolder(site);
  await settleDisk();
  const perf =
    profile && versions("perf", "--version") !== "absent"
      ? ["perf", "record", "--quiet", "-F", "99", "-o", profile]
      : [];
  const [command, ...before] = [...perf, join(bin, "balise")];
  const built = await timed(command, [
    ...before,
    "build",
    "--config",
    join(data, "config.json"),
    "--out",
    site,
    "--as-of",
    day,
    "--jobs",
    values.jobs,
    "--report",
    reportFile,
    "--progress",
    "always",
  ]);
  const verified = await timed(join(bin, "balise"), ["verify", "--site", site, "--jobs", values.jobs]);
  return { build: built, verify: verified };
}

/** Ids of an answer against the oracle's first twenty; a page may show more where there are fewer. */
function isRight(cards, expected) {
  return (
    cards.length >= expected.length &&
    expected.every(({ source, id }, i) => cards[i].source === source && cards[i].id === id)
  );
}

async function measureInBrowser({ browser, root, path, searches, oracle, balise, kindOf }) {
  const server = await serve(root);
  const measured = { networks: {}, wrong: [], failures: [] };
  try {
    for (const network of ["none", "mobile", "slow"]) {
      const slow = some(searches, slowCount);
      const throttled = balise ? slow : some(slow, slowPeersCount);
      const asked = network === "none" ? some(searches, coldCount) : throttled;
      const rows = [];
      for (const search of asked) {
        const i = search.number;
        const next = searches[(i + 1) % searches.length];
        const result = await cold({
          browser,
          server,
          path,
          search,
          next: network === "none" ? next : undefined,
          network,
          timeout_ms: 120_000,
        });
        if (result.failed) {
          rows.push({ search: i, failed: result.failed, bytes: result.bytes, requests: result.requests });
          measured.failures.push({ network, search: i, failed: result.failed, errors: result.errors });
          continue;
        }
        const { first, second } = result;
        for (const [which, found, number] of [
          ["first", first, i],
          ["second", second, next.number],
        ])
          if (found && !isRight(found.cards, oracle.answers[number].first))
            measured.wrong.push({
              network,
              which,
              search: number,
              state: found.state,
              got: found.cards.slice(0, 20),
              errors: result.errors,
            });
        const kinds = {};
        for (const { path: asked_path, body } of first.entries)
          kinds[kindOf(asked_path)] = (kinds[kindOf(asked_path)] ?? 0) + body;
        rows.push({
          search: i,
          ms: first.ms,
          bytes: first.bytes,
          requests: first.requests,
          header_bytes: first.header_bytes,
          later_bytes: first.later_bytes,
          kinds,
          ...(second
            ? {
                second: {
                  ms: second.ms,
                  bytes: second.bytes,
                  requests: second.requests,
                  header_bytes: second.header_bytes,
                },
              }
            : {}),
        });
      }
      measured.networks[network] = rows;
    }
    const warmed = await warm({ browser, server, path, searches, balise });
    measured.warm_ms = warmed.map(({ ms }) => Math.min(...ms));
    warmed.forEach(({ cards }, i) => {
      if (!isRight(cards, oracle.answers[i].first)) measured.wrong.push({ network: "warm", search: i, got: cards });
    });
  } finally {
    await server.close();
  }
  return measured;
}

const versions = (command, ...args) => {
  try {
    return execFileSync(command, args, { encoding: "utf8" }).trim().split("\n")[0];
  } catch {
    return "absent";
  }
};

await mkdir(out, { recursive: true });
const results = {
  date: new Date().toISOString().slice(0, 10),
  options: { ...values, peers },
  machine: {
    cpu: cpus()[0].model,
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    kernel: versions("uname", "-sr"),
    compiler: versions("g++", "--version"),
    commit: versions("git", "-C", repository, "rev-parse", "--short", "HEAD"),
  },
  peers: {},
};
const save = () => writeFile(values.results, `${JSON.stringify(results, null, 1)}\n`);

say(`making the set at scale ${values.scale}`);
const data = join(out, "data");
results.set = await makeSet(data, 0);
const searches = JSON.parse(await readFile(join(data, "searches.json"), "utf8")).searches;
say(`${results.set.records} records, ${(results.set.bytes / 1e6).toFixed(0)} MB; building Balise's site`);
const site = join(out, "site");
const built = await buildBalise(data, site, as_of, join(out, "report.json"));
const manifest = JSON.parse(await readFile(join(site, "data", "manifest.json"), "utf8"));
results.balise = { build: built, sizes: sizes(await publishedFiles(site), kindOfBalise), counts: manifest.counts };
// Progress lines carry seconds: they are the profile of the build.
results.balise.phases = built.build.stderr
  .replaceAll(`${repository}/`, "")
  .split(/[\r\n]+/)
  .filter((line) => /\S/.test(line) && !/%/.test(line));
say(`built in ${built.build.seconds} s, verified in ${built.verify.seconds} s; the oracle`);

const oracleFile = join(out, "oracle.json");
const records = join(out, "records.ndjson");
await timed(join(bin, "balise_bench_oracle"), [
  "--config",
  join(data, "config.json"),
  "--searches",
  join(data, "searches.json"),
  "--as-of",
  as_of,
  "--out",
  oracleFile,
  ...(peers.length > 0 ? ["--export", records] : []),
]);
const oracle = JSON.parse(await readFile(oracleFile, "utf8"));
for (const [source, count] of Object.entries(oracle.counts))
  if (manifest.counts[source] !== count)
    throw new Error(`the site holds ${manifest.counts[source]} ${source}, the oracle ${count}: the set has duplicates`);

say("native searches");
for (const [name, extra] of [
  ["first_20", ["--cards", "20"]],
  ["all", []],
]) {
  const run = await timed(join(bin, "balise_bench_search"), [
    "--site",
    site,
    "--searches",
    join(data, "searches.json"),
    "--oracle",
    oracleFile,
    ...extra,
  ]);
  const native = JSON.parse(run.stdout);
  results.balise[`native_${name}`] = {
    wrong: native.wrong,
    peak_mb: run.peak_mb,
    warm_ms: native.searches.map(({ warm_ms }) => Math.min(...warm_ms)),
  };
}
await save();

const chromium = await launch();
results.machine.chromium = chromium.version;
const { browser } = chromium;
say(`Balise in Chromium ${chromium.version}`);
const kindOfUrl = (path) => kindOfBalise(path.slice(1));
results.balise.browser = await measureInBrowser({
  browser,
  root: site,
  path: "/recherche-apprentissage",
  searches,
  oracle,
  balise: true,
  kindOf: kindOfUrl,
});
await save();

for (const name of peers) {
  const peer = (results.peers[name] = {});
  try {
    peer.title = (await import(`../peers/${name}/build.mjs`)).title;
    const folder = join(out, "peers", name);
    say(`${name}: building`);
    await settleDisk();
    if (name === "postgis") {
      const { measure } = await import("../peers/postgis/build.mjs");
      Object.assign(peer, await measure({ records, folder, searches, oracle, isRight }));
    } else {
      peer.build = await timed(process.execPath, [
        "--max-old-space-size=12000",
        join(repository, "tests/bench/harness/build-peer.mjs"),
        name,
        records,
        folder,
      ]);
      // The peer's own program is compressed once for all sets.
      peer.build.seconds -= JSON.parse(peer.build.stdout).program_seconds;
      peer.sizes = sizes(await publishedFiles(folder), (path) => (path.startsWith("data/") ? "data" : "program"));
      say(`${name}: built in ${peer.build.seconds} s, searching`);
      peer.browser = await measureInBrowser({
        browser,
        root: folder,
        path: "/",
        searches,
        oracle,
        balise: false,
        kindOf: (path) => (path.startsWith("/data/") ? "data" : "program"),
      });
    }
    say(
      `${name}: ${peer.browser ? `${peer.browser.wrong.length} wrong, ${peer.browser.failures.length} failed` : `${peer.wrong} wrong`}`,
    );
  } catch (error) {
    peer.failed = String(error?.stderr || error?.message || error)
      .trim()
      .split("\n")
      .slice(0, 6)
      .join(" ")
      .slice(0, 600);
    say(`${name}: ${peer.failed}`);
  }
  await save();
}
await chromium.close();

say("one night later");
const nightData = join(out, "night-data");
const nightSite = join(out, "night-site");
results.night = { set: await makeSet(nightData, 1) };
const profile = join(out, "perf.data");
results.night.build = await buildBalise(nightData, nightSite, next_day, join(out, "night-report.json"), profile);
try {
  results.night.profile = {};
  for (const sort of ["dso", "dso,symbol"]) {
    const { stdout } = await promisify(execFile)(
      "perf",
      ["report", "-i", profile, "--stdio", "--no-children", "--sort", sort, "--percent-limit", "1"],
      { maxBuffer: 1 << 26 },
    );
    const lines = stdout.split("\n").filter((line) => /^ +\d/.test(line));
    results.night.profile[sort] = lines.slice(0, 16).map((line) =>
      line
        .trim()
        .replace(/( +-)+$/, "")
        .replace(/ +/g, " "),
    );
  }
} catch {
  delete results.night.profile;
  say("no profile: perf is not there or may not sample");
}
const before = new Set();
for (const file of await publishedFiles(site)) before.add(await identityOf(file));
const nightFiles = await publishedFiles(nightSite);
const newFiles = [];
for (const file of nightFiles) if (!before.has(await identityOf(file))) newFiles.push(file);
results.night.sizes = sizes(nightFiles, kindOfBalise);
results.night.new_sizes = sizes(newFiles, kindOfBalise);
await save();
await removeFolder(nightSite);
await removeFolder(nightData);

// The speed of a machine may have moved since the beginning.
say("the first build again");
const againSite = join(out, "again-site");
results.balise.build_again = await buildBalise(data, againSite, as_of, join(out, "again-report.json"));
await save();
await removeFolder(againSite);

if (Number(values.larger) > 0) {
  say(`a set at scale ${values.larger}`);
  const largerData = join(out, "larger-data");
  const largerSite = join(out, "larger-site");
  const set = await makeSet(largerData, 0, values.larger);
  const { build, verify } = await buildBalise(largerData, largerSite, as_of, join(out, "larger-report.json"));
  const { counts } = JSON.parse(await readFile(join(largerSite, "data", "manifest.json"), "utf8"));
  results.larger = { set, build, verify, counts };
  await removeFolder(largerData);
  await removeFolder(largerSite);
}
results.seconds = (Date.now() - begin) / 1000;
await save();
await writeFile(values.docs, await report(results));
const wrong = [results.balise, ...Object.values(results.peers)].reduce(
  (sum, { browser: part, wrong: native }) => sum + (part?.wrong.length ?? native ?? 0),
  0,
);
say(
  `done: ${values.docs}, ${values.results}; wrong answers: ${wrong + results.balise.native_first_20.wrong + results.balise.native_all.wrong}`,
);
process.exitCode = wrong + results.balise.native_first_20.wrong + results.balise.native_all.wrong > 0 ? 1 : 0;

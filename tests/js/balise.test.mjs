// balise.js over the built sample site, in Node, against the native program; and over damaged copies of it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = process.env.BALISE_SITE ?? join(root, "public");
const balise = process.env.BALISE_BIN ?? join(root, "build/release/balise");
const run = promisify(execFile);
const { open, BaliseError } = await import(pathToFileURL(join(site, "balise.js")).href);

/** A small generator of numbers, the same in every run. @param {number} seed */
function random(seed) {
  let state = seed;
  return (/** @type {number} */ limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const towns = [
  [48.85, 2.35],
  [48.11, -1.68],
  [45.76, 4.83],
  [48.58, 7.75],
  [41.92, 8.74],
  [-20.88, 55.45],
  [4.93, -52.33],
  [14.6, -61.07],
  [46.5, 2.5],
];
const romes = ["F1701", "F1702", "F1703", "F1705", "D1102", "M1805", "G1602", "K1304", "N4101", "A1414", "D1202"];

/** @param {(limit: number) => number} below */
function randomQuery(below) {
  /** @type {Record<string, any>} */
  const query = {};
  if (below(6) !== 0) {
    const [lat, lon] = towns[below(towns.length)];
    query.lat = Number((lat + (below(200) - 100) / 1000).toFixed(3));
    query.lon = Number((lon + (below(200) - 100) / 1000).toFixed(3));
    query.radius = [0, 10, 30, 60, 100, 200, 20000][below(7)];
  }
  if (below(3) !== 0) query.romes = Array.from({ length: 1 + below(4) }, () => romes[below(romes.length)]);
  else if (below(2) === 0) query.romeDomain = ["F", "F17", "D11", "M"][below(4)];
  if (below(4) === 0) query.diploma = String(3 + below(5));
  if (below(4) === 0) query.sources = ["formations", "offres", "matcha", "lba"].filter(() => below(2) === 0);
  if (query.sources?.length === 0) delete query.sources;
  if (below(8) === 0) query.region = ["11", "53", "94", "04"][below(4)];
  if (below(8) === 0) query.departement = ["75", "35", "2A", "974"][below(4)];
  if (below(4) === 0) query.limit = 1 + below(20);
  return query;
}

/** @param {Record<string, any>} query */
async function natively(query) {
  const names = { romeDomain: "rome-domain" };
  const options = Object.entries(query).map(([key, value]) => `--${/** @type {any} */ (names)[key] ?? key}=${value}`);
  const { stdout } = await run(balise, ["search", "--site", site, "--format", "json", ...options], {
    maxBuffer: 64 << 20,
  });
  return stdout.trim();
}

test("500 searches give the same bytes in Node and natively", async () => {
  const b = await open(pathToFileURL(site).href);
  const below = random(7);
  let results = 0;
  for (let i = 0; i < 500; ++i) {
    const query = randomQuery(below);
    const answer = await b.search(query);
    assert.equal(JSON.stringify(answer), await natively(query), JSON.stringify(query));
    results += answer.results.length;
  }
  assert.ok(results > 20_000, `only ${results} results`);
});

test("cards limits what is read and returned, not what is counted", async () => {
  const b = await open(pathToFileURL(site).href);
  const query = { lat: 48.85, lon: 2.35, radius: 60, romes: ["F1702", "F1705", "F1701"] };
  const all = await b.search(query);
  const first = await b.search({ ...query, cards: 20 });
  assert.deepEqual(first.results, all.results.slice(0, 20));
  assert.deepEqual(first.counts, all.counts);
});

/** @param {Promise<unknown>} promise @param {string} code */
const rejectsWith = (promise, code) =>
  assert.rejects(promise, (/** @type {any} */ error) => error instanceof BaliseError && error.code === code);

test("an aborted search ends with its own error", async () => {
  const b = await open(pathToFileURL(site).href);
  const controller = new AbortController();
  const search = b.search({ romes: ["F1703"], signal: controller.signal });
  controller.abort();
  await rejectsWith(search, "aborted");
  await rejectsWith(b.search({ romes: ["F1703"], signal: controller.signal }), "aborted");
});

/** @type {string[]} */
const folders = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function copyOfSite() {
  const folder = await mkdtemp(join(tmpdir(), "balise-site-"));
  folders.push(folder);
  await cp(site, folder, { recursive: true });
  return folder;
}

test("a missing site, manifest or module is told apart", async () => {
  await rejectsWith(open(pathToFileURL(join(tmpdir(), "no-such-balise-site")).href), "manifest_unavailable");
  const folder = await copyOfSite();
  await rm(join(folder, "balise.wasm"));
  const copy = await import(pathToFileURL(join(folder, "balise.js")).href);
  await assert.rejects(copy.open(pathToFileURL(folder).href), { code: "engine_unavailable" });
  await writeFile(join(folder, "data/manifest.json"), "<html>");
  await rejectsWith(open(pathToFileURL(folder).href), "manifest_unavailable");
});

test("a manifest of a later format is refused by that name", async () => {
  const folder = await copyOfSite();
  const path = join(folder, "data/manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...manifest, format: 99 }));
  await rejectsWith(open(pathToFileURL(folder).href), "format_too_new");
});

test("a damaged or missing shard is told, and a later try may work", async () => {
  const folder = await copyOfSite();
  const data = join(folder, "data/france");
  const names = (await readdir(data)).filter((name) => name.startsWith("directory-"));
  assert.ok(names.length > 0);
  const good = await Promise.all(names.map((name) => readFile(join(data, name))));
  /** @param {(bytes: Buffer, path: string) => Promise<void>} change of every directory: the search reads one */
  const change = (change) => Promise.all(names.map((name, i) => change(good[i] ?? Buffer.alloc(0), join(data, name))));
  const b = await open(pathToFileURL(folder).href);
  const query = { lat: 48.85, lon: 2.35, radius: 10, romes: ["F1703"] };
  for (const damage of [
    (/** @type {Buffer} */ bytes) => bytes.subarray(0, bytes.length - 1),
    () => Buffer.from("<html>"),
    (/** @type {Buffer} */ bytes) => Buffer.alloc(bytes.length),
  ]) {
    await change((bytes, path) => writeFile(path, damage(bytes)));
    await rejectsWith(b.search(query), "shard_damaged");
  }
  await change((_, path) => rm(path));
  await rejectsWith(b.search(query), "shard_unavailable");
  await change((bytes, path) => writeFile(path, bytes));
  assert.ok((await b.search(query)).results.length > 0);
});

test("JavaScript and core name errors alike", async () => {
  const { errorNames } = await import("../../site/js/engine.js");
  const header = await readFile(join(root, "core/result.hpp"), "utf8");
  const body = header.slice(header.indexOf("enum class ErrorCode"), header.indexOf("};"));
  const names = [...body.matchAll(/^ {2}(\w+) = (\d+),/gm)].map(([, name, number]) => [Number(number), name]);
  assert.deepEqual(
    names,
    errorNames.map((/** @type {string} */ name, /** @type {number} */ number) => [number, name]),
  );
});

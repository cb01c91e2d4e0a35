/** What the tests of publishing share: a small site with a key, as pages and shards of it change from night to night. */

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { AS_OF, balise, repository, scratchFolder } from "./support.mjs";

export const scratch = scratchFolder();
export const key = path.join(scratch, "key");
export const otherKey = path.join(scratch, "other-key");

const made = [key, otherKey].map((file) => balise(["key", "--new", file]));
for (const outcome of made) assert.equal(outcome.code, 0, outcome.stderr);
export const [publicKey = "", otherPublicKey = ""] = made.map(({ stdout }) => stdout.trim());

/** Pages and scripts as they are built, but for those that only make a site larger. */
const assets = path.join(scratch, "assets");
const built = path.join(repository, "build/assets");
mkdirSync(path.join(assets, "site"), { recursive: true });
cpSync(path.join(built, "reference"), path.join(assets, "reference"), { recursive: true });
for (const name of [
  "_headers",
  ".nojekyll",
  "index.html",
  "list.html",
  "page.css",
  "search.html",
  "signature-worker.js",
  "sw.js",
])
  cpSync(path.join(built, "site", name), path.join(assets, "site", name));
for (const name of ["test-widget", "developpeurs", "developers"])
  writeFileSync(path.join(assets, "site", `${name}.html`), '<html lang="fr"><head></head></html>\n');

const fixtures = path.join(repository, "tests/fixtures/tiny");

/** A config for the records of tests/fixtures/tiny. @param {Record<string, unknown>} more keys of it @returns {string} path */
export function smallConfig(more) {
  const folder = path.join(scratch, "sources");
  cpSync(fixtures, folder, { recursive: true });
  const config = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8"));
  const file = path.join(folder, "changed.json");
  writeFileSync(file, JSON.stringify({ ...config, ...more }));
  return file;
}

/**
 * Builds a small site, another one for each number.
 * @param {string} out
 * @param {number} number
 * @param {Record<string, unknown>} [more] keys of the config
 */
export function buildSmall(out, number, more = {}) {
  const file = smallConfig({ title: `Site ${number}`, keys: [publicKey], ...more });
  const companies = path.join(path.dirname(file), "entreprises.ndjson");
  writeFileSync(companies, readFileSync(companies, "utf8").replace(/"enseigne":\s*"/, `$&No ${number} `));
  const outcome = balise(["build", "--config", file, "--out", out, "--as-of", AS_OF, "--progress", "never"], {
    env: { ...process.env, BALISE_ASSETS: assets },
  });
  assert.equal(outcome.code, 0, outcome.stderr);
}

/** The time of the publication on a day from the first one on. @param {number} day */
export const onDay = (day) => new Date(Date.UTC(2026, 10, 21 + day, 4)).toISOString().replace(".000", "");

/** @param {string} site @param {string} to @param {string[]} more */
export const publishArguments = (site, to, ...more) => [
  "publish",
  "--site",
  site,
  "--to",
  to,
  "--key",
  key,
  "--progress",
  "never",
  "--jobs",
  "1",
  ...more,
];

/** @param {string} site @param {string} to @param {string[]} more */
export const publish = (site, to, ...more) => balise(publishArguments(site, to, ...more));

/** @param {string} folder @returns {any} the manifest of a site */
export const manifestOf = (folder) => JSON.parse(readFileSync(path.join(folder, "data/manifest.json"), "utf8"));

/** What a folder of releases holds beside what belongs there. @param {string} to @returns {string[]} */
export function leftOvers(to) {
  const versions = readFileSync(path.join(to, "history.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => String(JSON.parse(line).version));
  const expected = new Set([".lock", "current", "history.jsonl", "objects", "releases"]);
  const releases = readdirSync(path.join(to, "releases"));
  return [
    ...readdirSync(to).filter((name) => !expected.has(name)),
    ...releases.filter((name) => !versions.includes(name)),
    ...readdirSync(path.join(to, "objects")).filter(
      (name) => !name.endsWith(".txt") || !releases.includes(name.slice(0, -4)),
    ),
  ];
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

const agent = new http.Agent({ keepAlive: true });

/**
 * @param {string | URL} url
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{status: number, headers: http.IncomingHttpHeaders, body: Buffer}>}
 */
export function get(url, headers = {}) {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent, headers }, (response) => {
        /** @type {Buffer[]} */
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.once("error", reject);
        response.once("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        );
      })
      .once("error", reject);
  });
}

/**
 * What the tests of the program share. BALISE_BIN: the program (build/release/balise), relative to the root of the
 * repository. Scratch folders lie in memory where there is room, else in the system's temporary folder, and go when the
 * tests end: a build waits until its files are on the disk, which takes longer than all the rest of it.
 */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, gunzipSync, inflateRawSync } from "node:zlib";

export const repository = fileURLToPath(new URL("../../", import.meta.url));
export const sample = path.join(repository, "data/sample");
export const program = path.resolve(repository, process.env["BALISE_BIN"] ?? "build/release/balise");
if (!existsSync(program)) throw new Error(`${program} is missing: run ./deploy.sh, or set BALISE_BIN`);

/** The day that these tests take for today: the sample's dates are around it. */
export const AS_OF = "2026-11-21";

const MEMORY = "/dev/shm";

/** @returns {boolean} */
function isRoomy() {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > 5e8;
  } catch {
    return false;
  }
}

/** @returns {string} a fresh folder, removed after the tests of this file */
export function scratchFolder() {
  const folder = mkdtempSync(path.join(isRoomy() ? MEMORY : os.tmpdir(), "balise-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null, stdout: string, stderr: string }} Outcome
 * @param {string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 * @returns {Outcome}
 */
export function balise(args, options = {}) {
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 300_000,
    ...options,
  });
  if (error) throw error;
  return { code: status, signal, stdout: String(stdout), stderr: String(stderr) };
}

/**
 * The same without waiting: for tests that serve what the program asks for.
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<Outcome>}
 */
export function runBalise(args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/**
 * @param {string} config path
 * @param {string} out folder
 * @param {string[]} more arguments
 */
export function build(config, out, ...more) {
  return balise(["build", "--config", config, "--out", out, "--as-of", AS_OF, "--progress", "never", ...more]);
}

/**
 * Writes a config whose sources are given, and gives its path.
 * @param {string} folder
 * @param {Record<string, unknown>} sources
 * @param {Record<string, unknown>} [more] other keys
 */
export function writeConfig(folder, sources, more = {}) {
  const file = path.join(folder, `config-${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(file, JSON.stringify({ title: "Test", sources, ...more }));
  return file;
}

/**
 * @param {string} folder
 * @returns {string[]} paths of all files below it, sorted, relative to it
 */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .sort();
}

/**
 * @param {string} folder
 * @returns {string} hash over the names and contents of all files
 */
export function treeHash(folder) {
  const hash = createHash("sha256");
  for (const name of filesOf(folder)) {
    const content = readFileSync(path.join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * Where two trees differ first, for messages.
 * @param {string} a
 * @param {string} b
 */
export function firstDifference(a, b) {
  const [inA, inB] = [filesOf(a), filesOf(b)];
  for (const name of new Set([...inA, ...inB])) {
    if (!inA.includes(name)) return `${name} only in the second`;
    if (!inB.includes(name)) return `${name} only in the first`;
    if (!readFileSync(path.join(a, name)).equals(readFileSync(path.join(b, name)))) return `${name} differs`;
  }
  return "none";
}

/**
 * A refusal is one line on stderr, the last one, that begins with the program's name, names what the patterns say and
 * proposes what to try. A build that had read its sources says before what became of them.
 * @param {Outcome} outcome
 * @param {number} code
 * @param {RegExp[]} patterns
 */
export function assertRefused(outcome, code, ...patterns) {
  const { stderr } = outcome;
  assert.equal(outcome.signal, null, stderr);
  assert.equal(outcome.code, code, `exit code; stderr: ${stderr}`);
  assert.equal(outcome.stdout, "", "stdout is for data");
  const lines = stderr.split("\n");
  assert.equal(lines.pop(), "", "stderr ends with a line break");
  const sentence = lines.pop() ?? "";
  assert.match(sentence, /^balise: \S/, stderr);
  assert.ok(!lines.some((line) => line.startsWith("balise: ")), `one sentence only: ${stderr}`);
  assert.ok(!/fault of balise/.test(sentence), sentence);
  assert.match(sentence, /[;:,] [a-zA-Z'"]/, `no advice: ${sentence}`);
  for (const pattern of patterns) assert.match(sentence, pattern);
  return sentence;
}

/**
 * The content of a packed file below data/ (docs/FORMAT.md, "Packing").
 * @param {string} file
 * @returns {Buffer}
 */
export function unpacked(file) {
  const bytes = readFileSync(file);
  const content = inflateRawSync(bytes.subarray(4));
  assert.equal(content.length, bytes.readUInt32LE(0), file);
  return content;
}

/**
 * Decompressed content of a source or a published file, by its ending.
 * @param {string} file
 * @returns {Buffer}
 */
export function contentOf(file) {
  const bytes = readFileSync(file);
  if (file.endsWith(".gz")) return gunzipSync(bytes);
  if (file.endsWith(".br")) return brotliDecompressSync(bytes);
  if (file.endsWith(".zst")) {
    const { stdout, error, status } = spawnSync("zstd", ["-d", "-q", "-c"], { input: bytes, maxBuffer: 1 << 28 });
    if (error || status !== 0) throw new Error(`zstd cannot read ${file}: is it installed?`);
    return stdout;
  }
  return bytes;
}

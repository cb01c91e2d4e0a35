/**
 * The npm package: what is in it, and that it works once installed, without a network, over a folder and over http.
 * BALISE_SITE: the built sample site. The package itself is what the WebAssembly build left in build/package.
 */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { program, repository, scratchFolder } from "./support.mjs";

const site = path.resolve(repository, process.env["BALISE_SITE"] ?? "public");
const built = path.join(repository, "build/package");
const folder = scratchFolder();

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 120_000 });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** @param {string[]} args @param {string} cwd */
function npm(args, cwd) {
  const { code, stdout, stderr } = run("npm", [...args, "--offline", "--cache", path.join(folder, "cache")], cwd);
  assert.equal(code, 0, stderr);
  return stdout;
}

before(() => {
  assert.ok(existsSync(path.join(built, "package.json")), `${built} is missing: run ./deploy.sh`);
});

test("the package holds what it needs, and nothing else", () => {
  const [{ files, name, version, unpackedSize }] = JSON.parse(npm(["pack", "--dry-run", "--json"], built));
  assert.deepEqual(
    files.map((/** @type {any} */ file) => file.path).sort(),
    [
      "LICENSE",
      "README.md",
      "balise-api.wasm",
      "balise.d.ts",
      "balise.js",
      "balise.wasm",
      "example.mjs",
      "package.json",
      "signature.js",
    ].sort(),
  );
  assert.equal(name, "balise-search");
  const project = readFileSync(path.join(repository, "CMakeLists.txt"), "utf8");
  assert.equal(version, /project\(balise VERSION ([\d.]+)/.exec(project)?.[1]);
  assert.ok(unpackedSize < 2_000_000, String(unpackedSize));
});

test("its scripts are those of the site", () => {
  for (const name of ["balise.js", "signature.js", "balise.d.ts", "balise.wasm", "balise-api.wasm"])
    assert.ok(readFileSync(path.join(built, name)).equals(readFileSync(path.join(site, name))), name);
});

test("installed into an empty folder, without a network, it searches a folder and a server", async () => {
  const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], built));
  const fresh = path.join(folder, "fresh");
  mkdirSync(fresh);
  writeFileSync(path.join(fresh, "package.json"), '{"private": true}');
  npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", path.join(folder, filename)], fresh);
  const example = path.join(fresh, "node_modules/balise-search/example.mjs");
  // A copy beside the package finds it by its name.
  cpSync(example, path.join(fresh, "mine.mjs"));

  const server = spawn(program, ["serve", "--site", site, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const url = await new Promise((resolve, reject) => {
      server.stdout.once("data", (line) => resolve(String(line).trim()));
      server.once("exit", () => reject(new Error("the server ended")));
    });
    const outputs = [];
    for (const [script, from] of [
      [example, site],
      [example, pathToFileURL(site).href],
      [example, String(url)],
      ["mine.mjs", String(url)],
    ]) {
      const { code, stdout, stderr } = run(process.execPath, [script ?? "", from ?? ""], fresh);
      assert.equal(code, 0, `${from}: ${stderr}`);
      outputs.push(stdout);
    }
    assert.match(outputs[0] ?? "", /\n[1-9]\d* results around Paris; the nearest:\n {2}\d+\.\d km {2}\S/);
    assert.match(outputs[0] ?? "", /: 200, [1-9]\d* courses\n$/);
    for (const output of outputs) assert.equal(output, outputs[0]);
  } finally {
    server.kill();
  }

  const { code, stderr } = run(process.execPath, [example, folder], fresh);
  assert.equal(code, 1);
  assert.match(stderr, /^manifest_unavailable: /);
  assert.equal(run(process.execPath, [example], fresh).code, 2);

  // Its types are found, and say what is wrong.
  const tsc = path.join(repository, "node_modules/.bin/tsc");
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"];
  const using = (/** @type {string} */ query) =>
    `import { open, type Answer } from "balise-search";\n` +
    `const answer: Answer = await (await open("https://site.example/")).search(${query});\n` +
    `console.log(answer.results[0]?.title.length);\n`;
  writeFileSync(path.join(fresh, "good.mts"), using('{ romes: ["F1703"] }'));
  writeFileSync(path.join(fresh, "bad.mts"), using("{ romes: 7 }"));
  const good = run(tsc, [...options, "good.mts"], fresh);
  assert.equal(good.code, 0, good.stdout);
  assert.match(run(tsc, [...options, "bad.mts"], fresh).stdout, /bad\.mts\(2,.*romes|TS2322/);
});

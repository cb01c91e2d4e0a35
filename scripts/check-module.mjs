/**
 * What a module asks of whoever runs it. core/ does no I/O, so there must be nothing to ask for: no file, no clock, no
 * randomness, no environment. node scripts/check-module.mjs FILE
 */

import { readFileSync } from "node:fs";

// A trap in the runtime may want to end the process.
const ALLOWED = new Set(["wasi_snapshot_preview1.proc_exit"]);

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node scripts/check-module.mjs FILE");
  process.exit(2);
}
const module = new WebAssembly.Module(readFileSync(file));
const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
const surplus = imports.filter((name) => !ALLOWED.has(name));
if (surplus.length > 0) {
  console.error(`${file} imports ${surplus.join(", ")}: core/ must do without`);
  process.exit(1);
}
console.log(`${file} imports ${imports.join(", ") || "nothing"}`);

/**
 * The lock files must name no registry, and every package in them must run on node 18, which is Debian 12's.
 * node scripts/check-packages.mjs
 */

import { readFileSync } from "node:fs";

const OLDEST_NODE = 18;

const faults = [];
let count = 0;
for (const file of ["package-lock.json", "tests/bench/package-lock.json"]) {
  const lock = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));
  for (const [name, entry] of Object.entries(lock.packages)) {
    ++count;
    if (entry.resolved !== undefined)
      faults.push(`${file}: ${name} says where it was fetched from: npm install writes it without`);
    // Each alternative of a range such as ">=16.20.0" or "^18.12 || >=20" begins with its oldest version.
    const oldest = (entry.engines?.node ?? ">=0").split("||").map((range) => Number(/\d+/.exec(range)?.[0] ?? 0));
    if (Math.min(...oldest) > OLDEST_NODE)
      faults.push(`${file}: ${name} needs node ${entry.engines.node}: take an older version`);
  }
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`${count} packages are good for node ${OLDEST_NODE}`);

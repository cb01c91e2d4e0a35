// Builds one peer in a process of its own, so that its time and memory can be told: build-peer.mjs NAME RECORDS FOLDER

import { mkdir, rm } from "node:fs/promises";
import { spent } from "../peers/tools.mjs";

const [name, records, folder] = process.argv.slice(2);
const { build } = await import(`../peers/${name}/build.mjs`);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await build({ records, folder });
console.log(JSON.stringify(spent));

// What the builders of the peers share.

import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

export const here = dirname(fileURLToPath(import.meta.url));
export const modules = join(here, "..", "node_modules");

/**
 * Quality 9 with a large window: what is lost against 11 is a few percent, what is won is an order of magnitude of time.
 * Scripts are few and get 11. No larger a window than the file needs: a large one costs its memory even for small files.
 */
export async function compressed(bytes, quality = 9) {
  return promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: Math.min(24, Math.max(10, Math.ceil(Math.log2(bytes.length + 16)))),
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** Writes a file with its .br beside it; the file itself is only for hosts that do not look for it. */
export async function writeBoth(path, content, quality) {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  const small = await compressed(bytes, quality);
  await writeFile(`${path}.br`, small);
  return small.length;
}

/** Seconds that went into the page and its scripts, which do not depend on the set. */
export const spent = { program_seconds: 0 };

/** The records of the set in their fixed order. */
export async function* readRecords(file) {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
    if (line !== "") yield JSON.parse(line);
}

/** Compressing a module of 18 MB as well as can be takes a minute, and it is always the same. */
async function writeProgram(path, bytes) {
  const cache = join(modules, ".compressed", `${createHash("sha256").update(bytes).digest("hex")}.br`);
  await mkdir(dirname(cache), { recursive: true });
  if (!existsSync(cache)) await writeFile(cache, await compressed(bytes, 11));
  await writeFile(path, bytes);
  await copyFile(cache, `${path}.br`);
}

/** Page, shared script and the peer's own, and scripts of packages as {name in the folder: path below node_modules}. */
export async function writePage(folder, name, packages = {}, head = "") {
  const begin = performance.now();
  const html = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>${name}</title><body><main></main>${head}<script type="module" src="/${name}.js"></script></body></html>\n`;
  await writeBoth(join(folder, "index.html"), html, 11);
  await writeBoth(join(folder, "page.js"), await readFile(join(here, "page.js")), 11);
  await writeBoth(join(folder, `${name}.js`), await readFile(join(here, name, `${name}.js`)), 11);
  for (const [target, source] of Object.entries(packages)) {
    const path = join(folder, target);
    await mkdir(dirname(path), { recursive: true });
    await writeProgram(path, await readFile(join(modules, source)));
  }
  spent.program_seconds += (performance.now() - begin) / 1000;
}

/** Grows a box [min lat, min lon, max lat, max lon], hundred-thousandths of a degree. */
export function grow(box, { lat_e5, lon_e5 }) {
  if (!box) return [lat_e5, lon_e5, lat_e5, lon_e5];
  return [Math.min(box[0], lat_e5), Math.min(box[1], lon_e5), Math.max(box[2], lat_e5), Math.max(box[3], lon_e5)];
}

export const romeNumber = (code) => (code.charCodeAt(0) - 65) * 10000 + Number(code.slice(1));

// What an object store is sent, in which order: `node scripts/upload-groups.mjs RELEASE STAGE ENCODING` makes folders of
// links below STAGE, one for each order, kind and headers, and prints a line for each: ORDER TAB FOLDER TAB HEADER TAB …
// A store has no variants of an object: with the encoding br, that of a file is uploaded in its place where there is
// one, else its .gz; gzip: its .gz; none: the file as it is. A page has an object without ".html" besides.

import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { headersOf, readTable } from "./hosting.mjs";

const [release = "", stage = "", encoding = ""] = process.argv.slice(2);
if (!stage || !["br", "gzip", "none"].includes(encoding)) {
  console.error("usage: upload-groups.mjs RELEASE STAGE br|gzip|none");
  process.exit(2);
}

/** @type {Record<string, string>} */
const types = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  ts: "text/plain; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  json: "application/json; charset=utf-8",
  xml: "text/xml; charset=utf-8",
  wasm: "application/wasm",
  svg: "image/svg+xml",
  png: "image/png",
  webmanifest: "application/manifest+json",
};

const table = readTable();
/** @type {Map<string, string>} */
const folders = new Map();

/** @param {string} file relative to the release @param {string} key of the object */
function add(file, key) {
  const isJson = file.startsWith("data/") && file.endsWith(".json");
  // Objects, then pages, then the list of files, and what leads to all of them last.
  const order = file === "data/manifest.json" ? 4 : isJson ? 3 : file.startsWith("data/") ? 1 : 2;
  // Programs read the manifest and the list as they are.
  const wanted = isJson || encoding === "none" ? [] : encoding === "br" ? ["br", "gz"] : ["gz"];
  const variant = wanted.find((ending) => existsSync(join(release, `${file}.${ending}`)));
  const headers = [
    `Content-Type: ${types[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream"}`,
    `Cache-Control: ${headersOf(table, `/${key}`)["Cache-Control"]}`,
    ...(variant ? [`Content-Encoding: ${variant === "gz" ? "gzip" : "br"}`] : []),
  ];
  const group = [order, key === file ? "" : "bare", ...headers].join("\t");
  let folder = folders.get(group);
  if (folder === undefined) {
    folder = join(stage, String(folders.size));
    folders.set(group, folder);
    console.log([order, folder, ...headers].join("\t"));
  }
  const link = join(folder, key);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(resolve(release, variant ? `${file}.${variant}` : file), link);
}

for (const file of readdirSync(release, { recursive: true, encoding: "utf8" }).sort()) {
  if (!statSync(join(release, file)).isFile() || /\.(br|gz)$/.test(file) || /^[._]/.test(file)) continue;
  add(file, file);
  if (/^[a-z-]+\.html$/.test(file) && file !== "index.html") add(file, file.slice(0, -".html".length));
}

// What hosts send with the files of a site stands in one table, docs/headers.json. From it come site/_headers (Netlify,
// Cloudflare Pages) and the examples for nginx and Caddy; tests/js/hosting.test.mjs says when one of them is not as the
// table says. The policy of a page is that of its own <meta>, and who may frame it.
//
//   node scripts/hosting.mjs            writes the files
//   node scripts/hosting.mjs --check    says which are not as the table says; exit 1 if any

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @typedef {Record<string, string>} Headers */
/** @typedef {{ name: string, paths: string[], headers: Headers }} Group */

const root = new URL("../", import.meta.url);

/** @returns {{ always: Headers, groups: Group[], others: Headers }} */
export function readTable() {
  const table = JSON.parse(readFileSync(new URL("docs/headers.json", root), "utf8"));
  const groups = Object.entries(table.groups).map(([name, group]) => {
    /** @type {Headers} */
    const headers = { ...group.headers };
    const frames = headers["Content-Security-Policy"];
    if (frames) {
      const page = readFileSync(new URL(`site/${group.template}`, root), "utf8");
      const own = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1];
      if (!own) throw new Error(`site/${group.template} has no policy of its own`);
      headers["Content-Security-Policy"] = `${own}; ${frames}`;
    }
    const pages = (group.pages ?? []).flatMap((/** @type {string} */ page) => [
      `/${page}`,
      `/${page}.html`,
      `/${page}/`,
      `/${page}/index.html`,
    ]);
    return { name, paths: [...(group.paths ?? []), ...pages], headers };
  });
  return { always: table.always, groups, others: table.others };
}

/** @param {string} pattern @param {string} path */
const matches = (pattern, path) => (pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern);

/** @param {ReturnType<typeof readTable>} table @param {string} path @returns {Group[]} that a path is in: none or one */
export const groupsOf = (table, path) =>
  table.groups.filter(({ paths }) => paths.some((pattern) => matches(pattern, path)));

/** @param {ReturnType<typeof readTable>} table @param {string} path @returns {Headers} all that are sent with it */
export const headersOf = (table, path) => ({
  ...table.always,
  ...(groupsOf(table, path)[0]?.headers ?? table.others),
});

const note = "Made from docs/headers.json by scripts/hosting.mjs: change that.";

/** Hosts add up the headers of all rules that match, so that no header may stand in two of them. */
function headersFile(/** @type {ReturnType<typeof readTable>} */ table) {
  /** @param {Headers} headers */
  const lines = (headers) => Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  const rules = table.groups.flatMap(({ paths, headers }) => paths.flatMap((path) => [path, ...lines(headers)]));
  return [`# ${note}`, "/*", ...lines(table.always), ...rules, ""].join("\n");
}

/** @param {string} pattern as nginx's map has it */
const nginxPattern = (pattern) =>
  pattern.endsWith("*") ? `"~^${pattern.slice(0, -1).replaceAll(".", "\\.")}"` : `"${pattern}"`;

/** @param {ReturnType<typeof readTable>} table */
function nginxFile(table) {
  const names = [...new Set(table.groups.flatMap(({ headers }) => Object.keys(headers)))];
  /** @param {string} name */
  const variable = (name) => `$balise_${name.toLowerCase().replaceAll("-", "_")}`;
  const maps = names.map((name) =>
    [
      `map $uri ${variable(name)} {`,
      `  default "${table.others[name] ?? ""}";`,
      ...table.groups
        .filter(({ headers }) => headers[name])
        .flatMap(({ paths, headers }) => paths.map((path) => `  ${nginxPattern(path)} "${headers[name]}";`)),
      "}",
    ].join("\n"),
  );
  return `# A site that 'balise publish --to /srv/balise' keeps, behind nginx. To be included in http { }, with your own
# server_name and certificates. ${note}

${maps.join("\n\n")}

types {
  text/html html;
  text/css css;
  text/javascript js;
  text/plain ts;
  text/markdown md;
  application/json json;
  text/xml xml;
  application/wasm wasm;
  image/svg+xml svg;
  image/png png;
  application/manifest+json webmanifest;
}
default_type application/octet-stream;
charset utf-8;
charset_types text/css text/javascript application/json;

server {
  listen 127.0.0.1:8080;
  root /srv/balise/current;
  absolute_redirect off;
  # Files that begin with a dot, and the hosts' own, are nobody's business.
  location ~ /(\\.|_headers$) {
    return 404;
  }
  location / {
    try_files $uri $uri.html \${uri}index.html $uri/index.html =404;
    # Needs libnginx-mod-http-brotli-static; leave it out without.
    brotli_static on;
    gzip_static on;
${Object.entries(table.always)
  .map(([name, value]) => `    add_header ${name} "${value}" always;`)
  .join("\n")}
${names.map((name) => `    add_header ${name} ${variable(name)};`).join("\n")}
  }
}
`;
}

/** @param {ReturnType<typeof readTable>} table */
function caddyFile(table) {
  const groups = table.groups.map(({ name, paths, headers }) =>
    [
      `\t@${name} path ${paths.join(" ")}`,
      `\theader @${name} {`,
      ...Object.entries(headers).map(([key, value]) => `\t\t${key} "${value}"`),
      "\t}",
    ].join("\n"),
  );
  return `# A site that 'balise publish --to /srv/balise' keeps, behind Caddy: put your own name in the place of the address.
# ${note}
http://127.0.0.1:8080 {
\troot * /srv/balise/current
\theader {
${Object.entries(table.always)
  .map(([name, value]) => `\t\t${name} "${value}"`)
  .join("\n")}
\t}
\t@others not path ${table.groups.flatMap(({ paths }) => paths).join(" ")}
\theader @others Cache-Control "${table.others["Cache-Control"]}"
${groups.join("\n")}
\t@hidden path */.* /_headers
\trespond @hidden 404
\ttry_files {path} {path}.html {path}/index.html
\tfile_server {
\t\tprecompressed br gzip
\t}
\t# What is missing today may be there tomorrow.
\thandle_errors {
\t\theader Cache-Control no-cache
\t\trespond "{http.error.status_code}"
\t}
}
`;
}

/** @type {[string, (table: ReturnType<typeof readTable>) => string][]} */
export const files = [
  ["site/_headers", headersFile],
  ["docs/examples/nginx.conf", nginxFile],
  ["docs/examples/Caddyfile", caddyFile],
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const table = readTable();
  for (const [file, make] of files) {
    const path = new URL(file, root);
    if (!process.argv.includes("--check")) writeFileSync(path, make(table));
    else if (readFileSync(path, "utf8") !== make(table)) {
      console.error(`${file} is not as docs/headers.json says; run: node scripts/hosting.mjs`);
      process.exitCode = 1;
    }
  }
}

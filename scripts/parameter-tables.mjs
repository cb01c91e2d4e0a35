// The widget's parameters stand in three texts: site/developpeurs.html, site/developers.html and docs/WIDGET.md. Their tables
// are made from docs/parameters.json; tests/js/widget.test.mjs says when one of them is not.
//
//   node scripts/parameter-tables.mjs            rewrites the tables
//   node scripts/parameter-tables.mjs --check    says which are not as the list says; exit 1 if any

import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";

/** @typedef {[value: string, fallback: string, wrong: string]} Texts */
/** @typedef {{ name: string, fr: Texts, en: Texts }} Parameter */

/** @type {Parameter[]} */
const parameters = JSON.parse(readFileSync(new URL("../docs/parameters.json", import.meta.url), "utf8"));

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** French punctuation keeps its space on the line. @param {string} text */
const french = (text) => text.replace(/ ([:;!?])/g, "\u202f$1");

/** @param {"fr" | "en"} language @param {string[]} heads */
function htmlTable(language, heads) {
  const rows = parameters.map(({ name, [language]: texts }) => {
    const cells = texts.map((text) => `<td>${escaped(language === "fr" ? french(text) : text)}</td>`);
    return `<tr><th scope="row"><code>${name}</code></th>${cells.join("")}</tr>`;
  });
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

const markdownTable = [
  "| parameter | value | default | otherwise |",
  "|---|---|---|---|",
  ...parameters.map(({ name, en }) => `| \`${name}\` | ${en.join(" | ")} |`),
].join("\n");

let isSame = true;
for (const [file, table] of /** @type {const} */ ([
  ["site/developpeurs.html", htmlTable("fr", ["Paramètre", "Valeur", "Par défaut", "Valeur inutilisable"])],
  ["site/developers.html", htmlTable("en", ["Parameter", "Value", "Default", "Unusable value"])],
  ["docs/WIDGET.md", markdownTable],
])) {
  const path = new URL(`../${file}`, import.meta.url);
  const text = readFileSync(path, "utf8");
  const marked = text.replace(
    /(<!-- parameters: .*? -->).*?(<!-- \/parameters -->)/s,
    (_, begin, end) => `${begin}\n\n${table}\n\n${end}`,
  );
  const next = file.endsWith(".html") ? await format(marked, { filepath: file, printWidth: 120 }) : marked;
  if (next === text) continue;
  isSame = false;
  if (process.argv.includes("--check"))
    console.error(`${file}: the table of parameters is not that of docs/parameters.json`);
  else writeFileSync(path, next);
}
if (!isSame && process.argv.includes("--check")) {
  console.error("run: node scripts/parameter-tables.mjs");
  process.exit(1);
}

#!/usr/bin/env node
/**
 * Lighthouse, mobile with simulated throttling, over pages of a built site that `balise serve` serves: four scores a page, the
 * median of some runs. Ends with 1 when a page stays below what it must have, and names the audits that cost it points.
 *
 *   node scripts/lighthouse.mjs [--site public] [--bin build/release/balise] [--runs 3] [--report FOLDER] [PAGE...]
 *
 * Lighthouse (185 MB of packages) is no dependency of the repository: install it where you like, and say where.
 *
 *   npm install --prefix build/lighthouse lighthouse@12.8.2
 *   LIGHTHOUSE=build/lighthouse node scripts/lighthouse.mjs --site build/test-site
 *
 * CHROMIUM: the browser, /usr/bin/chromium when not set.
 */

import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";

import { removeProfile } from "../tests/browser/profile.mjs";

const run = promisify(execFile);

/** The least score of each category, out of 100. */
const LEAST = { performance: 95, accessibility: 100, "best-practices": 100, seo: 100 };

const SEARCH = "romes=F1702,F1705,F1701&lat=48.85&lon=2.35&radius=60&scope=all&caller=demo";

/** One page of each kind, in each of its languages. */
const PAGES = [
  "",
  "recherche-apprentissage",
  `recherche-apprentissage?${SEARCH}`,
  `recherche-apprentissage?${SEARCH}&lang=en`,
  "recherche-emploi?romes=M1202,M1203&lat=48.85&lon=2.35&radius=30",
  "recherche-apprentissage-formation?romes=D1102,D1104&lat=48.85&lon=2.35&radius=30",
  "apprentissage/",
  "apprentissage/bretagne/",
  "apprentissage/bretagne/f16-second-oeuvre-du-batiment/",
  "test-widget",
  "test-widget?lang=en",
  "developpeurs",
  "developers",
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: "string", default: "public" },
    bin: { type: "string", default: "build/release/balise" },
    runs: { type: "string", default: "3" },
    report: { type: "string" },
  },
});

const folder = path.resolve(process.env["LIGHTHOUSE"] ?? "build/lighthouse");
const program = path.join(folder, "node_modules/lighthouse/cli/index.js");
if (!existsSync(program)) {
  console.error(`lighthouse.mjs: ${program} is missing: npm install --prefix ${folder} lighthouse@12.8.2`);
  process.exit(2);
}

/**
 * @param {string} url
 * @returns {Promise<import("node:buffer").Buffer | any>} the report
 */
async function inspect(url) {
  const profile = mkdtempSync(path.join(tmpdir(), "balise-lighthouse-"));
  try {
    const flags = `--headless=new --no-sandbox --disable-gpu --disable-quic --user-data-dir=${profile}`;
    const { stdout } = await run(
      process.execPath,
      [program, url, "--quiet", "--output=json", `--chrome-flags=${flags}`, `--only-categories=${Object.keys(LEAST)}`],
      {
        maxBuffer: 1 << 28,
        env: { ...process.env, CHROME_PATH: process.env["CHROMIUM"] ?? "/usr/bin/chromium" },
      },
    );
    return JSON.parse(stdout);
  } finally {
    removeProfile(profile);
  }
}

/** @param {number[]} numbers */
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

const server = spawn(
  path.resolve(options.bin),
  ["serve", "--site", options.site, "--host", "127.0.0.1", "--port", "0"],
  {
    stdio: ["ignore", "pipe", "inherit"],
  },
);
/** @type {string} */
const root = await new Promise((resolve, reject) => {
  let output = "";
  server.once("error", reject).once("exit", (code) => reject(new Error(`balise serve ended with ${code}`)));
  server.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)?.[0];
    if (address !== undefined) resolve(address);
  });
});

let isBelow = false;
try {
  console.log("perf  a11y  best  seo   LCP ms  TBT ms  CLS    page");
  for (const page of positionals.length > 0 ? positionals : PAGES) {
    /** @type {any[]} */
    const reports = [];
    for (let turn = 0; turn < Number(options.runs); ++turn) reports.push(await inspect(root + page));
    const scores = Object.keys(LEAST).map((category) =>
      Math.round(100 * median(reports.map(({ categories }) => categories[category].score))),
    );
    const figure = (/** @type {string} */ audit) => median(reports.map(({ audits }) => audits[audit].numericValue));
    console.log(
      scores.map((score) => String(score).padEnd(6)).join("") +
        String(Math.round(figure("largest-contentful-paint"))).padEnd(8) +
        String(Math.round(figure("total-blocking-time"))).padEnd(8) +
        figure("cumulative-layout-shift").toFixed(3).padEnd(7) +
        `/${page}`,
    );
    const [report] = reports;
    Object.entries(LEAST).forEach(([category, least], i) => {
      if (/** @type {number} */ (scores[i]) >= least) return;
      isBelow = true;
      for (const { id, weight } of report.categories[category].auditRefs) {
        const { score, title, displayValue, details } = report.audits[id];
        if (weight === 0 || score === null || score === 1) continue;
        console.log(`      ${category}: ${id} ${score}: ${title} ${displayValue ?? ""}`);
        for (const item of details?.items ?? []) console.log(`        ${JSON.stringify(item).slice(0, 300)}`);
      }
    });
    if (options.report !== undefined) {
      mkdirSync(options.report, { recursive: true });
      const name = page.replace(/[^a-z0-9]+/gi, "-") || "index";
      writeFileSync(path.join(options.report, `${name}.json`), JSON.stringify(report));
    }
  }
} finally {
  server.removeAllListeners("exit");
  server.kill();
}
process.exitCode = isBelow ? 1 : 0;

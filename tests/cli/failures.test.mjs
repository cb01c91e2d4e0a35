/**
 * What goes wrong is said in one sentence, with the right exit code, and the site that was published before stays as it
 * was, byte by byte.
 */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import {
  AS_OF,
  assertRefused,
  balise,
  build,
  contentOf,
  filesOf,
  program,
  repository,
  sample,
  scratchFolder,
  treeHash,
  writeConfig,
} from "./support.mjs";

const scratch = scratchFolder();
/** Stands published while everything else goes wrong. */
const site = path.join(scratch, "site");
let siteHash = "";

const matcha = { url: path.join(sample, "matcha.json"), format: "lba-v3" };
const formations = { url: path.join(sample, "formations.json.gz"), format: "catalogue" };
const companies = contentOf(path.join(sample, "entreprises.ndjson.gz")).toString("utf8").trimEnd().split("\n");

before(() => {
  const outcome = build(writeConfig(scratch, { matcha: [matcha] }), site);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.equal(balise(["verify", "--site", site]).code, 0);
  siteHash = treeHash(site);
});

/** The published site is what it was, and nothing else was left beside it. */
function assertUntouched() {
  assert.equal(treeHash(site), siteHash);
  assert.deepEqual(
    readdirSync(scratch).filter((name) => name.startsWith(".")),
    [],
    "a scratch folder was left behind",
  );
}

/**
 * @param {string} name
 * @param {string | Uint8Array} content
 * @returns {string} path
 */
function file(name, content) {
  const where = path.join(scratch, name);
  writeFileSync(where, content);
  return where;
}

/** @param {string} text of a config */
const buildFrom = (text) => build(file("given.json", text), site);

describe("a wrong config", () => {
  /** @type {Array<[string, string, number, RegExp[]]>} what, config, exit code, what the sentence names */
  const cases = [
    ["that is no JSON", '{\n  "title": "x",\n  "sources": {,}\n}', 2, [/given\.json/, /line 3\b/]],
    ["that ends in the middle", '{"title": "x", "sources": {"lba": [', 2, [/given\.json/]],
    ["that is empty", "", 2, [/given\.json/]],
    ["that is a list", "[]", 2, [/given\.json/]],
    ["with an unknown key", '{"titel": "x", "sources": {"matcha": []}}', 2, [/"?titel/, /title/]],
    [
      "with an unknown key far inside",
      JSON.stringify({ sources: { matcha: [matcha, { url: matcha.url, formatt: "lba-v3" }] } }),
      2,
      [/sources\.matcha\[1\]\.formatt/, /format\b/],
    ],
    ["with an unknown source", '{"sources": {"offers": []}}', 2, [/sources\.offers/, /offres/]],
    ["with a wrong type", '{"sources": {"lba": {"url": "x"}}}', 2, [/sources\.lba/]],
    ["with a number for a title", '{"title": 3, "sources": {}}', 2, [/title/]],
    ["with an unknown format", '{"sources": {"lba": [{"url": "x", "format": "csv"}]}}', 2, [/csv/, /recruteurs-lba/]],
    ["with no source", '{"title": "x", "sources": {}}', 2, [/sources/]],
    [
      "with a limit that is no percentage",
      JSON.stringify({ sources: { matcha: [matcha] }, limits: { max_drop_percent: -1 } }),
      2,
      [/limits\.max_drop_percent/],
    ],
    [
      "with an unknown region in the filter",
      JSON.stringify({ sources: { matcha: [matcha] }, filter: { regions: ["99"] } }),
      2,
      [/filter\.regions/, /99/],
    ],
    [
      "with a list on the network",
      JSON.stringify({ sources: { matcha: [matcha] }, exclude: { sirets: "https://example.org/x.txt" } }),
      2,
      [/exclude\.sirets/, /download/],
    ],
    [
      "with keys of a fetched source for a file",
      JSON.stringify({ sources: { matcha: [{ ...matcha, pages: "range" }] } }),
      2,
      [/sources\.matcha\[0\]\.pages/, /http/],
    ],
  ];
  for (const [what, config, code, patterns] of cases) {
    test(what, () => {
      assertRefused(buildFrom(config), code, ...patterns);
      assertUntouched();
    });
  }

  test("that is not there", () => {
    assertRefused(build(path.join(scratch, "nowhere.json"), site), 1, /nowhere\.json/, /No such file/);
    assertUntouched();
  });

  test("that is a folder", () => {
    assertRefused(build(scratch, site), 1, new RegExp(path.basename(scratch)));
    assertUntouched();
  });
});

describe("a source", () => {
  const gz = readFileSync(path.join(sample, "formations.json.gz"));
  const zst = readFileSync(path.join(sample, "offres-france-travail.pages.json.zst"));
  const br = readFileSync(path.join(sample, "offres-france-travail.ndjson.br"));
  const json = readFileSync(path.join(sample, "matcha.json"), "utf8");
  const html = "<!doctype html>\n<html><head><title>502 Bad Gateway</title></head></html>\n";
  const middle = Math.floor(json.length / 2);

  /** @type {Array<[string, string, string, string | Uint8Array, string, RegExp[]]>} what, key, file, content, format, … */
  const cases = [
    [
      "that is a truncated .gz",
      "formations",
      "cut.json.gz",
      gz.subarray(0, gz.length >> 1),
      "catalogue",
      [/truncated/],
    ],
    [
      "that is a .gz without its last byte",
      "formations",
      "cut.json.gz",
      gz.subarray(0, -1),
      "catalogue",
      [/truncated/],
    ],
    [
      "that is a truncated .zst",
      "offres",
      "cut.json.zst",
      zst.subarray(0, zst.length >> 1),
      "france-travail",
      [/truncated/],
    ],
    [
      "that is a truncated .br",
      "offres",
      "cut.ndjson.br",
      br.subarray(0, br.length >> 1),
      "france-travail",
      [/truncated/],
    ],
    [
      "that is a .gz with a byte flipped",
      "formations",
      "flip.json.gz",
      gz.map((byte, i) => (i === gz.length >> 1 ? byte ^ 0xff : byte)),
      "catalogue",
      [/gz|gzip|damaged|JSON/i],
    ],
    ["that is no .gz in spite of its name", "matcha", "plain.json.gz", json, "lba-v3", [/byte|gzip/]],
    ["whose JSON array ends in the middle", "matcha", "cut.json", json.slice(0, middle), "lba-v3", [/byte \d+|middle/]],
    [
      "whose JSON array ends after a record",
      "matcha",
      "open.json",
      '[{"identifier": {"id": "1"}}',
      "lba-v3",
      [/byte|middle|end/],
    ],
    ["that is the HTML of a proxy", "matcha", "page.json", html, "lba-v3", [/HTML|JSON/]],
    ["that is HTML in a .gz", "matcha", "page.json.gz", gzipSync(html), "lba-v3", [/HTML|JSON/]],
    ["that is HTML in a .br", "matcha", "page.json.br", brotliCompressSync(html), "lba-v3", [/HTML|JSON/]],
    ["that is empty", "matcha", "empty.json", "", "lba-v3", [/empty|no record/i]],
  ];
  for (const [what, key, name, content, format, patterns] of cases) {
    test(what, () => {
      const url = file(name, content);
      const config = writeConfig(scratch, { matcha: [matcha], [key]: [{ url, format }] });
      assertRefused(build(config, site), 3, new RegExp(name.replaceAll(".", "\\.")), ...patterns);
      assertUntouched();
    });
  }

  test("that is NDJSON and ends in the middle of a record", () => {
    const url = file("cut.ndjson", `${companies.slice(0, 50).join("\n")}\n${companies[50].slice(0, 40)}`);
    const config = writeConfig(scratch, { matcha: [matcha], lba: [{ url, format: "recruteurs-lba" }] });
    assertRefused(build(config, site), 3, /cut\.ndjson/, /middle|byte/);
    assertUntouched();
  });

  test("that is not there", () => {
    const config = writeConfig(scratch, { matcha: [{ ...matcha, url: path.join(scratch, "gone.json") }] });
    assertRefused(build(config, site), 1, /gone\.json/, /not there|No such file/);
    assertUntouched();
  });

  test("that is a folder", () => {
    const config = writeConfig(scratch, { matcha: [{ ...matcha, url: sample }] });
    assertRefused(build(config, site), 1, /data\/sample/);
    assertUntouched();
  });

  test("of another format than the config says", () => {
    const config = writeConfig(scratch, { formations: [{ url: matcha.url, format: "catalogue" }] });
    assertRefused(build(config, site), 3, /matcha\.json/, /max_rejected_percent|rejected/);
    assertUntouched();
  });
});

describe("limits", () => {
  const bad = Array.from({ length: 8 }, (_, i) =>
    JSON.stringify({ siret: "x", rome_codes: [], enseigne: `Rien ${i}` }),
  );
  const mixed = () => file("mixed.ndjson", [...companies.slice(0, 60), ...bad].join("\n") + "\n");
  const sources = (/** @type {string} */ url) => ({ matcha: [matcha], lba: [{ url, format: "recruteurs-lba" }] });

  test("too many rejected rows refuse the build", () => {
    const sentence = assertRefused(
      build(writeConfig(scratch, sources(mixed())), site),
      3,
      /mixed\.ndjson/,
      /limits\.max_rejected_percent/,
      /\b10\b/,
    );
    assert.match(sentence, /of 68 rows/);
    assertUntouched();
  });

  test("the limit can be raised, and the report counts what was rejected", () => {
    const out = path.join(scratch, "raised");
    const report = path.join(scratch, "raised.json");
    const config = writeConfig(scratch, sources(mixed()), { limits: { max_rejected_percent: 50 } });
    const outcome = build(config, out, "--report", report);
    assert.equal(outcome.code, 0, outcome.stderr);
    const entry = JSON.parse(readFileSync(report, "utf8")).sources.find(
      (/** @type {any} */ one) => one.source === "lba",
    );
    assert.equal(entry.read, 68);
    const rejected = Object.values(entry.rejected).reduce((sum, { count }) => sum + count, 0);
    assert.ok(rejected >= 8, JSON.stringify(entry.rejected));
  });

  test("a refused build still writes its report", () => {
    const report = path.join(scratch, "refused.json");
    rmSync(report, { force: true });
    assert.equal(build(writeConfig(scratch, sources(mixed())), site, "--report", report).code, 3);
    assert.ok(JSON.parse(readFileSync(report, "utf8")).sources.length === 2);
    assertUntouched();
  });

  test("a source that shrinks too much refuses the build", () => {
    const rows = JSON.parse(readFileSync(matcha.url, "utf8"));
    const url = file("fewer.json", JSON.stringify(rows.slice(0, rows.length * 0.7)));
    const config = { matcha: [{ url, format: "lba-v3" }] };
    assertRefused(build(writeConfig(scratch, config), site), 3, /matcha/, /limits\.max_drop_percent/, /\b20\b/);
    assertUntouched();
  });

  test("a source that shrinks within the limit is published", () => {
    const rows = JSON.parse(readFileSync(matcha.url, "utf8"));
    const out = path.join(scratch, "shrinking");
    cpSync(site, out, { recursive: true });
    const url = file("fewer.json", JSON.stringify(rows.slice(0, rows.length * 0.9)));
    const outcome = build(writeConfig(scratch, { matcha: [{ url, format: "lba-v3" }] }), out);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(balise(["verify", "--site", out]).code, 0);
    assert.notEqual(treeHash(out), siteHash);
  });

  test("a source that vanishes from the config refuses the build", () => {
    const outcome = build(writeConfig(scratch, { formations: [formations] }), site);
    assertRefused(outcome, 3, /matcha/, /limits\.max_drop_percent/);
    assertUntouched();
  });

  test("nothing to publish refuses the build", () => {
    const config = writeConfig(scratch, { matcha: [matcha] }, { filter: { romes: ["A1101"], departements: ["976"] } });
    assertRefused(build(config, path.join(scratch, "nothing")), 3, /no record|publish/);
    assert.ok(!readdirSync(scratch).includes("nothing"));
  });
});

describe("the disk", () => {
  const whole = path.join(repository, "data/sample.json");

  test("a report that cannot be written", () => {
    const config = writeConfig(scratch, { matcha: [matcha] });
    assertRefused(build(config, site, "--report", "/dev/full"), 1, /\/dev\/full/, /No space left/);
    assertUntouched();
  });

  test("a file that may not grow", () => {
    // A limit on the size of files stands for a full disk where nothing can be mounted.
    const outcome = spawnSync(
      "bash",
      ["-c", 'trap "" XFSZ; ulimit -f 16; exec "$0" "$@"', program, "build", "--config", whole, "--out", site].concat([
        "--as-of",
        AS_OF,
        "--progress",
        "never",
      ]),
      { encoding: "utf8" },
    );
    assertRefused({ code: outcome.status, ...outcome }, 1, /File too large/, /free some space|--out/);
    assertUntouched();
  });

  test("a disk that is full", (context) => {
    const disk = path.join(scratch, "disk");
    mkdirSync(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", disk], { encoding: "utf8" });
    if (mounted.status !== 0) return context.skip(`cannot mount a small disk here: ${mounted.stderr.trim()}`);
    try {
      const out = path.join(disk, "site");
      const first = build(writeConfig(scratch, { matcha: [matcha] }), out);
      assert.equal(first.code, 0, first.stderr);
      const hash = treeHash(out);
      assertRefused(build(whole, out), 1, /No space left on device/, /free some space/);
      assert.equal(treeHash(out), hash);
      assert.equal(balise(["verify", "--site", out]).code, 0);
      assert.deepEqual(readdirSync(disk), ["site"], "what was half written is gone");
    } finally {
      spawnSync("umount", [disk]);
    }
  });

  test("a disk that is read-only", (context) => {
    const disk = path.join(scratch, "read-only");
    mkdirSync(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", disk], { encoding: "utf8" });
    if (mounted.status !== 0) return context.skip(`cannot mount a read-only disk here: ${mounted.stderr.trim()}`);
    try {
      const outcome = build(writeConfig(scratch, { matcha: [matcha] }), path.join(disk, "site"));
      assertRefused(outcome, 1, /read-only\/site/, /Read-only file system/);
    } finally {
      spawnSync("umount", [disk]);
    }
  });

  test("a folder that may not be written", (context) => {
    const folder = path.join(scratch, "locked");
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    // Root may write everywhere, so it lets somebody else try.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    chmodSync(scratch, 0o755);
    if (spawnSync(program, ["--version"], nobody).status !== 0)
      return context.skip("another user than root cannot reach the program here");
    const config = writeConfig(scratch, { matcha: [matcha] });
    const args = ["build", "--config", config, "--out", path.join(folder, "site"), "--progress", "never"];
    assertRefused(balise(args, nobody), 1, /locked/, /Permission denied/);
  });

  test("an --out below a file", () => {
    const config = writeConfig(scratch, { matcha: [matcha] });
    const outcome = build(config, path.join(file("a-file", "kept"), "site"));
    assertRefused(outcome, 1, /a-file/, /Not a directory/);
    assert.equal(readFileSync(path.join(scratch, "a-file"), "utf8"), "kept");
  });

  test("an --out that is a file", () => {
    const config = writeConfig(scratch, { matcha: [matcha] });
    const outcome = build(config, file("thesis.txt", "ten years of work"));
    assert.equal(readFileSync(path.join(scratch, "thesis.txt"), "utf8"), "ten years of work");
    assertRefused(outcome, 1, /thesis\.txt/);
  });

  test("an --out that holds something else than a site", () => {
    const folder = path.join(scratch, "documents");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "thesis.txt"), "ten years of work");
    const outcome = build(writeConfig(scratch, { matcha: [matcha] }), folder);
    assert.deepEqual(readdirSync(folder), ["thesis.txt"]);
    assertRefused(outcome, 1, /documents/);
  });

  test("an --out that is an empty folder is fine", () => {
    const folder = path.join(scratch, "empty");
    mkdirSync(folder);
    const outcome = build(writeConfig(scratch, { matcha: [matcha] }), folder);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(treeHash(folder), siteHash);
  });

  test("a build that is killed, whenever it is", async () => {
    const folder = path.join(scratch, "killed");
    const finished = path.join(scratch, "finished");
    const args = ["build", "--config", whole, "--as-of", AS_OF, "--progress", "never", "--out"];
    const start = performance.now();
    assert.equal(balise([...args, finished]).code, 0);
    const whole_ms = performance.now() - start;
    const finishedHash = treeHash(finished);
    let killed = 0;
    for (const share of [0.05, 0.2, 0.4, 0.6, 0.8, 0.95]) {
      rmSync(folder, { recursive: true, force: true });
      cpSync(site, folder, { recursive: true });
      const child = spawn(program, [...args, folder], { stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await sleep(share * whole_ms);
      child.kill("SIGKILL");
      await ended;
      const hash = treeHash(folder);
      if (child.signalCode === "SIGKILL" && hash === siteHash) ++killed;
      else assert.equal(hash, finishedHash, `killed after ${share} of ${whole_ms} ms`);
      for (const left of readdirSync(scratch).filter((name) => name.startsWith(".killed.")))
        rmSync(path.join(scratch, left), { recursive: true });
    }
    assert.ok(killed > 0, "no build was killed before it was done");
  });
});

describe("verify", () => {
  /** @type {string} */
  let copy;
  /** @type {string[]} */
  let files;
  before(() => {
    copy = path.join(scratch, "copy");
    cpSync(site, copy, { recursive: true });
    files = filesOf(copy);
  });

  /** @param {RegExp} pattern */
  function one(pattern) {
    const name = files.find((name) => pattern.test(name));
    assert.ok(name, `no file like ${pattern}`);
    return name;
  }

  const kinds = [
    /^data\/manifest\.json$/,
    /^data\/files-[0-9a-f]+\.json$/,
    /\/directory-[^/]*\.bin$/,
    /\/index-[^/]*\.bin$/,
    /\/title-directory-[^/]*\.bin$/,
    /\/titles-[^/]*\.bin$/,
    /\/page-directory-[^/]*\.bin$/,
    /\/pages-[^/]*\.bin$/,
    /\/cards-[^/]*\.bin$/,
    /\/details-[^/]*\.bin$/,
    /\/lookups-[^/]*\.bin$/,
    /\/places-[^/]*\.bin$/,
    /\/metiers-[^/]*\.bin$/,
    /^data\/outline-[0-9a-f]{24}\.dat$/,
    /^balise\.wasm$/,
    /^balise\.js$/,
    /^recherche-emploi\.html$/,
    /^recherche-emploi\/index\.html$/,
    /\.js\.br$/,
    /\.js\.gz$/,
  ];

  /**
   * @param {RegExp} kind
   * @param {(file: string) => void} damage
   */
  function assertNamed(kind, damage) {
    const name = one(kind);
    damage(path.join(copy, name));
    try {
      assertRefused(balise(["verify", "--site", copy]), 4, new RegExp(name.replace(/[.+*?]/g, "\\$&")));
    } finally {
      copyFileSync(path.join(site, name), path.join(copy, name));
    }
  }

  for (const kind of kinds) {
    test(`names ${kind.source} with one byte flipped`, () => {
      for (const share of [0, 0.3, 0.7, 1]) {
        assertNamed(kind, (file) => {
          const bytes = readFileSync(file);
          const at = Math.min(bytes.length - 1, Math.floor(bytes.length * share));
          // The manifest ends in a line break; a changed byte of the space between tokens would say nothing.
          const where = kind === kinds[0] ? Math.min(at, bytes.length - 2) : at;
          bytes[where] ^= 0x01;
          const handle = openSync(file, "r+");
          writeSync(handle, bytes, where, 1, where);
          closeSync(handle);
        });
      }
    });
    test(`names ${kind.source} when it is cut short`, () => {
      assertNamed(kind, (file) => truncateSync(file, readFileSync(file).length >> 1));
      assertNamed(kind, (file) => truncateSync(file, 0));
    });
  }

  for (const kind of kinds.slice(1, 17)) {
    test(`names ${kind.source} when it is gone`, () => assertNamed(kind, (file) => rmSync(file)));
  }

  test("says that a folder without a manifest holds no site", () => {
    assertRefused(balise(["verify", "--site", scratch]), 1, /manifest\.json/);
    assertRefused(balise(["verify", "--site", path.join(scratch, "nowhere")]), 1, /nowhere/);
  });

  test("refuses a manifest of a later format", () => {
    const manifest = path.join(copy, "data/manifest.json");
    const json = JSON.parse(readFileSync(manifest, "utf8"));
    writeFileSync(manifest, JSON.stringify({ ...json, format: json.format + 1 }));
    rmSync(`${manifest}.br`, { force: true });
    rmSync(`${manifest}.gz`, { force: true });
    try {
      assertRefused(balise(["verify", "--site", copy]), 4, /manifest\.json/, /format/);
    } finally {
      for (const name of files.filter((name) => name.startsWith("data/manifest.json")))
        copyFileSync(path.join(site, name), path.join(copy, name));
    }
  });

  test("names a manifest whose sources do not add up", () => {
    const manifest = path.join(copy, "data/manifest.json");
    const text = readFileSync(manifest, "utf8");
    const wrong = text.replace(/"records":(\d+)/, (_, count) => `"records":${Number(count) + 1}`);
    assert.notEqual(wrong, text);
    writeFileSync(manifest, wrong);
    rmSync(`${manifest}.br`, { force: true });
    rmSync(`${manifest}.gz`, { force: true });
    try {
      assertRefused(balise(["verify", "--site", copy]), 4, /manifest\.json/, /records/);
    } finally {
      for (const name of files.filter((name) => name.startsWith("data/manifest.json")))
        copyFileSync(path.join(site, name), path.join(copy, name));
    }
  });

  test("search and inspect refuse a damaged shard too", () => {
    const name = one(/\/page-directory-[^/]*\.bin$/);
    truncateSync(path.join(copy, name), 100);
    try {
      const directory = new RegExp(path.basename(name).replace(".", "\\."));
      assertRefused(balise(["search", "--site", copy, "--sources", "matcha"]), 4, directory);
      assertRefused(balise(["inspect", path.join(copy, name)]), 4, directory);
    } finally {
      copyFileSync(path.join(site, name), path.join(copy, name));
    }
    assert.equal(balise(["verify", "--site", copy]).code, 0, "the copy is whole again");
  });
});

describe("wrong usage", () => {
  /** @type {Array<[string[], RegExp]>} */
  const cases = [
    [[], /--help/],
    [["bild"], /bild|--help/],
    [["--verbos"], /--verbos|--help/],
    [["build"], /--config/],
    [["build", "--config", "x.json"], /--out/],
    [["build", "--config", "x.json", "--out", "y", "--job", "3"], /--job\b/],
    [["build", "--config", "x.json", "--out", "y", "--jobs", "0"], /--jobs/],
    [["build", "--config", "x.json", "--out", "y", "--jobs", "many"], /--jobs/],
    [["build", "--config", "x.json", "--out", "y", "--progress", "maybe"], /--progress/],
    [["build", "--config", path.join(sample, "../sample.json"), "--out", "y", "--as-of", "21/11/2026"], /--as-of/],
    [["build", "--config", path.join(sample, "../sample.json"), "--out", "y", "--as-of", "2026-02-30"], /--as-of/],
    [["verify"], /--site/],
    [["partition", "--config", "x.json", "--work", "y"], /--as-of/],
    [["partition", "--as-of", "2026-11-21", "--work", "y"], /--config/],
    [["job", "--number", "0"], /--work/],
    [["job", "--work", "y", "--number", "-1"], /--number/],
    [["job", "--work", "y", "--number", "0"], /y holds no plan/],
    [["merge", "--work", "y"], /--out/],
    [["inspect"], /FILE|file/i],
    [["search"], /--site/],
    [["search", "--site", site, "--lat", "91", "--lon", "2"], /lat/],
    [["search", "--site", site, "--lat", "48.8"], /lon/],
    [["search", "--site", site, "--romes", "F17"], /romes/],
    [["search", "--site", site, "--sources", "offers"], /sources/],
    [["search", "--site", site, "--diploma", "9"], /diploma/],
    [["search", "--site", site, "--region", "99"], /region/],
    [["search", "--site", site, "--limit", "-1"], /limit/],
    [["search", "--site", site, "--format", "xml"], /--format/],
    [["serve"], /--site/],
    [["serve", "--site", site, "--port", "70000"], /--port/],
  ];
  for (const [args, pattern] of cases) {
    test(`balise ${args.map((arg) => arg.replace(scratch, "")).join(" ")}`, () => {
      assertRefused(balise(args, { cwd: scratch }), 2, pattern);
      assertUntouched();
    });
  }

  for (const command of [
    [],
    ["build"],
    ["partition"],
    ["job"],
    ["merge"],
    ["search"],
    ["verify"],
    ["inspect"],
    ["serve"],
  ]) {
    test(`balise ${[...command, "--help"].join(" ")}`, () => {
      const { code, stdout, stderr } = balise([...command, "--help"]);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /--help/);
      for (const option of command.length > 0 ? ["Usage"] : ["build", "search", "verify", "inspect", "serve"])
        assert.ok(stdout.includes(option), `${option} is not explained`);
    });
  }

  test("balise --version", () => {
    const { code, stdout } = balise(["--version"]);
    assert.equal(code, 0);
    assert.match(stdout, /^balise \d+\.\d+\.\d+\n$/);
  });
});

test("answers that cannot be written are a failure", () => {
  const full = openSync("/dev/full", "w");
  try {
    const { code, stderr } = balise(["search", "--site", site, "--sources", "matcha"], {
      stdio: ["ignore", full, "pipe"],
    });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^balise: .*No space left/);
  } finally {
    closeSync(full);
  }
});

test("after all of this the published site still verifies", () => {
  assertUntouched();
  const { code, stdout, stderr } = balise(["verify", "--site", site]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\d+ records in \d+ files/);
});

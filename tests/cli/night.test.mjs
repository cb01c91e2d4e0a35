/** What a night is judged by, what it leaves for the next one, and what it says of itself. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import {
  assertRefused,
  balise,
  contentOf,
  filesOf,
  repository,
  runBalise,
  sample,
  scratchFolder,
  treeHash,
  unpacked,
  writeConfig,
} from "./support.mjs";

const scratch = scratchFolder();
/** @type {Record<string, any>[]} */
const companies = contentOf(path.join(sample, "entreprises.ndjson.gz"))
  .toString("utf8")
  .trimEnd()
  .split("\n")
  .flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
const source = path.join(scratch, "companies.ndjson");
const state = path.join(scratch, "state");
const out = path.join(scratch, "site");
const report = path.join(scratch, "report.json");
const config = writeConfig(
  scratch,
  { lba: [{ url: source, format: "recruteurs-lba" }] },
  { title: "Nuits <b>&amp;", state, limits: { max_drop_percent: 100, max_rejected_percent: 100 } },
);

/** @param {object[]} rows */
const write = (rows) => writeFileSync(source, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
/** @param {string} asOf @param {string[]} more */
const night = (asOf, ...more) =>
  runBalise(
    ["build", "--config", config, "--out", out, "--as-of", asOf, "--progress", "never", "--report", report].concat(
      more,
    ),
  );
const read = (/** @type {string} */ name) => readFileSync(path.join(state, name), "utf8");
const status = () => JSON.parse(read("status.json"));
const base = companies.slice(0, 600);

describe("a config with a state folder", () => {
  test("wants its first night accepted, and tells what it saw", async () => {
    write(base);
    const outcome = await night("2026-11-19");
    assertRefused(outcome, 3, /nothing to compare/, /--accept baseline/);
    assert.ok(!existsSync(out), "nothing is published");
    assert.equal(status().outcome, "refused");
    assert.equal(status().exit, 3);
    assert.equal(status().last_published, "");
    assert.match(read("balise.prom"), /^balise_run_outcome\{outcome="refused"\} 1$/m);
    assert.match(read("report.html"), /--accept baseline/);
    assert.deepEqual(filesOf(path.join(state, "nights")), []);
    const { gates } = JSON.parse(readFileSync(report, "utf8"));
    assert.deepEqual([gates[0].gate, gates[0].result, gates[0].accept], ["baseline", "refused", "baseline"]);
  });

  test("publishes it then, and the next ones by themselves", async () => {
    for (const [asOf, ...more] of [["2026-11-19", "--accept", "baseline"], ["2026-11-20"]]) {
      const outcome = await night(asOf ?? "", ...more);
      assert.equal(outcome.code, 0, outcome.stderr);
    }
    assert.deepEqual(filesOf(path.join(state, "nights")), ["2026-11-19.json", "2026-11-20.json"]);
    assert.equal(status().outcome, "published");
    assert.equal(status().last_published_as_of, "2026-11-20");
    assert.equal(statSync(path.join(state, "sources")).mode & 0o077, 0, "sources hold what must not be read");
  });

  /** @type {Array<[string, () => object[], RegExp, string]>} what, rows, message, flag */
  const cases = [
    ["that shrinks", () => base.slice(0, 400), /max_shrink_percent/, "lba:shrink"],
    ["that grows", () => companies.slice(0, 1500), /max_growth_percent/, "lba:growth"],
    [
      "whose largest departement vanishes",
      () => {
        const departement = (/** @type {any} */ row) => String(row.insee_city_code ?? row.zip_code ?? "").slice(0, 2);
        const counts = new Map();
        for (const row of base) counts.set(departement(row), (counts.get(departement(row)) ?? 0) + 1);
        const [largest] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
        return base.filter((row) => departement(row) !== largest);
      },
      /max_departement_shrink_percent/,
      "lba:departements",
    ],
    [
      "without names",
      () => base.map((row, i) => (i % 20 === 0 ? { ...row, enseigne: null, raison_sociale: null } : row)),
      /missing_name is \d.*max_missing_name_points/,
      "lba:missing_name",
    ],
    [
      "without positions",
      () =>
        base.map((row, i) =>
          i % 10 === 0
            ? { ...row, coordonneeLambertAbscisseEtablissement: null, coordonneeLambertOrdonneeEtablissement: null }
            : row,
        ),
      /missing_position is .*max_missing_position_points/,
      "lba:missing_position",
    ],
    [
      "with unknown occupations",
      () =>
        base.map((row, i) =>
          i % 10 === 0 ? { ...row, rome_codes: [{ rome_code: "Z9999" }, { rome_code: "F1702" }] } : row,
        ),
      /unknown_rome is .*max_unknown_rome_points/,
      "lba:unknown_rome",
    ],
    ["with duplicates", () => [...base, ...base.slice(0, 60)], /duplicate is .*max_duplicate_points/, "lba:duplicate"],
    [
      "with rows that are no companies",
      () => base.map((row, i) => (i % 10 === 0 ? { ...row, siret: "x" } : row)),
      /rejected is .*max_rejected_points/,
      "lba:rejected",
    ],
  ];
  for (const [what, rows, pattern, flag] of cases) {
    test(`refuses a source ${what}, and takes it when it is meant`, async () => {
      write(rows());
      const hash = treeHash(out);
      const outcome = await night("2026-11-21");
      assertRefused(outcome, 3, pattern, new RegExp(`--accept ${flag}`));
      assert.equal(treeHash(out), hash);
      assert.equal(status().last_published_as_of, "2026-11-20");
      assert.match(read("report.html"), new RegExp(`--accept ${flag}`));
      assert.ok(!existsSync(path.join(state, "nights/2026-11-21.json")));
    });
  }

  test("lets pass what is accepted, for that night", async () => {
    write(base.slice(0, 400));
    const outcome = await night("2026-11-21", "--accept", "lba:shrink", "--accept", "lba:departements");
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.deepEqual(
      status().gates.map((/** @type {any} */ gate) => gate.result),
      ["accepted", "accepted"].slice(0, status().gates.length),
    );
    assert.equal((await night("2026-11-22")).code, 0, "400 are the base now");
    assert.equal(JSON.parse(readFileSync(report, "utf8")).changes.since, "2026-11-21");
  });

  test("refuses a name that is no gate", async () => {
    assertRefused(await night("2026-11-23", "--accept", "lba:everything"), 2, /lba:everything/, /offres:shrink/);
  });

  test("tells of a failure too", async () => {
    writeFileSync(source, '{"siret": ');
    assertRefused(await night("2026-11-23"), 3, /companies\.ndjson/);
    assert.equal(status().outcome, "refused");
    write(base.slice(0, 400));
    const args = ["build", "--config", config, "--out", out, "--as-of", "2026-11-23", "--report", "/dev/full"];
    assertRefused(await runBalise([...args, "--progress", "never"]), 1, /\/dev\/full/);
    assert.equal(status().outcome, "failed");
    assert.match(read("balise.prom"), /^balise_run_outcome\{outcome="failed"\} 1$/m);
    assert.match(read("report.html"), /Échec|&Eacute;chec/);
  });
});

describe("what it leaves to read", () => {
  let page = "";
  before(async () => {
    write(base.slice(0, 410));
    assert.equal((await night("2026-11-24")).code, 0);
    page = read("report.html");
  });

  test("a page without scripts and without anything from elsewhere", () => {
    assert.doesNotMatch(page, /<script|javascript:|\son\w+=|\b(?:src|href)=/i);
    assert.match(page, /default-src 'none'/);
    assert.match(page, /<html lang="fr">/);
    assert.match(page, /Nuits &lt;b&gt;&amp;amp;/, "a title is text");
    assert.doesNotMatch(page, /<b>/);
    for (const section of ["Sources", "Contr&ocirc;les", "Nuit apr&egrave;s nuit", "Par r&eacute;gion", "Tailles"])
      assert.match(page, new RegExp(section));
    assert.match(page, /<svg/);
    assert.doesNotMatch(page, /NaN|undefined|null/);
  });

  test("metrics that Prometheus can read", () => {
    const lines = read("balise.prom").trimEnd().split("\n");
    const seen = new Set();
    for (const line of lines) {
      if (line.startsWith("#")) {
        assert.match(line, /^# (?:HELP balise_\w+ \S.*|TYPE balise_\w+ gauge)$/);
        continue;
      }
      const [, name] = /^(balise_\w+(?:\{\w+="[^"\\]*"(?:,\w+="[^"\\]*")*\})?) -?\d+(?:\.\d+)?$/.exec(line) ?? [];
      assert.ok(name, line);
      assert.ok(!seen.has(name), `twice: ${name}`);
      seen.add(name);
    }
    assert.ok(seen.has('balise_source_records{source="lba",format="recruteurs-lba",entry="0"}'));
    const ended = Number(/^balise_run_end_timestamp_seconds (\d+)$/m.exec(lines.join("\n"))?.[1]);
    assert.ok(Math.abs(ended - Date.now() / 1000) < 600, String(ended));
  });

  test("a status with the time of the last publication", () => {
    assert.equal(status().outcome, "published");
    assert.equal(status().as_of, "2026-11-24");
    assert.equal(status().last_published, status().ended);
    assert.deepEqual(
      status().sources.map((/** @type {any} */ one) => [one.source, one.state]),
      [["lba", "ok"]],
    );
  });

  test("a report for programs", () => {
    const json = JSON.parse(readFileSync(report, "utf8"));
    assert.equal(json.outcome, "published");
    assert.ok(json.site.files > 100 && json.site.bytes > 1e5);
    assert.equal(json.changes.since, "2026-11-22");
    assert.equal(
      json.changes.sources[0].after - json.changes.sources[0].before,
      json.sources[0].kept - json.changes.sources[0].before,
    );
    assert.ok(json.run.durations_ms.total >= json.run.durations_ms.write);
    assert.match(json.run.started, /^20\d\d-\d\d-\d\dT[\d:]{8}Z$/);
  });
});

test("a config with files only and no state folder wants no baseline and leaves nothing behind", () => {
  const plain = writeConfig(scratch, { lba: [{ url: source, format: "recruteurs-lba" }] });
  const site = path.join(scratch, "plain");
  const outcome = balise(["build", "--config", plain, "--out", site, "--as-of", "2026-11-21", "--progress", "never"]);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.ok(!existsSync(plain.replace(/\.json$/, ".state")));
  write(base.slice(0, 100));
  const args = ["build", "--config", plain, "--out", site, "--as-of", "2026-11-21", "--progress", "never"];
  assertRefused(balise(args), 3, /limits\.max_drop_percent/, /--accept lba:drop/);
  assert.equal(balise([...args, "--accept", "lba:drop"]).code, 0);
});

describe("those who are not to be shown", () => {
  const site = path.join(scratch, "private");
  /** One record of each source, by what tells it. */
  const rows = (/** @type {string} */ name) => {
    const text = contentOf(path.join(sample, name)).toString("utf8").trim();
    return text.startsWith("[") ? JSON.parse(text) : text.split("\n").flatMap((line) => tryParse(line));
  };
  /** @param {string} line */
  function tryParse(line) {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  }
  const company = base[10];
  /** @type {Set<string>} */
  const sirets = new Set();
  /** @type {Set<string>} */
  const ids = new Set();
  /** @type {{ text: string, of: string }[]} names and streets that only hidden companies have */
  const hidden = [];

  before(() => {
    const formations = rows("formations.json.gz");
    const matcha = rows("matcha.json");
    const offers = rows("offres-lba.ndjson.gz");
    const fromFt = rows("offres-france-travail.ndjson.br");
    // By SIRET: a company, the company of offers, the school of a formation, and the body in charge of another.
    sirets.add(String(company?.["siret"]));
    for (const list of [matcha, offers])
      sirets.add(list.find((/** @type {any} */ row) => /^\d{14}$/.test(row.workplace?.siret ?? "")).workplace.siret);
    const employer = fromFt.find((/** @type {any} */ row) => /^\d{14}$/.test(row.entreprise?.siret ?? ""));
    if (employer) sirets.add(employer.entreprise.siret);
    const school = formations.find((/** @type {any} */ row) =>
      /^\d{14}$/.test(row.etablissement_formateur_siret ?? ""),
    );
    sirets.add(school.etablissement_formateur_siret);
    const head = formations.findLast(
      (/** @type {any} */ row) =>
        /^\d{14}$/.test(row.etablissement_gestionnaire_siret ?? "") &&
        row.etablissement_gestionnaire_siret !== row.etablissement_formateur_siret,
    );
    if (head) sirets.add(head.etablissement_gestionnaire_siret);
    // By id, of each source.
    ids.add(formations[20].cle_ministere_educatif);
    ids.add(fromFt[20].id);
    ids.add(offers[20].identifier.id);
    ids.add(matcha[20].identifier.id);
    ids.add(String(base[20]?.["siret"]));
    const list = (/** @type {string} */ name, /** @type {Iterable<string>} */ lines) => {
      const file = path.join(scratch, name);
      writeFileSync(file, [...lines].join("\n"));
      return file;
    };
    // Sole traders: names that nothing else has.
    const everything = readdirSync(sample)
      .filter((name) => /\.(?:gz|br|zst)$|^matcha/.test(name))
      .map((name) => contentOf(path.join(sample, name)).toString("utf8"))
      .join("\n");
    const shy = companies
      .filter(
        (row) =>
          /^\d{14}$/.test(row["siret"]) &&
          String(row["enseigne"] ?? "").length > 8 &&
          String(row["street_name"] ?? "").length > 8 &&
          everything.split(row["enseigne"]).length === 2 &&
          !/\b(?:sarl|sas|sasu|sa|eurl|snc|sci|association|societe|mairie|commune)\b/i.test(
            `${row["enseigne"]} ${row["raison_sociale"]}`,
          ),
      )
      .slice(50, 60);
    for (const row of shy) hidden.push({ text: row["enseigne"], of: row["siret"] });
    const given = JSON.parse(readFileSync(path.join(repository, "data/sample.json"), "utf8"));
    for (const entries of Object.values(given.sources))
      for (const entry of /** @type {{ url: string }[]} */ (entries))
        entry.url = path.join(repository, "data", entry.url);
    const file = writeConfig(scratch, given.sources, {
      exclude: {
        sirets: list("sirets.txt", sirets),
        ids: list("ids.txt", ids),
        non_diffusibles: list(
          "nd.txt",
          shy.map((row, i) => (i % 2 ? row["siret"] : row["siret"].slice(0, 9))),
        ),
      },
    });
    const outcome = balise([
      "build",
      "--config",
      file,
      "--out",
      site,
      "--as-of",
      "2026-11-21",
      "--progress",
      "never",
      "--report",
      report,
    ]);
    assert.equal(outcome.code, 0, outcome.stderr);
  });

  test("stay out by SIRET and by id, whatever the source, of every published byte", () => {
    const json = JSON.parse(readFileSync(report, "utf8"));
    for (const source of ["formations", "offres", "matcha", "lba"])
      assert.ok(
        json.sources.some((/** @type {any} */ one) => one.source === source && one.left_out.excluded?.count > 0),
        `none of ${source}`,
      );
    for (const source of ["formations", "offres", "matcha", "lba"]) {
      const found = balise(["search", "--site", site, "--sources", source, "--limit", "1000", "--format", "json"]);
      assert.equal(found.code, 0, found.stderr);
      for (const { id } of JSON.parse(found.stdout).results)
        assert.ok(!ids.has(id) && !sirets.has(id), `${source} ${id}`);
    }
    for (const id of [...ids, ...sirets]) {
      for (const route of ["formations/formation", "jobs/job", "jobs/matcha", "jobs/company"]) {
        const asked = balise([
          "api",
          "--site",
          site,
          `/api/V1/${route}/${encodeURIComponent(id)}?caller=test&type=lba`,
        ]);
        assert.equal(asked.code, 5, `${route} ${id}: ${asked.stdout}`);
      }
    }
    for (const name of filesOf(site).filter((one) => /^(?:data|apprentissage)\/|\.json$/.test(one))) {
      const text = textOf(name);
      for (const secret of [...sirets, ...ids])
        if (secret.length > 6) assert.ok(!text.includes(secret), `${name}: ${secret}`);
    }
  });

  test("companies that are not to be shown keep their commune only", () => {
    assert.ok(hidden.length >= 5, String(hidden.length));
    const json = JSON.parse(readFileSync(report, "utf8"));
    const noted = json.sources.find((/** @type {any} */ one) => one.source === "lba").noted.non_diffusible;
    assert.ok(noted.count >= hidden.length - 1, JSON.stringify(noted));
    const texts = filesOf(site)
      .filter((one) => /^(?:data|apprentissage)\//.test(one) && !/\.(?:gz|br)$/.test(one))
      .map((name) => /** @type {const} */ ([name, textOf(name)]));
    for (const { text } of hidden)
      for (const [name, content] of texts) assert.ok(!content.includes(text), `${name}: ${text}`);
    let shown = 0;
    for (const { of } of hidden) {
      const asked = balise(["api", "--site", site, `/api/V1/jobs/company/${of}?caller=test&type=lba`]);
      if (asked.code !== 0) continue;
      shown += 1;
      const [item] = Object.values(JSON.parse(asked.stdout))[0];
      assert.doesNotMatch(item.place.fullAddress ?? "", /rue|avenue|boulevard|place|chemin/i, asked.stdout);
      assert.ok(item.place.city, asked.stdout);
    }
    assert.ok(shown >= 3, `${shown} found`);
  });

  /** @param {string} name */
  function textOf(name) {
    const file = path.join(site, name);
    return (name.endsWith(".bin") ? unpacked(file) : contentOf(file)).toString("utf8");
  }
});

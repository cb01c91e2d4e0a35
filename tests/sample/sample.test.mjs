// The embedded sample is what data/README.md says: enough records in real places, each kind of dirt, and reproducible.
//   node --test tests/sample/
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const data = fileURLToPath(new URL("../../data/", import.meta.url));
const sample = join(data, "sample");
const dataFiles = readdirSync(sample).filter((name) => !name.endsWith(".mjs"));
const zstdMissing = spawnSync("zstd", ["--version"]).error !== undefined;

const texts = new Map();

function text(name) {
  if (!texts.has(name)) texts.set(name, decompressed(name));
  return texts.get(name);
}

function decompressed(name) {
  const bytes = readFileSync(join(sample, name));
  if (name.endsWith(".gz")) return gunzipSync(bytes).toString("utf8");
  if (name.endsWith(".br")) return brotliDecompressSync(bytes).toString("utf8");
  if (name.endsWith(".zst")) {
    return spawnSync("zstd", ["-d", "-q", "-c"], { input: bytes, maxBuffer: 1 << 28 }).stdout.toString("utf8");
  }
  return bytes.toString("utf8");
}

/** The rows of a source file that parse, and how many do not. */
function rows(name) {
  const content = text(name);
  if (content.startsWith("[")) return { good: JSON.parse(content), broken: 0 };
  const good = [];
  let broken = 0;
  for (const line of content.trimEnd().split("\n")) {
    try {
      const row = JSON.parse(line);
      good.push(...(row.resultats ?? [row]));
    } catch {
      broken += 1;
    }
  }
  return { good, broken };
}

const config = JSON.parse(readFileSync(join(data, "sample.json"), "utf8"));
const entries = Object.entries(config.sources).flatMap(([source, list]) => list.map((entry) => ({ source, ...entry })));
const read = new Map(
  entries
    .filter((entry) => !(entry.url.endsWith(".zst") && zstdMissing))
    .map((entry) => [entry.url.replace("sample/", ""), rows(entry.url.replace("sample/", ""))]),
);
const dirt = JSON.parse(text("dirt.json"));
const of = (format) =>
  entries
    .filter((entry) => entry.format === format)
    .flatMap((entry) => read.get(entry.url.replace("sample/", ""))?.good ?? []);

const communes = JSON.parse(gunzipSync(readFileSync(join(data, "reference/communes.json.gz"))).toString("utf8"));
const regionOf = new Map(communes.map((commune) => [commune.code, commune.codeRegion]));

function distanceKm(latA, lonA, latB, lonB) {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((latB - latA) * rad) / 2) ** 2 +
    Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(((lonB - lonA) * rad) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
}
const nearParis = (lat, lon) => distanceKm(48.85, 2.35, lat, lon) <= 60;
const demoRomes = ["F1702", "F1705", "F1701"];
const inDemo = (romes) => Array.isArray(romes) && romes.some((code) => demoRomes.includes(code));

test("the config names every source file, in the four formats", () => {
  assert.deepEqual(Object.keys(config.sources).sort(), ["formations", "lba", "matcha", "offres"]);
  assert.deepEqual([...new Set(entries.map((entry) => entry.format))].sort(), [
    "catalogue",
    "france-travail",
    "lba-v3",
    "recruteurs-lba",
  ]);
  assert.deepEqual(
    entries.map((entry) => entry.url.replace("sample/", "")).sort(),
    dataFiles.filter((name) => name !== "dirt.json").sort(),
  );
  assert.equal(config.reference, undefined);
});

test("regenerating gives the same bytes", (t) => {
  try {
    createRequire(import.meta.url).resolve("proj4");
  } catch {
    t.skip("skipped: the npm package proj4 is not installed");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "balise-sample-"));
  try {
    const run = spawnSync(process.execPath, [join(sample, "make.mjs"), "--plain", folder], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    for (const name of dataFiles) {
      if (name.endsWith(".zst") && zstdMissing) {
        t.diagnostic(`skipped: ${name}, the zstd program is missing`);
        continue;
      }
      const fresh = readFileSync(join(folder, name.replace(/\.(gz|zst|br)$/, "")), "utf8");
      assert.ok(fresh === text(name), `${name} differs from what make.mjs writes; run "node data/sample/make.mjs"`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test(
  "at least 4,000 records over five régions, overseas included, in less than 1.2 MB",
  { skip: zstdMissing && "zstd is missing" },
  () => {
    const counts = [...read.values()].map((file) => file.good.length);
    assert.ok(counts.reduce((sum, count) => sum + count) >= 4000, String(counts));
    const regions = new Map();
    const add = (insee) => regions.set(regionOf.get(insee), (regions.get(regionOf.get(insee)) ?? 0) + 1);
    for (const row of of("catalogue")) add(row.code_commune_insee);
    for (const row of of("france-travail")) add(row.lieuTravail.commune);
    for (const row of of("recruteurs-lba")) add(row.insee_city_code);
    for (const code of ["11", "53", "84", "44", "94", "04", "03", "02"])
      assert.ok(regions.get(code) >= 40, `région ${code}: ${regions.get(code)}`);
    const size = dataFiles.reduce((sum, name) => sum + statSync(join(sample, name)).size, 0);
    assert.ok(size < 1.2e6, `${size} bytes`);
  },
);

test("ids and SIRETs are unique but for the planted duplicates, and SIRETs pass their check", () => {
  const luhn = (siret) =>
    [...siret]
      .reverse()
      .reduce((sum, digit, i) => sum + (i % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] : Number(digit)), 0) %
      10 ===
    0;
  const repeated = (list) => list.length - new Set(list).size;
  const plantedIn = (kind, file) =>
    dirt.filter((entry) => entry.kind === kind && (!file || entry.file === file)).length;
  const keys = of("catalogue").map((row) => row.cle_ministere_educatif);
  assert.equal(repeated(keys), plantedIn("duplicate_key", "formations.json.gz"));
  const sirets = of("recruteurs-lba").map((row) => String(row.siret));
  assert.equal(repeated(sirets), plantedIn("duplicate_siret", "entreprises.ndjson.gz"));
  const wrong = sirets.filter((siret) => !/^\d{14}$/.test(siret) || !luhn(siret));
  const listed = new Set(dirt.filter((entry) => entry.kind.startsWith("siret")).map((entry) => String(entry.id)));
  assert.deepEqual(
    wrong.filter((siret) => !listed.has(siret)),
    [],
  );
});

test(
  "around Paris, construction is deep: the link of the demonstration",
  { skip: zstdMissing && "zstd is missing" },
  () => {
    const formations = of("catalogue").filter(
      (row) =>
        inDemo(row.rome_codes) && nearParis(...(row.lieu_formation_geo_coordonnees ?? "0,0").split(",").map(Number)),
    );
    assert.ok(formations.length >= 60, `${formations.length} formations`);
    const lasting = of("lba-v3").filter((row) => {
      const point = row.workplace.location.geopoint?.coordinates;
      return point && inDemo(row.offer.rome_codes) && nearParis(point[1], point[0]);
    });
    assert.ok(lasting.length >= 60, `${lasting.length} offers that do not expire soon`);
    // The companies' metres are checked by the generator's own tests; the postal code tells enough here.
    const companies = of("recruteurs-lba").filter(
      (row) =>
        inDemo(row.rome_codes.map((rome) => rome.rome_code)) && /^(75|92|93|94|91|78|95)/.test(row.zip_code ?? ""),
    );
    assert.ok(companies.length >= 100, `${companies.length} companies`);
  },
);

test("at least 60 occupations, all in the built-in table but for the planted codes", () => {
  const known = new Set(
    readFileSync(join(data, "reference/romes.csv"), "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.slice(0, 5)),
  );
  assert.ok(known.size >= 250, String(known.size));
  const used = new Set([
    ...of("catalogue").flatMap((row) => row.rome_codes ?? []),
    ...of("france-travail").flatMap((row) => row.romeCode ?? []),
    ...of("lba-v3").flatMap((row) => row.offer.rome_codes),
    ...of("recruteurs-lba").flatMap((row) => row.rome_codes.map((rome) => rome.rome_code)),
  ]);
  const unknown = [...used].filter((code) => !known.has(code.trim().toUpperCase()));
  assert.deepEqual(unknown.sort(), ["F1700", "H12", "K", "M15", "M1855"]);
  assert.ok(used.size >= 60 + unknown.length, String(used.size));
});

test("adverts have 400 to 2,000 characters but for the planted texts", () => {
  const listed = new Set(dirt.map((entry) => entry.id));
  const adverts = [
    ...of("france-travail").map((row) => [row.id, row.description]),
    ...of("lba-v3").map((row) => [row.identifier.id, row.offer.description]),
  ];
  for (const [id, advert] of adverts) {
    if (listed.has(id) || id === null) continue;
    assert.ok(advert.length >= 400 && advert.length <= 2000, `${id}: ${advert.length}`);
  }
});

const kinds = [
  // coordinates
  "missing_coordinates",
  "zero_coordinates",
  "swapped_coordinates",
  "lon_lat_order",
  "several_pairs",
  "float32_noise",
  "two_positions",
  "wrong_commune",
  "departement_only",
  "no_place",
  "coordinates_text",
  "overseas_projection",
  "overseas",
  // communes, addresses
  "cedex_postal_code",
  "cedex_commune",
  "merged_commune",
  "postal_code_of_another_town",
  "leading_zero_lost",
  "corsica",
  "homonym_city",
  "foreign_postal_code",
  "empty_address",
  "address_blanks",
  "address_line_break",
  "address_no_space",
  // identifiers
  "duplicate_key",
  "duplicate_formation",
  "duplicate_siret",
  "repeated_offer",
  "siret_13_digits",
  "siret_placeholder",
  "siret_check_digit",
  "siret_spaces",
  "siret_la_poste",
  "siren_only",
  "uai_malformed",
  "cfd_leading_zero",
  "cfd_missing",
  "rncp_missing",
  "rncp_of_another_trade",
  "missing_key",
  "missing_id",
  "broken_json",
  // occupations, activities, levels, titles
  "rome_pseudo_code",
  "rome_lower_case",
  "rome_missing",
  "rome_repeated",
  "rome_v4",
  "naf_spelling",
  "naf_missing",
  "naf_leading_zero",
  "size_missing",
  "level_spelling",
  "level_missing",
  "title_lower_case",
  "title_mention",
  "title_missing",
  "title_repeated",
  "title_markup",
  "title_doubled_apostrophe",
  "h_f_twice",
  // texts and names
  "entities",
  "double_escaped",
  "html_styles",
  "html_in_text",
  "script",
  "replacement_character",
  "c1_bytes",
  "mojibake",
  "lost_apostrophes",
  "control_characters",
  "cdata_remains",
  "line_ends",
  "salary_marks",
  "company_missing",
  "name_empty",
  "name_excel_error",
  "name_marks",
  "name_blanks",
  "name_null_word",
  "school_name_marks",
  // dates, booleans, lists
  "period_spelling",
  "period_run",
  "date_spelling",
  "date_epoch",
  "dates_of_unequal_length",
  "boolean_text",
  "broken_list",
  "list_as_text",
  // what must not be shown
  "unpublished",
  "expired",
  "not_active",
  "not_work_study",
  "predicted_company",
  "delegated",
  "personal_data",
  "personal",
];

test("every kind of dirt is planted, and nothing that is not known here", () => {
  assert.deepEqual([...new Set(dirt.map((entry) => entry.kind))].sort(), [...kinds].sort());
});

test("what dirt.json lists stands in its file", () => {
  for (const entry of dirt) {
    if (entry.file === "*" || !read.has(entry.file)) continue;
    const content = text(entry.file);
    assert.ok(
      content.includes(JSON.stringify(String(entry.id)).slice(1, -1)) || /missing_(key|id)/.test(entry.kind),
      `${entry.file}: ${entry.id}`,
    );
    if (entry.kind === "personal") assert.ok(content.includes(JSON.stringify(entry.detail).slice(1, -1)), entry.detail);
  }
  const brokenListed = dirt.filter((entry) => entry.kind === "broken_json").length;
  assert.equal(
    [...read.values()].reduce((sum, file) => sum + file.broken, 0),
    brokenListed,
  );
});

test("no personal data but the planted ones", () => {
  const planted = dirt.filter((entry) => entry.kind === "personal").map((entry) => entry.detail);
  for (const name of read.keys()) {
    let content = text(name).replace(/\\n/g, "\n");
    for (const string of planted) content = content.split(JSON.stringify(string).slice(1, -1)).join("");
    const addresses = content.match(/[\w.+-]+@[\w-]+(\.[\w-]+)*/g) ?? [];
    // An ordinary contact address loses its ".example.org" above and keeps only the part before it.
    assert.deepEqual(
      addresses.filter((address) => !/^(contact|recrutement)@[\w-]+$/.test(address)),
      [],
    );
    assert.deepEqual(content.match(/\b0[1-9](?:[ .-]\d\d){4}\b|"phone":"[^"]+"/g) ?? [], []);
  }
});

test("at least 95 % of the rows are clean", { skip: zstdMissing && "zstd is missing" }, () => {
  const total = [...read.values()].reduce((sum, file) => sum + file.good.length + file.broken, 0);
  // Some entries only point at rows that are right and hard to read.
  const right = new Set(["personal", "corsica", "overseas", "overseas_projection", "naf_leading_zero"]);
  const dirty = new Set(dirt.filter((entry) => !right.has(entry.kind)).map((entry) => `${entry.file} ${entry.id}`));
  assert.ok(dirty.size <= 0.05 * total, `${dirty.size} of ${total}`);
});

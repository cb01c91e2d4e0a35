// What the search page does without a DOM: its address, its table, its languages, its dates.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as english from "../../site/i18n/en.js";
import { words } from "../../site/i18n/fiche.fr.js";
import { strings } from "../../site/i18n/fr.js";
import { csvOf } from "../../site/js/ui/csv.js";
import { daysSince, formats } from "../../site/js/ui/format.js";
import { FRANCE, RADII_KM, engineQuery, isSearch, parseCenter, readQuery, writeQuery } from "../../site/js/ui/query.js";

/** @param {string} text @param {import("../../site/js/ui/query.js").Scope} [perimeter] */
const read = (text, perimeter = "all") => readQuery(new URLSearchParams(text), perimeter);

test("the guide's own address is read as it is written there", () => {
  const { wanted, ignored, item } = read(
    "radius=60&romes=F1702,F1705,F1701&scope=all&lat=47&lon=2.2&caller=contact%40domaine%20nom&return_uri=/&return_logo_url=https://x.fr/a.png",
  );
  assert.deepEqual(wanted.romes, ["F1702", "F1705", "F1701"]);
  assert.deepEqual(wanted.center, { lat: 47, lon: 2.2 });
  assert.equal(wanted.radius_km, 60);
  assert.equal(wanted.scope, "all");
  assert.deepEqual(ignored, []);
  assert.equal(item, null);
});

test("only the four radii count, and 30 for any other", () => {
  for (const radius of ["10", "30", "60", "100"])
    assert.equal(read(`radius=${radius}`).wanted.radius_km, Number(radius));
  for (const radius of ["31", "050", "30.0", "abc", "", "-10", "1e1", "100 "]) {
    const { wanted, ignored } = read(`radius=${radius}`);
    assert.equal(wanted.radius_km, radius === "100 " ? 100 : 30, radius);
    assert.equal(ignored.length, radius === "" || radius === "100 " ? 0 : 1, radius);
  }
});

test("a place is a pair of coordinates, a département or a region; the first that can be used", () => {
  assert.equal(parseCenter("0", "0"), null);
  assert.equal(parseCenter("91", "2"), null);
  assert.deepEqual(parseCenter("-21.1", "55.5"), { lat: -21.1, lon: 55.5 });
  assert.equal(read("departement=2a").wanted.departement, "2A");
  assert.equal(read("region=84").wanted.region, "84");
  for (const wrong of ["departement=20", "departement=99", "region=12", "lat=48.85", "lon=2"])
    assert.equal(read(wrong).ignored.length, 1, wrong);
  const { wanted, ignored } = read("lat=48.85&lon=2.35&departement=75&region=11");
  assert.equal(wanted.departement + wanted.region, "");
  assert.deepEqual(
    ignored.map(({ name }) => name),
    ["departement", "region"],
  );
});

test("every département and region of the engine is one of the page, and no other", async () => {
  const { readFileSync } = await import("node:fs");
  const source = readFileSync(new URL("../../core/territory.cpp", import.meta.url), "utf8");
  const codes = new Set(
    // Of départements with the letter of their region.
    [...source.matchAll(/"((?:[0-9AB]{2,3}[a-r]? )+)"/g)].flatMap((match) => match[1]?.match(/[0-9AB]+/g) ?? []),
  );
  assert.ok(codes.size > 100);
  const tried = Array.from({ length: 1000 }, (_, n) => String(n).padStart(2, "0")).concat("2A", "2B", "2C", "20", "00");
  for (const code of tried) {
    const known =
      read(`departement=${code}`).wanted.departement === code || read(`region=${code}`).wanted.region === code;
    assert.equal(known, codes.has(code), code);
  }
});

test("links to one item: each type, and what is incomplete", () => {
  for (const [type, source] of Object.entries({
    training: "formations",
    peJob: "offres",
    matcha: "matcha",
    lba: "lba",
    lbb: "lba",
  }))
    assert.deepEqual(read(`type=${type}&itemId=a%23L01`).item, { source, id: "a#L01" });
  for (const wrong of ["itemId=1", "type=lba", "type=x&itemId=1", `type=lba&itemId=${"1".repeat(301)}`])
    assert.equal(read(wrong).item, null, wrong);
});

test("frozen only with ROME codes and a name; campaigns only with their name", () => {
  assert.equal(read("romes=F1702&job_name=a&frozen_job=1").isFrozen, true);
  assert.equal(read("romes=F1702&frozen_job=1").isFrozen, false);
  assert.equal(read("job_name=a&frozen_job=1").isFrozen, false);
  const { wanted, typed } = read("romes=F1702");
  const write = (/** @type {string} */ now) => writeQuery(wanted, typed, null, "all", new URLSearchParams(now));
  assert.equal(write("utm_source=a"), "?romes=F1702");
  assert.equal(write("utm_source=a&utm_campaign=b&caller=c"), "?romes=F1702&caller=c&utm_campaign=b&utm_source=a");
});

test("invisible characters and those that turn the direction of writing are not shown", () => {
  assert.equal(read("romes=F1702&job_name=%E2%80%AEma%C3%A7on%00%0d%0aX").typed.metier, "maçon X");
  assert.ok(read(`romes=F1702&job_name=${"x".repeat(5000)}`).typed.metier.length <= 101);
});

test("10,000 states come back from their address as they were", () => {
  let seed = 7;
  const random = (/** @type {number} */ n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * n);
  };
  /** @template T @param {readonly T[]} all @returns {T} */
  const pick = (all) => /** @type {T} */ (all[random(all.length)]);
  const texts = ["", "Maçon", "Saint-Denis (974)", "a&b=c", "100 % d'été", "«#?»", "+ +", "<b>"];
  for (let turn = 0; turn < 10_000; ++turn) {
    const perimeter = pick(/** @type {const} */ (["all", "training", "job"]));
    const romes = [...new Set(Array.from({ length: random(5) }, () => `F17${10 + random(80)}`))];
    const where = pick([
      FRANCE,
      { ...FRANCE, center: { lat: random(9000) / 100 - 45.5, lon: random(30000) / 100 - 150.25 } },
      { ...FRANCE, departement: pick(["01", "2A", "974"]) },
      { ...FRANCE, region: pick(["11", "84", "01"]) },
    ]);
    const hasPlace = where !== FRANCE;
    const scope = perimeter === "all" ? pick(/** @type {const} */ (["all", "training", "job"])) : perimeter;
    const wanted = {
      romes,
      ...where,
      radius_km: where.center ? pick(RADII_KM) : 30,
      diploma: pick(["", "3", "7"]),
      scope,
      sources: /** @type {import("../../site/js/ui/query.js").Source[]} */ (
        scope === "training" ? [] : pick([[], ["offres"], ["matcha", "lba"]])
      ),
      byDate: random(2) === 0,
      opco: pick(["", "AKTO"]),
    };
    if (!isSearch(wanted)) continue;
    const typed = { metier: romes.length > 0 ? pick(texts) : "", lieu: hasPlace ? pick(texts) : "" };
    const item = pick([null, { source: /** @type {const} */ ("matcha"), id: "é#1&2" }]);
    const address = writeQuery(wanted, typed, item, perimeter, new URLSearchParams());
    const back = readQuery(new URLSearchParams(address), perimeter);
    assert.deepEqual(back.ignored, [], address);
    assert.deepEqual({ wanted: back.wanted, typed: back.typed, item: back.item }, { wanted, typed, item }, address);
    assert.equal(writeQuery(back.wanted, back.typed, back.item, perimeter, new URLSearchParams()), address);
  }
});

test("the engine is asked for what the state says", () => {
  const { wanted } = read("romes=F1702,D1102&departement=2A&diploma=3&opco=akto&scope=job");
  assert.deepEqual(Object.fromEntries(new URLSearchParams(engineQuery(wanted, { cards: 20 }))), {
    sources: "offres,matcha,lba",
    cards: "20",
    romes: "F1702,D1102",
    departement: "2A",
    diploma: "3",
    opco: "akto",
  });
});

test("cells that a spreadsheet would run or split are made harmless", () => {
  const result = {
    source: /** @type {const} */ ("offres"),
    id: "-1+1",
    title: "=cmd|'/C calc'!A0",
    company: '@"x"; y',
    distance_m: 1250,
    lat: 48.85,
    lon: -2.35,
    address: "a\r\nb",
    postal_code: "01000",
    city: "\tx",
    insee: null,
    departement: "01",
    region: "84",
    romes: ["F1702", "F1703"],
    level: 3,
    opco: null,
    created: "2026-11-20",
    expires: null,
  };
  const text = csvOf(words.csv.columns, [result], { kinds: strings.kinds, decimal: "," });
  const [head, ...rest] = text.split("\r\n");
  assert.equal(head, `\ufeff${words.csv.columns.join(";")}`);
  assert.equal(
    rest.join("\r\n"),
    `Offre d'emploi;'=cmd|'/C calc'!A0;"'@""x""; y";"a\r\nb";01000;'\tx;1,3;F1702 F1703;3;2026-11-20;;'-1+1;48,85;-2,35\r\n`,
  );
});

test("both languages have the same keys, and lists of the same length", () => {
  /** @param {any} value @param {string} path @returns {string[]} */
  const keys = (value, path = "") =>
    value === null || typeof value !== "object"
      ? [`${path}: ${typeof value}`]
      : Object.keys(value).flatMap((key) => keys(value[key], `${path}.${Array.isArray(value) ? "[]" : key}`));
  assert.deepEqual(keys(english.strings).sort(), keys(strings).sort());
  assert.deepEqual(keys(english.words).sort(), keys(words).sort());
});

test("numbers, lengths and dates are written as the language does", () => {
  const fr = formats("fr-FR");
  assert.equal(fr.length(999), "999\u00a0m");
  assert.equal(fr.length(1250), "1,3\u00a0km");
  assert.equal(fr.date("2026-12-01"), "1er\u00a0décembre 2026");
  assert.equal(formats("en-GB").date("2026-12-01"), "1 December 2026");
  assert.equal(fr.plural(0, "offre", "offres"), "0\u00a0offre");
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  assert.ok([0, 1, 2].includes(daysSince(day)));
});

/**
 * The table of cases of the reference, section 9.1 to 9.3, case by case, through `balise api` on the embedded sample; where
 * section 6 of the contract decides otherwise, the case says so. Then what the exit codes and `--include` promise.
 *
 * BALISE_SITE: the built sample site.
 */

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { balise, repository } from "./support.mjs";

const site = path.resolve(repository, process.env["BALISE_SITE"] ?? "build/test-site");

/** The messages of section 2.2, by the reference's names; R2 with the number that Balise has on every route. */
const messages = {
  C1: "caller : caller is missing.",
  R1: "romes : Rome codes are missing. At least 1.",
  R2: "romes : Too many rome codes. Maximum is 20.",
  R3: "romes : Badly formatted rome codes. Rome code must be one letter followed by 4 digit number. ex : A1234",
  D1: "romes, romeDomain : You must define at least 1 rome code OR a single romeDomain.",
  D2: "romes, romeDomain : You must define either romes OR romeDomain, not both.",
  D3: "romeDomain : Badly formatted romeDomain. Rome domain must be one letter or one letter followed by 2 digit number. ex : A or A12",
  G1: "latitude : Search center latitude is missing.",
  G2: "latitude : Search center latitude must be a number.",
  G3: "latitude : Search center latitude must be a number between -90 and 90.",
  G4: "longitude : Search center longitude is missing.",
  G5: "longitude : Search center longitude must be a number.",
  G6: "longitude : Search center longitude must be a number between -180 and 180.",
  A1: "radius : Search radius is missing.",
  A2: "radius : Search radius must be a number.",
  A3: "radius : Search radius must be a number between 0 and 200.",
  P1: 'diploma : Optional diploma argument used with wrong value. Should contains only one of "3xxx","4xxx","5xxx","6xxx","7xxx". xxx maybe any value',
  I2: "insee : Badly formatted insee city code. Must be 5 digit number.",
  S1: "sources : Optional sources argument used with wrong value. Should contains comma separated values among 'lbb', 'lba', 'offres', 'matcha'.",
  S2: "sources : Optional sources argument used with wrong value. Should contains comma separated values among 'formations', 'lbb', 'lba', 'offres', 'matcha'.",
  Z1: "region, departement : You must define either region OR departement, not both.",
  Z2: "departement : Badly formatted departement. departement must be a two digit number or three digit number for overseas departments. ex : 01 or 974",
  Z3: "region : Badly formatted region. region must be a two digit number. ex : 01",
  Z4: "region : Badly formatted region. region must be one of the allowed values as described in the api online doc.",
  Z5: "region, departement, romes, romeDomain : You must assign a value to at least one of these parameters.",
};

/**
 * @param {string} url @param {string[]} more
 * @returns {{status: number, body: string, json: any, code: number | null}}
 */
function ask(url, ...more) {
  const { code, stdout, stderr } = balise(["api", "--site", site, "--include", ...more, url]);
  assert.equal(stderr, "");
  const status = /^HTTP\/1\.1 (\d{3}) [A-Z][A-Za-z ]+\r\n\r\n/.exec(stdout);
  assert.ok(status, stdout.slice(0, 100));
  const body = stdout.slice(status[0].length);
  assert.equal(code, Number(status[1]) < 400 ? 0 : Number(status[1]) < 500 ? 5 : 6);
  return { status: Number(status[1]), body, json: JSON.parse(body), code };
}

const FORMATIONS = "/api/V1/formations";
const PAR_REGION = "/api/V1/formationsParRegion";
const JOBS = "/api/V1/jobs";
const BOTH = "/api/V1/jobsEtFormations";
const twenty = Array.from({ length: 20 }, (_, i) => `F17${String(i + 1).padStart(2, "0")}`).join(",");
const paris = "latitude=48.85&longitude=2.35&radius=30";
/** @param {number} n */
const bad = (n) => Array(n).fill("ABCDE").join(",");

/** @param {any} json @param {number} [most] */
function resultsOf(json, most = 150) {
  assert.deepEqual(Object.keys(json), ["results"]);
  assert.ok(json.results.length <= most, `${json.results.length} results`);
  return json.results;
}

/** @param {any} json */
function isOfFrance(json) {
  const results = resultsOf(json);
  assert.ok(results.length > 0);
  const keys = results.map((/** @type {any} */ item) => {
    assert.equal(item.place.distance, null);
    return [item.title.toLowerCase(), (item.company.name ?? "").toLowerCase()];
  });
  const sorted = [...keys].sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  assert.deepEqual(keys, sorted);
}

/** @param {any[]} results @param {number} km */
function isNearestFirst(results, km) {
  const distances = results.map((item) => item.place.distance);
  assert.deepEqual(
    distances,
    [...distances].sort((a, b) => a - b),
  );
  for (const distance of distances) assert.ok(distance <= km, `${distance} km`);
}

/** @param {any} json @returns {string[]} */
const departementsOf = (json) => [
  ...new Set(/** @type {string[]} */ (resultsOf(json).map((/** @type {any} */ item) => item.place.departementNumber))),
];

/** @param {any} json */
function hasFourSources(json) {
  assert.deepEqual(Object.keys(json), ["peJobs", "matchas", "lbaCompanies", "lbbCompanies"]);
  for (const source of Object.values(json)) resultsOf(source);
  assert.deepEqual(json.lbbCompanies, { results: [] });
}

/**
 * Number of the case in the reference, URL, what is expected: the names of the messages of a 400, or a check of a 200.
 * `own`: asked by a page of the site.
 * @type {[string, string, string[] | ((json: any) => void), {own?: boolean, status?: number}?][]}
 */
const cases = [
  ["1", FORMATIONS, ["C1", "D1"]],
  ["2", `${FORMATIONS}?romes=F1702`, ["C1"]],
  ["3", `${FORMATIONS}?romes=F1702`, isOfFrance, { own: true }],
  ["4", `${FORMATIONS}?romes=F1702&caller=x`, isOfFrance],
  ["5", `${FORMATIONS}?romes=f1702&caller=x`, isOfFrance],
  ["6", `${FORMATIONS}?romes=ABCDE&caller=x`, ["R3"]],
  ["7, comma at the end", `${FORMATIONS}?romes=F1702,&caller=x`, ["R3"]],
  ["7, blank", `${FORMATIONS}?romes=F1702,%20F1705&caller=x`, ["R3"]],
  ["8, 20 codes", `${FORMATIONS}?romes=${twenty}&caller=x`, (json) => void resultsOf(json)],
  ["8, 21 good codes", `${FORMATIONS}?romes=${twenty},F1802&caller=x`, ["R2"]],
  ["8, 21 bad codes", `${FORMATIONS}?romes=${bad(21)}&caller=x`, ["R2", "R3"]],
  ["9", `${FORMATIONS}?romes=F1702,F1702&caller=x`, isOfFrance],
  ["11", `${FORMATIONS}?romes=F1702&romeDomain=F17&caller=x`, ["D2"]],
  ["12, F", `${FORMATIONS}?romeDomain=F&caller=x`, isOfFrance],
  ["12, F17", `${FORMATIONS}?romeDomain=F17&caller=x`, isOfFrance],
  ["12, f17", `${FORMATIONS}?romeDomain=f17&caller=x`, isOfFrance],
  ...["F1", "F170", "FF", "1"].map(
    (domain) => /** @type {any} */ ([`13, ${domain}`, `${FORMATIONS}?romeDomain=${domain}&caller=x`, ["D3"]]),
  ),
  ["14", `${FORMATIONS}?romes=F1702&latitude=48.85&caller=x`, ["G4", "A1"]],
  ["15", `${FORMATIONS}?romes=F1702&longitude=2.35&radius=30&caller=x`, ["G1"]],
  ["16", `${FORMATIONS}?romes=F1702&latitude=91&longitude=2.35&radius=30&caller=x`, ["G3"]],
  ["17", `${FORMATIONS}?romes=F1702&latitude=90&longitude=180&radius=30&caller=x`, (json) => void resultsOf(json)],
  ["18", `${FORMATIONS}?romes=F1702&latitude=abc&longitude=&radius=30&caller=x`, ["G2", "G4"]],
  ["19, no radius", `${FORMATIONS}?romes=F1702&latitude=48.85&longitude=2.35&caller=x`, ["A1"]],
  ["19, empty radius", `${FORMATIONS}?romes=F1702&latitude=48.85&longitude=2.35&radius=&caller=x`, ["A1"]],
  ["20", `${FORMATIONS}?romes=F1702&latitude=48.85&longitude=2.35&radius=XX&caller=x`, ["A2"]],
  ...["201", "-1", "19999"].map(
    (radius) =>
      /** @type {any} */ ([
        `21, ${radius}`,
        `${FORMATIONS}?romes=F1702&latitude=48.85&longitude=2.35&radius=${radius}&caller=x`,
        ["A3"],
      ]),
  ),
  [
    "22, decided: that very point, and so the five nearest",
    `${FORMATIONS}?romes=F1702&latitude=48.85&longitude=2.35&radius=0&caller=x`,
    (json) => {
      assert.equal(resultsOf(json, 5).length, 5);
      isNearestFirst(json.results, 20016);
    },
  ],
  ...["31", "200", "200.9", "20000"].map(
    (radius) =>
      /** @type {any} */ ([
        `23, ${radius}`,
        `${FORMATIONS}?romes=F1702&latitude=48.85&longitude=2.35&radius=${radius}&caller=x`,
        (/** @type {any} */ json) => {
          assert.ok(resultsOf(json).length > 5);
          isNearestFirst(json.results, Number(radius));
        },
      ]),
  ),
  ["24", `${FORMATIONS}?romes=F1702&radius=999&caller=x`, isOfFrance],
  ...["3", "3xxx", "7 (Master, titre ingénieur...)"].map(
    (diploma) =>
      /** @type {any} */ ([
        `25, ${diploma}`,
        `${FORMATIONS}?romeDomain=${diploma[0] === "3" ? "F" : "M"}&diploma=${encodeURIComponent(diploma)}&caller=x`,
        (/** @type {any} */ json) => {
          isOfFrance(json);
          for (const item of json.results) assert.equal(item.diplomaLevel[0], diploma[0]);
        },
      ]),
  ),
  ["26, lba", `${FORMATIONS}?romes=F1702&diploma=lba&caller=x`, ["P1"]],
  ["26, 8", `${FORMATIONS}?romes=F1702&diploma=8&caller=x`, ["P1"]],
  ["27", `${FORMATIONS}?romes=F1702&diploma=&caller=x`, isOfFrance],
  [
    "28",
    `${FORMATIONS}?romes=ABCDE&latitude=91&longitude=181&radius=XX&diploma=lba`,
    ["C1", "R3", "G3", "G6", "A2", "P1"],
  ],
  [
    "29",
    `${FORMATIONS}?romes=F1702&latitude=47.5&longitude=-10&radius=30&caller=x`,
    (json) => {
      assert.equal(resultsOf(json, 5).length, 5);
      isNearestFirst(json.results, 20016);
      assert.ok(json.results[0].place.distance > 30);
    },
  ],
  ["30", `${FORMATIONS}?romes=A1204&diploma=7&${paris}&caller=x`, (json) => assert.deepEqual(json, { results: [] })],
  ["31", `${FORMATIONS}?romes=F1702&scope=training&foo=1&caller=x`, isOfFrance],
  ["35", PAR_REGION, ["C1", "Z5"]],
  ["36", `${PAR_REGION}?romes=F1603,I1308&region=01`, ["C1"]],
  [
    "37",
    `${PAR_REGION}?region=84&caller=x`,
    (json) => {
      isOfFrance(json);
      for (const item of json.results) assert.equal(item.place.region, "Auvergne-Rhône-Alpes");
    },
  ],
  ["38, 07", `${PAR_REGION}?region=07&caller=x`, ["Z4"]],
  ["38, 05", `${PAR_REGION}?region=05&caller=x`, ["Z4"]],
  ["39, 123", `${PAR_REGION}?region=123&caller=x`, ["Z3", "Z4"]],
  ["39, AB", `${PAR_REGION}?region=AB&caller=x`, ["Z3", "Z4"]],
  ["40, 9745", `${PAR_REGION}?departement=9745&caller=x`, ["Z2"]],
  ["40, 1", `${PAR_REGION}?departement=1&caller=x`, ["Z2"]],
  [
    "40, 2A, decided: accepted",
    `${PAR_REGION}?departement=2A&caller=x`,
    (json) => assert.deepEqual(departementsOf(json), ["2A"]),
  ],
  [
    "41, 20",
    `${PAR_REGION}?departement=20&caller=x`,
    (json) => assert.deepEqual(departementsOf(json).sort(), ["2A", "2B"]),
  ],
  ["41, 974", `${PAR_REGION}?departement=974&caller=x`, (json) => assert.deepEqual(departementsOf(json), ["974"])],
  [
    "41, 97",
    `${PAR_REGION}?departement=97&caller=x`,
    (json) => assert.deepEqual(departementsOf(json).sort(), ["971", "972", "973", "974", "976"]),
  ],
  ["41, 750", `${PAR_REGION}?departement=750&caller=x`, (json) => assert.deepEqual(departementsOf(json), ["75"])],
  [
    "41, none of that number",
    `${PAR_REGION}?departement=96&caller=x`,
    (json) => assert.deepEqual(json, { results: [] }),
  ],
  ["42", `${PAR_REGION}?departement=44&region=01`, ["C1", "Z1"]],
  ["43", `${PAR_REGION}?romes=F1603,I1308&romeDomain=A20&region=01`, ["C1", "D2"]],
  ["44", `${PAR_REGION}?romes=F1603&caller=x`, isOfFrance],
  ["45", `${PAR_REGION}?romes=${bad(21)}&region=01`, ["C1", "R2", "R3"]],
  ["46", JOBS, ["C1", "R1", "R3"]],
  ["47", `${JOBS}?romes=F1702&caller=x`, hasFourSources],
  ["48, decided: 20 on every route", `${JOBS}?romes=${twenty},F1802&caller=x`, ["R2"]],
  ["48, 16 codes", `${JOBS}?romes=${twenty.slice(0, 16 * 6 - 1)}&caller=x`, hasFourSources],
  ["49, decided: insee is optional", `${JOBS}?romes=F1702&${paris}&caller=x`, hasFourSources],
  ["50", `${JOBS}?romes=F1702&${paris}`, hasFourSources, { own: true }],
  [
    "51, decided: within the radius exactly",
    `${JOBS}?romes=F1702&${paris}&insee=75056&caller=x`,
    (json) => {
      hasFourSources(json);
      for (const { results } of Object.values(json)) isNearestFirst(results, 30);
      assert.ok(json.peJobs.results.length > 0 && json.lbaCompanies.results.length > 0);
    },
  ],
  ["52", `${JOBS}?romes=F1702&${paris}&insee=ABCDE&caller=x`, ["I2"]],
  ["53, 2A004", `${JOBS}?romes=F1702&${paris}&insee=2A004&caller=x`, hasFourSources],
  ["53, 2b033", `${JOBS}?romes=F1702&${paris}&insee=2b033&caller=x`, hasFourSources],
  ["54", `${JOBS}?romes=F1702&latitude=48.85&caller=x`, ["G4", "A1"]],
  [
    "55",
    `${JOBS}?romes=F1702&sources=lba&caller=x`,
    (json) => {
      assert.ok(resultsOf(json.lbaCompanies).length > 0);
      assert.deepEqual([json.peJobs, json.matchas, json.lbbCompanies], [null, null, null]);
    },
  ],
  ...["lba,lbc", "formations", "lba, lbb"].map(
    (sources) =>
      /** @type {any} */ ([
        `56, ${sources}`,
        `${JOBS}?romes=F1702&sources=${encodeURIComponent(sources)}&caller=x`,
        ["S1"],
      ]),
  ),
  ["57", `${JOBS}?romes=F1702&sources=&caller=x`, hasFourSources],
  [
    "58, decided: that very point",
    `${JOBS}?romes=F1702&latitude=48.85&longitude=2.35&radius=0&insee=75056&caller=x`,
    (json) => {
      for (const { results } of Object.values(json)) assert.deepEqual(results, []);
    },
  ],
  [
    "59, decided: as the others",
    `${JOBS}?romes=F1702&latitude=0&longitude=0&radius=30&caller=x`,
    (json) => assert.deepEqual(json.lbaCompanies, { results: [] }),
  ],
  [
    "61",
    `${JOBS}?romes=F1702&opco=nosuch&caller=x`,
    (json) => {
      for (const source of Object.values(json)) assert.deepEqual(source, { results: [] });
    },
  ],
  ["66", BOTH, ["C1", "R1", "R3"]],
  [
    "67, decided: matcha too",
    `${BOTH}?romes=F1702&caller=x`,
    (json) => {
      assert.deepEqual(Object.keys(json), ["formations", "jobs"]);
      isOfFrance(json.formations);
      hasFourSources(json.jobs);
    },
  ],
  [
    "68",
    `${BOTH}?romes=F1702&sources=matcha&caller=x`,
    (json) => {
      assert.equal(json.formations, null);
      assert.equal(json.jobs.peJobs, null);
      resultsOf(json.jobs.matchas);
    },
  ],
  [
    "68, formations alone",
    `${BOTH}?romes=F1702&sources=formations&caller=x`,
    (json) => {
      assert.ok(resultsOf(json.formations).length > 0);
      assert.equal(json.jobs, null);
    },
  ],
  ["69", `${BOTH}?romes=F1702&sources=lbc&caller=x`, ["S2"]],
  [
    "70, decided: insee is optional",
    `${BOTH}?romes=F1702&${paris}`,
    (json) => hasFourSources(json.jobs),
    { own: true },
  ],
  [
    "72",
    `${BOTH}?romes=F1702&latitude=47.5&longitude=-10&radius=30&caller=x`,
    (json) => assert.deepEqual(json.formations, { results: [] }),
  ],
  [
    "73, decided: insee is optional",
    `${BOTH}?latitude=95&longitude=200&radius=300&romes=1&diploma=9&sources=x`,
    ["C1", "R3", "G3", "G6", "A3", "P1", "S2"],
  ],
];

for (const [number, url, expected, { own = false } = {}] of cases) {
  test(`case ${number}: ${url.length > 90 ? `${url.slice(0, 90)}…` : url}`, () => {
    const { status, json } = ask(url, ...(own ? ["--own"] : []));
    if (Array.isArray(expected)) {
      assert.deepEqual(json, {
        error: "wrong_parameters",
        error_messages: expected.map((name) => messages[/** @type {keyof typeof messages} */ (name)]),
      });
      assert.equal(status, 400);
    } else {
      assert.equal(status, 200, JSON.stringify(json));
      expected(json);
    }
  });
}

test("case 10: romes given twice is the framework's error", () => {
  const { status, json } = ask(`${FORMATIONS}?romes=F1702&romes=F1705&caller=x`);
  assert.equal(status, 500);
  assert.deepEqual(json, {
    statusCode: 500,
    error: "Internal Server Error",
    message: "An internal server error occurred",
  });
});

for (const [number, url, message] of [
  ["32", "/api/V1/formations/formation/unknown", "Formation non trouvée"],
  ["33", "/api/V1/formations/formation/696325P01#L01", "Formation non trouvée"],
  ["62", "/api/V1/jobs/company/00000000000000?type=lba", "Société non trouvée"],
  ["65", "/api/V1/jobs/matcha/unknown", "Offre non trouvée"],
  ["65, of France Travail", "/api/V1/jobs/job/unknown", "Offre non trouvée"],
  ["65, no id", "/api/V1/jobs/job/%20", "Offre non trouvée"],
])
  test(`case ${number}, decided: 404 for ${url}`, () => {
    const { status, json } = ask(/** @type {string} */ (url));
    assert.equal(status, 404);
    assert.deepEqual(json, { result: "not_found", message });
  });

test("every item of a search is the same by its id, but for the distance", () => {
  const { json } = ask(`${BOTH}?romes=F1702,F1703,M1805,G1602&${paris}&caller=x`);
  const asked = [
    ["formations/formation/", "results", json.formations, (/** @type {any} */ item) => item.id],
    ["jobs/job/", "peJobs", json.jobs.peJobs, (/** @type {any} */ item) => item.job.id],
    ["jobs/matcha/", "matchas", json.jobs.matchas, (/** @type {any} */ item) => item.job.id],
    ["jobs/company/", "lbaCompanies", json.jobs.lbaCompanies, (/** @type {any} */ item) => item.company.siret],
  ];
  for (const [route, key, { results }, idOf] of asked) {
    assert.ok(results.length > 0, key);
    for (const item of results.slice(0, 12)) {
      const { status, json: one } = ask(`/api/v1/${route}${encodeURIComponent(idOf(item))}?type=lba`);
      assert.equal(status, 200);
      const [found] = one[key];
      const distance = { results: null, peJobs: 0, matchas: 0, lbaCompanies: null }[/** @type {"results"} */ (key)];
      assert.equal(found.place.distance, distance);
      assert.deepEqual({ ...found, place: { ...found.place, distance: item.place.distance } }, item);
    }
  }
});

test("case 63: a company without its type has no ideaType, and one of type lbb is none of ours", () => {
  const { json } = ask(`${JOBS}?romes=F1702&sources=lba&caller=x`);
  const { siret } = json.lbaCompanies.results[0].company;
  const { json: plain } = ask(`/api/V1/jobs/company/${siret}`);
  assert.deepEqual(Object.keys(plain), ["lbaCompanies"]);
  assert.ok(!("ideaType" in plain.lbaCompanies[0]));
  assert.equal(ask(`/api/V1/jobs/company/${siret}?type=lba`).json.lbaCompanies[0].ideaType, "lba");
  assert.equal(ask(`/api/V1/jobs/company/${siret}?type=lbb`).status, 404);
});

test("offers show the SIRET of their company to pages of the site only", () => {
  const url = `${JOBS}?romeDomain=M&sources=offres`;
  const own = ask(url, "--own").json.peJobs.results;
  const other = ask(`${url}&caller=x`).json.peJobs.results;
  assert.deepEqual(
    own.map((/** @type {any} */ item) => item.job.id),
    other.map((/** @type {any} */ item) => item.job.id),
  );
  assert.ok(own.some((/** @type {any} */ item) => item.company.siret));
  assert.ok(other.every((/** @type {any} */ item) => !("siret" in item.company)));
});

test("without coordinates the commune of insee is the centre; one that is not there is said", () => {
  const url = `${JOBS}?romeDomain=F&sources=offres,lba&caller=x`;
  const { json } = ask(`${url}&insee=35238&radius=60`);
  for (const { results } of [json.peJobs, json.lbaCompanies]) {
    assert.ok(results.length > 0);
    isNearestFirst(results, 60);
  }
  // The radius is 30 km when it is not given, and checked when it is.
  assert.ok(ask(`${url}&insee=35238`).json.peJobs.results.length <= json.peJobs.results.length);
  assert.deepEqual(ask(`${url}&insee=35238&radius=XX`).json.error_messages, [messages.A2]);
  assert.deepEqual(ask(`${url}&insee=99999`).json, {
    error: "wrong_parameters",
    error_messages: ["insee : Unknown insee city code."],
  });
});

test("jobs can be asked by region, by departement and by domain, which V1 could not", () => {
  const of = (/** @type {string} */ more) => ask(`${JOBS}?romeDomain=M18&${more}&caller=x`).json;
  const bretagne = of("region=53").peJobs.results;
  assert.ok(bretagne.length > 0);
  for (const item of bretagne) assert.match(item.place.insee ?? item.place.zipCode, /^(22|29|35|56)/);
  const all = of("sources=offres").peJobs.results;
  assert.ok(all.length > bretagne.length);
  for (const item of all) assert.ok(item.romes.some((/** @type {any} */ rome) => rome.code.startsWith("M18")));
});

test("paths ignore case and a slash at the end; ids do not", () => {
  const same = `${FORMATIONS}?romes=F1702&caller=x`;
  assert.equal(ask(same.replace("V1", "v1").replace("formations", "FORMATIONS")).body, ask(same).body);
  assert.equal(ask(same.replace("?", "/?")).body, ask(same).body);
});

test("what is not there is said, with a pointer to the documentation", () => {
  for (const [url, status, more] of [
    ["/api/V1/application", 501, ["--method", "POST"]],
    ["/api/V1/formations/formationDescription/15_589810", 501, []],
    ["/api/V1/nothing", 404, []],
    ["/api", 404, []],
    ["/", 404, []],
    [`${JOBS}?romes=F1702&caller=x`, 405, ["--method", "DELETE"]],
  ]) {
    const answer = ask(/** @type {string} */ (url), .../** @type {string[]} */ (more));
    assert.equal(answer.status, status, String(url));
    if (status !== 405) assert.match(answer.json.message, /docs\/API\.md/);
  }
});

test("without --include only the body is printed, and a whole URL is taken as well", () => {
  const url = `${FORMATIONS}?romes=F1702&caller=x`;
  const plain = balise(["api", "--site", site, url]);
  assert.equal(plain.code, 0);
  assert.equal(plain.stdout, ask(url).body);
  assert.equal(balise(["api", "--site", site, `https://labonnealternance.example${url}`]).stdout, plain.stdout);
  // A URL in a parameter does not make the path one.
  assert.equal(
    balise(["api", "--site", site, url.replace("caller=x", "caller=https://me.example/x")]).stdout,
    plain.stdout,
  );
});

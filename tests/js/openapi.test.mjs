// Answers of the built sample site are what its openapi.json says: of every route and status, and every key of every
// schema is met at least once.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = process.env.BALISE_SITE ?? join(root, "public");
const balise = process.env.BALISE_BIN ?? join(root, "build/release/balise");
const run = promisify(execFile);
const { open } = await import(pathToFileURL(join(site, "balise.js")).href);
const description = JSON.parse(await readFile(join(site, "openapi.json"), "utf8"));
const { schemas } = description.components;

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });
/** @type {any} */ (addFormats).default(ajv);
ajv.addVocabulary(["example"]);
const anchored = (/** @type {any} */ schema) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"parts#/$defs/'));
ajv.addSchema({ $id: "parts", $defs: anchored(schemas) });
/** @type {Map<any, any>} */
const compiled = new Map();
/** @param {any} schema */
function validatorOf(schema) {
  if (!compiled.has(schema)) compiled.set(schema, ajv.compile(anchored(schema)));
  return compiled.get(schema);
}

/** What "#/components/schemas/Formation" stands for. @param {any} node */
const resolved = (node) =>
  node.$ref
    ? node.$ref
        .slice(2)
        .split("/")
        .reduce((/** @type {any} */ part, /** @type {string} */ key) => part[key], description)
    : node;

/** Objects of schemas that were met, with the keys of theirs that were. @type {Map<any, Set<string>>} */
const met = new Map();

/** Notes which keys a valid answer has. @param {any} schema @param {any} value */
function note(schema, value) {
  const plain = resolved(schema);
  for (const branch of plain.anyOf ?? []) if (validatorOf(branch)(value)) note(branch, value);
  if (Array.isArray(value) && plain.items) for (const item of value) note(plain.items, item);
  if (!plain.properties || typeof value !== "object" || value === null) return;
  const keys = met.get(plain) ?? new Set();
  met.set(plain, keys);
  for (const [key, part] of Object.entries(plain.properties))
    if (key in value) {
      keys.add(key);
      note(part, value[key]);
    }
}

/** The operation for a path. @param {string} url @param {string} method */
function operationOf(url, method) {
  const path = (url.split("?")[0] ?? "").replace(/\/$/, "");
  const template = Object.keys(description.paths)
    .filter((name) => new RegExp(`^${name.replace(/\{\w+\}/g, "[^/]+")}$`, "i").test(path))
    .sort((a, b) => Number(a.includes("{")) - Number(b.includes("{")))[0];
  const operation = template && description.paths[template][method.toLowerCase()];
  return operation && { name: `${method} ${template}`, operation };
}

/** "GET /api/V1/jobs 200" of all that were answered. @type {Set<string>} */
const answered = new Set();

/** "GET /api/V1/jobs romes : Too many …" of all messages that were met. @type {Set<string>} */
const said = new Set();

/** @param {string} url @param {{status: number, body: string}} answer @param {string} method */
function check(url, { status, body }, method = "GET") {
  const found = operationOf(url, method);
  const outside = method === "GET" || method === "POST" ? "NoSuchRoute" : "MethodNotAllowed";
  const response = found ? found.operation.responses[status] : description.components.responses[outside];
  assert.ok(response, `${method} ${url}: ${status} is not described`);
  const { schema } = resolved(response).content["application/json"];
  const validate = validatorOf(schema);
  const value = JSON.parse(body);
  assert.ok(validate(value), `${method} ${url}: ${status}: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 300)}`);
  note(schema, value);
  answered.add(`${found?.name ?? outside} ${status}`);
  for (const message of value?.error_messages ?? []) said.add(`${found?.name} ${message}`);
  return value;
}

const b = await open(pathToFileURL(site).href);
/** @param {string} url */
const ask = async (url) => check(url, await b.api(url));

const CALLER = "caller=test";
const CENTRES = ["latitude=48.85&longitude=2.35", "latitude=48.11&longitude=-1.68", "latitude=-20.88&longitude=55.45"];
const paris = `${CENTRES[0]}&radius=60&${CALLER}`;

const urls = [
  // Found.
  ...["formations", "jobs", "jobsEtFormations"].flatMap((route) => [
    ...CENTRES.map((centre) => `/api/V1/${route}?romes=F1702,F1703,F1705&${centre}&radius=60&${CALLER}`),
    `/api/V1/${route}?romes=F1703&${CENTRES[0]}&radius=20000&${CALLER}`,
    `/api/V1/${route}?romes=M1805,D1102&${CALLER}`,
    `/api/V1/${route}?romeDomain=F17&${CENTRES[0]}&radius=30&${CALLER}`,
    `/api/V1/${route}?romeDomain=G&${CALLER}`,
    `/api/V1/${route}?romes=A9999&${CALLER}`,
    `/api/v1/${route.toLowerCase()}/?romes=f1703&${CALLER}`,
  ]),
  ..."ABCDEFGHIJKLMN".split("").map((letter) => `/api/V1/jobsEtFormations?romeDomain=${letter}&${paris}`),
  `/api/V1/formations?romes=F1703&diploma=3&${CENTRES[1]}&radius=0&${CALLER}`,
  `/api/V1/formations?romes=F1703&diploma=5&${CALLER}`,
  `/api/V1/jobs?romes=F1703&insee=75056&radius=10&${CALLER}`,
  `/api/V1/jobs?romes=F1703&insee=99999&${CALLER}`,
  `/api/V1/jobsEtFormations?romes=F1703&insee=99999&${CALLER}`,
  `/api/V1/jobs?romes=F1703&sources=lba&${paris}`,
  `/api/V1/jobs?romes=F1703&sources=lbb,matcha,offres&${paris}`,
  `/api/V1/jobs?romeDomain=F&opco=constructys&${paris}`,
  `/api/V1/jobs?romeDomain=F&region=53&${CALLER}`,
  `/api/V1/jobs?romeDomain=F&departement=2A&${CALLER}`,
  `/api/V1/jobsEtFormations?romes=F1703&sources=matcha&${paris}`,
  `/api/V1/jobsEtFormations?romes=F1703&sources=formations&${paris}`,
  `/api/V1/formationsParRegion?region=11&${CALLER}`,
  `/api/V1/formationsParRegion?departement=97&romeDomain=F&${CALLER}`,
  `/api/V1/formationsParRegion?departement=99&${CALLER}`,
  `/api/V1/formationsParRegion?romes=F1703&${CALLER}`,
  "/api/romelabels?title=bou",
  "/api/romelabels?title=mecanicien&withRomeLabels=true",
  "/api/romelabels?title=bts",
  "/api/romelabels?title=zzzzzz",
  "/api/V1/metiers?title=ma%C3%A7on",
  "/api/V1/metiers?romes=F1703,M1805",
  "/api/V1/metiers?rncps=RNCP35542",
  "/api/V1/metiers/all",
  "/api/V1/metiers/intitule?label=boulanger",
  "/api/jobsdiplomas?romes=F1703,M1805&rncps=RNCP1",
  "/api/jobsdiplomas?romes=A9999&rncps=RNCP1",
  "/api/V1/communes?nom=saint-denis",
  "/api/V1/communes?codePostal=75005",
  "/api/V1/communes?insee=2A004",
  "/api/V1/communes?nom=zzzzzz&limit=1",
  // Not found.
  "/api/V1/formations/formation/unknown",
  "/api/V1/jobs/job/unknown",
  "/api/V1/jobs/matcha/unknown",
  "/api/V1/jobs/company/00000000000000?type=lba",
  "/api/V1/jobs/company/00000000000000?type=lbb",
  "/api/V1/metiers/metiersParFormation/00000000",
  "/api/V1/metiers/metiersParEtablissement/00000000000000",
  "/api/V1/nothing",
  "/api/version",
  // Refused.
  "/api/romelabels",
  "/api/V1/metiers",
  "/api/V1/metiers/intitule",
  "/api/jobsdiplomas",
  "/api/jobsdiplomas?romes=F1703",
  "/api/V1/communes",
  "/api/V1/communes?codePostal=1&limit=0",
  "/api/V1/communes?insee=ABCDE&limit=21",
  ...["formations", "jobs", "jobsEtFormations", "formationsParRegion"].flatMap((route) => [
    `/api/V1/${route}`,
    `/api/V1/${route}?romes=ABCDE&latitude=91&longitude=181&radius=XX&diploma=lba&insee=x&sources=x&region=1&departement=`,
    `/api/V1/${route}?romes=F1702&romes=F1705&${CALLER}`,
    `/api/V1/${route}?romeDomain=F1&latitude=a&longitude=b&departement=1&radius=201&${CALLER}`,
    `/api/V1/${route}?romes=${Array(21).fill("F1702").join()}&latitude=1&region=05&${CALLER}`,
    `/api/V1/${route}?romes=F1702&romeDomain=F17&longitude=1&region=11&departement=75&radius=1&${CALLER}`,
  ]),
  "/api/V1/formations/formationDescription/x",
];

test("answers to many URLs are what openapi.json says", async () => {
  assert.ok(urls.length >= 60, String(urls.length));
  for (const url of urls) await ask(url);
});

test("each record that a search gives can be asked for, and is what openapi.json says", async () => {
  const { jobs, formations } = await ask(`/api/V1/jobsEtFormations?romeDomain=F&${paris}`);
  for (const { id } of formations.results.slice(0, 40))
    await ask(`/api/V1/formations/formation/${encodeURIComponent(id)}`);
  for (const { job } of jobs.peJobs.results.slice(0, 40)) await ask(`/api/V1/jobs/job/${encodeURIComponent(job.id)}`);
  for (const { job } of jobs.matchas.results.slice(0, 40))
    await ask(`/api/V1/jobs/matcha/${encodeURIComponent(job.id)}`);
  for (const { company } of jobs.lbaCompanies.results.slice(0, 10))
    for (const type of ["", "?type=lba"]) await ask(`/api/V1/jobs/company/${company.siret}${type}`);
});

test("occupations of diplomas and schools", async () => {
  const { results } = await ask(`/api/V1/formations?romeDomain=F&${paris}`);
  let found = 0;
  for (const { cfd, company } of results.slice(0, 100)) {
    if (cfd) found += (await ask(`/api/V1/metiers/metiersParFormation/${cfd}`)).metiers.length;
    if (company.siret) found += (await ask(`/api/V1/metiers/metiersParEtablissement/${company.siret}`)).metiers.length;
  }
  assert.ok(found > 0);
});

test("pages of the site itself need no caller, and see the SIRET of offers", async () => {
  const place = /** @type {any} */ (globalThis);
  place.location = { href: `${pathToFileURL(site).href}/recherche-emploi` };
  try {
    const { peJobs } = await ask("/api/V1/jobs?romeDomain=F&latitude=48.85&longitude=2.35&radius=200");
    assert.ok(peJobs.results.some((/** @type {any} */ item) => item.company.siret));
  } finally {
    delete place.location;
  }
});

test("other methods", async () => {
  for (const [method, url] of [
    ["POST", "/api/V1/application"],
    ["POST", "/api/application"],
    ["DELETE", "/api/V1/nothing"],
  ]) {
    const { stdout } = await run(balise, ["api", "--site", site, "--include", "--method", method, url]).catch(
      (error) => error,
    );
    const [head, body] = stdout.split("\r\n\r\n");
    check(url, { status: Number(head.split(" ")[1]), body }, method);
  }
});

test("every operation answered every status that it describes", () => {
  const wanted = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(/** @type {any} */ (item)).flatMap(([method, operation]) =>
      Object.keys(/** @type {any} */ (operation).responses).map(
        (status) => `${method.toUpperCase()} ${path} ${status}`,
      ),
    ),
  );
  const left = wanted.filter((name) => !answered.has(name));
  // What a damaged site answers natively; balise.js rejects its promise instead, which balise.test.mjs has.
  const damaged = left.filter((name) => name.endsWith(" 500"));
  assert.deepEqual(
    left.filter((name) => !damaged.includes(name)),
    [],
  );
  for (const name of damaged)
    assert.equal(
      operationOf(name.split(" ")[1] ?? "", "GET")?.operation.responses[500].$ref?.includes("InternalError"),
      true,
      name,
    );
});

test("every message that openapi.json gives a route was met there", () => {
  /** @type {string[]} */
  const wanted = [];
  for (const [path, item] of Object.entries(description.paths)) {
    const schema = /** @type {any} */ (item).get?.responses[400]?.content["application/json"].schema;
    for (const message of schema?.properties?.error_messages.items.enum ?? []) wanted.push(`GET ${path} ${message}`);
  }
  assert.ok(wanted.length > 70, String(wanted.length));
  assert.deepEqual(
    wanted.filter((name) => !said.has(name)),
    [],
  );
});

test("every key of every schema was met", () => {
  const why = new Map([
    ["PeJob.company.logo", "no source of the sample names one"],
    ["InternalError.error", "a damaged site; cli tests have it"],
  ]);
  /** @type {string[]} */
  const left = [];
  /** @param {any} schema @param {string} name */
  const walk = (schema, name) => {
    for (const [key, part] of Object.entries(schema.properties ?? {})) {
      if (!met.get(schema)?.has(key)) left.push(`${name}.${key}`);
      else walk(part, `${name}.${key}`);
    }
    if (schema.items) walk(schema.items, `${name}[]`);
    for (const branch of schema.anyOf ?? []) walk(branch, name);
  };
  for (const [name, schema] of Object.entries(schemas)) walk(schema, name);
  assert.deepEqual(
    left.filter((name) => !why.has(name)),
    [],
  );
  // A reason that no longer holds is to be removed.
  assert.deepEqual(
    [...why.keys()].filter((name) => !left.includes(name)),
    [],
  );
});

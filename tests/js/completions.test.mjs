// What completes the form, over the built sample site: places, occupations and diplomas.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = process.env.BALISE_SITE ?? join(root, "public");
const { open, BaliseError } = await import(pathToFileURL(join(site, "balise.js")).href);
const balise = await open(pathToFileURL(site).href);

test("the beginning of an occupation gives it with its ROMEs", async () => {
  const metiers = await balise.metiers("boulange");
  const [first] = metiers;
  assert.equal(first.type, "job");
  assert.match(first.label, /^Boulang/);
  assert.ok(first.romes.includes("D1102"), JSON.stringify(first));
  assert.deepEqual(Object.keys(first), ["type", "label", "romes", "levels"]);
  for (const { type, romes } of metiers) {
    assert.ok(type === "job" || type === "diploma");
    for (const rome of romes) assert.match(rome, /^[A-N]\d{4}$/);
  }
});

test("occupations and diplomas are limited apart", async () => {
  const metiers = await balise.metiers("boulanger", { limit: 2 });
  for (const type of ["job", "diploma"]) {
    const count = metiers.filter((/** @type {any} */ metier) => metier.type === type).length;
    assert.ok(count > 0 && count <= 2, `${count} of ${type}`);
  }
});

test("a postal code gives its commune", async () => {
  const [first] = await balise.places("93200");
  assert.equal(first.type, "commune");
  assert.equal(first.name, "Saint-Denis");
  assert.equal(first.insee, "93066");
  assert.ok(first.postal_codes.includes("93200"));
  assert.equal(first.departement, "93");
  assert.equal(first.region, "11");
  assert.ok(Math.abs(first.lat - 48.936) < 0.05 && Math.abs(first.lon - 2.357) < 0.05, JSON.stringify(first));
});

test("a name that several places share gives all of them, told apart", async () => {
  const places = await balise.places("Saint-Denis");
  const departements = places.slice(0, 2).map((/** @type {any} */ { departement }) => departement);
  assert.deepEqual(departements.sort(), ["93", "974"]);
  const labels = places.map((/** @type {any} */ { label }) => label);
  assert.equal(new Set(labels).size, labels.length);
  assert.ok(places.length <= 10);
  assert.equal((await balise.places("Saint-Denis", { limit: 3 })).length, 3);
});

test("départements, regions and France are places too", async () => {
  const [bretagne] = await balise.places("bretagne");
  assert.deepEqual([bretagne.type, bretagne.region, bretagne.insee], ["region", "53", null]);
  const [finistere] = await balise.places("finistère");
  assert.deepEqual([finistere.type, finistere.departement, finistere.label], ["departement", "29", "Finistère (29)"]);
  assert.deepEqual(await balise.places(""), [
    {
      type: "france",
      label: "France entière",
      name: "France entière",
      insee: null,
      postal_codes: [],
      departement: null,
      region: null,
      lat: null,
      lon: null,
    },
  ]);
});

test("what is no text of a place or an occupation gives nothing, and what is typed on gives up the last", async () => {
  assert.deepEqual(await balise.metiers("xqzwvkj"), []);
  assert.deepEqual(await balise.metiers("\u0000'\";<>"), []);
  const controller = new AbortController();
  controller.abort();
  await assert.rejects(
    balise.places("par", { signal: controller.signal }),
    (/** @type {any} */ error) => error instanceof BaliseError && error.code === "aborted",
  );
});

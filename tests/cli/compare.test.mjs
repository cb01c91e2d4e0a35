/**
 * `balise compare`: a site is equal to its own answers, and what is changed in them is found. BALISE_SITE: the site.
 */

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { assertRefused, balise, repository, scratchFolder } from "./support.mjs";

const site = path.resolve(repository, process.env["BALISE_SITE"] ?? "public");
const folder = scratchFolder();
const PLACE = "latitude=48.85&longitude=2.35&radius=60&caller=test";

/** @param {string} url */
function answerOf(url) {
  const { stdout, stderr } = balise(["api", "--site", site, "--include", url]);
  const [head, body] = stdout.split("\r\n\r\n");
  assert.ok(body, stderr);
  return { url, status: Number(head?.split(" ")[1]), json: JSON.parse(body) };
}

/** @param {string} name @param {string | Uint8Array} content */
function file(name, content) {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}

/** @param {string} against @param {string[]} more */
const compare = (against, ...more) => balise(["compare", "--site", site, "--against", against, ...more]);

/** @param {string} against @param {string[]} more */
function compared(against, ...more) {
  const { code, stdout, stderr } = compare(against, "--format", "json", ...more);
  assert.equal(stderr, "");
  return { code, found: JSON.parse(stdout) };
}

const recorded = [
  `/api/V1/formations?romes=F1702,F1703&${PLACE}`,
  `/api/V1/jobs?romes=F1702,F1703&${PLACE}`,
  `/api/V1/jobsEtFormations?romes=F1702&${PLACE}`,
  "/api/V1/formationsParRegion?region=11&romes=F1703&caller=test",
  "/api/V1/jobs?romes=F1702",
  "/api/V1/jobs/job/unknown",
].map(answerOf);

test("a site is equal to its own answers, in every kind of file", () => {
  const lines = recorded.map((answer) => JSON.stringify(answer)).join("\n");
  const entries = recorded.map(({ url, status, json }, i) => {
    const text = JSON.stringify(json);
    return {
      request: { method: "GET", url: `https://example.org${url}`, headers: [] },
      response: {
        status,
        content: i % 2 ? { text } : { text: Buffer.from(text).toString("base64"), encoding: "base64" },
      },
    };
  });
  for (const against of [
    file("array.json", JSON.stringify(recorded)),
    file("lines.ndjson", lines),
    file("lines.ndjson.gz", gzipSync(lines)),
    file("session.har", JSON.stringify({ log: { entries } })),
    file("bodies.json", JSON.stringify(recorded.map(({ json, ...rest }) => ({ ...rest, body: JSON.stringify(json) })))),
  ]) {
    const { code, found } = compared(against);
    assert.equal(code, 0, JSON.stringify(found.differences));
    assert.equal(found.answers, recorded.length);
    assert.equal(found.equal, recorded.length);
    assert.deepEqual(found.known, []);
    for (const list of found.lists) assert.equal(list.only_recorded + list.only_here + list.moved, 0);
    assert.ok(found.lists.some((/** @type {any} */ list) => list.route === "jobs" && list.both > 0));
  }
});

test("what was changed is found, item by item", () => {
  const answer = structuredClone(/** @type {any} */ (recorded[0]));
  const [first, second] = answer.json.results;
  first.title = "Autre titre";
  first.place.distance *= 1.0005;
  delete second.id;
  second.place.latitude = 48;
  answer.json.results.push({ ...first, cleMinistereEducatif: "gone#L01", id: "gone#L01" });
  answer.json.results.splice(2, 1);
  const against = file("changed.json", JSON.stringify([answer]));
  const { code, found } = compared(against, "--limit", "1");
  assert.equal(code, 4);
  assert.deepEqual(found.differences.map((/** @type {any} */ d) => [d.kind, d.path, d.detail]).sort(), [
    ["added key", "results[].id", "string"],
    ["only here", "results[]", ""],
    ["only recorded", "results[]", ""],
    ["type", "results[].place.latitude", "number -> string"],
    ["value", "results[].title", ""],
  ]);
  const title = found.differences.find((/** @type {any} */ d) => d.path === "results[].title");
  assert.deepEqual(title.examples, [
    {
      url: answer.url,
      item: first.cleMinistereEducatif,
      recorded: "Autre titre",
      here: /** @type {any} */ (recorded[0]).json.results[0].title,
    },
  ]);
  const { code: again, stdout } = compare(against);
  assert.equal(again, 4);
  assert.match(stdout, /results\[\]\.title {2}value: 1\n {6}recorded "Autre titre"/);
});

test("what must differ is said apart, and is no failure", () => {
  const answer = structuredClone(/** @type {any} */ (recorded[1]));
  for (const item of answer.json.lbaCompanies.results)
    item.contact = { email: "someone@example.org", phone: "0100000000" };
  answer.json.lbbCompanies = [];
  const { code, found } = compared(file("known.json", JSON.stringify([answer])));
  assert.equal(code, 0, JSON.stringify(found.differences));
  assert.equal(found.known_only, 1);
  for (const known of found.known) assert.match(known.reason, /./);
  assert.doesNotMatch(JSON.stringify(found), /someone@/, "recorded contacts are not repeated");
  assert.match(found.see, /docs\/API\.md/);
});

test("a page of the real site needs no caller here either", () => {
  const url = "/api/V1/jobs?romes=F1702";
  const { stdout } = balise(["api", "--site", site, "--own", url]);
  const own = { url, status: 200, json: JSON.parse(stdout), own: true };
  assert.equal(compared(file("own.json", JSON.stringify([own]))).code, 0);
  assert.equal(compared(file("flag.json", JSON.stringify([{ ...own, own: false }])), "--own").code, 0);
  assert.equal(compared(file("partner.json", JSON.stringify([{ ...own, own: false }]))).code, 4);
});

test("a bare answer is compared by its shape", () => {
  const answer = structuredClone(/** @type {any} */ (recorded[0])).json;
  const against = file("bare.json", JSON.stringify(answer));
  assert.equal(compared(against, "--shape", "formations").code, 0);
  assert.equal(compared(against, "--shape", /** @type {any} */ (recorded[0]).url).code, 0);
  for (const item of answer.results) Object.assign(item, { title: 7, colour: "red" });
  const { code, found } = compared(file("other.json", JSON.stringify(answer)), "--shape", "formations");
  assert.equal(code, 4);
  assert.deepEqual(found.differences.map((/** @type {any} */ d) => [d.kind, d.path]).sort(), [
    ["missing key", "results[].colour"],
    ["type", "results[].title"],
  ]);
});

/** @type {[string, string][]} */
const realAnswers = [
  ["api_v1_formations.json", "formations"],
  ["api_v1_jobs.json", "jobs"],
  ["romelabels_web.json", "/api/romelabels?title=web"],
  ["jobsdiplomas.json", "/api/jobsdiplomas?romes=F1703,M1805&rncps=RNCP1"],
];
for (const [name, shape] of realAnswers) {
  const real = path.join(repository, "../shared/data/fixtures/api_v1", name);
  test(`the real answer ${name} has the shape of ours, but for what is known`, (t) => {
    if (!existsSync(real)) return t.skip("skipped: ../shared is absent");
    const { code, found } = compared(real, "--shape", shape);
    assert.deepEqual(found.differences, []);
    assert.equal(code, 0);
  });
}

test("what cannot be compared is refused in one sentence", () => {
  const good = file("good.json", JSON.stringify(recorded));
  assertRefused(compare(path.join(folder, "missing.json")), 1, /missing\.json/);
  assertRefused(compare(file("page.html", "<html>")), 3, /page\.html/);
  assertRefused(compare(file("bare.json", JSON.stringify(recorded[0]?.json))), 3, /--shape/);
  assertRefused(compare(file("cut.json.gz", gzipSync(JSON.stringify(recorded)).subarray(0, 200))), 3, /cut\.json\.gz/);
  assertRefused(compare(good, "--shape", "companies"), 2, /jobsEtFormations/);
  assertRefused(compare(good, "--format", "xml"), 2, /--format|xml/);
  assertRefused(balise(["compare", "--site", folder, "--against", good]), 1, /manifest\.json/);
  assertRefused(balise(["compare", "--site", site]), 2, /--against/);
});

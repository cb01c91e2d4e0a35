/** Sources over http: what is asked for, what is done when it goes wrong, and that no secret leaves the environment. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { FaultServer, faults } from "../fault_server.mjs";
import {
  assertRefused,
  balise,
  contentOf,
  filesOf,
  runBalise,
  sample,
  scratchFolder,
  treeHash,
  writeConfig,
} from "./support.mjs";

const scratch = scratchFolder();
const companies = contentOf(path.join(sample, "entreprises.ndjson.gz")).toString("utf8").trimEnd().split("\n");
const offers = contentOf(path.join(sample, "offres-france-travail.ndjson.br")).toString("utf8").trimEnd().split("\n");
const matcha = { url: path.join(sample, "matcha.json"), format: "lba-v3" };

/** Nothing waits longer than the tests want to. */
const FETCH = {
  connect_seconds: 2,
  stall_seconds: 0.5,
  total_seconds: 20,
  retries: 2,
  backoff_seconds: 0.02,
  max_wait_seconds: 2,
};
const TOKEN = "s3cr3t-tok3n-of-the-tests-0123456789";
const SECRET = "cl13nt-s3cr3t&with=marks";

/** @type {FaultServer} */
let server;
/** @type {NodeJS.ProcessEnv} */
const environment = { ...process.env, no_proxy: "127.0.0.1", NO_PROXY: "127.0.0.1" };
environment["BALISE_TEST_TOKEN"] = TOKEN;
environment["BALISE_TEST_ID"] = "the-client";
environment["BALISE_TEST_SECRET"] = SECRET;
delete environment["BALISE_TEST_UNSET"];

before(async () => {
  server = await FaultServer.start();
});
after(() => server.close());
beforeEach(() => server.heal());

let number = 0;

/** A config, its site and its state, each in a folder of their own. */
class Place {
  constructor() {
    number += 1;
    this.out = path.join(scratch, `site-${number}`);
    this.state = path.join(scratch, `state-${number}`);
    this.report = path.join(scratch, `report-${number}.json`);
  }

  /**
   * @param {Record<string, unknown>} sources
   * @param {string} asOf
   * @param {string[]} more arguments
   */
  build(sources, asOf, ...more) {
    const config = writeConfig(scratch, { matcha: [matcha], ...sources }, { state: this.state, fetch: FETCH });
    const args = ["build", "--config", config, "--out", this.out, "--as-of", asOf, "--progress", "never"];
    return runBalise([...args, "--report", this.report, ...more], { env: environment });
  }

  /** @param {string} name */
  json(name) {
    return JSON.parse(readFileSync(path.join(this.out, name), "utf8"));
  }
  reported() {
    return JSON.parse(readFileSync(this.report, "utf8"));
  }
  /** What the manifest says of a source. @param {string} source */
  source(source) {
    return this.json("data/manifest.json").sources.find((/** @type {any} */ one) => one.source === source);
  }
  footer() {
    return /<footer[^]*<\/footer>/.exec(readFileSync(path.join(this.out, "recherche-emploi.html"), "utf8"))?.[0] ?? "";
  }
}

const lba = (/** @type {string} */ name, /** @type {object} */ more = {}) => ({
  lba: [{ url: `${server.origin}/${name}`, format: "recruteurs-lba", ...more }],
});
const text = (/** @type {number} */ from, /** @type {number} */ to) => `${companies.slice(from, to).join("\n")}\n`;

/** A place that was published once. @param {string} name @param {object} [more] */
async function published(name, more) {
  const place = new Place();
  server.serve(`/${name}`, text(0, 300), { etag: `"${name}-1"`, lastModified: "Thu, 19 Nov 2026 02:00:00 GMT" });
  const outcome = await place.build(lba(name, more), "2026-11-19", "--accept", "baseline");
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.equal(place.source("lba").state, "ok");
  server.heal();
  return place;
}

describe("what is asked for", () => {
  test("a source that has not changed is not sent again", async () => {
    const place = await published("same.ndjson");
    const hash = treeHash(path.join(place.out, "data/france"));
    const outcome = await place.build(lba("same.ndjson"), "2026-11-20");
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(server.seen.length, 1);
    assert.equal(server.seen[0]?.headers["if-none-match"], '"same.ndjson-1"');
    assert.equal(server.seen[0]?.headers["if-modified-since"], "Thu, 19 Nov 2026 02:00:00 GMT");
    assert.deepEqual(place.reported().sources[1].fetched, { bytes: 0, requests: 1, unchanged: true });
    assert.equal(place.source("lba").as_of, "2026-11-20", "the source says that they are current");
    assert.equal(treeHash(path.join(place.out, "data/france")), hash);
  });

  test("one that has changed is", async () => {
    const place = await published("changed.ndjson");
    server.serve("/changed.ndjson", text(5, 320), { etag: '"2"' });
    assert.equal((await place.build(lba("changed.ndjson"), "2026-11-20")).code, 0);
    assert.equal(place.reported().sources[1].read, 315);
    assert.equal((await place.build(lba("changed.ndjson"), "2026-11-21")).code, 0);
    assert.equal(server.seen.at(-1)?.headers["if-none-match"], '"2"');
    assert.equal(server.seen.at(-1)?.headers["if-modified-since"], undefined, "nothing of the copy before");
  });

  test("a copy that was damaged is fetched whole", async () => {
    const place = await published("damaged.ndjson");
    const folder = path.join(place.state, "sources");
    const copy = filesOf(folder).find((name) => !name.endsWith(".json")) ?? "";
    writeFileSync(path.join(folder, copy), "[]");
    assert.equal((await place.build(lba("damaged.ndjson"), "2026-11-20")).code, 0);
    assert.equal(server.seen[0]?.headers["if-none-match"], undefined);
    assert.equal(place.reported().sources[1].read, 300);
  });

  test("compressed files and encodings are read", async () => {
    const place = new Place();
    server.serve("/packed.ndjson.gz", gzipSync(text(0, 300)), { type: "application/gzip" });
    assert.equal((await place.build(lba("packed.ndjson.gz"), "2026-11-19", "--accept", "baseline")).code, 0);
    assert.equal(place.reported().sources[1].read, 300);
    server.serve("/encoded", () => ({ headers: { "content-encoding": "gzip" }, body: gzipSync(text(0, 200)) }));
    const other = new Place();
    assert.equal((await other.build(lba("encoded"), "2026-11-19", "--accept", "baseline")).code, 0);
    assert.equal(other.reported().sources[1].read, 200);
  });
});

describe("a source that is down keeps its last good copy", () => {
  /** @type {Place} */
  let place;
  let cards = "";
  before(async () => {
    place = await published("down");
    cards = treeHash(path.join(place.out, "data/france"));
    // New data, so that there is something to be spoiled.
    server.serve("/down", text(10, 310), { etag: '"2"' });
  });

  for (const fault of faults) {
    test(`${fault}`, async () => {
      server.fail("/down", fault);
      const outcome = await place.build(lba("down"), "2026-11-20");
      assert.equal(outcome.code, 0, outcome.stderr);
      const quiet = fault === "cut-quietly" || fault === "garbage";
      const { as_of, state, reason, records } = place.source("lba");
      assert.deepEqual([as_of, state, reason], ["2026-11-19", "kept", quiet ? "refused" : "down"]);
      assert.equal(records, place.reported().sources[1].kept);
      assert.equal(place.reported().outcome, "degraded");
      assert.match(
        place.footer(),
        quiet
          ? /Entreprises : données du 19 novembre 2026, les plus récentes ont été écartées</
          : /Entreprises : données du 19 novembre 2026, la source ne répond pas</,
      );
      assert.equal(treeHash(path.join(place.out, "data/france")), cards, "the same records");
      assert.equal(balise(["verify", "--site", place.out]).code, 0);
    });
  }

  test("until it answers", async () => {
    const next = await place.build(lba("down"), "2026-11-21");
    assert.equal(next.code, 0, next.stderr);
    assert.equal(place.source("lba").state, "ok");
    assert.equal(place.source("lba").as_of, "2026-11-21");
    assert.doesNotMatch(place.footer(), /Entreprises/);
    assert.notEqual(treeHash(path.join(place.out, "data/france")), cards);
  });

  test("nobody listens", async () => {
    const place = await published("gone.ndjson");
    const other = await FaultServer.start();
    const origin = other.origin;
    await other.close();
    const sources = { lba: [{ url: `${origin}/x`, format: "recruteurs-lba" }] };
    // Another address is another source: it has no copy yet.
    const hash = treeHash(place.out);
    assertRefused(await place.build(sources, "2026-11-20"), 3, /cannot be fetched/, /no copy/);
    assert.equal(treeHash(place.out), hash);
  });

  test("TLS that fails", async () => {
    const place = new Place();
    const sources = { lba: [{ url: `${server.origin.replace("http", "https")}/x`, format: "recruteurs-lba" }] };
    assertRefused(await place.build(sources, "2026-11-20", "--accept", "baseline"), 3, /SSL|TLS|transfer failed/);
  });

  test("it is said on listings, by inspect and in a snapshot too", async () => {
    const place = await published("shown.ndjson");
    server.fail("/shown.ndjson", 500);
    assert.equal((await place.build(lba("shown.ndjson"), "2026-11-20")).code, 0);
    const line = /données du 19 novembre 2026, la source ne répond pas/;
    assert.match(readFileSync(path.join(place.out, "apprentissage/index.html"), "utf8"), line);
    assert.match(balise(["inspect", path.join(place.out, "data/manifest.json")]).stdout, /state: kept/);
    const part = path.join(scratch, "part");
    const cut = balise(["snapshot", "--site", place.out, "--out", part, "--sources", "lba"]);
    assert.equal(cut.code, 0, cut.stderr);
    assert.match(readFileSync(path.join(part, "recherche-emploi.html"), "utf8"), line);
    const manifest = readFileSync(path.join(part, "data/manifest.json"), "utf8");
    assert.equal(JSON.parse(manifest).sources.at(-1).records, undefined);
    assert.ok(!manifest.includes("127.0.0.1") && !manifest.includes(scratch), "no address, no path");
  });

  test("for as long as limits.max_kept_days says", async () => {
    const place = await published("old.ndjson");
    server.fail("/old.ndjson", 500);
    const warned = await place.build(lba("old.ndjson"), "2026-11-28");
    assert.equal(warned.code, 0, warned.stderr);
    assert.equal(place.reported().gates[0].result, "warned");
    assert.equal((await place.build(lba("old.ndjson"), "2026-12-19")).code, 0, "30 days");
    const hash = treeHash(place.out);
    const outcome = await place.build(lba("old.ndjson"), "2026-12-20");
    assertRefused(outcome, 3, /2026-11-19, 31 days ago/, /limits\.max_kept_days/, /--accept lba:kept/);
    assert.equal(treeHash(place.out), hash);
    assert.equal(place.reported().outcome, "refused");
    assert.equal((await place.build(lba("old.ndjson"), "2026-12-20", "--accept", "lba:kept")).code, 0);
  });
});

describe("what passes by itself", () => {
  test("two answers that go wrong, then one that does not", async () => {
    const place = await published("passing");
    for (const fault of /** @type {const} */ (["drop", 503, "html", "empty"])) {
      server.serve("/passing", text(10, 310), { etag: `"${fault}"` });
      server.fail("/passing", fault, { times: 2 });
      const outcome = await place.build(lba("passing"), "2026-11-20");
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.equal(place.source("lba").state, "ok", String(fault));
      assert.equal(place.reported().sources[1].fetched.requests, 3, String(fault));
    }
  });

  test("a body that was cut goes on where it ended", async () => {
    const body = text(0, 300);
    server.serve("/resumed", body, { etag: '"r"' });
    server.fail("/resumed", "cut", { times: 1 });
    const place = new Place();
    assert.equal((await place.build(lba("resumed"), "2026-11-19", "--accept", "baseline")).code, 0);
    const half = Buffer.byteLength(body) >> 1;
    assert.equal(server.seen[1]?.headers["range"], `bytes=${half}-`);
    assert.equal(server.seen[1]?.headers["if-range"], '"r"');
    assert.deepEqual(place.reported().sources[1].fetched, {
      bytes: Buffer.byteLength(body),
      requests: 2,
      unchanged: false,
    });
    assert.equal(place.reported().sources[1].read, 300);
  });

  test("one that stalled too", async () => {
    server.serve("/stalled", text(0, 300), { lastModified: "Thu, 19 Nov 2026 02:00:00 GMT" });
    server.fail("/stalled", "stall", { times: 1 });
    const place = new Place();
    assert.equal((await place.build(lba("stalled"), "2026-11-19", "--accept", "baseline")).code, 0);
    assert.equal(server.seen[1]?.headers["if-range"], "Thu, 19 Nov 2026 02:00:00 GMT");
    assert.equal(place.reported().sources[1].read, 300);
  });

  test("never two versions in one file", async () => {
    server.serve("/replaced", text(0, 300), { etag: '"a"' });
    server.fail("/replaced", "cut", { times: 1 });
    const place = new Place();
    const building = place.build(lba("replaced"), "2026-11-19", "--accept", "baseline");
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    server.serve("/replaced", text(300, 420), { etag: '"b"' });
    assert.equal((await building).code, 0);
    assert.equal(place.reported().sources[1].read, 120, "all of the second one");
  });

  test("the wrong part is not taken", async () => {
    server.serve("/parts", text(0, 300), { etag: '"p"' });
    server.fail("/parts", "wrong-range", { times: 1 });
    const place = new Place();
    assert.equal((await place.build(lba("parts"), "2026-11-19", "--accept", "baseline")).code, 0);
    assert.equal(place.reported().sources[1].read, 300);
  });

  test("Retry-After is waited for, within a bound", async () => {
    const place = await published("later");
    server.fail("/later", 503, { times: 1, retryAfter: "1" });
    const start = Date.now();
    assert.equal((await place.build(lba("later"), "2026-11-20")).code, 0);
    assert.ok(Date.now() - start >= 1000);
    assert.equal(place.source("lba").state, "ok");
    server.fail("/later", 429, { times: 1, retryAfter: "3600" });
    assert.equal((await place.build(lba("later"), "2026-11-21")).code, 0);
    assert.equal(place.source("lba").state, "kept");
    assert.match(place.reported().sources[1].why, /429.*max_wait_seconds/);
  });

  test("a body that comes slowly is waited for", async () => {
    server.serve("/slow", text(0, 300));
    server.fail("/slow", "slow");
    const place = new Place();
    assert.equal((await place.build(lba("slow"), "2026-11-19", "--accept", "baseline")).code, 0);
  });

  test("a redirect on the same host is followed", async () => {
    server.serve("/old-name", text(0, 300));
    server.fail("/old-name", "moved", { times: 1 });
    const place = new Place();
    assert.equal((await place.build(lba("old-name"), "2026-11-19", "--accept", "baseline")).code, 0);
    assert.equal(server.seen[1]?.url, "/old-name?moved=1");
  });

  test("a source that is too large is not", async () => {
    server.serve("/large", text(0, 1500));
    const place = new Place();
    const outcome = await place.build(lba("large", { max_mb: 0.1 }), "2026-11-19", "--accept", "baseline");
    assertRefused(outcome, 3, /max_mb/);
    assert.equal(server.seen.length, 1, "and not asked for again");
  });
});

describe("pages", () => {
  const SIZE = 150;
  const ranged = (/** @type {string} */ name, /** @type {object} */ more = {}) => ({
    offres: [{ url: `${server.origin}/${name}?natureContrat=E2`, format: "france-travail", pages: "range", ...more }],
  });

  /** As the API of France Travail does it. @param {string} name @param {string[]} all */
  function serveRanges(name, all) {
    server.serve(`/${name}`, (_request, url) => {
      const range = /^(\d+)-(\d+)$/.exec(url.searchParams.get("range") ?? "");
      if (!range || url.searchParams.get("natureContrat") !== "E2") return { status: 400 };
      const [first, last] = [Number(range[1]), Math.min(Number(range[2]), all.length - 1)];
      if (first >= all.length) return { status: 204 };
      const status = last - first + 1 < all.length ? 206 : 200;
      return {
        status,
        headers: { "content-range": `offres ${first}-${last}/${all.length}` },
        body: `{"filtresPossibles": [], "resultats": [${all.slice(first, last + 1).join(",")}]}`,
      };
    });
  }

  for (const count of [7, SIZE, SIZE + 1, 3 * SIZE, 4 * SIZE - 1]) {
    test(`${count} offers by ranges`, async () => {
      serveRanges("search", offers.slice(0, count));
      const place = new Place();
      const outcome = await place.build(ranged("search"), "2026-11-19", "--accept", "baseline");
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.equal(place.reported().sources[0].read, count);
      assert.equal(place.reported().sources[0].fetched.requests, Math.ceil(count / SIZE));
    });
  }

  test("a page that fails is asked for again; one that stays away leaves the source as it was", async () => {
    serveRanges("flaky", offers.slice(0, 400));
    server.fail("/flaky", 500, { times: 2 });
    const place = new Place();
    assert.equal((await place.build(ranged("flaky"), "2026-11-19", "--accept", "baseline")).code, 0);
    assert.equal(place.reported().sources[0].read, 400);
    server.serve("/flaky", (request, url) => {
      if (url.searchParams.get("range") !== "0-149") return { status: 500 };
      return {
        status: 206,
        headers: { "content-range": "offres 0-149/400" },
        body: `{"resultats": [${offers.slice(0, 150).join(",")}]}`,
      };
    });
    assert.equal((await place.build(ranged("flaky"), "2026-11-20")).code, 0);
    assert.equal(place.source("offres").state, "kept");
    assert.match(place.footer(), /Offres d'emploi : données du 19 novembre 2026, la source ne répond pas/);
    assert.equal(place.reported().sources[0].read, 400, "never a part of it");
  });

  test("a server that ignores ranges, and one that says no range", async () => {
    const body = `{"resultats": [${offers.slice(0, 150).join(",")}]}`;
    const place = new Place();
    server.serve("/deaf", (_request, url) => ({
      status: url.searchParams.get("range") === "0-149" ? 206 : 200,
      headers: { "content-range": "offres 0-149/400" },
      body,
    }));
    assertRefused(await place.build(ranged("deaf"), "2026-11-19", "--accept", "baseline"), 3, /whole source/);
    server.serve("/deaf", () => ({ status: 206, body }));
    assertRefused(await place.build(ranged("deaf"), "2026-11-19", "--accept", "baseline"), 3, /Content-Range/);
  });

  test("by a next key, and by a Link header", async () => {
    const place = new Place();
    const page = (/** @type {number} */ n) => companies.slice(n * 100, n * 100 + 100).join(",");
    server.serve("/keys", (_request, url) => {
      const n = Number(url.searchParams.get("page") ?? 0);
      return { body: `{"data": [${page(n)}], "next": ${n < 2 ? `"/keys?page=${n + 1}"` : "null"}}` };
    });
    const next = { pages: "next" };
    assert.equal((await place.build(lba("keys", next), "2026-11-19", "--accept", "baseline")).code, 0);
    assert.equal(place.reported().sources[1].read, 300);
    const other = new Place();
    server.serve("/links", (_request, url) => {
      const n = Number(url.searchParams.get("page") ?? 0);
      const link = `<${server.origin}/links?page=0>; rel="first", <?page=${n + 1}>; rel="next"`;
      return { headers: n < 2 ? { link } : {}, body: `[${page(n)}]` };
    });
    assert.equal((await other.build(lba("links", next), "2026-11-19", "--accept", "baseline")).code, 0);
    assert.equal(other.reported().sources[1].read, 300);
  });

  test("that lead elsewhere, or in a circle", async () => {
    const place = new Place();
    const next = { pages: "next" };
    server.serve("/away", () => ({ body: `{"data": [${companies[0]}], "next": "http://127.0.0.1:9/x"}` }));
    assertRefused(await place.build(lba("away", next), "2026-11-19", "--accept", "baseline"), 3, /another place/);
    server.serve("/circle", () => ({ body: `{"data": [${companies[0]}], "next": "/circle"}` }));
    assertRefused(await place.build(lba("circle", next), "2026-11-19", "--accept", "baseline"), 3, /never end/);
  });
});

describe("secrets", () => {
  const bearer = { auth: { bearer_env: "BALISE_TEST_TOKEN" } };
  const client = () => ({
    auth: {
      token_url: `${server.origin}/token?realm=%2Fpartenaire`,
      client_id_env: "BALISE_TEST_ID",
      client_secret_env: "BALISE_TEST_SECRET",
      scope: "api o2",
    },
  });

  /** Nothing that a run wrote holds a secret. @param {Place} place @param {{ stderr: string }} outcome */
  function assertSilent(place, outcome, ...secrets) {
    const written = [place.out, place.state].flatMap((folder) => {
      try {
        return filesOf(folder).map((name) => path.join(folder, name));
      } catch {
        return [];
      }
    });
    for (const secret of [TOKEN, SECRET, encodeURIComponent(SECRET), ...secrets]) {
      assert.ok(!outcome.stderr.includes(secret), "stderr");
      for (const file of [...written, place.report]) {
        if (/\.(?:wasm|br|gz)$/.test(file)) continue;
        assert.ok(!readFileSync(file).includes(secret), file);
      }
    }
  }

  test("a bearer token", async () => {
    server.serve("/private", (request) =>
      request.headers.authorization === `Bearer ${TOKEN}` ? { body: text(0, 300) } : { status: 401 },
    );
    const place = new Place();
    const outcome = await place.build(lba("private", bearer), "2026-11-19", "--accept", "baseline");
    assert.equal(outcome.code, 0, outcome.stderr);
    assertSilent(place, outcome);
  });

  test("client credentials, and a token that ends early", async () => {
    let tokens = 0;
    server.serve("/token", (_request, _url, body) => {
      const form = new URLSearchParams(body);
      if (form.get("client_id") !== "the-client" || form.get("client_secret") !== SECRET) return { status: 400 };
      assert.equal(form.get("grant_type"), "client_credentials");
      assert.equal(form.get("scope"), "api o2");
      tokens += 1;
      return { body: JSON.stringify({ access_token: `issued-token-${tokens}`, expires_in: 1499 }) };
    });
    let answers = 0;
    server.serve("/client", (request) => {
      answers += 1;
      const wanted = answers > 1 ? "Bearer issued-token-2" : "nothing yet";
      return request.headers.authorization === wanted ? { body: text(0, 300) } : { status: 401 };
    });
    const place = new Place();
    const outcome = await place.build(lba("client", client()), "2026-11-19", "--accept", "baseline");
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(tokens, 2);
    assertSilent(place, outcome, "issued-token");
  });

  test("a token server that is down, or refuses, leaves the source as it was", async () => {
    server.serve("/token", () => ({ body: '{"access_token": "t-t-t-t-t-t", "expires_in": "soon"}' }));
    const place = await published("guarded", client());
    for (const fault of /** @type {const} */ ([400, 500, "drop", "html", "garbage", "empty"])) {
      server.fail("/token", fault);
      const outcome = await place.build(lba("guarded", client()), "2026-11-20");
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.equal(place.source("lba").state, "kept", String(fault));
      assert.match(place.reported().sources[1].why, /token/);
      assertSilent(place, outcome, "t-t-t-t-t-t");
    }
  });

  test("a variable that is not set", async () => {
    const place = new Place();
    const auth = { auth: { bearer_env: "BALISE_TEST_UNSET" } };
    assertRefused(await place.build(lba("private", auth), "2026-11-19"), 3, /BALISE_TEST_UNSET.*not set/);
    assert.equal(server.seen.length, 0);
  });

  test("a secret is never sent to another place", async () => {
    server.serve("/leading", () => ({ status: 302, headers: { location: "http://localhost:9/steal" } }));
    const place = new Place();
    const outcome = await place.build(lba("leading", bearer), "2026-11-19", "--accept", "baseline");
    assertRefused(outcome, 3, /another place/);
    assertSilent(place, outcome);
  });

  /** @type {Array<[string, object, RegExp]>} */
  const inline = [
    ["a token in place of a variable", { auth: { bearer_env: TOKEN } }, /bearer_env.*environment variable/],
    ["a token in place of the object", { auth: `Bearer ${TOKEN}` }, /auth must be an object/],
    ["a key for the token itself", { auth: { bearer: TOKEN } }, /unknown key .*auth\.bearer/],
    ["a header", { headers: { authorization: TOKEN } }, /unknown key .*headers/],
    ["a parameter", { url: `https://example.org/x?a=1&api_key=${TOKEN}` }, /api_key/],
    ["a password in the address", { url: `https://user:${TOKEN}@example.org/x` }, /password/],
    ["plain http", { url: "http://example.org/x", auth: { bearer_env: "X" } }, /https/],
    ["plain http of a name like this machine's", { url: "http://127.0.0.1.example.org/x", ...bearer }, /https/],
    [
      "a secret in place of a variable",
      { auth: { token_url: "https://a/t", client_id_env: "A", client_secret_env: SECRET } },
      /client_secret_env/,
    ],
  ];
  for (const [what, more, pattern] of inline) {
    test(`${what} is refused, and not repeated`, async () => {
      const place = new Place();
      const outcome = await place.build(lba("x", { url: "https://example.org/x", ...more }), "2026-11-19");
      assertRefused(outcome, 2, /sources\.lba\[0\]/, pattern);
      assert.ok(!outcome.stderr.includes(TOKEN) && !outcome.stderr.includes(SECRET), outcome.stderr);
    });
  }
});

test("a second run in the same state folder waits its turn", async () => {
  const place = await published("busy");
  server.fail("/busy", "hang");
  const first = place.build(lba("busy"), "2026-11-20");
  while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assertRefused(await place.build(lba("busy"), "2026-11-20"), 75, /another run/, /process \d+ since 20/);
  assert.equal((await first).code, 0);
  assert.equal((await place.build(lba("busy"), "2026-11-20")).code, 0);
});

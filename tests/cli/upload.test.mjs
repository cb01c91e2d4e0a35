/**
 * Publishing on another machine (sshd with a key of its own, on this one) and in an object store (s3rver behind a proxy
 * that can break off). BALISE_KILLS=all breaks off after every object instead of after some of them; BALISE_SWITCHES is twenty
 * times how often releases follow each other under load (200).
 */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { balise, filesOf, repository, treeHash } from "./support.mjs";
import {
  buildSmall,
  freePort,
  get,
  key,
  leftOvers,
  manifestOf,
  onDay,
  publicKey,
  publish,
  scratch,
} from "./publish_support.mjs";
import { searchAt, startNginx, startSshd, startStore } from "./servers.mjs";

const run = promisify(execFile);
const upload = path.join(repository, "scripts/upload.sh");
const sites = [1, 2, 3].map((number) => path.join(scratch, `site-${number}`));
const [one = "", two = "", three = ""] = sites;

before(() => sites.forEach((site, i) => buildSmall(site, i + 1)));

/** @param {Promise<unknown>} work @returns {Promise<{code: number, stderr: string}>} */
async function failureOf(work) {
  try {
    await work;
  } catch (error) {
    return /** @type {any} */ (error);
  }
  throw new Error("it did not fail");
}

/** How often one release takes the place of another under load, here. */
const switches = Math.ceil(Number(process.env["BALISE_SWITCHES"] ?? 200) / 20);

/**
 * Reads as visitors do while releases follow each other, and fails at the first answer that is missing or wrong.
 * @param {string} base
 * @param {(turn: number) => Promise<unknown>} next publishes
 * @returns {Promise<string>} what was done
 */
async function underLoad(base, next) {
  let searches = 0;
  let isDone = false;
  const versions = new Set();
  const readers = Array.from({ length: 2 }, async () => {
    while (!isDone) {
      versions.add(await searchAt(base, publicKey));
      for (const page of ["index.html", "recherche-emploi", "page.css"])
        assert.equal((await get(base + page)).status, 200, page);
      ++searches;
      await sleep(20);
    }
  });
  const work = (async () => {
    try {
      for (let turn = 0; turn < switches; ++turn) await next(turn);
    } finally {
      isDone = true;
    }
  })();
  await Promise.all([work, ...readers]);
  assert.ok(versions.size > switches / 2, `${versions.size} versions seen`);
  return `${switches} switches, ${searches} searches, ${versions.size} versions seen, no bad answer`;
}

/** Publishes into a state, and says so when it does not work. @param {string} site @param {string} state @param {string[]} more */
function release(site, state, ...more) {
  const outcome = publish(site, state, ...more);
  assert.equal(outcome.code, 0, outcome.stderr);
}

test("wrong usage", async () => {
  for (const [args, says] of /** @type {[string[], RegExp][]} */ ([
    [[], /--target is rsync or s3/],
    [["--target", "ftp"], /--target is rsync or s3/],
    [["--target", "s3", "--from", scratch, "--to", "here"], /names no place on another machine, as remote:bucket/],
    [["--target", "rsync", "--from", path.join(scratch, "none"), "--to", "host:there"], /holds no release/],
    [["--target", "s3", "--from", scratch, "--to", "a:b", "--encoding", "zip"], /br, gzip or none/],
  ])) {
    const { code, stderr } = await failureOf(run(upload, args));
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
  }
  assert.match((await run(upload, ["--help"])).stdout, /^Usage: /);
  const deploy = path.join(repository, "deploy.sh");
  for (const args of [
    ["--target", "ftp", "--to", "x"],
    ["--target", "dir", "--key", key],
    ["--target", "s3", "--to", "here", "--key", key],
    ["--target", "dir", "--to", "x", "--key", key, "--serve"],
  ])
    assert.equal((await failureOf(run(deploy, args))).code, 2, args.join(" "));
});

describe("over ssh", () => {
  const there = path.join(scratch, "there");
  /** @type {Awaited<ReturnType<typeof startSshd>>} */
  let sshd;
  let to = "";
  const state = path.join(scratch, "rsync-state");
  const send = (/** @type {string[]} */ ...more) =>
    run(upload, ["--target", "rsync", "--from", state, "--to", to, ...more], { env: sshd.env });

  before(async () => {
    sshd = await startSshd(path.join(scratch, "ssh"));
    to = `${sshd.host}:${there}`;
  });
  after(() => {
    sshd?.close();
  });

  const assertThere = (/** @type {number} */ version) => {
    assert.equal(readlinkSync(path.join(there, "current")), `releases/${version}`);
    const outcome = balise([
      "verify",
      "--site",
      path.join(there, "current"),
      "--key",
      publicKey,
      "--progress",
      "never",
    ]);
    assert.equal(outcome.code, 0, outcome.stderr);
  };

  test("the same releases stand there, with one switch, and go when they go here", async () => {
    assert.equal((await send("--pull")).stdout, "0\n");
    release(one, state, "--now", onDay(0));
    await send("--dry-run");
    assert.ok(!existsSync(path.join(there, "current")));
    await send();
    assertThere(1);
    assert.equal((await send("--pull")).stdout, "1\n");
    for (const [i, site] of [two, three].entries()) {
      release(site, state, "--now", onDay(i + 1));
      await send();
    }
    assertThere(3);
    // What did not change is one file in all releases.
    const links = (/** @type {string} */ name) => statSync(path.join(there, "current", name)).nlink;
    assert.equal(links("page.css"), 3);
    release(one, state, "--now", onDay(40));
    await send();
    assertThere(4);
    assert.deepEqual(leftOvers(there), []);
    assert.deepEqual(readdirSync(path.join(there, "releases")), readdirSync(path.join(state, "releases")));
    assert.equal(treeHash(path.join(there, "current")), treeHash(path.join(state, "current")));
    assert.equal(
      readFileSync(path.join(there, "history.jsonl"), "utf8"),
      readFileSync(path.join(state, "history.jsonl"), "utf8"),
    );
    // Once more is nothing new.
    await send();
    assertThere(4);
  });

  test("an upload that breaks off leaves the old site, and the next one goes on", async () => {
    const seen = new Set();
    for (let turn = 0; turn < 8; ++turn) {
      const version = Number(readlinkSync(path.join(state, "current")).slice("releases/".length)) + 1;
      release(sites[turn % 3] ?? "", state, "--now", onDay(41 + turn));
      const child = spawn(upload, ["--target", "rsync", "--from", state, "--to", to], {
        env: sshd.env,
        detached: true,
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => child.once("close", resolve));
      await Promise.race([ended, sleep(100 + turn * 150)]);
      try {
        if (child.pid) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It had ended.
      }
      await ended;
      // The other side may still be at its last step.
      await sleep(200);
      const stands = Number(readlinkSync(path.join(there, "current")).slice("releases/".length));
      seen.add(stands === version);
      assertThere(stands);
      if (turn % 2 === 0) await send();
    }
    await send();
    assertThere(Number(readlinkSync(path.join(state, "current")).slice("releases/".length)));
    assert.deepEqual(leftOvers(there), []);
    assert.ok(seen.has(false), "none was broken off");
  });

  test("no bad answer of nginx there while releases take each other's place", async (t) => {
    const port = await freePort();
    const nginx = await startNginx(path.join(scratch, "nginx"), there, port);
    try {
      const done = await underLoad(`http://127.0.0.1:${port}/`, async (turn) => {
        release(sites[turn % 3] ?? "", state);
        await send();
      });
      t.diagnostic(done);
    } finally {
      nginx.kill();
    }
  });

  test("another machine takes over what stands there", async () => {
    const fresh = path.join(scratch, "taken-over");
    const version = (await run(upload, ["--target", "rsync", "--from", fresh, "--to", to, "--pull"], { env: sshd.env }))
      .stdout;
    assert.deepEqual(readdirSync(path.join(fresh, "releases")), readdirSync(path.join(there, "releases")));
    release(two, fresh, "--now", onDay(60), "--after", version.trim());
    await run(upload, ["--target", "rsync", "--from", fresh, "--to", to], { env: sshd.env });
    assertThere(Number(version) + 1);
    // The first one notices that it is behind.
    const { code, stderr } = await failureOf(send());
    assert.equal(code, 1);
    assert.match(stderr, /publish with 'balise publish --after \d+'/);
  });
});

describe("in an object store", () => {
  const state = path.join(scratch, "s3-state");
  const bucket = "balise";
  /** @type {Awaited<ReturnType<typeof startStore>>} */
  let store;
  let base = "";

  before(async () => {
    store = await startStore(path.join(scratch, "s3"), bucket);
    base = `${store.origin}site/`;
  });
  after(() => store?.close());

  const send = (/** @type {string[]} */ ...more) =>
    run(upload, ["--target", "s3", "--from", state, "--to", `store:${bucket}/site`, ...more], { env: store.env });
  const versionThere = async () => JSON.parse((await get(`${base}data/manifest.json`)).body.toString()).version;

  const search = () => searchAt(base, publicKey);

  test("data files come first, then pages, the lists, and the manifest last; each with its headers", async () => {
    assert.equal((await send("--pull")).stdout, "0\n");
    release(one, state, "--now", onDay(0));
    await send("--dry-run");
    assert.deepEqual(store.puts, []);
    await send();
    const kinds = store.puts.map((name) => {
      const key = name.slice("site/".length);
      if (key === "data/manifest.json") return "m";
      return /^data\/(files|shell)-/.test(key) ? "l" : key.startsWith("data/") ? "o" : "p";
    });
    assert.match(kinds.join(""), /^o+p+llm$/);
    assert.equal(await versionThere(), 1);
    assert.equal(await search(), 1);

    const expected = /** @type {[string, Record<string, string | undefined>][]} */ ([
      [
        "data/manifest.json",
        {
          "content-type": "application/json; charset=utf-8",
          "cache-control": "public, max-age=0, s-maxage=60, stale-if-error=604800",
          "content-encoding": undefined,
        },
      ],
      [
        "recherche-emploi",
        { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache", "content-encoding": "br" },
      ],
      ["recherche-emploi/index.html", { "content-type": "text/html; charset=utf-8", "content-encoding": "br" }],
      ["page.css", { "content-type": "text/css; charset=utf-8", "content-encoding": "br" }],
      [
        "apprentissage/index.html",
        { "content-encoding": "gzip", "cache-control": "public, max-age=300, stale-while-revalidate=86400" },
      ],
    ]);
    for (const file of filesOf(path.join(state, "current/data")).filter((name) => name.endsWith(".bin")))
      expected.push([
        `data/${file}`,
        {
          "content-type": "application/octet-stream",
          "cache-control": "public, max-age=31536000, immutable",
          "content-encoding": undefined,
        },
      ]);
    for (const [name, headers] of expected) {
      const answer = await get(base + name);
      assert.equal(answer.status, 200, name);
      for (const [header, value] of Object.entries(headers))
        assert.equal(answer.headers[header], value, `${name}: ${header}`);
      const encoding = answer.headers["content-encoding"];
      const body =
        encoding === "br"
          ? brotliDecompressSync(answer.body)
          : encoding === "gzip"
            ? gunzipSync(answer.body)
            : answer.body;
      const file = name === "recherche-emploi" ? "recherche-emploi.html" : name;
      assert.ok(body.equals(readFileSync(path.join(state, "current", file))), name);
    }
    assert.equal((await get(`${base}.nojekyll`)).status, 404);
    assert.equal((await get(`${base}page.css.br`)).status, 404);
  });

  const isAll = process.env["BALISE_KILLS"] === "all";

  /**
   * Sends a release, broken off after every few objects or deletions: by the network, and by a kill of all that runs
   * before the next one is taken. What stands there is a whole site each time.
   * @param {number} version @param {number} most objects until it is broken off
   * @returns {Promise<number>} how often it was
   */
  async function sendInPieces(version, most) {
    let isSwitched = false;
    for (let points = 0; ; ++points) {
      store.puts = [];
      store.most = points === 0 ? 0 : most;
      let isDone = true;
      if (points % 2 === 0) await send().catch(() => (isDone = false));
      else {
        const args = ["--target", "s3", "--from", state, "--to", `store:${bucket}/site`];
        const child = spawn(upload, args, { env: store.env, detached: true, stdio: "ignore" });
        store.breakOff = () => {
          store.breakOff = () => {};
          if (child.pid) process.kill(-child.pid, "SIGKILL");
        };
        isDone = (await new Promise((resolve) => child.once("close", resolve))) === 0;
        store.breakOff = () => {};
      }
      isSwitched ||= store.puts.includes("site/data/manifest.json");
      assert.equal(await search(), isSwitched ? version : version - 1);
      for (const page of ["index.html", "recherche-emploi", "sw.js"])
        assert.equal((await get(base + page)).status, 200, page);
      if (isDone) {
        store.most = Infinity;
        return points;
      }
    }
  }

  test("broken off after any object it is a whole site, and the next upload goes on", async (t) => {
    let points = 0;
    for (const [turn, site] of (isAll ? [two, three] : [two]).entries()) {
      release(site, state, "--now", onDay(1 + turn));
      points += await sendInPieces(2 + turn, isAll ? 1 : 3);
    }
    t.diagnostic(`${points} points`);
    assert.ok(points > 3, `${points} points`);
  });

  test("nothing goes before its time, and then only what was sent from here, however often it is broken off", async (t) => {
    const objects = filesOf(path.join(state, "current/data"));
    const foreign = "site/data/11/cards-000000000000000000000000.bin";
    await run("rclone", ["copyto", path.join(one, "page.css"), `store:${bucket}/${foreign}`], { env: store.env });
    release(one, state, "--now", onDay(20));
    store.puts = [];
    await send();
    for (const name of objects.filter((name) => !/\.(br|gz)$/.test(name) && !/^(files|shell)-/.test(name)))
      assert.equal((await get(`${base}data/${name}`)).status, 200, name);
    const first = await versionThere();
    for (const [turn, day] of [60, 100, 140].entries()) {
      release(turn === 1 ? (isAll ? two : three) : one, state, "--now", onDay(day));
      const points = await sendInPieces(first + turn + 1, isAll ? 1 : 2);
      t.diagnostic(`${points} points, ${store.puts.length} objects at last`);
    }
    const now = new Set(filesOf(path.join(state, "current/data")));
    const gone = objects.filter((name) => !now.has(name) && name.endsWith(".bin"));
    assert.ok(gone.length > 0);
    for (const name of gone) assert.equal((await get(`${base}data/${name}`)).status, 404, name);
    assert.equal((await get(`${base}${foreign.slice("site/".length)}`)).status, 200);
    assert.equal(await search(), await versionThere());
    assert.equal(await versionThere(), manifestOf(path.join(state, "current")).version);
  });

  test("no bad answer while releases take each other's place", async (t) => {
    t.diagnostic(
      await underLoad(base, async (turn) => {
        release(sites[turn % 3] ?? "", state);
        await send();
      }),
    );
  });

  test("a machine that begins anew goes on with the versions", async () => {
    const version = (await send("--pull")).stdout.trim();
    rmSync(state, { recursive: true });
    release(two, state);
    const { code, stderr } = await failureOf(send());
    assert.equal(code, 1);
    assert.match(stderr, /--after \d+/);
    release(two, state, "--after", version);
    await send();
    assert.equal(await versionThere(), Number(version) + 1);
    assert.equal(await search(), Number(version) + 1);
  });
});

/**
 * Publishing on another machine (sshd with a key of its own, on this one) and in an object store (s3rver behind a proxy
 * that can break off). BALISE_KILLS=all breaks off after every object instead of after some of them.
 */

import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Searcher } from "../../site/js/searcher.js";
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
  const home = path.join(scratch, "ssh");
  const there = path.join(scratch, "there");
  /** @type {import("node:child_process").ChildProcess} */
  let sshd;
  /** @type {NodeJS.ProcessEnv} */
  let env;
  const to = `${os.userInfo().username}@127.0.0.1:${there}`;
  const state = path.join(scratch, "rsync-state");
  const send = (/** @type {string[]} */ ...more) =>
    run(upload, ["--target", "rsync", "--from", state, "--to", to, ...more], { env });

  before(async () => {
    mkdirSync(home, { mode: 0o700 });
    for (const name of ["host", "user"])
      await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path.join(home, name)]);
    cpSync(path.join(home, "user.pub"), path.join(home, "authorized"));
    const port = await freePort();
    writeFileSync(
      path.join(home, "sshd_config"),
      [
        `ListenAddress 127.0.0.1:${port}`,
        `HostKey ${home}/host`,
        `AuthorizedKeysFile ${home}/authorized`,
        `PidFile ${home}/pid`,
        "PasswordAuthentication no",
        "PermitRootLogin prohibit-password",
        "StrictModes no",
        "UsePAM no",
        "",
      ].join("\n"),
    );
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
    sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", path.join(home, "sshd_config")], { stdio: "ignore" });
    const options = `-p ${port} -i ${home}/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null`;
    env = { ...process.env, RSYNC_RSH: `ssh ${options} -o LogLevel=ERROR -o BatchMode=yes` };
    for (let turn = 0; ; ++turn) {
      const { status, stderr } = spawnSync("sh", ["-c", `$RSYNC_RSH ${to.split(":")[0]} true`], {
        env,
        encoding: "utf8",
      });
      if (status === 0) break;
      assert.ok(turn < 50, `sshd does not answer: ${stderr}`);
      await sleep(100);
    }
  });
  after(() => {
    sshd?.kill();
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
        env,
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

  test("another machine takes over what stands there", async () => {
    const fresh = path.join(scratch, "taken-over");
    const version = (await run(upload, ["--target", "rsync", "--from", fresh, "--to", to, "--pull"], { env })).stdout;
    assert.deepEqual(readdirSync(path.join(fresh, "releases")), readdirSync(path.join(there, "releases")));
    release(two, fresh, "--now", onDay(60), "--after", version.trim());
    await run(upload, ["--target", "rsync", "--from", fresh, "--to", to], { env });
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
  /** @type {any} */
  let store;
  /** @type {http.Server} */
  let proxy;
  /** @type {NodeJS.ProcessEnv} */
  let env;
  let base = "";
  /** @type {string[]} keys that were written, in order */
  let puts = [];
  /** After so many, nothing is answered any more. */
  let most = Infinity;

  before(async () => {
    const S3rver = createRequire(import.meta.url)("s3rver");
    const port = await freePort();
    store = new S3rver({
      address: "127.0.0.1",
      port,
      silent: true,
      directory: path.join(scratch, "store"),
      configureBuckets: [{ name: bucket }],
    });
    await store.run();
    proxy = http.createServer((request, response) => {
      const isPut = request.method === "PUT" || request.method === "DELETE";
      if (isPut && puts.length >= most) return void request.socket.destroy();
      if (isPut) puts.push(decodeURIComponent((request.url ?? "").slice(`/${bucket}/`.length).replace(/\?.*/, "")));
      const { method, headers, url } = request;
      const onward = http.request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.once("error", () => response.destroy());
      request.pipe(onward);
    });
    const proxyPort = await freePort();
    await new Promise((resolve) => proxy.listen(proxyPort, "127.0.0.1", () => resolve(undefined)));
    base = `http://127.0.0.1:${port}/${bucket}/site/`;
    env = { ...process.env };
    delete env["AWS_CA_BUNDLE"];
    Object.assign(env, {
      RCLONE_CONFIG: path.join(scratch, "rclone.conf"),
      RCLONE_CONFIG_STORE_TYPE: "s3",
      RCLONE_CONFIG_STORE_PROVIDER: "Other",
      RCLONE_CONFIG_STORE_ENDPOINT: `http://127.0.0.1:${proxyPort}`,
      RCLONE_CONFIG_STORE_ACCESS_KEY_ID: "S3RVER",
      RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: "S3RVER",
      RCLONE_CONFIG_STORE_FORCE_PATH_STYLE: "true",
      RCLONE_LOW_LEVEL_RETRIES: "1",
      UPLOAD_TRANSFERS: "1",
    });
    writeFileSync(path.join(scratch, "rclone.conf"), "");
  });
  after(async () => {
    proxy?.close();
    proxy?.closeAllConnections();
    await store?.close();
  });

  const send = (/** @type {string[]} */ ...more) =>
    run(upload, ["--target", "s3", "--from", state, "--to", `store:${bucket}/site`, ...more], { env });
  const versionThere = async () => JSON.parse((await get(`${base}data/manifest.json`)).body.toString()).version;

  /** As a browser reads it: any file that is missing or wrong is an error. */
  async function search() {
    const module = pathToFileURL(path.join(repository, "build/assets/site/balise.wasm"));
    /** @type {import("../../site/js/searcher.js").Read} */
    const read = async (url) => {
      if (url.protocol === "file:") return new Uint8Array(readFileSync(url));
      const { status, headers, body } = await get(url);
      assert.equal(status, 200, url.href);
      const encoding = headers["content-encoding"];
      return new Uint8Array(
        encoding === "br" ? brotliDecompressSync(body) : encoding === "gzip" ? gunzipSync(body) : body,
      );
    };
    const searcher = await Searcher.open(base, module, read, publicKey);
    const answer = JSON.parse(await searcher.search("cards=100"));
    assert.ok(answer.results.length > 5);
    for (const { source, id } of answer.results) assert.ok(JSON.parse(await searcher.item(source, id)), id);
    return searcher.manifest.version;
  }

  test("data files come first, then pages, the lists, and the manifest last; each with its headers", async () => {
    assert.equal((await send("--pull")).stdout, "0\n");
    release(one, state, "--now", onDay(0));
    await send("--dry-run");
    assert.deepEqual(puts, []);
    await send();
    const kinds = puts.map((name) => {
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
          "cache-control": "public, max-age=60, stale-if-error=604800",
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

  test("broken off after any object it is a whole site, and the next upload goes on", async (t) => {
    let points = 0;
    const isAll = process.env["BALISE_KILLS"] === "all";
    for (let turn = 0; turn < (isAll ? 2 : 1); ++turn) {
      release([two, three][turn] ?? "", state, "--now", onDay(1 + turn));
      const version = 2 + turn;
      for (most = 0; ; most = isAll ? 1 : 3) {
        puts = [];
        try {
          await send();
          break;
        } catch {
          ++points;
        }
        assert.equal(await search(), puts.includes("site/data/manifest.json") ? version : version - 1);
        for (const page of ["", "recherche-emploi", "sw.js"].map((name) => name || "index.html"))
          assert.equal((await get(base + page)).status, 200, page);
      }
      most = Infinity;
      assert.equal(await search(), version);
    }
    t.diagnostic(`${points} points`);
    assert.ok(points > 3, `${points} points`);
  });

  test("nothing goes before its time, and then only what was sent from here", async () => {
    const objects = filesOf(path.join(state, "current/data"));
    const foreign = "site/data/11/cards-000000000000000000000000.bin";
    await run("rclone", ["copyto", path.join(one, "page.css"), `store:${bucket}/${foreign}`], { env });
    release(one, state, "--now", onDay(20));
    puts = [];
    await send();
    for (const name of objects.filter((name) => !/\.(br|gz)$/.test(name) && !/^(files|shell)-/.test(name)))
      assert.equal((await get(`${base}data/${name}`)).status, 200, name);
    for (const day of [60, 100, 140]) {
      release(one, state, "--now", onDay(day));
      await send();
    }
    const now = new Set(filesOf(path.join(state, "current/data")));
    const gone = objects.filter((name) => !now.has(name) && name.endsWith(".bin"));
    assert.ok(gone.length > 0);
    for (const name of gone) assert.equal((await get(`${base}data/${name}`)).status, 404, name);
    assert.equal((await get(`${base}${foreign.slice("site/".length)}`)).status, 200);
    assert.equal(await search(), await versionThere());
    assert.equal(await versionThere(), manifestOf(path.join(state, "current")).version);
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

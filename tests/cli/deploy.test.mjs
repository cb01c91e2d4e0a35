/** `./deploy.sh --target` from a config to what visitors read: a folder behind nginx, another machine, an object store. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { brotliDecompressSync } from "node:zlib";
import { balise, repository } from "./support.mjs";
import { freePort, get, key, leftOvers, manifestOf, publicKey, scratch, smallConfig } from "./publish_support.mjs";
import { searchAt, startNginx, startSshd, startStore } from "./servers.mjs";

const run = promisify(execFile);

/**
 * A night.
 * @param {Record<string, unknown>} of the config
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} more arguments
 */
function deploy(keys, env, ...more) {
  const config = smallConfig({ keys: [publicKey], ...keys });
  const args = ["--config", config, "--out", path.join(scratch, "built"), "--key", key, ...more];
  return run(path.join(repository, "deploy.sh"), args, { env });
}

/** @param {string} to @param {number} version @param {string} title */
function assertReleased(to, version, title) {
  assert.equal(readlinkSync(path.join(to, "current")), `releases/${version}`);
  assert.equal(manifestOf(path.join(to, "current")).title, title);
  const outcome = balise(["verify", "--site", path.join(to, "current"), "--key", publicKey, "--progress", "never"]);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.deepEqual(leftOvers(to), []);
}

/** What nginx gives of a folder of releases, pages in brotli. @param {string} to @param {() => Promise<void>} next night */
async function assertServed(to, next) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}/`;
  const nginx = await startNginx(path.join(scratch, `nginx-${port}`), to, port);
  try {
    assert.equal(await searchAt(base, publicKey), 1);
    await next();
    assert.equal(await searchAt(base, publicKey), 2);
    for (const page of ["recherche-emploi", "page.js", "balise.wasm"]) {
      const answer = await get(base + page, { "accept-encoding": "br" });
      assert.deepEqual([answer.status, answer.headers["content-encoding"]], [200, "br"], page);
      const file = page === "recherche-emploi" ? `${page}.html` : page;
      assert.ok(brotliDecompressSync(answer.body).equals(readFileSync(path.join(to, "current", file))), page);
    }
  } finally {
    nginx.kill();
  }
}

// One at a time: all of them build in the same folder.
describe("deploy.sh", () => {
  test("into a folder behind nginx, and not what was refused", async () => {
    const to = path.join(scratch, "dir");
    const night = (/** @type {string} */ title, /** @type {string[]} */ ...more) =>
      deploy({ title }, process.env, "--target", "dir", "--to", to, ...more);
    assert.match((await night("First")).stdout, /version 1 of .* is current/);
    await night("Dry", "--dry-run");
    assertReleased(to, 1, "First");
    await assertServed(to, async () => void (await night("Second")));
    assertReleased(to, 2, "Second");

    const refused = deploy(
      { title: "Third", filter: { romes: ["Z9999"] } },
      process.env,
      "--target",
      "dir",
      "--to",
      to,
    );
    await assert.rejects(refused, { code: 3 });
    assertReleased(to, 2, "Second");
  });

  test("onto another machine over ssh", async () => {
    const sshd = await startSshd(path.join(scratch, "ssh"));
    try {
      const there = path.join(scratch, "there");
      const state = path.join(scratch, "rsync-state");
      const night = (/** @type {string} */ title) =>
        deploy({ title }, sshd.env, "--target", "rsync", "--to", `${sshd.host}:${there}`, "--state", state);
      await night("First");
      assertReleased(there, 1, "First");
      await assertServed(there, async () => void (await night("Second")));
      assertReleased(there, 2, "Second");
    } finally {
      sshd.close();
    }
  });

  test("into an object store", async () => {
    const store = await startStore(path.join(scratch, "s3"), "balise");
    try {
      const state = path.join(scratch, "s3-state");
      for (const [i, title] of ["First", "Second"].entries()) {
        await deploy({ title }, store.env, "--target", "s3", "--to", "store:balise/site", "--state", state);
        assertReleased(state, i + 1, title);
        assert.equal(await searchAt(`${store.origin}site/`, publicKey), i + 1);
        assert.equal(JSON.parse((await get(`${store.origin}site/data/manifest.json`)).body.toString()).title, title);
        const page = await get(`${store.origin}site/recherche-emploi`);
        assert.equal(page.headers["content-encoding"], "br");
        assert.match(brotliDecompressSync(page.body).toString(), /<title>/);
      }
    } finally {
      await store.close();
    }
  });
});

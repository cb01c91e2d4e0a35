/**
 * Publishing to a folder. Whatever happens to a run, `current` is a whole, signed, verified site, and the next run works
 * and clears what was left.
 *
 * BALISE_KILLS=all kills at every system call instead of at every one that changes a file (a few minutes instead of one);
 * BALISE_RANDOM_KILLS is how many runs are killed at random (100).
 */

import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile as readFileLater } from "node:fs/promises";
import path from "node:path";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { assertRefused, balise, filesOf, program, treeHash } from "./support.mjs";
import {
  buildSmall,
  key,
  leftOvers,
  manifestOf,
  onDay,
  otherKey,
  otherPublicKey,
  publicKey,
  publish,
  publishArguments,
  scratch,
} from "./publish_support.mjs";

const run = promisify(execFile);
const sites = [1, 2, 3, 4].map((number) => path.join(scratch, `site-${number}`));
const [one = "", two = "", three = "", four = ""] = sites;
/** Three releases, of which the first one goes with the fourth. */
const base = path.join(scratch, "base");
const FOURTH = 40;

before(() => {
  sites.forEach((site, i) => buildSmall(site, i + 1));
  [one, two, three].forEach((site, day) => {
    const outcome = publish(site, base, "--now", onDay(day));
    assert.equal(outcome.code, 0, outcome.stderr);
  });
});

/** @param {string} name @returns {string} a folder with the three releases */
function freshFolder(name) {
  const to = path.join(scratch, name);
  rmSync(to, { recursive: true, force: true });
  spawnSync("cp", ["--archive", base, to]);
  return to;
}

/** @param {string} to @param {string} [by] */
function assertWhole(to, by = publicKey) {
  const outcome = balise(["verify", "--site", path.join(to, "current"), "--key", by, "--progress", "never"]);
  assert.equal(outcome.code, 0, outcome.stderr);
}

describe("a signed site", () => {
  test("verify asks for the key that is named, or for one that the site names", () => {
    const to = freshFolder("verify");
    const current = path.join(to, "current");
    assert.match(balise(["verify", "--site", current]).stdout, /signed by [0-9a-f]{16}, (good until|EXPIRED since) /);
    assertWhole(to);
    assertRefused(balise(["verify", "--site", current, "--key", otherPublicKey]), 4, /not by a key that is trusted/);
    assertRefused(balise(["verify", "--site", one, "--key", publicKey]), 4, /is not signed/);
    assertRefused(balise(["verify", "--site", current, "--key", "x"]), 2, /no public key/);
    assert.equal(balise(["verify", "--site", one]).code, 0, "a built site need not be signed");
  });

  test("an expired one is whole, with a warning", () => {
    const to = path.join(scratch, "expired");
    assert.equal(publish(one, to, "--now", "2020-01-01T04:00:00Z", "--expires-days", "1").code, 0);
    const outcome = balise(["verify", "--site", path.join(to, "current"), "--progress", "never"]);
    assert.equal(outcome.code, 0);
    assert.match(outcome.stderr, /should have been published again by now: .*EXPIRED since 2020-01-02T04:00:00Z/);
  });

  test("every change of its manifest is refused", () => {
    const to = freshFolder("changed");
    const file = path.join(to, "current/data/manifest.json");
    const text = readFileSync(file, "utf8");
    rmSync(`${file}.br`, { force: true });
    rmSync(`${file}.gz`, { force: true });
    for (const [from, by] of /** @type {[RegExp, string][]} */ ([
      [/"version":\d+/, '"version":99'],
      [/"expires":"20/, '"expires":"30'],
      [/"title":"/, '"title":"x'],
      [/"signature":"./, '"signature":"='],
      [/}\n$/, ',"root":"AAAA"}\n'],
    ])) {
      assert.match(text, from);
      writeFileSync(file, text.replace(from, by));
      const outcome = balise(["verify", "--site", path.join(to, "current"), "--key", publicKey, "--progress", "never"]);
      assert.equal(outcome.code, 4, `${from}: ${outcome.stderr}`);
    }
  });

  test("a snapshot of it is unsigned, and its pages ask for no key, until it is published with its own", () => {
    const out = path.join(scratch, "snapshot");
    const from = path.join(base, "current");
    const cut = (/** @type {string[]} */ ...more) =>
      balise(["snapshot", "--site", from, "--out", out, "--sources", "lba", "--progress", "never", ...more]);
    assert.equal(cut().code, 0);
    const manifest = manifestOf(out);
    for (const name of ["version", "published", "expires", "previous", "keyid", "signature", "keys"])
      assert.ok(!(name in manifest), name);
    const page = () => readFileSync(path.join(out, "recherche-emploi.html"), "utf8");
    assert.ok(!page().includes("data-cles"));
    assert.equal(balise(["verify", "--site", out]).code, 0);

    assert.equal(cut("--keys", otherPublicKey).code, 0);
    assert.ok(page().includes(`data-cles="${otherPublicKey}"`));
    const to = path.join(scratch, "snapshot-published");
    assertRefused(publish(out, to), 2, /do not trust the key/);
    const outcome = publish(out, to, "--key", otherKey);
    assert.notEqual(outcome.code, 0, "one key only");
    assert.equal(balise(["publish", "--site", out, "--to", to, "--key", otherKey, "--progress", "never"]).code, 0);
    assertWhole(to, otherPublicKey);
  });

  test("key files", () => {
    assert.equal(balise(["key", key]).stdout.trim(), publicKey);
    assert.equal(statSync(key).mode & 0o777, 0o600);
    assertRefused(balise(["key", "--new", key]), 1, /never replaced/);
    assertRefused(balise(["key", path.join(scratch, "absent")]), 1, /absent/);
  });
});

describe("a folder of releases", () => {
  test("holds what was published in the last days, and what pages of those days may ask for", () => {
    const to = freshFolder("releases");
    const objects = [2, 3].flatMap((version) =>
      readFileSync(path.join(to, `objects/${version}.txt`), "utf8")
        .trimEnd()
        .split("\n"),
    );
    const dry = publish(four, to, "--now", onDay(FOURTH), "--dry-run");
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /version 4 of 2026-11-21 would be current: .*removed releases: 1\n/);
    assert.equal(readlinkSync(path.join(to, "current")), "releases/3");
    const outcome = publish(four, to, "--now", onDay(FOURTH));
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.match(outcome.stdout, /version 4 of 2026-11-21 is current: .*removed releases: 1\n/);
    assert.equal(readlinkSync(path.join(to, "current")), "releases/4");
    assertWhole(to);
    assert.deepEqual(leftOvers(to), []);
    const now = new Set(filesOf(path.join(to, "current/data")));
    assert.deepEqual(
      objects.filter((name) => !now.has(name)),
      [],
    );
    const lines = readFileSync(path.join(to, "history.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ version, published }) => [version, published]),
      [1, 2, 3, 4].map((version) => [version, onDay(version === 4 ? FOURTH : version - 1)]),
    );
    assert.equal(lines[3].as_of, "2026-11-21");
    assert.ok(lines[3].counts.lba > 0);
    // Each manifest names the one before it.
    assert.equal(manifestOf(path.join(to, "current")).previous, lines[2].manifest);
  });

  test("rolls back within ten seconds, under a higher version", () => {
    const to = freshFolder("rollback");
    const start = Date.now();
    const outcome = balise(["rollback", "--to", to, "--key", key]);
    const seconds = (Date.now() - start) / 1000;
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.ok(seconds < 10, `${seconds} s`);
    const manifest = manifestOf(path.join(to, "current"));
    assert.deepEqual([manifest.version, manifest.title], [4, "Site 2"]);
    assertWhole(to);
    assert.equal(balise(["rollback", "--to", to, "--key", key, "1"]).code, 0);
    assert.equal(manifestOf(path.join(to, "current")).title, "Site 1");
    assertWhole(to);
    assertRefused(balise(["rollback", "--to", to, "--key", key, "77"]), 2, /no earlier release 77; .* 1, 2, 3, 4/);
    assertRefused(balise(["rollback", "--to", path.join(scratch, "nothing"), "--key", key]), 1, /holds no releases/);
  });

  test("is for one run at a time: the second one says who is at work, and exits with 75", async () => {
    const to = freshFolder("lock");
    // Stopped right after it has taken the lock.
    const first = spawn("flock", [path.join(to, ".lock"), "sh", "-c", "echo locked; sleep 30"], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    try {
      await new Promise((resolve) => first.stdout.once("data", resolve));
      writeFileSync(path.join(to, ".lock"), "process 4711 of nightly on example since 2026-11-21T04:00:00Z\n");
      assertRefused(publish(four, to), 75, /process 4711 of nightly on example since 2026-11-21T04:00:00Z/);
      assertRefused(balise(["rollback", "--to", to, "--key", key]), 75, /since 2026-11-21T04/);
    } finally {
      if (first.pid) process.kill(-first.pid, "SIGKILL");
    }
    await new Promise((resolve) => first.once("close", resolve));
    assert.equal(publish(four, to).code, 0);
    assert.match(readFileSync(path.join(to, ".lock"), "utf8"), /^process \d+ of \S+ on \S+ since \d{4}-.*Z\n$/);
  });

  test("is not one that holds something else, or the site itself", () => {
    const to = path.join(scratch, "strange");
    mkdirSync(to);
    writeFileSync(path.join(to, "notes"), "mine");
    assertRefused(publish(one, to), 1, /holds something else than releases/);
    assertRefused(publish(one, path.join(one, "www")), 2, /one holds the other/);
    assertRefused(publish(path.join(scratch, "absent"), path.join(scratch, "x")), 1, /holds no site/);
    assertRefused(publish(one, path.join(scratch, "x"), "--now", "today"), 2, /is no time/);
  });
});

/** System calls that change what stands in a folder, or when it is on the disk. */
const CHANGES = [
  ...["flock", "ftruncate", "pwrite64", "mkdir", "link", "write", "syncfs", "fsync", "rename", "symlink"],
  ...["unlink", "unlinkat", "rmdir", "truncate"],
];
/** @param {string} to @param {string} options of strace @param {string} log */
async function traced(to, options, log) {
  try {
    await run("strace", [
      "-f",
      "-qq",
      "-y",
      "-o",
      log,
      ...options.split(" "),
      program,
      ...publishArguments(four, to, "--now", onDay(FOURTH)),
    ]);
    return true;
  } catch (error) {
    if (/** @type {any} */ (error).killed || /** @type {any} */ (error).signal === "SIGKILL") return false;
    throw error;
  }
}

describe("a run that is killed", () => {
  test("at any system call leaves a whole site, and the next one clears up", async (t) => {
    const verified = new Set();
    let points = 0;
    let switched = 0;
    /** @param {string} call @param {number} turn @returns {Promise<boolean>} whether there was such a call */
    async function killAt(call, turn) {
      const to = freshFolder(`kill-${call}`);
      const survived = await traced(to, `-e trace=${call} -e inject=${call}:signal=KILL:when=${turn}`, "/dev/null");
      if (survived) {
        rmSync(to, { recursive: true });
        return false;
      }
      ++points;
      const target = readlinkSync(path.join(to, "current"));
      if (target !== "releases/3") ++switched;
      // Whole trees are compared with those that were verified: a hash is sooner there than a process.
      const state = () => `${readlinkSync(path.join(to, "current"))} ${treeHash(path.join(to, "current"))}`;
      if (!verified.has(state())) {
        assertWhole(to);
        verified.add(state());
      }
      const next = publish(two, to, "--now", onDay(FOURTH + 1));
      assert.equal(next.code, 0, `${call} ${turn}: ${next.stderr}`);
      assert.deepEqual(leftOvers(to), [], `${call} ${turn}`);
      assert.equal(manifestOf(path.join(to, "current")).title, "Site 2");
      const versions = readFileSync(path.join(to, "history.jsonl"), "utf8").trimEnd().split("\n");
      assert.equal(versions.length, target === "releases/3" ? 4 : 5, `${call} ${turn}: each switch is in the history`);
      if (turn % 25 === 1) assertWhole(to);
      rmSync(to, { recursive: true });
      return true;
    }
    const calls = new Set(CHANGES);
    if (process.env["BALISE_KILLS"] === "all") {
      // Whatever a run asks of the system, from its first line on.
      const [to, log] = [freshFolder("all"), path.join(scratch, "all.log")];
      assert.ok(await traced(to, "-e trace=all", log));
      for (const [, call = ""] of readFileSync(log, "utf8").matchAll(/^\d+ +(\w+)\(/gm))
        if (call !== "execve") calls.add(call);
      rmSync(to, { recursive: true });
    }
    const waiting = [...calls];
    await Promise.all(
      [0, 1].map(async () => {
        for (let call = waiting.shift(); call; call = waiting.shift())
          for (let turn = 1; await killAt(call, turn); ++turn);
      }),
    );
    t.diagnostic(`${calls.size} system calls, ${points} points, ${switched} of them after the switch`);
    assert.ok(points > 200, `${points} points`);
    assert.ok(switched > 5 && switched < points);
  });

  test("at random, while somebody reads, never shows half a site", async (t) => {
    const kills = Number(process.env["BALISE_RANDOM_KILLS"] ?? 100);
    const to = freshFolder("random");
    let reads = 0;
    let isDone = false;
    const reader = (async () => {
      while (!isDone) {
        // As a web server does: what is open stays the release that it was.
        const folder = path.join(to, readlinkSync(path.join(to, "current")));
        try {
          const manifest = JSON.parse(await readFileLater(path.join(folder, "data/manifest.json"), "utf8"));
          const list = JSON.parse(readFileSync(path.join(folder, "data", manifest.files), "utf8"));
          for (const { path: name, bytes } of list.files.slice(0, 20))
            assert.equal(statSync(path.join(folder, name)).size, bytes, name);
          ++reads;
        } catch (error) {
          // A release that was opened when it was removed: it was not current any more.
          if (path.join(to, readlinkSync(path.join(to, "current"))) === folder) throw error;
        }
        await sleep(2);
      }
    })();
    const start = Date.now();
    assert.equal(publish(one, to).code, 0);
    const typical = Date.now() - start;
    let killed = 0;
    let turn = 0;
    for (; killed < kills; ++turn) {
      const child = spawn(program, publishArguments(sites[turn % 4] ?? "", to, "--keep-days", "0"), {
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)));
      await Promise.race([ended, sleep(Math.random() * 2 * typical)]);
      child.kill("SIGKILL");
      if ((await ended) === "SIGKILL") ++killed;
      if (turn % 20 === 0) assertWhole(to);
    }
    isDone = true;
    await reader;
    const next = publish(one, to);
    assert.equal(next.code, 0, next.stderr);
    assert.deepEqual(leftOvers(to), []);
    assertWhole(to);
    t.diagnostic(`${killed} killed of ${turn}, ${reads} reads`);
    assert.ok(reads > kills / 2);
  });

  test("all is on the disk before its name is, and the name of the release before the switch", async () => {
    const to = freshFolder("order");
    const log = path.join(scratch, "order.log");
    assert.ok(await traced(to, "-e trace=write,link,mkdir,rename,symlink,fsync,syncfs,openat", log));
    const steps = readFileSync(log, "utf8").split("\n");
    /** @param {RegExp} pattern @param {number} from */
    const after = (pattern, from = 0) => {
      const at = steps.findIndex((line, i) => i >= from && pattern.test(line));
      assert.ok(at >= 0, `${pattern} is not there, or too early`);
      return at;
    };
    const flushed = after(/syncfs\(/);
    const named = after(/rename\(".*releases\/\.new-4", ".*releases\/4"/, flushed);
    const nameFlushed = after(/fsync\(\d+<[^>]*\/releases>/, named);
    const switched = after(/rename\(".*\.current\.new", ".*\/current"/, nameFlushed);
    const switchFlushed = after(/fsync\(\d+<[^>]*\/order>/, switched);
    const told = after(/write\(\d+<[^>]*history\.jsonl>/, switchFlushed);
    const tellingFlushed = after(/fsync\(\d+<[^>]*history\.jsonl>/, told);
    after(/rename\(".*releases\/1", /, tellingFlushed);
    const late = steps.slice(flushed, named).filter((line) => /(write|link|mkdir)\(.*\.new-4/.test(line));
    assert.deepEqual(late, [], "written after it was flushed");
    // The manifest is the last thing of the release that is written: nothing but its variants comes behind it.
    const manifest = after(/openat\(.*\.new-4\/data\/manifest\.json", O_WRONLY/);
    const behind = steps
      .slice(manifest + 1, flushed)
      .filter((line) => /(openat\(.*\.new-4.*O_CREAT|link\()/.test(line) && !/manifest\.json\.(br|gz)"/.test(line));
    assert.deepEqual(behind, []);
  });
});

test("a file system without hard links gets copies", async () => {
  for (const error of ["EPERM", "EMLINK"]) {
    const to = freshFolder("no-links");
    assert.ok(await traced(to, `-e trace=link -e inject=link:error=${error}`, "/dev/null"));
    assert.equal(readlinkSync(path.join(to, "current")), "releases/4");
    assert.equal(statSync(path.join(to, "current/page.css")).nlink, 1);
    assertWhole(to);
  }
});

describe("a disk that is full", () => {
  test("at any write: the old site stays, the message says so", async (t) => {
    let points = 0;
    for (const call of ["write", "link", "mkdir", "syncfs", "symlink", "rename"]) {
      for (let turn = 1; turn < 400; turn += call === "link" ? 15 : 1) {
        const to = freshFolder("enospc");
        const before = treeHash(path.join(to, "current"));
        let failed;
        try {
          await traced(to, `-e trace=${call} -e inject=${call}:error=ENOSPC:when=${turn}`, "/dev/null");
          break;
        } catch (error) {
          failed = /** @type {any} */ (error);
        }
        ++points;
        assert.equal(failed.code, 1, `${call} ${turn}: ${failed.stderr}`);
        assert.match(failed.stderr, /^balise: .*No space left on device; /m, `${call} ${turn}`);
        const target = readlinkSync(path.join(to, "current"));
        if (target === "releases/3") assert.equal(treeHash(path.join(to, "current")), before, `${call} ${turn}`);
        else assertWhole(to);
        assert.equal(publish(four, to, "--now", onDay(FOURTH)).code, 0, `${call} ${turn}`);
        assert.deepEqual(leftOvers(to), []);
      }
    }
    t.diagnostic(`${points} points`);
    assert.ok(points > 20);
  });

  test("a real one, of a few megabytes", (t) => {
    const mount = path.join(scratch, "small-disk");
    mkdirSync(mount);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", mount]);
    if (mounted.status !== 0) return t.skip("skipped: this machine lets nobody mount a small disk");
    try {
      const to = path.join(mount, "www");
      const first = publish(one, to);
      assert.equal(first.code, 0, first.stderr);
      const before = treeHash(path.join(to, "current"));
      const size = spawnSync("df", ["--output=avail", "-B1", mount], { encoding: "utf8" });
      writeFileSync(path.join(mount, "filler"), Buffer.alloc(Math.max(0, Number(size.stdout.split("\n")[1]) - 16384)));
      assertRefused(publish(two, to), 1, /No space left on device/);
      assert.equal(treeHash(path.join(to, "current")), before);
      rmSync(path.join(mount, "filler"));
      assert.equal(publish(two, to).code, 0);
      assert.deepEqual(leftOvers(to), []);
    } finally {
      spawnSync("umount", [mount]);
    }
  });
});

test("help names what there is", () => {
  for (const command of ["key", "publish", "rollback"]) {
    const { code, stdout } = balise([command, "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, command === "key" ? /--new/ : /--keep-days/);
  }
});

/** What pages do with a signed manifest: site/js/signature.js, with the WebCrypto of Node and a cache of our own. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { BaliseError } from "../../site/js/errors.js";
import { readAnywhere } from "../../site/js/read.js";
import { Searcher } from "../../site/js/searcher.js";
import { check } from "../../site/js/signature.js";
import { balise, repository } from "./support.mjs";
import { buildSmall, key, onDay, otherKey, otherPublicKey, publicKey, publish, scratch } from "./publish_support.mjs";

const site = path.join(scratch, "site");
const to = path.join(scratch, "www");
const URL_OF = "https://example.org/data/manifest.json";
/** Manifests of versions 1, 2 and 3, the last one by the other key. @type {Uint8Array[]} */
const manifests = [];

/** @type {Map<string, Response>} */
let kept;
/** @type {Error | null} */
let storageError;
/** @type {string[]} */
let said;

before(() => {
  buildSmall(site, 1, { keys: [publicKey, otherPublicKey] });
  const soon = onDay(3650);
  for (let turn = 0; turn < 3; ++turn) {
    const outcome =
      turn < 2
        ? publish(site, to, "--now", soon)
        : balise(["publish", "--site", site, "--to", to, "--key", otherKey, "--now", soon, "--progress", "never"]);
    assert.equal(outcome.code, 0, outcome.stderr);
    manifests.push(new Uint8Array(readFileSync(path.join(to, "current/data/manifest.json"))));
  }
});

beforeEach((t) => {
  kept = new Map();
  storageError = null;
  said = [];
  const cache = {
    match: async (/** @type {string} */ url) => kept.get(url)?.clone(),
    put: async (/** @type {string} */ url, /** @type {Response} */ response) => void kept.set(url, response),
  };
  Object.assign(globalThis, {
    caches: {
      open: async () => {
        if (storageError) throw storageError;
        return cache;
      },
      match: async () => undefined,
    },
  });
  for (const name of /** @type {const} */ (["info", "warn"]))
    /** @type {any} */ (t).mock.method(console, name, (/** @type {string} */ text) => void said.push(text));
});

/** @param {number} i @param {string} keys */
const verdict = async (i, keys = publicKey) => (await check(manifests[i] ?? new Uint8Array(), keys, URL_OF))?.code;

describe("a manifest", () => {
  test("is used when one of the keys has signed it", async () => {
    assert.equal(await verdict(0), undefined);
    assert.equal(await verdict(1, `${otherPublicKey} ${publicKey}`), undefined);
    assert.equal(await verdict(2), "signature_wrong");
    assert.deepEqual(said, []);
  });

  test("is refused after any change, without a signature, and when something follows it", async () => {
    const bytes = manifests[0] ?? new Uint8Array();
    for (let i = 0; i < bytes.length - 1; i += 1) {
      const changed = bytes.slice();
      changed[i] ^= 1;
      assert.equal((await check(changed, publicKey, URL_OF))?.code, "signature_wrong", `byte ${i}`);
    }
    const text = new TextDecoder().decode(bytes);
    for (const other of ["", "{}", text.slice(0, -3), text.replace(/}\n$/, ',"root":"AAAA"}\n'), `${text}${text}`])
      assert.equal((await check(new TextEncoder().encode(other), publicKey, URL_OF))?.code, "signature_wrong");
    const built = new Uint8Array(readFileSync(path.join(site, "data/manifest.json")));
    assert.equal((await check(built, publicKey, URL_OF))?.code, "signature_wrong");
    assert.equal(kept.size, 0, "what is refused is not kept");
  });

  test("is refused when a later one was seen, also of the other key, until that key is dropped", async () => {
    assert.equal(await verdict(1), undefined);
    assert.equal(await verdict(0), "rolled_back");
    assert.equal(await verdict(1), undefined, "the same is no older one");
    const both = `${publicKey} ${otherPublicKey}`;
    assert.equal(await verdict(2, both), undefined);
    assert.equal(await verdict(1, both), "rolled_back");
    assert.equal(await verdict(1, publicKey), undefined, "the key of the later one is trusted no more");
    // What is kept is a file of the site, nothing of the visitor's.
    assert.deepEqual([...kept.keys()], [URL_OF]);
    assert.deepEqual(new Uint8Array(await /** @type {Response} */ (kept.get(URL_OF)).arrayBuffer()), manifests[1]);
  });

  test("is used where nothing can be stored", async () => {
    storageError = new Error("denied");
    assert.equal(await verdict(1), undefined);
    assert.equal(await verdict(0), undefined);
  });

  test("is used without a check, and with a note, where there is no Ed25519", async (t) => {
    t.mock.method(crypto.subtle, "importKey", () =>
      Promise.reject(new DOMException("no such algorithm", "NotSupportedError")),
    );
    assert.equal(await verdict(2), undefined);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /cannot check the signature/);
  });

  test("is used when it has expired, with a warning", async () => {
    const old = path.join(scratch, "old");
    assert.equal(publish(site, old, "--now", "2020-01-01T04:00:00Z").code, 0);
    const bytes = new Uint8Array(readFileSync(path.join(old, "current/data/manifest.json")));
    assert.equal(await check(bytes, publicKey, URL_OF), undefined);
    assert.match(said.join(), /expired on 2020-01-08T04:00:00Z/);
  });
});

describe("a search", () => {
  const module = pathToFileURL(path.join(repository, "build/assets/site/balise.wasm"));
  const base = () => pathToFileURL(`${path.join(to, "current")}/`).href;

  test("works with the right key and fails with the wrong one, by its code", async () => {
    const searcher = await Searcher.open(base(), module, readAnywhere, otherPublicKey);
    assert.equal(searcher.manifest.version, 3);
    assert.ok(JSON.parse(await searcher.search("")).results.length > 0);
    await assert.rejects(Searcher.open(base(), module, readAnywhere, publicKey), (error) => {
      assert.ok(error instanceof BaliseError);
      assert.equal(error.code, "signature_wrong");
      assert.match(/** @type {any} */ (error).shown, /ne portent pas la signature/);
      return true;
    });
  });

  test("mends a copy that a cache had changed by asking again", async () => {
    /** @type {string[]} */
    const asked = [];
    /** @type {import("../../site/js/read.js").Read} */
    const read = async (url, cache) => {
      const bytes = new Uint8Array(readFileSync(url));
      if (!url.pathname.endsWith("manifest.json")) return bytes;
      asked.push(cache);
      if (cache === "no-cache") bytes[5] ^= 1;
      return bytes;
    };
    const { manifest } = await Searcher.open(base(), module, read, otherPublicKey);
    assert.equal(manifest.version, 3);
    assert.deepEqual(asked, ["no-cache", "reload"]);
  });

  test("balise.js takes keys, in Node too", async () => {
    const { open } = await import(pathToFileURL(path.join(repository, "build/assets/site/balise.js")).href);
    const opened = await open(base(), { keys: [publicKey, otherPublicKey] });
    assert.equal(opened.manifest.version, 3);
    assert.equal((await opened.api("/api/V1/jobs?romes=F1702&caller=a")).status < 500, true);
    await assert.rejects(open(base(), { keys: [publicKey] }), /signature_wrong/);
  });
});

test("the key that a native program made and the one that a page reads are one", () => {
  assert.equal(balise(["key", key]).stdout.trim(), publicKey);
  writeFileSync(path.join(scratch, "public"), publicKey);
  assert.match(
    readFileSync(path.join(site, "recherche-emploi.html"), "utf8"),
    /<html data-cles="\S{44} \S{44}" lang="fr">/,
  );
  const worker = readFileSync(path.join(site, "sw.js"), "utf8");
  assert.ok(
    worker.startsWith(`self.baliseKeys="${publicKey} ${otherPublicKey}";importScripts("signature-worker.js");`),
  );
});

/**
 * Releases behind nginx and Caddy, with the examples of docs/: the headers of the table, and no bad answer while one
 * release takes the place of another. BALISE_SWITCHES is how often (200).
 */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { headersOf, readTable } from "../../scripts/hosting.mjs";
import { filesOf, program, repository } from "./support.mjs";
import { buildSmall, freePort, get, publish, publishArguments, scratch } from "./publish_support.mjs";
import { BROTLI_MODULE, contentOf, startCaddy, startNginx } from "./servers.mjs";

const table = readTable();
const to = path.join(scratch, "www");
const sites = [1, 2].map((number) => path.join(scratch, `site-${number}`));

before(() => {
  const logo = path.join(scratch, "logo.svg");
  writeFileSync(logo, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>');
  sites.forEach((site, i) => buildSmall(site, i + 1, i === 0 ? { url: "https://example.org/", logo } : {}));
  const outcome = publish(sites[0] ?? "", to);
  assert.equal(outcome.code, 0, outcome.stderr);
});

for (const [name, start] of /** @type {const} */ ([
  ["nginx", startNginx],
  ["Caddy", startCaddy],
])) {
  describe(`behind ${name}`, () => {
    /** @type {import("node:child_process").ChildProcess} */
    let child;
    let base = "";
    before(async () => {
      const port = await freePort();
      base = `http://127.0.0.1:${port}`;
      child = await start(path.join(scratch, name), to, port);
    });
    after(() => {
      child?.kill();
    });

    test("every file has the headers of the table, and its own bytes", async () => {
      const folder = path.join(to, "current");
      const files = filesOf(folder).filter((file) => !/\.(br|gz)$/.test(file) && !/^[._]/.test(file));
      assert.ok(files.some((file) => file.startsWith("oembed/")));
      const logo = files.find((file) => file.startsWith("logo-"));
      assert.match(headersOf(table, `/${logo}`)["Cache-Control"] ?? "", /immutable/);
      for (const file of files) {
        const paths = [`/${file}`];
        if (file.endsWith("/index.html") || file === "index.html")
          paths.push(`/${file.slice(0, -"index.html".length)}`);
        if (/^[^/]+\.html$/.test(file) && file !== "index.html") paths.push(`/${file.slice(0, -".html".length)}`);
        for (const where of paths) {
          const answer = await get(base + where, { "accept-encoding": "br, gzip" });
          assert.equal(answer.status, 200, where);
          assert.ok(contentOf(answer).equals(readFileSync(path.join(folder, file))), where);
          for (const [header, value] of Object.entries(headersOf(table, where)))
            assert.equal(answer.headers[header.toLowerCase()], value, `${where}: ${header}`);
          if (existsSync(path.join(folder, `${file}.br`)))
            assert.equal(answer.headers["content-encoding"], "br", where);
          else if (existsSync(path.join(folder, `${file}.gz`)))
            assert.equal(answer.headers["content-encoding"], "gzip", where);
        }
      }
      const types = {
        "sw.js": /javascript/,
        "data/manifest.json": /json/,
        "page.css": /css/,
        "recherche-emploi": /html/,
      };
      for (const [file, type] of Object.entries(types))
        assert.match((await get(`${base}/${file}`)).headers["content-type"] ?? "", type, file);
    });

    test("what is not there may be asked for again, and hidden files are not there", async () => {
      for (const where of [
        "/data/11/cards-000000000000000000000000.bin",
        "/nothing",
        "/.nojekyll",
        "/_headers",
        "/data/../.lock",
      ]) {
        const answer = await get(base + where);
        assert.ok(answer.status === 404 || answer.status === 400, `${where}: ${answer.status}`);
        assert.doesNotMatch(answer.headers["cache-control"] ?? "", /immutable/, where);
      }
    });

    test("no bad answer while releases take each other's place", async (t) => {
      const switches = name === "nginx" ? Number(process.env["BALISE_SWITCHES"] ?? 200) : 20;
      let requests = 0;
      let isDone = false;
      const versions = new Set();
      /** @param {string} where */
      const good = async (where) => {
        const answer = await get(base + where);
        ++requests;
        assert.equal(answer.status, 200, where);
        return answer.body;
      };
      const clients = Array.from({ length: 8 }, async (_, i) => {
        while (!isDone) {
          const manifest = JSON.parse(String(await good("/data/manifest.json")));
          versions.add(manifest.version);
          // As a page that was opened goes on with what it has read, while later releases come.
          const list = await good(`/data/${manifest.files}`);
          const hash = createHash("sha256").update(list).digest("hex");
          assert.ok(manifest.files.includes(hash.slice(0, 24)));
          await good(i % 2 ? "/recherche-apprentissage?romes=F1702" : "/apprentissage/");
          await good("/page.css");
          if (i === 0) await sleep(50);
          await good(`/data/${manifest.files}`);
        }
      });
      const before = Number(JSON.parse(String(await good("/data/manifest.json"))).version);
      for (let turn = 1; turn <= switches; ++turn) {
        const child = spawn(program, publishArguments(sites[turn % 2] ?? "", to), { stdio: "ignore" });
        const code = await new Promise((resolve) => child.once("close", resolve));
        assert.equal(code, 0);
      }
      isDone = true;
      await Promise.all(clients);
      const now = Number(JSON.parse(String(await good("/data/manifest.json"))).version);
      assert.equal(now, before + switches);
      t.diagnostic(`${switches} switches, ${requests} requests, ${versions.size} versions seen, no bad answer`);
      assert.ok(requests > switches * 5, `${requests} requests`);
    });
  });
}

test("nginx takes the example as it is", () => {
  const prefix = path.join(scratch, "nginx-check");
  mkdirSync(prefix);
  const file = path.join(prefix, "nginx.conf");
  writeFileSync(
    file,
    `pid ${prefix}/pid; error_log stderr; load_module ${BROTLI_MODULE}; events { } http { include ${repository}docs/examples/nginx.conf; }`,
  );
  const { status, stderr } = spawnSync("/usr/sbin/nginx", ["-t", "-p", prefix, "-c", file, "-e", "stderr"], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});

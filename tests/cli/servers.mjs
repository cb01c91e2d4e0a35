/** Where sites are published in tests: nginx and Caddy with the examples of the docs, sshd, an object store. All listen
 * on 127.0.0.1, keep what they write in a folder of the test, and are ended by the handle that they give. */

import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { readItem } from "../../site/js/item.js";
import { Searcher } from "../../site/js/searcher.js";
import { freePort, get } from "./publish_support.mjs";
import { repository } from "./support.mjs";

const run = promisify(execFile);
export const BROTLI_MODULE = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

/** @param {string} name of an example @param {number} port @param {string} to the folder of releases */
const example = (name, port, to) =>
  readFileSync(path.join(repository, "docs/examples", name), "utf8")
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${port}`)
    .replaceAll("/srv/balise", to);

/** @param {number} port @param {import("node:child_process").ChildProcess} child */
async function answers(port, child) {
  for (let turn = 0; ; ++turn) {
    try {
      return void (await get(`http://127.0.0.1:${port}/`));
    } catch (error) {
      if (turn === 100 || child.exitCode !== null) throw error;
      await sleep(100);
    }
  }
}

/** @param {{headers: import("node:http").IncomingHttpHeaders, body: Buffer}} answer @returns {Buffer} */
export function contentOf({ headers, body }) {
  const encoding = headers["content-encoding"];
  return encoding === "br" ? brotliDecompressSync(body) : encoding === "gzip" ? gunzipSync(body) : body;
}

/**
 * A search and what it leads to, as a browser reads them: any file that is missing or wrong is an error.
 * @param {string} base @param {string} keys that must have signed @returns {Promise<number>} the version of the site
 */
export async function searchAt(base, keys) {
  /** @param {string} name */
  const module = (name) => pathToFileURL(path.join(repository, "build/assets/site", name));
  /** @type {import("../../site/js/read.js").Read} */
  const read = async (url) => {
    if (url.protocol === "file:") return new Uint8Array(readFileSync(url));
    const answer = await get(url, { "accept-encoding": "br, gzip" });
    assert.equal(answer.status, 200, url.href);
    return new Uint8Array(contentOf(answer));
  };
  const searcher = await Searcher.open(base, module("search.wasm"), read, keys);
  const answer = JSON.parse(await searcher.search("cards=100"));
  assert.ok(answer.results.length > 5);
  const reader = await Searcher.open(base, module("item.wasm"), read, keys);
  for (const { source, id } of answer.results) assert.ok(await readItem(reader, source, id), id);
  return searcher.manifest.version ?? 0;
}

/** @param {string} home its own folder @param {string} to @param {number} port */
export async function startNginx(home, to, port) {
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, "balise.conf"), example("nginx.conf", port, to));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${home}/${name};`,
  );
  writeFileSync(
    path.join(home, "nginx.conf"),
    `daemon off; master_process off; pid ${home}/pid; error_log ${home}/error.log warn; load_module ${BROTLI_MODULE};
     events { worker_connections 256; }
     http { access_log off; ${temporary.join(" ")} include ${home}/balise.conf; }`,
  );
  const child = spawn("/usr/sbin/nginx", ["-p", home, "-c", path.join(home, "nginx.conf"), "-e", "stderr"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await answers(port, child);
  return child;
}

/** @param {string} home its own folder @param {string} to @param {number} port */
export async function startCaddy(home, to, port) {
  mkdirSync(home, { recursive: true });
  const file = path.join(home, "Caddyfile");
  writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${example("Caddyfile", port, to)}`);
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
  const child = spawn("caddy", ["run", "--config", file, "--adapter", "caddyfile"], {
    stdio: ["ignore", "ignore", "ignore"],
    env,
  });
  await answers(port, child);
  return child;
}

/**
 * With a key of its own for the user who calls.
 * @param {string} home its own folder
 * @returns {Promise<{host: string, env: NodeJS.ProcessEnv, close: () => void}>} USER@HOST, and the environment that
 *   RSYNC_RSH is in
 */
export async function startSshd(home) {
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
  const child = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", path.join(home, "sshd_config")], { stdio: "ignore" });
  const host = `${os.userInfo().username}@127.0.0.1`;
  const options = `-p ${port} -i ${home}/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null`;
  const env = { ...process.env, RSYNC_RSH: `ssh ${options} -o LogLevel=ERROR -o BatchMode=yes` };
  for (let turn = 0; ; ++turn) {
    const { status, stderr } = spawnSync("sh", ["-c", `$RSYNC_RSH ${host} true`], { env, encoding: "utf8" });
    if (status === 0) break;
    assert.ok(turn < 50, `sshd does not answer: ${stderr}`);
    await sleep(100);
  }
  return { host, env, close: () => void child.kill() };
}

/**
 * s3rver behind a proxy that writes down what is written, and can break off.
 * @param {string} home its own folder
 * @param {string} bucket
 */
export async function startStore(home, bucket) {
  const S3rver = createRequire(import.meta.url)("s3rver");
  mkdirSync(home, { recursive: true });
  const port = await freePort();
  const server = new S3rver({
    address: "127.0.0.1",
    port,
    silent: true,
    directory: path.join(home, "store"),
    configureBuckets: [{ name: bucket }],
  });
  await server.run();
  const store = {
    /** Where readers find it. */
    origin: `http://127.0.0.1:${port}/${bucket}/`,
    /** Keys that were written or deleted, in order. @type {string[]} */
    puts: [],
    /** After so many, nothing is answered any more. */
    most: Infinity,
    /** Called when it comes to that. */
    breakOff: () => {},
    /** What rclone reads; its remote is `store`. @type {NodeJS.ProcessEnv} */
    env: { ...process.env },
    close: async () => {
      proxy.close();
      proxy.closeAllConnections();
      await server.close();
    },
  };
  const proxy = http.createServer((request, response) => {
    const isPut = request.method === "PUT" || request.method === "DELETE";
    if (isPut && store.puts.length >= store.most) {
      store.breakOff();
      return void request.socket.destroy();
    }
    if (isPut) store.puts.push(decodeURIComponent((request.url ?? "").slice(`/${bucket}/`.length).replace(/\?.*/, "")));
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
  delete store.env["AWS_CA_BUNDLE"];
  writeFileSync(path.join(home, "rclone.conf"), "");
  Object.assign(store.env, {
    RCLONE_CONFIG: path.join(home, "rclone.conf"),
    RCLONE_CONFIG_STORE_TYPE: "s3",
    RCLONE_CONFIG_STORE_PROVIDER: "Other",
    RCLONE_CONFIG_STORE_ENDPOINT: `http://127.0.0.1:${proxyPort}`,
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID: "S3RVER",
    RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: "S3RVER",
    RCLONE_CONFIG_STORE_FORCE_PATH_STYLE: "true",
    RCLONE_LOW_LEVEL_RETRIES: "1",
    UPLOAD_TRANSFERS: "1",
  });
  return store;
}

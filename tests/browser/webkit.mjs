/**
 * Debian's WebKitGTK, driven over WebDriver: playwright-core has no driver for it. It needs a screen, which Xvfb gives.
 */

import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { removeProfile } from "./profile.mjs";

const browser = process.env["MINIBROWSER"] ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** @returns {Promise<number>} a port of this machine that is free for now */
async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class WebKit {
  /** @private @param {string} url @param {string} session @param {() => void} stop */
  constructor(url, session, stop) {
    this.url = url;
    this.session = session;
    this.stop = stop;
  }

  static async launch() {
    const home = mkdtempSync(path.join(tmpdir(), "balise-webkit-"));
    const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const pipe = /** @type {import("node:stream").Readable} */ (screen.stdio[3]);
    const display = await new Promise((resolve, reject) => {
      pipe.once("data", (data) => resolve(`:${String(data).trim()}`));
      screen.once("error", reject);
      screen.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    });
    const port = await freePort();
    const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
      env: {
        ...process.env,
        DISPLAY: display,
        HOME: home,
        XDG_DATA_HOME: path.join(home, "data"),
        XDG_CACHE_HOME: path.join(home, "cache"),
        XDG_RUNTIME_DIR: home,
        // There is neither a graphics card here nor a user namespace for its sandbox.
        LIBGL_ALWAYS_SOFTWARE: "1",
        WEBKIT_DISABLE_COMPOSITING_MODE: "1",
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      },
      stdio: "ignore",
    });
    const stop = () => {
      driver.kill();
      screen.kill();
      removeProfile(home);
    };
    const webkit = new WebKit(`http://127.0.0.1:${port}`, "", stop);
    try {
      for (let tries = 0; ; ++tries) {
        const status = await fetch(`${webkit.url}/status`).catch(() => null);
        if (status?.ok) break;
        if (tries === 100) throw new Error("WebKitWebDriver does not listen");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const options = { binary: browser, args: ["--automation"] };
      const { sessionId } = await webkit.ask("POST", "/session", {
        capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
      });
      webkit.session = `/session/${sessionId}`;
      await webkit.ask("POST", "/timeouts", { script: 60_000, pageLoad: 60_000 });
    } catch (error) {
      stop();
      throw error;
    }
    return webkit;
  }

  /** @param {string} method @param {string} command @param {unknown} [body] @returns {Promise<any>} */
  async ask(method, command, body) {
    const target = this.url + this.session + command;
    const response = await fetch(target, body === undefined ? { method } : { method, body: JSON.stringify(body) });
    const { value } = /** @type {any} */ (await response.json());
    if (value?.error) throw new Error(`${command}: ${value.error}: ${value.message}`);
    return value;
  }

  /** @param {string} url */
  async goto(url) {
    await this.ask("POST", "/url", { url });
  }

  async reload() {
    await this.ask("POST", "/refresh", {});
  }

  /** From now on scripts run in the first frame of the page; undefined: in the page itself. @param {string} [selector] */
  async enterFrame(selector) {
    const id = selector && {
      [ELEMENT]: (await this.ask("POST", "/element", { using: "css selector", value: selector }))[ELEMENT],
    };
    await this.ask("POST", "/frame", { id: id ?? null });
  }

  /** @param {string} script body of an async function @returns {Promise<any>} */
  async evaluate(script) {
    const wrapped = `const done = arguments[arguments.length - 1];
      (async () => {${script}})().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.ask("POST", "/execute/async", { script: wrapped, args: [] });
    if (error) throw new Error(error);
    return value;
  }

  async close() {
    await this.ask("DELETE", "").catch(() => {});
    this.stop();
  }
}

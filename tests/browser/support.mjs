/**
 * What the browser tests share: the built site and its `balise serve`, a relay that records requests and breaks answers on
 * demand, and a Chromium or a Firefox that talks to nobody else.
 *
 * BALISE_SITE: folder of the built site (public); BALISE_BIN: the program (build/release/balise). Both relative to the root
 * of the repository.
 */

import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import playwright, { chromium } from "playwright-core";

export const repository = fileURLToPath(new URL("../../", import.meta.url));
export const site = path.resolve(repository, process.env["BALISE_SITE"] ?? "public");
export const program = path.resolve(repository, process.env["BALISE_BIN"] ?? "build/release/balise");

export const DEMO =
  "recherche-apprentissage?romes=F1702,F1705,F1701&lat=48.85&lon=2.35&radius=60&scope=all&caller=demo";

/** The device's clock stands at the day of the data: expired offers have a test of their own. */
export const asOf = new Date(`${manifestDay()}T12:00:00Z`);

function manifestDay() {
  return JSON.parse(readFileSync(path.join(site, "data/manifest.json"), "utf8")).as_of;
}

const axe = /** @type {{ source: string }} */ (createRequire(import.meta.url)("axe-core"));
/** The rules that a page must keep. */
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"];

/**
 * What axe finds on a page that is wider than its window or not accessible: a line for each rule that is broken.
 * @param {import("playwright-core").Page} page
 * @param {unknown} [where] as axe.run() takes it: all of the page
 * @returns {Promise<string[]>}
 */
export async function faultsOf(page, where = null) {
  // Reading its half a megabyte takes as long as running it.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async ([context, tags]) => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run(context ?? document, {
      runOnly: { type: "tag", values: tags },
      // Of rules that are kept, elements need not be described.
      resultTypes: ["violations"],
    });
    const lines = violations.map(
      (/** @type {any} */ { id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map((/** @type {any} */ node) => node.html).join(" | ")}`,
    );
    const excess = document.documentElement.scrollWidth - innerWidth;
    return excess > 0 ? [...lines, `${excess} px too wide`] : lines;
  }, /** @type {const} */ ([where, AXE_TAGS]));
}

/** @type {import("playwright-core").Browser} */
export let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
export let server;
/** @type {Relay} */
export let relay;

/**
 * Serves the site behind a relay and opens a browser before the tests of a file, and ends all three after them.
 * @param {() => Promise<import("playwright-core").Browser>} launch
 */
export function stageSite(launch = launchBrowser) {
  before(async () => {
    server = await serveSite();
    relay = await new Relay(server.url).start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    relay?.stop();
    server?.stop();
  });
}

for (const [file, remedy] of [
  [path.join(site, "data/manifest.json"), "build the site first, or set BALISE_SITE"],
  [program, "build the release preset first, or set BALISE_BIN"],
]) {
  if (!existsSync(/** @type {string} */ (file))) throw new Error(`${file} is missing: ${remedy}`);
}

/**
 * @typedef {{ source: string, id: string, title: string, distance_m: number | null, lat: number | null, lon: number | null,
 *   romes: string[] }} NativeResult
 */

/**
 * `balise search` over the built site.
 * @param {Record<string, string>} options without their dashes
 * @returns {{ more: Record<string, boolean>, results: NativeResult[] }}
 */
export function searchNatively(options) {
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const output = execFileSync(program, ["search", "--site", site, "--format", "json", ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output);
}

/**
 * @param {string} [folder] a site
 * @returns {Promise<{ url: string, stop: () => void }>} `balise serve` on a free port of this machine
 */
export async function serveSite(folder = site) {
  const server = spawn(program, ["serve", "--site", folder, "--host", "127.0.0.1", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`balise serve ended with ${code} before it listened: ${output}`)));
    server.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(output);
      if (address !== null) resolve(address[0]);
    });
  });
  return { url, stop: () => void server.kill() };
}

/** @typedef {"missing" | "html" | "truncated" | "newer" | "unreachable" | "not-modified" | "wrong-type" | "partial" | "damaged-gzip"} Fault */

/** Stands between the browser and a server. */
export class Relay {
  /** @type {string[]} paths asked for, without their query, since the last `forget` */
  asked = [];
  /** @type {(path: string) => Fault | null} */
  faultOf = () => null;
  /** @type {(path: string) => Promise<unknown> | null} what an answer waits for */
  holdOf = () => null;
  /** @type {Map<string, string>} pages of the relay's own, by path */
  pages = new Map();
  /** @type {Map<string, string>} scripts of the relay's own, by path */
  scripts = new Map();
  url = "";

  /** @param {string} target URL of the server behind, ending in a slash */
  constructor(target) {
    this.target = new URL(target);
    this.server = http.createServer((request, response) => this.#answer(request, response));
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("the relay has no port");
    this.url = `http://127.0.0.1:${address.port}/`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  forget() {
    this.asked = [];
    this.faultOf = () => null;
    this.holdOf = () => null;
  }

  /** Names of the data files asked for, the manifest left out. */
  dataFiles() {
    return [...new Set(this.asked.filter((file) => file.startsWith("/data/") && file !== "/data/manifest.json"))];
  }

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  async #answer(request, response) {
    const { pathname } = new URL(request.url ?? "/", this.url);
    this.asked.push(pathname);
    await this.holdOf(pathname);
    const page = this.pages.get(pathname);
    if (page !== undefined) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
      return;
    }
    const script = this.scripts.get(pathname);
    if (script !== undefined) {
      response.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-cache" }).end(script);
      return;
    }
    const fault = this.faultOf(pathname);
    if (fault === "unreachable") {
      request.socket.destroy();
      return;
    }
    if (fault === "missing") {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
      return;
    }
    if (fault === "html") {
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Portail Wi-Fi</title>");
      return;
    }
    if (fault === "not-modified") {
      response.writeHead(304).end();
      return;
    }
    const { host, ...headers } = request.headers;
    // A body that is to be changed has to come as it is.
    if (fault !== null) headers["accept-encoding"] = "identity";
    const upstream = http.request(
      { host: this.target.hostname, port: this.target.port, path: request.url, method: request.method, headers },
      (answer) => {
        /** @type {Buffer[]} */
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => {
          let body = Buffer.concat(chunks);
          const size = body.length;
          if (fault === "truncated" || fault === "partial") body = body.subarray(0, size >> 1);
          if (fault === "damaged-gzip") body = gzipSync(body).subarray(0, -20);
          if (fault === "newer") {
            const manifest = JSON.parse(body.toString("utf8"));
            body = Buffer.from(JSON.stringify({ ...manifest, format: Number(manifest.format) + 1000 }));
          }
          const answerHeaders = { ...answer.headers };
          delete answerHeaders["transfer-encoding"];
          if (fault !== null) delete answerHeaders["etag"];
          if (fault === "wrong-type") answerHeaders["content-type"] = "text/html";
          if (fault === "damaged-gzip") answerHeaders["content-encoding"] = "gzip";
          if (fault === "partial") answerHeaders["content-range"] = `bytes 0-${body.length - 1}/${size}`;
          if (request.method !== "HEAD" && answer.statusCode !== 304)
            answerHeaders["content-length"] = String(body.length);
          response.writeHead(fault === "partial" ? 206 : (answer.statusCode ?? 502), answerHeaders).end(body);
        });
      },
    );
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  }
}

export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Debian's own Firefox over WebDriver BiDi, which playwright-core speaks but does not offer yet, hence the cast.
 * @param {"light" | "dark"} scheme a preference of the browser: the driver cannot set it for a page
 * @returns {Promise<import("playwright-core").Browser>}
 */
export function launchFirefox(scheme = "light") {
  const { _bidiFirefox: firefox } = /** @type {{ _bidiFirefox: import("playwright-core").BrowserType }} */ (
    /** @type {unknown} */ (playwright)
  );
  return firefox.launch({
    executablePath: process.env["FIREFOX"] ?? "/usr/bin/firefox-esr",
    firefoxUserPrefs: { "layout.css.prefers-color-scheme.content-override": scheme === "dark" ? 0 : 1 },
  });
}

/**
 * Takes the network away.
 * @param {import("playwright-core").Page} page
 */
export async function goOffline(page) {
  relay.faultOf = () => "unreachable";
  await page.context().setOffline(true);
  // The driver does not tell Firefox, so the page is told.
  await page.evaluate(() => {
    if (navigator.onLine) Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  });
}

/**
 * Everything that a healthy page must not say: console messages, uncaught errors, blocked or failed requests.
 * @param {import("playwright-core").Page} page
 * @returns {string[]} filled as it happens
 */
export function listenForTrouble(page) {
  /** @type {string[]} */
  const trouble = [];
  page.on("console", (message) => trouble.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => trouble.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED" && reason !== "NS_BINDING_ABORTED")
      trouble.push(`failed: ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) trouble.push(`HTTP ${response.status()}: ${response.url()}`);
  });
  return trouble;
}

/**
 * What the content security policy refuses becomes a message of the console, in every document that the page opens from now on.
 * @param {import("playwright-core").Page} page
 */
export async function reportBreaches(page) {
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`CSP: ${violatedDirective} ${blockedURI}`),
    );
  });
}

/**
 * Waits until the search is over.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string>} the value of data-etat
 */
export async function settled(page) {
  const results = page.locator("[data-etat]:not([data-etat=chargement])");
  await results.waitFor({ timeout: 20_000 });
  return (await results.getAttribute("data-etat")) ?? "";
}

/**
 * Presses "Voir plus" to the end.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>} "source id" of each card, in the page's order
 */
export async function allCards(page) {
  const more = page.getByRole("button", { name: "Voir plus" });
  while (await more.isVisible()) {
    await more.click();
    // The next cards may need files: until they are there the button is disabled.
    await page.waitForFunction(() => document.querySelector(".foot button:disabled") === null);
  }
  return page
    .locator("[data-etat] [data-id]")
    .evaluateAll((cards) => cards.map((card) => `${card.getAttribute("data-source")} ${card.getAttribute("data-id")}`));
}

/**
 * Takes a suggestion for what was typed, with the keyboard.
 * @param {import("playwright-core").Page} page
 * @param {string} field @param {string} label
 */
export async function takeSuggestion(page, field, label) {
  const option = page.locator(`#liste-${field} [role=option]`).filter({ hasText: label }).first();
  await option.waitFor();
  for (let presses = 0; (await option.getAttribute("aria-selected")) !== "true" && presses < 12; ++presses)
    await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await option.waitFor({ state: "detached" });
}

/**
 * Types, and takes a suggestion, with the keyboard.
 * @param {import("playwright-core").Page} page
 * @param {"metier" | "lieu"} field
 * @param {string} text
 * @param {string} label
 */
export async function choose(page, field, text, label) {
  await page.locator(`#${field}`).fill("");
  await page.locator(`#${field}`).pressSequentially(text);
  await takeSuggestion(page, field, label);
}

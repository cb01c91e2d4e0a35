// Cold and warm searches in a real browser.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** Bits a second and milliseconds a round trip. */
export const networks = {
  slow: { title: "400 kbit/s, 400 ms", kbits: 400, latency_ms: 400 },
  mobile: { title: "1.6 Mbit/s, 150 ms", kbits: 1600, latency_ms: 150 },
  none: { title: "unthrottled", kbits: 0, latency_ms: 0 },
};

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launch() {
  const profile = await mkdtemp(join(tmpdir(), "balise-bench-"));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...flags, `--disk-cache-dir=${profile}`],
  });
  return {
    browser,
    version: browser.version(),
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** The query string of a search. */
export function queryOf({ lat, lon, radius, romes }) {
  return `${romes.length > 0 ? `romes=${romes.join(",")}&` : ""}lat=${lat}&lon=${lon}&radius=${radius}`;
}

/** In the page: notes when `globalThis.__wanted` cards stand there, or the search has ended with fewer. */
function watch() {
  const note = () => {
    const state = document.querySelector("[data-etat]")?.dataset.etat;
    const cards = document.querySelectorAll("[data-source][data-id]").length;
    if (globalThis.__t === undefined && (cards >= 20 || (state !== undefined && state !== "chargement"))) {
      globalThis.__t = performance.now();
    }
  };
  new MutationObserver(note).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-etat"],
  });
}

/**
 * One search with an empty cache, then, when asked for, a second one elsewhere with what the first left behind.
 * @param {object} options browser, server, path (before the query string), search, next, network, timeout_ms
 */
export async function cold({ browser, server, path, search, next, network, timeout_ms }) {
  const context = await browser.newContext();
  const errors = [];
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.addInitScript(watch);
    const { kbits, latency_ms } = networks[network];
    if (kbits > 0) {
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: latency_ms,
        downloadThroughput: (kbits * 1000) / 8,
        uploadThroughput: (kbits * 1000) / 8,
      });
    }
    server.take();
    const run = async (wanted) => {
      await page.goto(`${server.origin}${path}?${queryOf(wanted)}`, { waitUntil: "commit", timeout: timeout_ms });
      await page.waitForFunction(() => globalThis.__t !== undefined, undefined, { timeout: timeout_ms, polling: 20 });
      const { bytes, requests, header_bytes, entries } = server.take();
      const found = await page.evaluate(() => ({
        ms: globalThis.__t,
        state: document.querySelector("[data-etat]")?.dataset.etat,
        cards: [...document.querySelectorAll("[data-source][data-id]")].map(({ dataset: { source, id } }) => ({
          source,
          id,
        })),
      }));
      return { ...found, bytes, requests, header_bytes, entries };
    };
    const first = await run(search);
    let second;
    if (next) {
      // What the page still fetches for later belongs to neither.
      await page.waitForLoadState("networkidle", { timeout: timeout_ms }).catch(() => {});
      first.later_bytes = server.take().bytes;
      second = await run(next);
    }
    return { first, second, errors };
  } catch (error) {
    const { bytes, requests, header_bytes } = server.take();
    const timed_out = /Timeout/.test(String(error));
    return {
      failed: timed_out ? `not done in ${timeout_ms / 1000} s` : String(error).slice(0, 300),
      bytes,
      requests,
      header_bytes,
      errors,
    };
  } finally {
    await context.close();
  }
}

/**
 * Milliseconds of searches in a page that has everything they need: each is asked once to load, then timed. After two
 * minutes no further search is begun.
 * @param {object} options browser, server, path, searches, balise (ask balise.js), rounds
 */
export async function warm({ browser, server, path, searches, balise, rounds = 3 }) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${server.origin}${path}?${queryOf(searches[0])}`);
    await page.waitForFunction(
      () => ![undefined, "chargement"].includes(document.querySelector("[data-etat]")?.dataset.etat),
      undefined,
      {
        timeout: 120_000,
      },
    );
    return await page.evaluate(
      async ({ searches, balise, rounds }) => {
        let search = globalThis.search;
        if (balise) {
          const { open } = await import(`${location.origin}/balise.js`);
          const site = await open(`${location.origin}/`);
          search = async (query) =>
            (await site.search({ ...query, romes: query.romes.length > 0 ? query.romes : undefined, cards: 20 }))
              .results;
        }
        const results = [];
        const end = performance.now() + 120_000;
        for (const query of searches) {
          if (performance.now() > end) break;
          const cards = (await search(query)).map(({ source, id }) => ({ source, id }));
          const ms = [];
          for (let round = 0; round < rounds && (round === 0 || performance.now() < end); ++round) {
            // The clock of a page steps by a tenth of a millisecond.
            const begin = performance.now();
            let times = 0;
            do {
              await search(query);
              ++times;
            } while (performance.now() - begin < 2);
            ms.push((performance.now() - begin) / times);
          }
          results.push({ cards, ms });
        }
        return results;
      },
      { searches: searches.map(({ lat, lon, radius, romes }) => ({ lat, lon, radius, romes })), balise, rounds },
    );
  } finally {
    await context.close();
  }
}

/**
 * What works without a network: the service worker, told what the page has read, and the areas that the visitor keeps. A
 * bundle of its own, which the page loads when its first results are there.
 *
 * @module
 */

import { home } from "../../home.js";
import { words as french } from "../../i18n/offline.fr.js";
import { AreaKeeper } from "../offline/area.js";
import { isFrugal } from "../offline/kept.js";
import { serviceWorkerUrl } from "../trusted.js";
import { create, createButton, element } from "./dom.js";
import { RADII_KM } from "./query.js";
import { loadStyle } from "./style.js";

/** @typedef {typeof french} Words */
/** @typedef {import("../offline/area.js").Area} Area */
/**
 * What the page has loaded already.
 * @typedef {object} Page
 * @property {typeof import("../searcher.js").Searcher} Searcher
 * @property {() => Promise<import("../searcher.js").Searcher>} openSite
 * @property {() => { typed: import("./query.js").Typed, wanted: import("./query.js").Wanted }} current what is searched
 */
/** @typedef {{ query: string, label: string }} Choice */

const RENEWAL_PATIENCE_MS = 20_000;

/** Registers the worker, and tells it what was read before it was there. @param {Page} page */
async function startWorker({ openSite }) {
  if (!navigator.serviceWorker) return;
  const site = await openSite().catch((error) => {
    if (error.code !== "format_too_new") throw error;
  });
  if (!site) return renew();
  if (site.manifest.offline === false) return;
  await navigator.serviceWorker.register(serviceWorkerUrl());
  const wasControlled = navigator.serviceWorker.controller !== null;
  const { active } = await navigator.serviceWorker.ready;
  if (!wasControlled) active?.postMessage({ type: "seen", urls: urlsRead() });
}

/** Whoever comes back after a long time has an old page, which cannot read what is published now: once, it is replaced. */
async function renew() {
  const worker = navigator.serviceWorker.controller;
  if (!worker || history.state?.renewed) return;
  const channel = new MessageChannel();
  const done = new Promise((resolve) => (channel.port1.onmessage = resolve));
  worker.postMessage({ type: "update" }, [channel.port2]);
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, RENEWAL_PATIENCE_MS))]);
  history.replaceState({ ...history.state, renewed: true }, "");
  location.reload();
}

/** Addresses of the site that this page has read. */
function urlsRead() {
  const urls = performance.getEntriesByType("resource").map(({ name }) => name);
  return [location.href, ...urls].map((url) => url.replace(/[?#].*/, "")).filter((url) => url.startsWith(home.href));
}

/** @param {Page} page @returns {Choice[]} areas around what is searched; none without a place */
function choicesOf({ current }) {
  const { typed, wanted } = current();
  const { departement, region, center, radius_km } = wanted;
  const place = typed.lieu;
  if (departement) return [{ query: `departement=${departement}`, label: place || departement }];
  if (region) return [{ query: `region=${region}`, label: place || region }];
  if (center === null) return [];
  const { lat, lon } = center;
  const ordered = [radius_km, ...RADII_KM.filter((radius) => radius !== radius_km)];
  return ordered.map((radius) => ({
    query: `lat=${lat}&lon=${lon}&radius=${radius}`,
    label: words.circle(place, radius),
  }));
}

let words = french;
const keeper = new AreaKeeper(home.href);
/** What is under way: a download or an update. @type {AbortController | null} */
let running = null;
/** @type {AbortController | null} */
let measuring = null;

const zone = create("section", "zone");
zone.id = "zone";
const status = create("p", "zone-status");
status.setAttribute("role", "status");
const body = create("div", "zone-body");
body.id = "zone-contenu";
body.hidden = true;
const offer = create("div", "zone-offer");
const list = create("ul", "zone-list");
const opener = createButton("", "quiet", toggle);
opener.setAttribute("aria-controls", body.id);
opener.setAttribute("aria-expanded", "false");

/** @type {Page} */
let page;

/**
 * @param {Page} given
 * @returns {Promise<void>} when all of it is there
 */
export async function startOffline(given) {
  page = given;
  keeper.SearcherClass = page.Searcher;
  keeper.keys = document.documentElement.dataset.cles;
  await loadWords();
  startWorker(page).catch((error) => console.info(String(error)));
  if (typeof caches === "undefined" || !navigator.serviceWorker) return;
  await loadStyle("offline.css");
  opener.textContent = words.open;
  zone.append(opener, body);
  body.append(create("h2", "", words.title), create("p", "", words.about));
  if (window !== window.parent) body.append(create("p", "hint", words.framed));
  body.append(offer, status, list);
  element("resultats").after(zone);
  await showList();
  await refresh();
}

async function loadWords() {
  if (document.documentElement.lang === "en") ({ words } = await import("./offline.en.js"));
}

/** What to say of a search that has failed without a network: which areas there are, and that it leaves them. */
export async function whatIsMissing() {
  await loadWords();
  const areas = await keeper.list().catch(() => []);
  return words.missing(areas.filter(({ files }) => files.length > 0).map(({ label }) => label));
}

/** @param {string} text */
function tell(text) {
  status.textContent = text;
}

/** @param {unknown} error */
function tellFailure(error) {
  const name = error instanceof Error ? error.name : "";
  const { full, denied, network } = words.failures;
  console.info(String(error));
  tell(name === "QuotaExceededError" ? full : name === "SecurityError" ? denied : network);
}

function toggle() {
  body.hidden = !body.hidden;
  opener.setAttribute("aria-expanded", String(!body.hidden));
  if (!body.hidden && running === null) showOffer();
  else measuring?.abort();
}

/** What could be kept, how much it is, and the button that does it. */
function showOffer() {
  const choices = choicesOf(page);
  if (choices.length === 0) {
    offer.replaceChildren(create("p", "hint", words.noPlace));
    return;
  }
  const select = create("select");
  select.id = "zone-choix";
  select.append(...choices.map(({ label }, index) => new Option(label, String(index))));
  const label = create("label", "", words.zone);
  label.htmlFor = select.id;
  const size = create("p", "hint");
  size.setAttribute("role", "status");
  const keepIt = createButton("", "main-action", () => {
    const choice = choices[Number(select.value)];
    if (choice) void keep(choice);
  });
  const measure = async () => {
    measuring?.abort();
    const { signal } = (measuring = new AbortController());
    const choice = choices[Number(select.value)];
    if (!choice) return;
    size.textContent = words.measuring;
    keepIt.hidden = true;
    try {
      const { bytes, records } = await keeper.estimate(choice.query, signal);
      if (signal.aborted) return;
      size.textContent = words.estimate(bytes, records);
      keepIt.textContent = words.keep(choice.label);
      keepIt.hidden = false;
    } catch (error) {
      if (signal.aborted) return;
      size.textContent = "";
      tellFailure(error);
    }
  };
  select.addEventListener("change", () => void measure());
  offer.replaceChildren(label, select, size, create("p", "actions", [keepIt]));
  void measure();
}

/**
 * Downloads what is missing of all areas, with one more or without.
 * @param {Choice | null} added
 */
async function keep(added) {
  measuring?.abort();
  running?.abort();
  const { signal } = (running = new AbortController());
  const bar = create("progress");
  bar.setAttribute("aria-label", added ? words.progress : words.updating);
  const figures = create("p", "hint");
  const stop = createButton(words.stop, "quiet", () => running?.abort());
  offer.replaceChildren(bar, figures, create("p", "actions", [stop]));
  tell(added ? words.progress : words.updating);
  stop.focus();
  try {
    // A browser that has the choice then drops other things first.
    void navigator.storage?.persist?.();
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ type: "seen", urls: shellOfAreas() });
    await keeper.keep(
      added,
      (done, all) => {
        bar.max = all;
        bar.value = done;
        figures.textContent = words.done(done, all);
      },
      signal,
    );
    tell(added ? words.ready(added.label) : words.upToDate);
  } catch (error) {
    if (signal.aborted) tell(words.stopped);
    else tellFailure(error);
  }
  if (running.signal !== signal) return;
  running = null;
  await showList();
  const hadFocus = offer.contains(document.activeElement);
  offer.replaceChildren();
  if (hadFocus) list.querySelector("button")?.focus();
}

/** The pages and scripts that an area needs, whether the visitor has opened them or not. */
function shellOfAreas() {
  const names = [
    "page.js",
    "page.css",
    "search.wasm",
    "form.wasm",
    "item.wasm",
    "fiche.js",
    "fiche.css",
    "map.js",
    "map.css",
    "offline.js",
  ];
  return [...names.map((name) => new URL(name, home).href), ...urlsRead()];
}

/** The areas that there are. */
async function showList() {
  const areas = await keeper.list().catch(() => []);
  list.replaceChildren(...areas.map((area) => createItem(area)));
}

/** @param {Area} area */
function createItem({ query, label, records, bytes, day, files }) {
  const isWhole = files.length > 0;
  const again = createButton(isWhole ? words.update : words.resume, "quiet", () => void keep({ query, label }));
  const remove = createButton(words.remove, "quiet", async () => {
    running?.abort();
    await keeper.remove(query);
    await showList();
    tell(words.removed(label));
    opener.focus();
  });
  for (const button of [again, remove]) button.setAttribute("aria-label", `${button.textContent} : ${label}`);
  return create("li", "", [
    create("p", "", [
      create("b", "", label),
      create("span", "hint", isWhole ? words.facts(records, bytes, day) : words.incomplete),
    ]),
    create("p", "actions", [again, remove]),
  ]);
}

/** On return, what has changed since is fetched; where bytes are dear, only when the visitor says so. */
async function refresh() {
  const areas = await keeper.list().catch(() => []);
  if (areas.length === 0 || isFrugal() || !navigator.onLine) return;
  const { manifest } = await page.openSite();
  if (areas.some(({ files }) => files.length === 0) || (await keeper.root()) === manifest.root) return;
  try {
    running = new AbortController();
    await keeper.keep(null, () => {}, running.signal);
    tell(words.upToDate);
  } catch (error) {
    console.info(String(error));
  } finally {
    running = null;
    await showList();
  }
}

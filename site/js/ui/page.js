/**
 * The search page: reads the address bar, asks `balise.js`, writes the cards. The only module of the page that touches the
 * DOM; text enters it by `textContent` alone.
 *
 * @module
 */

import { open } from "../../balise.js";
import { home } from "../../home.js";
import { serviceWorkerUrl } from "../trusted.js";
import { resolve, suggestions } from "./lookup.js";
import { RADII_KM, MAX_ROMES, isSearch, kindOf, readQuery, sourcesOf, writeQuery } from "./query.js";
import { strings } from "./strings.fr.js";

/** @typedef {import("../../balise.js").Balise} Balise */
/** @typedef {Awaited<ReturnType<Balise["search"]>>} Found */
/** @typedef {Found["results"][number]} Result */
/** @typedef {import("./query.js").Wanted} Wanted */
/** @typedef {import("./query.js").Kind} Kind */
/** @typedef {{ metier: string, lieu: string }} Typed what the two text fields show for a search */

const PAGE_SIZE = 20;
/** A loading message that flashes for less than this is noise, on the screen and in a screen reader. */
const LOADING_MESSAGE_DELAY_MS = 200;
/** The first results must not share a slow network with it. */
const SERVICE_WORKER_DELAY_MS = 3000;

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`page template: #${id} is missing`);
  return found;
}

const form = element("formulaire", HTMLFormElement);
const fields = {
  metier: element("metier", HTMLInputElement),
  lieu: element("lieu", HTMLInputElement),
  radius: element("radius", HTMLSelectElement),
  diploma: element("diploma", HTMLSelectElement),
};
const searchPanel = element("recherche", HTMLElement);
const modify = element("modifier", HTMLButtonElement);
const reminder = element("rappel", HTMLElement);
const notice = element("avis", HTMLElement);
const results = element("resultats", HTMLElement);
const title = element("titre-resultats", HTMLElement);
const summary = element("bilan", HTMLElement);
const list = element("liste", HTMLElement);

const perimeterText = document.body.dataset.perimetre;
/** @type {import("./query.js").Scope} */
const perimeter = perimeterText === "training" || perimeterText === "job" ? perimeterText : "all";
const rootUrl = home.href;

/** @type {Wanted} */
let wanted = readQuery(new URLSearchParams(), perimeter).wanted;
/** @type {Typed} what the fields showed when `wanted` was set: unchanged text keeps its meaning */
let typed = { metier: "", lieu: "" };

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {string} [text]
 */
function create(tag, className, text) {
  const node = document.createElement(tag);
  if (className !== "") node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/**
 * @param {string} text
 * @param {string} className
 * @param {() => void} action
 */
function createButton(text, className, action) {
  const button = create("button", className, text);
  button.type = "button";
  button.addEventListener("click", action);
  return button;
}

// ---------------------------------------------------------------------------------------------------- the search engine

/** @type {Promise<Balise> | null} */
let opening = null;

/** Opens the engine once; after a failure, the next call tries again. */
function openEngine() {
  opening ??= open(rootUrl)
    .then((balise) => {
      showFreshness(balise.manifest.as_of);
      return balise;
    })
    .catch((error) => {
      opening = null;
      throw error;
    });
  return opening;
}

/** @param {unknown} asOf */
function showFreshness(asOf) {
  if (typeof asOf !== "string" || Number.isNaN(Date.parse(asOf))) return;
  element("fraicheur", HTMLElement).textContent = strings.freshness(asOf.slice(0, 10));
}

/** @type {AbortController | null} */
let running = null;

/**
 * Searches for `wanted` and shows what comes. A search that a later one has overtaken shows nothing.
 * @param {{ focusTitle?: boolean }} [options] move the focus to the results once they are there
 */
async function search({ focusTitle = false } = {}) {
  running?.abort();
  const turn = new AbortController();
  running = turn;
  setState("chargement");
  const loadingMessage = setTimeout(() => {
    title.textContent = strings.titles.loading;
    summary.textContent = strings.loading;
    list.replaceChildren();
  }, LOADING_MESSAGE_DELAY_MS);
  try {
    const balise = await openEngine();
    if (turn.signal.aborted) return;
    const asked = wanted;
    const found = await balise.search({
      romes: asked.romes,
      ...(asked.center === null ? {} : { ...asked.center, radius: asked.radius_km }),
      ...(asked.diploma === "" ? {} : { diploma: asked.diploma }),
      sources: sourcesOf(asked.scope),
      signal: turn.signal,
    });
    if (turn.signal.aborted) return;
    showResults(found, asked);
  } catch (error) {
    if (turn.signal.aborted) return;
    showFailure(error);
  } finally {
    clearTimeout(loadingMessage);
  }
  if (focusTitle) title.focus();
}

// ------------------------------------------------------------------------------------------------------------ the states

/** @param {"chargement" | "pret" | "vide" | "elargi" | "erreur" | "hors-ligne" | null} state null: nothing was asked yet */
function setState(state) {
  if (state === null) delete results.dataset.etat;
  else results.dataset.etat = state;
  results.setAttribute("aria-busy", String(state === "chargement"));
}

function showInvitation() {
  running?.abort();
  setState(null);
  title.textContent = strings.titles.invitation;
  summary.textContent = strings.invitation;
  list.replaceChildren();
}

/** @param {unknown} error */
function showFailure(error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unexpected";
  const needsNetwork = code === "manifest_unavailable" || code === "shard_unavailable" || code === "engine_unavailable";
  const isOffline = needsNetwork && !navigator.onLine;
  if (!isOffline) console.warn(error);
  const needsReload = code === "format_too_new" || code === "engine_unavailable";
  const message = isOffline ? strings.offline : (strings.failures[code] ?? strings.failures.unexpected ?? "");
  // A file that the manifest names may be gone since the last publication: the next try starts from a new manifest.
  if (code === "shard_unavailable") opening = null;

  title.textContent = isOffline ? strings.titles.offline : strings.titles.failed;
  summary.textContent = message;
  const actions = create("p", "actions");
  if (needsReload) actions.append(createButton(strings.reload, "main-action", () => location.reload()));
  else if (code !== "wrong_query") actions.append(createButton(strings.retry, "main-action", retry));
  list.replaceChildren(actions);
  setState(isOffline ? "hors-ligne" : "erreur");
}

function retry() {
  void search({ focusTitle: true });
}

/** The day on this device: an offer that has expired since the data were published is not shown. */
function today() {
  const now = new Date();
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/**
 * @param {Found} found
 * @param {Wanted} asked
 */
function showResults(found, asked) {
  const day = today();
  const visible = found.results.filter(({ expires }) => !expires || expires >= day);
  if (visible.length === 0) {
    showNothing(asked);
    return;
  }

  const { center } = asked;
  const where = center === null ? strings.everywhere : strings.around(asked.radius_km, placeName(asked));
  const sources = sourcesOf(asked.scope);
  const beyond = center === null ? [] : visible.filter(({ distance_m }) => (distance_m ?? 0) > asked.radius_km * 1000);
  const within = visible.length - beyond.length;
  const sentences = [];
  if (within > 0) {
    /** @type {[Kind, number, boolean][]} */
    const counts = [...new Set(sources.map(kindOf))].map((kind) => [
      kind,
      visible.filter((result) => kindOf(result.source) === kind && !beyond.includes(result)).length,
      sources.some((source) => kindOf(source) === kind && found.more[source] === true),
    ]);
    sentences.push(strings.summary(counts, where));
  }
  if (beyond.length > 0) {
    const nearest_m = Math.min(...beyond.map(({ distance_m }) => distance_m ?? Infinity));
    sentences.push(within === 0 ? strings.onlyBeyond(where, nearest_m) : strings.beyond(beyond.length, nearest_m));
  }
  const isCut = sources.some((source) => found.more[source] === true);
  title.textContent = strings.heading(visible.length, isCut, center !== null);
  summary.textContent = sentences.join(" ");
  showList(visible, within === 0 ? widenings(asked) : []);
  setState(beyond.length > 0 ? "elargi" : "pret");
}

/** @param {Wanted} asked */
function showNothing(asked) {
  title.textContent = strings.titles.none;
  summary.textContent = strings.none;
  const actions = create("p", "actions");
  actions.append(...widenings(asked), ...relaxations(asked));
  list.replaceChildren(actions);
  setState("vide");
}

/** @param {Wanted} asked */
function placeName(asked) {
  return typed.lieu || `${asked.center?.lat}, ${asked.center?.lon}`;
}

/**
 * Buttons for the same search in a wider circle.
 * @param {Wanted} asked
 */
function widenings(asked) {
  if (asked.center === null) return [];
  return RADII_KM.filter((radius_km) => radius_km > asked.radius_km && radius_km >= 60).map((radius_km) =>
    createButton(strings.widenTo(radius_km), "quiet", () => change({ radius_km })),
  );
}

/**
 * Buttons that each drop one condition of a search that found nothing.
 * @param {Wanted} asked
 */
function relaxations(asked) {
  const buttons = [];
  if (asked.diploma !== "") {
    buttons.push(createButton(strings.anyLevel, "quiet", () => change({ diploma: "" })));
  }
  if (perimeter === "all" && asked.scope !== "all") {
    buttons.push(createButton(strings.anyScope, "quiet", () => change({ scope: "all" })));
  }
  if (asked.center !== null && asked.romes.length > 0) {
    buttons.push(
      createButton(strings.everywhereAction, "quiet", () => change({ center: null }, { lieu: "" })),
      createButton(strings.anyTrade, "quiet", () => change({ romes: [] }, { metier: "" })),
    );
  }
  return buttons;
}

// ------------------------------------------------------------------------------------------------------------- the cards

/**
 * @param {Result[]} all in rank order
 * @param {HTMLElement[]} actions shown above the cards
 */
function showList(all, actions) {
  const cards = create("ol", "cards");
  const shown = create("p", "shown");
  const more = createButton(strings.more, "quiet", () => cards.children[append()]?.querySelector("h3")?.focus());
  const foot = create("div", "foot");
  foot.append(shown, more);

  /** Appends the next cards. @returns {number} the index of the first of them */
  function append() {
    const first = cards.children.length;
    cards.append(...all.slice(first, first + PAGE_SIZE).map(createCard));
    shown.textContent = strings.shown(cards.children.length, all.length);
    more.hidden = cards.children.length === all.length;
    return first;
  }
  append();

  const head = create("p", "actions");
  head.append(...actions);
  list.replaceChildren(...(actions.length > 0 ? [head] : []), cards, ...(all.length > PAGE_SIZE ? [foot] : []));
}

/** @param {Result} result */
function createCard(result) {
  const kind = kindOf(result.source);
  const card = create("li", "card");
  card.dataset.source = result.source;
  card.dataset.id = result.id;

  const head = create("p", "card-head");
  head.append(create("span", `tag ${kind}`, strings.kinds[kind]));
  if (result.distance_m !== null) head.append(" ", create("span", "distance", strings.distance(result.distance_m)));

  const nameless = kind === "offre" ? strings.anonymousOffer : kind === "spontanee" ? strings.namelessCompany : "";
  const company = result.company || nameless;
  const heading = create("h3", "", result.title || company);
  heading.tabIndex = -1;
  card.append(head, heading);
  if (result.title && company && company !== result.title) card.append(create("p", "company", company));

  const town = [result.postal_code, result.city].filter(Boolean).join(" ");
  card.append(create("p", "place", town || strings.unknownPlace));

  const level = strings.level(result.level);
  if (level !== "") card.append(create("p", "detail", level));
  if (kind === "offre" && result.created) card.append(create("p", "detail", strings.published(result.created)));
  return card;
}

// -------------------------------------------------------------------------------------------- the form and the address bar

/** Writes `wanted` and `typed` into the form. */
function fillForm() {
  fields.metier.value = typed.metier;
  fields.lieu.value = typed.lieu;
  fields.radius.value = String(wanted.radius_km);
  fields.diploma.value = wanted.diploma;
  for (const radio of form.querySelectorAll("input")) {
    if (radio.name === "scope") radio.checked = radio.value === wanted.scope;
  }
  reminder.textContent = strings.reminder(typed.metier, typed.lieu, wanted.radius_km);
  showFieldError("metier", "");
  showFieldError("lieu", "");
}

/**
 * @param {"metier" | "lieu"} name
 * @param {string} message "" for none
 */
function showFieldError(name, message) {
  element(`erreur-${name}`, HTMLElement).textContent = message;
  if (message === "") fields[name].removeAttribute("aria-invalid");
  else fields[name].setAttribute("aria-invalid", "true");
}

/** On a narrow screen the form gives way to the results; a wide one always shows both. @param {boolean} isFolded */
function fold(isFolded) {
  searchPanel.toggleAttribute("data-replie", isFolded);
  modify.setAttribute("aria-expanded", String(!isFolded));
}

/**
 * Changes the search from a button of the results.
 * @param {Partial<Wanted>} part
 * @param {Partial<Typed>} [text]
 */
function change(part, text = {}) {
  go({ ...wanted, ...part }, { ...typed, ...text });
}

/**
 * Makes a search the current one: address bar, form, results.
 * @param {Wanted} next
 * @param {Typed} text
 */
function go(next, text) {
  const query = writeQuery(next, perimeter, new URLSearchParams(location.search));
  if (query === location.search) history.replaceState(text, "");
  else history.pushState(text, "", query);
  wanted = next;
  typed = text;
  fillForm();
  fold(true);
  void search({ focusTitle: true });
}

/**
 * What the form asks for, or null after an error has been shown beside its field.
 * @returns {Promise<{ wanted: Wanted, typed: Typed, givenRomes: number } | null>}
 */
async function readForm() {
  const text = { metier: fields.metier.value.trim(), lieu: fields.lieu.value.trim() };
  /** @param {"metier" | "lieu"} name @param {string} message */
  const refuse = (name, message) => {
    showFieldError(name, message);
    fields[name].focus();
    return null;
  };
  showFieldError("metier", "");
  showFieldError("lieu", "");
  if (text.metier === "" && text.lieu === "") return refuse("metier", strings.errors.nothingAsked);

  let { romes, center } = wanted;
  /** @type {"metier" | "lieu"} */
  let asking = "metier";
  try {
    if (text.metier === "") romes = [];
    else if (text.metier !== typed.metier) {
      const trade = await resolve("metier", text.metier);
      if (trade === null) return refuse("metier", strings.errors.metier(text.metier));
      romes = trade.romes;
    }
    asking = "lieu";
    if (text.lieu === "") center = null;
    else if (text.lieu !== typed.lieu) {
      const place = await resolve("lieu", text.lieu);
      if (place === null) return refuse("lieu", strings.errors.lieu(text.lieu));
      center = place.center;
    }
  } catch (error) {
    console.warn(error);
    return refuse(asking, strings.errors.listUnavailable);
  }

  const asked = new URLSearchParams();
  asked.set("radius", fields.radius.value);
  asked.set("diploma", fields.diploma.value);
  const scope = new FormData(form).get("scope");
  if (typeof scope === "string") asked.set("scope", scope);
  const rest = readQuery(asked, perimeter).wanted;
  return {
    wanted: { ...rest, romes: romes.slice(0, MAX_ROMES), center },
    typed: text,
    givenRomes: romes.length,
  };
}

/** Fills the suggestions, once, when somebody starts to use the form; warms the engine up meanwhile. */
async function prepareForm() {
  openEngine().catch(() => {
    // The search that follows says what is wrong.
  });
  try {
    for (const kind of /** @type {const} */ (["metier", "lieu"])) {
      const options = (await suggestions(kind)).map((label) => {
        const option = document.createElement("option");
        option.value = label;
        return option;
      });
      element(kind === "metier" ? "liste-metiers" : "liste-lieux", HTMLDataListElement).replaceChildren(...options);
    }
  } catch {
    // Suggestions are a comfort; a text that needs the lists is refused with a sentence when the form is sent.
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const asked = await readForm();
  if (asked === null) return;
  notice.textContent = asked.givenRomes > MAX_ROMES ? strings.cut(MAX_ROMES, asked.givenRomes) : "";
  go(asked.wanted, asked.typed);
});
form.addEventListener("focusin", () => void prepareForm(), { once: true });
modify.addEventListener("click", () => {
  const wasFolded = searchPanel.hasAttribute("data-replie");
  fold(!wasFolded);
  if (wasFolded) fields.metier.focus();
});

/** Takes over what the address bar says: on arrival, and on back and forward. */
async function takeAddress() {
  const params = new URLSearchParams(location.search);
  const { wanted: asked, ignored, givenRomes } = readQuery(params, perimeter);
  const kept = /** @type {Partial<Typed> | null} */ (history.state);
  wanted = asked;
  typed = {
    metier: asked.romes.length > 0 ? kept?.metier || asked.romes.join(", ") : "",
    lieu: asked.center !== null ? kept?.lieu || `${asked.center.lat}, ${asked.center.lon}` : "",
  };
  notice.textContent = [
    ignored.length > 0 ? strings.ignored(ignored) : "",
    givenRomes > MAX_ROMES ? strings.cut(MAX_ROMES, givenRomes) : "",
  ]
    .filter(Boolean)
    .join(" ");
  fillForm();
  fold(isSearch(wanted));
  if (isSearch(wanted)) return search();

  showInvitation();
  // The form was sent before this script ran: its fields, not ROME codes and coordinates, are in the address.
  const sent = { metier: params.get("metier") ?? "", lieu: params.get("lieu") ?? "" };
  if (sent.metier !== "" || sent.lieu !== "") {
    fields.metier.value = sent.metier;
    fields.lieu.value = sent.lieu;
    form.requestSubmit();
  }
}

// --------------------------------------------------------------------------------------------------- the embedding site

/**
 * @param {string} text
 * @param {string} [base]
 */
function parseUrl(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** The origin of the page that frames this one, or that led here; null when the browser does not tell. */
function callingOrigin() {
  const ancestor = window !== window.parent ? location.ancestorOrigins?.[0] : undefined;
  if (ancestor !== undefined) return ancestor === "null" ? null : ancestor;
  return parseUrl(document.referrer)?.origin ?? null;
}

/**
 * The way back to the embedding site. In a frame it is a message to that very origin; elsewhere a link that can only lead
 * to the calling origin, or home: `return_uri` sends nobody to a third site.
 */
function showReturn() {
  const page = new URLSearchParams(location.search).get("return_uri");
  const isFramed = window !== window.parent;
  document.body.toggleAttribute("data-cadre", isFramed);
  if (page === null) return;
  const origin = callingOrigin();
  /** @type {HTMLElement} */
  let control;
  if (isFramed) {
    control = createButton(strings.back, "back", () => {
      if (origin !== null) window.parent.postMessage({ type: "goToPage", page }, origin);
    });
    if (origin === null) control.hidden = true;
  } else {
    const link = create("a", "back", strings.back);
    const base = origin ?? location.origin;
    const target = parseUrl(page, base);
    link.href = target?.origin === base ? target.href : rootUrl;
    control = link;
  }
  control.dataset.retour = "";
  element("retour", HTMLElement).replaceChildren(control);
}

/** It answers /api/V1/* for pages of the site. Without it everything here works just as well. */
function startServiceWorker() {
  navigator.serviceWorker?.register(serviceWorkerUrl()).catch(() => {});
}

element("afficher", HTMLFieldSetElement).hidden = perimeter !== "all";
modify.hidden = false;
window.addEventListener("popstate", () => void takeAddress());
window.addEventListener("online", () => {
  if (results.dataset.etat === "hors-ligne") void search();
});
window.addEventListener("load", () => setTimeout(startServiceWorker, SERVICE_WORKER_DELAY_MS));
showReturn();
void takeAddress();

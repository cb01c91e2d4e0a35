/**
 * The search page: reads the address bar, asks the module, shows what comes. The state of the page is its address.
 *
 * @module
 */

import { Searcher } from "../searcher.js";
import { showReturn } from "./back.js";
import { PAGE_SIZE, companyOf, createList, createTag, levelOf, titleOf, townOf } from "./cards.js";
import { create, createButton, element } from "./dom.js";
import { fillForm, foldForm, proposeTrade, sendForm, startForm } from "./form.js";
import { daysSince } from "./format.js";
import { fitFrame, tellHeight } from "./frame.js";
import { resolveSpot } from "./lookup.js";
import { FRANCE, MAX_ROMES, RADII_KM, engineQuery, isSearch, readQuery, sourcesOf, writeQuery } from "./query.js";
import { forgetSite, onOpen, openForm, openItems, openSite } from "./site.js";
import { strings, useStrings } from "./text.js";

/** @typedef {import("../../balise.d.ts").Answer} Found */
/** @typedef {import("../../balise.d.ts").Result} Result */
/** @typedef {import("./query.js").Wanted} Wanted */
/** @typedef {import("./query.js").Typed} Typed */
/** @typedef {import("./query.js").ItemName} ItemName */
/** @typedef {import("./query.js").Ignored} Ignored */
/** @typedef {{ wanted: Wanted, typed: Typed, item: ItemName | null }} State */

/** As today's service: so many formations when none is within the radius. */
const NEAREST_BEYOND = 5;
/** All that the module gives of four sources. */
const ALL_CARDS = 4000;
/** A loading message that flashes for less than this is noise, on the screen and in a screen reader. */
const LOADING_MESSAGE_DELAY_MS = 200;
/** How long what comes after the first results leaves the network to whoever looks at them. */
const OFFLINE_DELAY_MS = 3000;
/** From this age on the data come with a warning. */
const STALE_DAYS = 4;

const notice = element("avis");
const results = element("resultats");
const title = element("titre-resultats");
const summary = element("bilan");
const tools = element("outils");
const order = element("tri");
const list = element("liste");
const pane = element("fiche");
const freshness = element("fraicheur");

const perimeterText = document.body.dataset.perimetre;
/** @type {import("./query.js").Scope} */
const perimeter = perimeterText === "training" || perimeterText === "job" ? perimeterText : "all";

/** Title of the document before any search. */
let heading = document.title;
/** @type {State & { isFrozen: boolean }} */
let state = readQuery(new URLSearchParams(), perimeter);
/** The address of the search that stands on the page, or will soon; null for none. @type {string | null} */
let searched = null;
/** What stands on the page, and how to have all of it. */
let shown = {
  results: /** @type {Result[]} */ ([]),
  all: async () => /** @type {Result[]} */ ([]),
  append: async (/** @type {number} */ _n) => {},
  center: /** @type {Wanted["center"]} */ (null),
  radius_km: 0,
};
/** Title of the document while the list is on the page. */
let listTitle = "";
/** @type {Ignored[]} */
let ignored = [];
/** @type {import("./fiche.js").Words | undefined} of the detail view, in another language than its own */
let ficheWords;

/** @param {State} next */
const addressOf = ({ wanted, typed, item }) =>
  writeQuery(
    wanted,
    // Where that is depends on who reads it.
    typed.lieu === strings.position ? { ...typed, lieu: "" } : typed,
    item,
    perimeter,
    new URLSearchParams(location.search),
  );

// ------------------------------------------------------------------------------------------------------------ the search

/** @type {AbortController | null} */
let running = null;
/** The last search that was begun. @type {Promise<void>} */
let searching = Promise.resolve();

/** @param {"chargement" | "pret" | "vide" | "elargi" | "erreur" | "hors-ligne" | null} name null: nothing was asked yet */
function setState(name) {
  if (name === null) delete results.dataset.etat;
  else results.dataset.etat = name;
  results.setAttribute("aria-busy", String(name === "chargement"));
}

/** @param {string} text @param {string} more what stands above the list */
function head(text, more) {
  title.textContent = text;
  summary.textContent = more;
  listTitle = searched === null ? heading : `${text} - ${heading}`;
  if (state.item === null) document.title = listTitle;
}

/** @param {string} text @param {string} more @param {Node[]} [actions] */
function say(text, more, actions = []) {
  head(text, more);
  tools.replaceChildren();
  order.replaceChildren();
  list.replaceChildren(...(actions.length > 0 ? [create("p", "actions", actions)] : []));
}

/**
 * Searches for what is wanted and shows what comes. A search that a later one has overtaken shows nothing.
 * @param {boolean} [focusTitle] move the focus to the results once they are there
 */
async function search(focusTitle = false) {
  running?.abort();
  const { signal } = (running = new AbortController());
  searched = addressOf({ ...state, item: null });
  setState("chargement");
  const loadingMessage = setTimeout(() => head(strings.titles.loading, ""), LOADING_MESSAGE_DELAY_MS);
  try {
    await showResults(state.wanted, signal).catch(
      ifMissing(async (error) => {
        // It may be gone since the last publication, or be here only under an older manifest.
        const { root } = (await openSite()).manifest;
        forgetSite();
        if (signal.aborted || (await openSite()).manifest.root === root) throw error;
        await showResults(state.wanted, signal);
      }),
    );
  } catch (error) {
    if (!signal.aborted) await showFailure(error, signal);
  } finally {
    clearTimeout(loadingMessage);
  }
  if (focusTitle && !signal.aborted && state.item === null) title.focus();
}

/** @param {Found} found */
const totalOf = ({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0);
/** @param {Found} found */
const withinOf = (found) => totalOf(found) - (found.beyond_m === null ? 0 : (found.counts.formations ?? 0));

/** Offers from the newest on, then what has no date of its own. @param {Result[]} results */
function newestFirst(results) {
  /** @param {Result} result */
  const day = ({ source, created }) => (source === "offres" || source === "matcha" ? (created ?? "") : "");
  return [...results].sort((a, b) => (day(a) === day(b) ? 0 : day(a) < day(b) ? 1 : -1));
}

/**
 * @param {Wanted} asked
 * @param {AbortSignal} signal
 */
async function showResults(asked, signal) {
  const site = await openSite(asked.romes);
  /**
   * @param {number} cards how many of the first results: each further card may need a further file
   * @param {{ sources?: import("./query.js").Source[], radius_km?: number }} [how]
   * @returns {Promise<Found>}
   */
  const find = async (cards, how) => {
    /** @param {number} widen */
    const ask = (widen) => site.search(engineQuery(asked, { widen, ...how, cards }), signal);
    // Without a network what lies in the radius may be here, and what lies beyond it not.
    return JSON.parse(await ask(NEAREST_BEYOND).catch(ifMissing(() => ask(0))));
  };

  // Counts are those of all sources, whatever is filtered: the cards then come by a search of their own.
  const isPlain = asked.sources.length === 0 && !asked.byDate;
  const firstCards = isPlain ? PAGE_SIZE : 0;
  let found = await find(firstCards);
  if (asked.opco !== "" && found.query.opco === null) {
    showNotice([...ignored, { name: "opco", value: asked.opco }]);
    asked = { ...asked, opco: "" };
    found = await find(firstCards);
  }
  let { radius_km } = asked;
  const widest_km = RADII_KM[RADII_KM.length - 1] ?? radius_km;
  if (asked.center !== null && radius_km < widest_km && withinOf(found) === 0) {
    const wider = await find(1, { radius_km: widest_km }).catch(ifMissing(() => null));
    const nearest_m = wider?.results[0]?.distance_m ?? Infinity;
    const enough_km = RADII_KM.find((radius) => nearest_m <= radius * 1000);
    if (enough_km !== undefined) {
      radius_km = enough_km;
      found = await find(firstCards, { radius_km });
    }
  }

  const first = found;
  const sources = asked.sources.length > 0 ? asked.sources : sourcesOf(asked.scope);
  const how = { sources, radius_km };
  const newest = asked.byDate ? newestFirst((await find(ALL_CARDS, how)).results) : null;
  /** @param {number} n */
  const take = async (n) => newest ?? (isPlain && n <= PAGE_SIZE ? first.results : (await find(n, how)).results);
  const total = sources.reduce((sum, source) => sum + (first.counts[source] ?? 0), 0);
  const isCut = sources.some((source) => first.more[source] === true);
  const cards = await createList({
    total,
    isCut,
    take,
    addressOf: (item) => addressOf({ ...state, item }),
  });
  if (signal.aborted) return;
  if (cards.results.length === 0) {
    say(strings.titles.none, strings.none, [...widenings(asked, first), ...relaxations(asked)]);
    setState("vide");
    return;
  }

  const isBeyond = first.beyond_m !== null && sources.includes("formations");
  const where = whereText(asked);
  const sentences = [
    radius_km > asked.radius_km
      ? strings.widened(where, radius_km)
      : isBeyond && withinOf(first) === 0
        ? strings.onlyBeyond(where, first.beyond_m ?? 0)
        : [state.typed.metier, where].filter(Boolean).join(" · "),
  ];
  if (isBeyond && withinOf(first) > 0)
    sentences.push(strings.beyond(first.counts.formations ?? 0, first.beyond_m ?? 0));
  /** @type {HTMLElement[]} */
  const actions = [];
  const jobs = sourcesOf("job").reduce((sum, source) => sum + (first.counts[source] ?? 0), 0);
  if (asked.center !== null && asked.scope === "all" && jobs === 0 && withinOf(first) > 0) {
    sentences.push(strings.noJobs);
    actions.push(createButton(strings.noJobsAction, "quiet", () => change({ scope: "job" })));
  }
  head(strings.heading(total - cards.hidden, isCut, asked.center !== null), sentences.join(" "));
  showTools(asked, first);
  list.replaceChildren(
    ...(actions.length > 0 ? [create("p", "actions", actions)] : []),
    ...cards.nodes,
    create("p", "actions", [
      createButton(strings.share, "quiet", () => void withFiche((fiche, words) => fiche.share(document.title, words))),
      createButton(strings.print, "quiet", () => print()),
      createButton(
        strings.export,
        "quiet",
        () => void withFiche(async (fiche, words) => fiche.exportCsv(await shown.all(), strings, words)),
      ),
    ]),
  );
  const { center } = asked;
  shown = { ...cards, all: async () => (await take(total)).slice(0, total), center, radius_km };
  setState(radius_km > asked.radius_km || isBeyond ? "elargi" : "pret");
}

/** @param {Wanted} asked */
function whereText({ center, radius_km }) {
  const { lieu } = state.typed;
  if (center !== null) return strings.around(radius_km, lieu);
  return lieu || state.wanted.departement || state.wanted.region || strings.everywhere;
}

/**
 * Filters by source with their counts, and the order. Whoever presses one of them keeps the focus.
 * @param {Wanted} asked
 * @param {Found} found
 */
function showTools(asked, found) {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.outil : undefined;
  const sources = sourcesOf(asked.scope);
  const chips = sources.map((source) => {
    const isPressed = asked.sources.includes(source);
    const count = found.counts[source] ?? 0;
    const chip = createButton(strings.filters[source], `chip ${source}`, () =>
      change({ sources: sources.filter((other) => asked.sources.includes(other) !== (other === source)) }),
    );
    chip.append(" ", create("b", "", strings.count(count, found.more[source] === true)));
    chip.setAttribute("aria-pressed", String(isPressed));
    chip.disabled = count === 0 && !isPressed;
    chip.dataset.outil = source;
    return chip;
  });
  const group = create("div", "chips", chips);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", strings.filter);
  tools.replaceChildren(...(chips.length > 1 ? [group] : []));

  const sort = create("select");
  sort.append(
    new Option(asked.center === null ? strings.byTitle : strings.byDistance, "", !asked.byDate, !asked.byDate),
    new Option(strings.byDate, "date", asked.byDate, asked.byDate),
  );
  sort.dataset.outil = "sort";
  sort.addEventListener("change", () => change({ byDate: sort.value === "date" }));
  const hasDates = (found.counts.offres ?? 0) + (found.counts.matcha ?? 0) > 0;
  mapButton.textContent = strings.map;
  order.replaceChildren(
    create("div", "chips", [
      ...(hasDates ? [create("label", "sort", [create("span", "", strings.sort), sort])] : []),
      mapButton,
    ]),
  );
  if (focused) /** @type {HTMLElement | null} */ (results.querySelector(`[data-outil="${focused}"]`))?.focus();
}

function showInvitation() {
  running?.abort();
  searched = null;
  setState(null);
  say(
    strings.titles.invitation,
    strings.invitation,
    strings.ideas.map(([label, romes]) => createButton(label, "chip", () => proposeTrade(label, romes))),
  );
}

/** @param {unknown} error */
const codeOf = (error) => String(/** @type {any} */ (error)?.code);

/**
 * What to do when a file of the site cannot be had; all other failures go on.
 * @template T @param {(error: unknown) => T} otherwise
 */
const ifMissing = (otherwise) => (/** @type {unknown} */ error) => {
  if (codeOf(error) !== "shard_unavailable") throw error;
  return otherwise(error);
};

/** @param {unknown} error @param {AbortSignal} signal */
async function showFailure(error, signal) {
  const code = codeOf(error);
  const isOffline = code.endsWith("_unavailable") && !navigator.onLine;
  if (!isOffline) console.warn(error);
  const needsReload = code === "format_too_new" || code === "engine_unavailable";
  const reason = isOffline && (await import("./offline.js").then((offline) => offline.whatIsMissing()).catch(() => ""));
  if (signal.aborted) return;
  say(
    isOffline ? strings.titles.offline : strings.titles.failed,
    reason || strings.failures[code] || /** @type {any} */ (error).shown || strings.failures.unexpected,
    needsReload
      ? [
          createButton(strings.reload, "main-action", () => location.reload()),
          ...(code === "engine_unavailable" ? [linkToLists()] : []),
        ]
      : code === "wrong_query"
        ? []
        : [createButton(strings.retry, "main-action", () => void search(true))],
  );
  setState(isOffline ? "hors-ligne" : "erreur");
}

/** To pages that need neither this script nor the module; the link stands at the foot of the page already. */
function linkToLists() {
  const link = /** @type {HTMLAnchorElement} */ (element("listes", HTMLAnchorElement).cloneNode(true));
  link.id = "";
  link.className = "quiet";
  return link;
}

/**
 * Buttons for the same search in a wider circle: none when the widest has been tried already.
 * @param {Wanted} asked
 * @param {Found} found
 */
function widenings(asked, found) {
  if (asked.center === null || withinOf(found) === 0) return [];
  return RADII_KM.filter((radius_km) => radius_km > asked.radius_km && radius_km >= 60).map((radius_km) =>
    createButton(strings.widenTo(radius_km), "quiet", () => change({ radius_km })),
  );
}

/**
 * Buttons that each drop one condition of a search that found nothing.
 * @param {Wanted} asked
 */
function relaxations(asked) {
  /** @type {HTMLElement[]} */
  const buttons = [];
  /** @param {string} text @param {Partial<Wanted>} part @param {Partial<Typed>} [typed] */
  const offer = (text, part, typed) => buttons.push(createButton(text, "quiet", () => change(part, typed)));
  if (asked.sources.length > 0) offer(strings.anySource, { sources: [] });
  if (asked.diploma !== "") offer(strings.anyLevel, { diploma: "" });
  if (perimeter === "all" && asked.scope !== "all") offer(strings.anyScope, { scope: "all" });
  if (asked.romes.length > 0 && (asked.center ?? (asked.departement || asked.region))) {
    offer(strings.everywhereAction, FRANCE, { lieu: "" });
    if (!state.isFrozen) offer(strings.anyTrade, { romes: [] }, { metier: "" });
  }
  return buttons;
}

// ------------------------------------------------------------------------------------------------------- the detail view

/**
 * Uses a script that the first results do without, and says so when it cannot be had.
 * @template Script
 * @param {Promise<Script>} loading
 * @param {(script: Script) => unknown} use
 */
async function withScript(loading, use) {
  try {
    await use(await loading);
  } catch (error) {
    console.warn(error);
    notice.textContent = strings.unavailable;
  }
}

/** @param {(fiche: typeof import("./fiche.js"), words: import("./fiche.js").Words | undefined) => unknown} use */
const withFiche = (use) => withScript(import("./fiche.js"), (fiche) => use(fiche, ficheWords));

/** Opens and closes the map, which follows the list by itself. */
const mapButton = createButton(
  "",
  "quiet",
  () =>
    void withScript(import("./map.js"), ({ toggleMap }) =>
      toggleMap({ button: mapButton, list, shown: () => shown, strings, titleOf, companyOf, townOf }),
    ),
);
mapButton.dataset.outil = "map";
mapButton.setAttribute("aria-expanded", "false");

/** Scroll position of the list while an item stands in its place. */
let listTop = 0;

/** Shows the item that is open, or the list. */
async function showItem() {
  const { item } = state;
  const wasOpen = !pane.hidden;
  if (!wasOpen && item !== null) listTop = scrollY;
  pane.hidden = item === null;
  results.hidden = item !== null;
  document.body.toggleAttribute("data-fiche", item !== null);
  if (item === null) {
    if (!wasOpen) return;
    const { source, id } = pane.dataset;
    pane.replaceChildren();
    document.title = listTitle;
    scrollTo(0, listTop);
    const card = [...list.querySelectorAll("li")].find((li) => li.dataset.source === source && li.dataset.id === id);
    tellHeight(card?.getBoundingClientRect().top);
    (card?.querySelector("a") ?? title).focus({ preventScroll: true });
    return;
  }
  Object.assign(pane.dataset, item);
  scrollTo(0, 0);
  tellHeight(0);
  await withFiche(async (fiche, words) => {
    const find = () => shown.results.findIndex(({ source, id }) => source === item.source && id === item.id);
    const index = find();
    /** @param {Result | undefined} other */
    const opener = (other) => (other === undefined ? null : () => openItem(other));
    await fiche.showItem(pane, {
      card: shown.results[index] ?? null,
      item,
      open: openItems,
      // The search that the address also asks for may bring what this needs, and says where the card stands.
      retry: ifMissing(async () => {
        await searching;
        return shown.results[find()]?.page;
      }),
      isCurrent: () => state.item === item,
      close: () => (history.state?.inside ? history.back() : openItem(null)),
      previous: opener(shown.results[index - 1]),
      next: index < 0 ? null : opener(shown.results[index + 1]),
      page: { strings, titleOf, companyOf, townOf, levelOf, createTag },
      words,
    });
  });
}

/** @param {ItemName | null} item */
function openItem(item) {
  const isFirst = item !== null && state.item === null;
  const next = { ...state, item: item && { source: item.source, id: item.id } };
  const data = { typed: state.typed, inside: isFirst || (item !== null && history.state?.inside === true) };
  // From one item to the next the way back leads to the list all the same.
  if (isFirst) history.pushState(data, "", addressOf(next));
  else history.replaceState(data, "", addressOf(next));
  state = next;
  linkLanguage();
  void showItem();
}

list.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const card = link?.closest("li");
  if (!card || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { source, id } = card.dataset;
  openItem(shown.results.find((result) => result.source === source && result.id === id) ?? null);
});

// ------------------------------------------------------------------------------------------------------- the address bar

/**
 * Changes the search from a button of the results.
 * @param {Partial<Wanted>} part
 * @param {Partial<Typed>} [typed]
 */
function change(part, typed = {}) {
  const isTool = document.activeElement?.closest("[data-outil]");
  go({ ...state.wanted, ...part }, { ...state.typed, ...typed }, !isTool);
}

/**
 * Makes a search the current one: address bar, form, results.
 * @param {Wanted} wanted
 * @param {Typed} typed
 * @param {boolean} [focusTitle]
 */
function go(wanted, typed, focusTitle = true) {
  state = { ...state, wanted, typed, item: null };
  const address = addressOf(state);
  if (address === location.search) history.replaceState({ typed }, "");
  else history.pushState({ typed }, "", address);
  ignored = [];
  show(focusTitle);
}

/** Shows the current state. @param {boolean} [focusTitle] */
function show(focusTitle = false) {
  fillForm(state.wanted, state.typed, state.isFrozen);
  linkLanguage();
  showNotice(ignored);
  const hasSearch = isSearch(state.wanted);
  foldForm(hasSearch);
  if (!hasSearch) showInvitation();
  else if (searched !== addressOf({ ...state, item: null }) || !/pret|elargi/.test(results.dataset.etat ?? ""))
    searching = search(focusTitle);
  else if (focusTitle) title.focus();
  void showItem();
}

/** Takes over what the address bar says, on arrival and on back and forward, until its results are there. */
async function takeAddress() {
  const params = new URLSearchParams(location.search);
  const read = readQuery(params, perimeter);
  const kept = /** @type {{ typed?: Typed } | null} */ (history.state);
  state = { ...read, typed: kept?.typed ?? read.typed };
  ignored = [...read.ignored, ...showReturn(params)];
  cut = read.givenRomes;
  const hasSearch = isSearch(read.wanted);
  if (read.item !== null) openItems().catch(() => {});
  else if (!hasSearch) openForm().catch(() => {});
  if (read.spot !== null && kept?.typed === undefined) {
    const turn = state;
    // Nothing that stands in the page may have to move when it is known.
    foldForm(true);
    setState("chargement");
    const found = await resolveSpot(read.spot).catch(() => null);
    if (state !== turn) return;
    const { address, zipcode, insee } = read.spot;
    if (found === null)
      ignored.push({ name: address ? "address" : zipcode ? "zipcode" : "insee", value: address || zipcode || insee });
    else {
      state = { ...state, wanted: { ...state.wanted, ...found.value }, typed: { ...state.typed, lieu: found.label } };
    }
  }
  show();
  // The form was sent before this script ran: its fields, not ROME codes and coordinates, are in the address.
  const sent = { metier: params.get("metier") ?? "", lieu: params.get("lieu") ?? "" };
  if (!isSearch(state.wanted) && (sent.metier || sent.lieu) !== "") sendForm(sent);
  await searching;
}

/** How many ROME codes the address gave. */
let cut = 0;

/** Says in one line what was left out of the address. @param {Ignored[]} parts */
function showNotice(parts) {
  notice.textContent = [
    parts.length > 0 ? strings.ignored(parts) : "",
    cut > MAX_ROMES ? strings.cut(MAX_ROMES, cut) : "",
  ]
    .filter(Boolean)
    .join(" ");
}

// --------------------------------------------------------------------------------------------------------------- the rest

/** @param {string} asOf "YYYY-MM-DD" */
function showFreshness(asOf) {
  if (Number.isNaN(Date.parse(asOf))) return;
  const isStale = daysSince(asOf) >= STALE_DAYS;
  freshness.textContent = strings.freshness(asOf) + (isStale ? `. ${strings.stale}` : "");
  freshness.toggleAttribute("data-ancien", isStale);
}

/** The same page in the other language. */
function linkLanguage() {
  const params = new URLSearchParams(location.search);
  if (params.get("lang") === "en") params.delete("lang");
  else params.set("lang", "en");
  element("langue", HTMLAnchorElement).href = `?${params}`;
}

/** What works without a network. Without it everything here works just as well. */
function startOffline() {
  started
    .then(() => import("./offline.js"))
    .then((offline) => offline.startOffline({ Searcher, openSite, current: () => state }))
    .catch(() => {});
}

async function start() {
  if (new URLSearchParams(location.search).get("lang") === "en") {
    // What stands in the page is neither the language nor, on a small screen, the place of what comes.
    document.body.hidden = true;
    try {
      const english = await import("./en.js");
      useStrings(english.strings);
      ficheWords = english.words;
      english.translate(perimeter);
      heading = document.title;
    } catch (error) {
      console.warn(error);
    }
    document.body.hidden = false;
  }
  onOpen(showFreshness);
  showFreshness(freshness.dataset.date ?? "");
  startForm(perimeter, (wanted, typed) => {
    cut = 0;
    const { opco } = state.wanted;
    go({ ...wanted, opco, byDate: state.wanted.byDate }, typed);
  });
  addEventListener("popstate", () => void takeAddress());
  addEventListener("online", () => {
    if (results.dataset.etat === "hors-ligne") void search();
  });
  await takeAddress();
}

fitFrame(results);
const started = start();
addEventListener("load", () => setTimeout(startOffline, OFFLINE_DELAY_MS));

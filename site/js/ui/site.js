/**
 * The published site that the page searches: opened once, when it is first needed, by a module that does as much as is
 * needed. Whoever arrives with a search in the address gets a small one, which searches; whoever types or opens a card,
 * the one that does all.
 *
 * @module
 */

import { home } from "../../home.js";
import { Searcher } from "../searcher.js";
import { readAhead } from "./ahead.js";

const SEARCH = "search.wasm";
const ALL = "balise.wasm";

/** By the name of the module. @type {Record<string, Promise<Searcher> | undefined>} */
let opening = {};
/** @type {(asOf: string) => void} */
let tell = () => {};

/** @param {(asOf: string) => void} listener is told the day of the data each time that the site was opened */
export function onOpen(listener) {
  tell = listener;
}

/**
 * After a failure, the next call tries again.
 * @param {string} module
 * @param {string[]} [romes] that will be searched for at once
 */
const open = (module, romes) =>
  (opening[module] ??= Searcher.open(
    home.href,
    new URL(module, home),
    readAhead(romes),
    document.documentElement.dataset.cles,
  ).then(
    (site) => {
      tell(site.manifest.as_of);
      return site;
    },
    (error) => {
      opening[module] = undefined;
      throw error;
    },
  ));

/**
 * The site, to complete what is typed and to read records.
 * @param {string[]} [romes] that will be searched for at once
 */
export const openWholeSite = (romes) => open(ALL, romes);

/**
 * The site, to search it.
 * @param {string[]} [romes] that will be searched for at once
 * @returns {Promise<Searcher>}
 */
export const openSite = (romes) =>
  opening[SEARCH] ??
  opening[ALL] ??
  // Without a network the other one may be here.
  open(SEARCH, romes).catch(() => openWholeSite(romes));

/** The next calls start from a new manifest. */
export function forgetSite() {
  opening = {};
}

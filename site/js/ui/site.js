/**
 * The published site that the page searches: opened when it is first needed, by a module that does what is needed.
 * Whoever arrives with a search in the address gets one that searches; whoever types, one that also completes; whoever
 * opens a card, a small one that reads it.
 *
 * @module
 */

import { home } from "../../home.js";
import { Searcher } from "../searcher.js";
import { readAhead } from "./ahead.js";

const SEARCH = "search.wasm";
const FORM = "form.wasm";
const ITEM = "item.wasm";

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

/** The site, to complete what is typed. */
export const openForm = () => open(FORM);

/** The site, to read records. */
export const openItems = () => open(ITEM);

/**
 * The site, to search it.
 * @param {string[]} [romes] that will be searched for at once
 * @returns {Promise<Searcher>}
 */
export const openSite = (romes) =>
  opening[SEARCH] ??
  opening[FORM] ??
  // Without a network the other one may be here.
  open(SEARCH, romes).catch(() => open(FORM, romes));

/** The next calls start from a new manifest. */
export function forgetSite() {
  opening = {};
}

/**
 * The published site that the page searches: opened once, when it is first needed.
 *
 * @module
 */

import { home } from "../../home.js";
import { Searcher } from "../searcher.js";
import { readAhead } from "./ahead.js";

/** @type {Promise<Searcher> | null} */
let opening = null;
/** @type {(asOf: string) => void} */
let tell = () => {};

/** @param {(asOf: string) => void} listener is told the day of the data each time that the site was opened */
export function onOpen(listener) {
  tell = listener;
}

/**
 * Opens the site once; after a failure, the next call tries again.
 * @param {string[]} [romes] that will be searched for at once
 */
export function openSite(romes) {
  opening ??= Searcher.open(
    home.href,
    new URL("balise.wasm", home),
    romes && readAhead(romes),
    document.documentElement.dataset.cles,
  ).then(
    (site) => {
      tell(String(site.manifest.as_of).slice(0, 10));
      return site;
    },
    (error) => {
      opening = null;
      throw error;
    },
  );
  return opening;
}

/** The next call of `openSite` starts from a new manifest. */
export function forgetSite() {
  opening = null;
}

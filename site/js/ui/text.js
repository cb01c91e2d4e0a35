/**
 * The words of the page: French, until the visitor's choice in the address has loaded others.
 *
 * @module
 */

import { strings as french } from "../../i18n/fr.js";

/** @typedef {typeof french} Strings */

export let strings = french;

/** @param {Strings} other */
export function useStrings(other) {
  strings = other;
}

/**
 * Styles of what a page loads when it is asked for.
 *
 * @module
 */

import { home } from "../../home.js";
import { create } from "./dom.js";

/** @param {string} name @returns {Promise<void>} when its looks are there, or will not come */
export function loadStyle(name) {
  return new Promise((resolve) => {
    const link = create("link");
    link.rel = "stylesheet";
    link.href = new URL(name, home).href;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => resolve());
    document.head.append(link);
  });
}

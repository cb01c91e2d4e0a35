/**
 * Buttons that copy a piece of code, for pages that show some.
 *
 * @module
 */

import { create, createButton } from "./dom.js";

/** @typedef {{ copy: string, copied: string, selected: string }} CopyWords */

/**
 * @param {HTMLElement} code whose text is copied; it stands in a `pre`
 * @param {() => CopyWords} words
 * @param {string} what names the code for those who do not see where the button stands
 * @returns {[status: HTMLElement, button: HTMLButtonElement]} to be put beside the code
 */
export function createCopy(code, words, what) {
  const status = create("span", "copied");
  status.setAttribute("role", "status");
  const button = createButton(words().copy, "quiet copy", async () => {
    // The same words a second time would not be read out.
    status.textContent = "";
    status.textContent = (await copy(code)) ? words().copied : words().selected;
  });
  button.append(create("span", "unseen", ` ${what}`));
  return [status, button];
}

/** @param {HTMLElement} code @returns {Promise<boolean>} false: it could only be selected, to be copied by hand */
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    // Denied by the browser or the visitor, or not there without https.
    getSelection()?.selectAllChildren(code);
    code.closest("pre")?.focus();
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    }
  }
}

/**
 * The code that a partner copies, for each of the three ways to the widget. No DOM here.
 *
 * @module
 */

import { PARAMETERS, attributeOf, widgetUrl } from "./widget.js";

/** What frames may do when the visitor asks for it: search around, copy a link. */
const ALLOWED = "clipboard-write; geolocation";

/** @type {Record<string, string>} */
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} text for content and for attributes in double quotes */
export const escapeHtml = (text) => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? "");

/**
 * A widget's address in an attribute. As in the widget's guide "&" stays as it is between parameters: it is followed by a
 * name and "=", and values hold neither "&" nor ";", so that it can begin no character reference.
 * @param {string} url
 */
function escapeUrl(url) {
  const [path = "", query] = url.split("?", 2);
  return query === undefined ? escapeHtml(path) : `${escapeHtml(path)}?${query}`;
}

/**
 * @param {URL} base the site's folder
 * @param {string} path one of PATHS
 * @param {(name: string) => string} valueOf value of a parameter, "" for none
 * @param {string} title of the frame, and text of the link
 * @returns {{ url: string, frame: string, element: string, link: string }}
 */
export function makeSnippets(base, path, valueOf, title) {
  // What cannot be seen, or turns the direction of writing, has no place in code that people read; the page drops it too.
  /** @param {string} name */
  const value = (name) =>
    valueOf(name)
      .replace(/[\p{C}\s]+/gu, " ")
      .trim();
  const url = widgetUrl(base, path, value);
  const attributes = PARAMETERS.flatMap((name) =>
    value(name) === "" ? [] : [`\n  ${attributeOf(name)}="${escapeHtml(value(name))}"`],
  );
  if (path !== "recherche-apprentissage") attributes.unshift(`\n  path="${escapeHtml(path)}"`);
  const name = escapeHtml(title);
  return {
    url,
    frame:
      `<iframe style="height: 660px; width: 360px;max-width: 100%;margin: auto;display: block;" src="${escapeUrl(url)}"` +
      ` title="${name}" allow="${ALLOWED}"></iframe>`,
    element:
      `<script src="${escapeHtml(new URL("embed.js", base).href)}" async></script>\n` +
      `<balise-widget${attributes.join("")}\n  title="${name}">\n  <a href="${escapeUrl(url)}">${name}</a>\n</balise-widget>`,
    link: `<a href="${escapeUrl(url)}">${name}</a>`,
  };
}

/**
 * The page around this one, when there is one: who it is, and how much room it is asked for.
 *
 * @module
 */

import { parseUrl } from "./url.js";

export const isFramed = window !== window.parent;
/** embed.js names its frames so; any other keeps the height that it was given, and scrolls. */
const isFitted = isFramed && window.name === "balise-widget";

/** The origin of the page that frames this one, or that led here; null when the browser does not tell. */
export function callingOrigin() {
  const ancestor = isFramed ? location.ancestorOrigins?.[0] : undefined;
  if (ancestor !== undefined) return ancestor === "null" ? null : ancestor;
  return parseUrl(document.referrer)?.origin ?? null;
}

/**
 * Tells the page around how high this one is. Where the browser does not tell who that is (or says that it is this site,
 * which after a navigation inside the frame may only be the page before), everybody may know the height, and nothing else.
 * @param {number} [top] what should be on the screen, in pixels from the top of this page
 */
export function tellHeight(top) {
  if (!isFitted) return;
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  const origin = callingOrigin();
  if (origin === null || origin === location.origin) window.parent.postMessage({ type: "balise-height", height }, "*");
  else window.parent.postMessage({ type: "balise-height", height, top }, origin);
}

/** From now on the page is as high as what it shows. @param {HTMLElement} results */
export function fitFrame(results) {
  if (!isFitted) return;
  // A height that is relative to the frame's would grow with it.
  document.body.style.minHeight = results.style.minHeight = "0";
  new ResizeObserver(() => tellHeight()).observe(document.body);
}

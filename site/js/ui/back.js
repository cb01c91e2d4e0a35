/**
 * The way back to the embedding site.
 *
 * @module
 */

import { create, createButton, element } from "./dom.js";
import { callingOrigin, isFramed } from "./frame.js";
import { strings } from "./text.js";
import { isLogoAddress, parseUrl } from "./url.js";

/**
 * In a frame it is a message to the embedding origin; elsewhere a link. Both lead to a page of the calling site, or home:
 * `return_uri` sends nobody to a third site. The logo is shown when it comes from the calling site or from this one, which
 * know the visitor anyway: no request to a third.
 * @param {URLSearchParams} params
 * @returns {import("./query.js").Ignored[]} what could not be used
 */
export function showReturn(params) {
  document.body.toggleAttribute("data-cadre", isFramed);
  const given = params.get("return_uri");
  const logo = params.get("return_logo_url");
  if (given === null && logo === null) return [];

  /** @type {import("./query.js").Ignored[]} */
  const ignored = [];
  const origin = callingOrigin();
  const base = origin ?? location.origin;
  let page = given || "/";
  const target = parseUrl(page, base);
  if (target?.origin !== base) {
    ignored.push({ name: "return_uri", value: page.slice(0, 30) });
    page = "/";
  }

  const label = strings.back(origin === null || origin === location.origin ? "" : new URL(origin).host);
  /** @type {HTMLElement} */
  let control;
  if (isFramed) {
    control = createButton(label, "back", () => {
      if (origin !== null) window.parent.postMessage({ type: "goToPage", page }, origin);
    });
    control.hidden = origin === null;
  } else {
    const link = create("a", "back", label);
    link.href = new URL(page, base).href;
    control = link;
  }
  control.dataset.retour = "";

  const image = isLogoAddress(logo ?? "") ? parseUrl(logo ?? "", location.href) : null;
  if (logo && image === null) ignored.push({ name: "return_logo_url", value: logo.slice(0, 30) });
  if (image !== null && (image.origin === base || image.origin === location.origin)) {
    const picture = create("img");
    picture.alt = label;
    picture.referrerPolicy = "no-referrer";
    picture.addEventListener("load", () => control.replaceChildren(picture));
    picture.src = image.href;
  }
  element("retour").replaceChildren(control);
  return ignored;
}

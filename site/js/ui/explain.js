/**
 * Which parameters of an address have no effect on the widget, and why. No DOM here: readQuery is what decides, and what
 * it drops without a word (because another parameter is missing, or comes first) is found by what it returns.
 *
 * @module
 */

import { MAX_ROMES, readQuery } from "./query.js";
import { isLogoAddress, parseUrl } from "./url.js";

/**
 * @typedef {"value" | "tooMany" | "needsRomes" | "needsJobName" | "needsPlace" | "placed" | "path" | "needsCampaign" |
 *   "otherSite" | "logo"} Reason
 */
/** @typedef {{ name: string, reason: Reason, value: string }} Remark */

/** @type {Record<string, import("./query.js").Scope>} */
const PERIMETERS = { "recherche-emploi": "job", "recherche-apprentissage-formation": "training" };

/**
 * @param {string} path of the widget's page
 * @param {URLSearchParams} params
 * @returns {Remark[]} in the order of their names in the form, one for each parameter at most
 */
export function explain(path, params) {
  const perimeter = PERIMETERS[path] ?? "all";
  const read = readQuery(params, perimeter);
  /** @type {Map<string, Remark>} */
  const remarks = new Map();
  /** @param {string} name @param {Reason} reason @param {boolean} isSo @param {string} [value] */
  const remark = (name, reason, isSo, value = params.get(name) ?? "") => {
    if (isSo && value.trim() !== "" && !remarks.has(name)) remarks.set(name, { name, reason, value });
  };
  const { wanted, typed, spot } = read;
  const hasCode = wanted.departement !== "" || wanted.region !== "";
  const isPlaced = wanted.center !== null || hasCode;
  // Codes of a territory are not used beside coordinates, nor is a region beside a département.
  for (const name of ["departement", "region"])
    remark(name, "placed", wanted.center !== null || (name === "region" && wanted.departement !== ""));
  for (const { name, value } of read.ignored) remark(name, "value", true, value);
  remark("romes", "tooMany", read.givenRomes > MAX_ROMES, String(read.givenRomes));
  remark("scope", "path", perimeter !== "all");
  remark("radius", "needsPlace", wanted.center === null && spot === null);
  for (const name of ["zipcode", "insee"]) remark(name, "placed", isPlaced);
  remark("job_name", "needsRomes", typed.metier === "");
  remark("frozen_job", wanted.romes.length === 0 ? "needsRomes" : "needsJobName", !read.isFrozen);
  remark("return_uri", "otherSite", isElsewhere(params.get("return_uri") ?? ""));
  remark("return_logo_url", "logo", !isLogo(params.get("return_logo_url") ?? ""));
  const hasCampaign = (params.get("utm_campaign") ?? "") !== "";
  for (const name of ["utm_source", "utm_medium"]) remark(name, "needsCampaign", !hasCampaign);
  return [...remarks.values()];
}

/** A site that no partner has stands for the partner's own. */
const SOME_SITE = "https://site.invalid/";

/** @param {string} page */
function isElsewhere(page) {
  const url = parseUrl(page, SOME_SITE);
  return url === null || (url.origin !== new URL(SOME_SITE).origin && !/^https?:$/.test(url.protocol));
}

/** @param {string} logo as showReturn reads it */
const isLogo = (logo) => isLogoAddress(logo) && parseUrl(logo, SOME_SITE) !== null;

/**
 * Addresses of the widget, from the names and values of its contract. No DOM here.
 *
 * @module
 */

export const PATHS = Object.freeze([
  "recherche-apprentissage",
  "recherche-emploi",
  "recherche-apprentissage-formation",
]);

/** Every parameter that a page of the site reads: those of the widget's guide in its order, then the others. */
export const PARAMETERS = Object.freeze(
  (
    "radius romes scope lat lon caller return_uri return_logo_url job_name frozen_job diploma opco address zipcode insee " +
    "departement region sources sort type itemId lang utm_campaign utm_source utm_medium"
  ).split(" "),
);

/**
 * @param {URL | string} base the site's folder
 * @param {string} path one of PATHS; anything else is the first of them
 * @param {(name: string) => string} valueOf value of a parameter; "" leaves it out
 */
export function widgetUrl(base, path, valueOf) {
  const params = new URLSearchParams();
  for (const name of PARAMETERS) if (valueOf(name) !== "") params.set(name, valueOf(name));
  // These need no escape in a query, and the guide writes them as they are.
  const query = `${params}`.replace(/%(2C|2F|3A)/g, decodeURIComponent);
  const url = new URL(PATHS.find((known) => known === path) ?? "recherche-apprentissage", base).href;
  return query === "" ? url : `${url}?${query}`;
}

/** The name of a parameter as an attribute: "return-uri", "item-id". @param {string} name */
export const attributeOf = (name) => name.replace(/_|(?=I)/g, "-").toLowerCase();

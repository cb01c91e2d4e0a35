/**
 * The state of a search, as it stands in the address bar. No DOM here.
 *
 * @module
 */

/** @typedef {"all" | "training" | "job"} Scope */
/** @typedef {"formations" | "offres" | "matcha" | "lba"} Source */
/** @typedef {"formation" | "offre" | "spontanee"} Kind how cards are told apart on the screen */
/** @typedef {{ lat: number, lon: number }} Center degrees, WGS84 */
/** @typedef {{ name: string, value: string }} Ignored a parameter, and the (shortened) value that was not used */
/**
 * @typedef {object} Wanted
 * @property {string[]} romes upper case, without repetition, at most MAX_ROMES
 * @property {Center | null} center null: the whole of France
 * @property {number} radius_km one of RADII_KM; without meaning when there is no centre
 * @property {string} diploma "3" to "7", or "" for any
 * @property {Scope} scope
 */

export const MAX_ROMES = 20;
export const RADII_KM = Object.freeze([10, 30, 60, 100]);
export const DEFAULT_RADIUS_KM = 30;

/** Parameters of the embedding site: kept from one search to the next, never part of the search. */
const CARRIED = ["caller", "return_uri", "return_logo_url"];

const MAX_SHOWN_LENGTH = 30;
const DECIMAL = /^[+-]?\d{1,3}(\.\d+)?$/;

/** @type {Record<Source, Kind>} */
const KIND_OF_SOURCE = { formations: "formation", offres: "offre", matcha: "offre", lba: "spontanee" };

/** @param {Source} source */
export const kindOf = (source) => KIND_OF_SOURCE[source];

/**
 * @param {Scope} scope
 * @returns {Source[]}
 */
export function sourcesOf(scope) {
  if (scope === "training") return ["formations"];
  if (scope === "job") return ["offres", "matcha", "lba"];
  return ["formations", "offres", "matcha", "lba"];
}

/**
 * @param {string} latText
 * @param {string} lonText
 * @returns {Center | null} null unless both are plain decimal numbers in range. 0,0 is what careless callers write for "no
 *   place": it is none.
 */
export function parseCenter(latText, lonText) {
  if (!DECIMAL.test(latText) || !DECIMAL.test(lonText)) return null;
  const lat = Number(latText);
  const lon = Number(lonText);
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180 || (lat === 0 && lon === 0)) return null;
  return { lat, lon };
}

/**
 * Splits at commas, semicolons and spaces.
 * @param {string} text
 * @returns {{ romes: string[], wrong: string[] }} `romes` in the order given, without repetition, not cut
 */
export function parseRomes(text) {
  /** @type {Set<string>} */
  const romes = new Set();
  /** @type {string[]} */
  const wrong = [];
  for (const part of text.split(/[\s,;]+/)) {
    if (/^[a-z]\d{4}$/i.test(part)) romes.add(part.toUpperCase());
    else if (part !== "") wrong.push(part);
  }
  return { romes: [...romes], wrong };
}

/** @param {string} value */
const shorten = (value) => (value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, MAX_SHOWN_LENGTH)}…` : value);

/**
 * Reads a search from URL parameters. Never fails: what cannot be used is left out and listed in `ignored`.
 * @param {URLSearchParams} params
 * @param {Scope} perimeter what the page's path searches; only the page that searches everything can be narrowed
 * @returns {{ wanted: Wanted, ignored: Ignored[], givenRomes: number }} `givenRomes`: how many codes before the cut
 */
export function readQuery(params, perimeter) {
  /** @type {Ignored[]} */
  const ignored = [];
  /** @param {string} name */
  const value = (name) => (params.get(name) ?? "").trim();
  /** @param {string} name @param {string} text */
  const ignore = (name, text) => ignored.push({ name, value: shorten(text) });

  const { romes, wrong } = parseRomes(value("romes"));
  if (wrong.length > 0) ignore("romes", wrong.join(", "));

  const latText = value("lat");
  const lonText = value("lon");
  const center = parseCenter(latText, lonText);
  if (center === null) {
    if (latText !== "") ignore("lat", latText);
    if (lonText !== "") ignore("lon", lonText);
  }

  const radiusText = value("radius");
  const radius_km = RADII_KM.find((radius) => String(radius) === radiusText);
  if (radius_km === undefined && radiusText !== "") ignore("radius", radiusText);

  const diplomaText = value("diploma");
  const diploma = /^([3-7])(?!\d)/.exec(diplomaText)?.[1] ?? "";
  if (diploma === "" && diplomaText !== "") ignore("diploma", diplomaText);

  const scopeText = value("scope");
  const isScope = scopeText === "all" || scopeText === "training" || scopeText === "job";
  if (!isScope && scopeText !== "") ignore("scope", scopeText);
  const scope = perimeter === "all" && isScope ? scopeText : perimeter;

  return {
    wanted: {
      romes: romes.slice(0, MAX_ROMES),
      center,
      radius_km: radius_km ?? DEFAULT_RADIUS_KM,
      diploma,
      scope,
    },
    ignored,
    givenRomes: romes.length,
  };
}

/** @param {Wanted} wanted */
export const isSearch = (wanted) => wanted.romes.length > 0 || wanted.center !== null;

/**
 * The canonical query string of a search ("?romes=…&lat=…"), parameters always in the same order.
 * @param {Wanted} wanted
 * @param {Scope} perimeter
 * @param {URLSearchParams} current where the embedding site's own parameters are taken from
 */
export function writeQuery(wanted, perimeter, current) {
  /** @type {[name: string, value: string][]} */
  const pairs = [];
  if (wanted.romes.length > 0) pairs.push(["romes", wanted.romes.join(",")]);
  if (wanted.center !== null) {
    pairs.push(["lat", String(wanted.center.lat)], ["lon", String(wanted.center.lon)]);
    pairs.push(["radius", String(wanted.radius_km)]);
  }
  if (wanted.diploma !== "") pairs.push(["diploma", wanted.diploma]);
  if (perimeter === "all" && wanted.scope !== "all") pairs.push(["scope", wanted.scope]);
  for (const name of CARRIED) {
    const value = current.get(name);
    if (value !== null) pairs.push([name, encodeURIComponent(value)]);
  }
  return `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

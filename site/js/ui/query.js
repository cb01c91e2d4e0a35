/**
 * The state of the page, as it stands in the address bar. No DOM here.
 *
 * @module
 */

/** @typedef {"all" | "training" | "job"} Scope */
/** @typedef {"formations" | "offres" | "matcha" | "lba"} Source */
/** @typedef {{ lat: number, lon: number }} Center degrees, WGS84 */
/** @typedef {{ name: string, value: string }} Ignored a parameter, and the (shortened) value that was not used */
/** @typedef {{ source: Source, id: string }} ItemName */
/**
 * Where to search: around a centre, in a territory, or, with neither, in the whole of France.
 * @typedef {{ center: Center | null, departement: string, region: string }} Where codes, "" for none; one of the three
 */
/**
 * @typedef {object} Search
 * @property {string[]} romes upper case, without repetition, at most MAX_ROMES
 * @property {number} radius_km one of RADII_KM; without meaning when there is no centre
 * @property {string} diploma "3" to "7", or "" for any
 * @property {Scope} scope
 * @property {Source[]} sources those of the scope that are shown; none: all of them
 * @property {boolean} byDate offers from the newest on, instead of the engine's own order
 * @property {string} opco "" for any
 */
/** @typedef {Search & Where} Wanted */
/** @typedef {{ metier: string, lieu: string }} Typed what the two text fields show for a search */
/** @typedef {{ address: string, insee: string, zipcode: string }} Spot a place that has to be looked up by its name or codes */

export const MAX_ROMES = 20;
/** @type {readonly number[]} */
export const RADII_KM = [10, 30, 60, 100];
export const DEFAULT_RADIUS_KM = 30;
/** @type {Readonly<Where>} */
export const FRANCE = { center: null, departement: "", region: "" };

/** Parameters of the embedding site: kept from one search to the next, never part of the search. */
const CARRIED = ["frozen_job", "lang", "caller", "return_uri", "return_logo_url"];
/** Kept too, but only with the first of them. */
const CAMPAIGN = ["utm_campaign", "utm_source", "utm_medium"];

const MAX_TEXT_LENGTH = 100;
const MAX_ID_LENGTH = 300;
const MAX_SHOWN_LENGTH = 30;
const DECIMAL = /^[+-]?\d{1,3}(\.\d+)?$/;
const DEPARTEMENT = /^(0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-46])$/i;
const REGION = /^(0[1-46]|11|2[478]|32|44|5[23]|7[56]|84|9[34])$/;

/** What `type` says of each source. @type {Record<Source, string>} */
const TYPES = { formations: "training", offres: "peJob", matcha: "matcha", lba: "lba" };

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

/** @param {string} value @param {number} [length] */
const shorten = (value, length = MAX_SHOWN_LENGTH) =>
  value.length > length ? `${value.slice(0, length).trimEnd()}…` : value;

/**
 * Reads the state from URL parameters. Never fails: what cannot be used is left out and listed in `ignored`.
 * @param {URLSearchParams} params of a parameter given twice, the first counts
 * @param {Scope} perimeter what the page's path searches; only the page that searches everything can be narrowed
 * @returns {{ wanted: Wanted, typed: Typed, spot: Spot | null, item: ItemName | null, isFrozen: boolean,
 *   ignored: Ignored[], givenRomes: number }} `typed`: only what the address says; `spot`: only without any other place;
 *   `givenRomes`: how many codes before the cut
 */
export function readQuery(params, perimeter) {
  /** @type {Ignored[]} */
  const ignored = [];
  // Neither invisible characters nor those that turn the direction of writing belong into what is shown.
  /** @param {string} name */
  const value = (name) => (params.get(name) ?? "").replace(/[\p{C}\s]+/gu, " ").trim();
  /** @param {string} name @param {string} [text] */
  const ignore = (name, text = value(name)) => {
    if (text !== "") ignored.push({ name, value: shorten(text) });
  };

  const { romes, wrong } = parseRomes(value("romes"));
  ignore("romes", wrong.join(", "));

  const center = parseCenter(value("lat"), value("lon"));
  if (center === null) {
    ignore("lat");
    ignore("lon");
  }
  const hasDepartement = center === null && DEPARTEMENT.test(value("departement"));
  if (!hasDepartement) ignore("departement");
  const hasRegion = center === null && !hasDepartement && REGION.test(value("region"));
  if (!hasRegion) ignore("region");

  const radius_km = RADII_KM.find((radius) => String(radius) === value("radius"));
  if (radius_km === undefined) ignore("radius");

  const diploma = /^([3-7])(?!\d)/.exec(value("diploma"))?.[1] ?? "";
  if (diploma === "") ignore("diploma");

  const scopeText = value("scope");
  const isScope = scopeText === "all" || scopeText === "training" || scopeText === "job";
  if (!isScope) ignore("scope");
  const scope = perimeter === "all" && isScope ? scopeText : perimeter;

  const named = value("sources").split(/[\s,]+/);
  const sources = sourcesOf(scope).filter((source) => named.includes(source));
  if (sources.length === 0) ignore("sources");

  const sort = value("sort");
  if (sort !== "date" && sort !== "distance") ignore("sort");

  const id = value("itemId");
  // Companies of La bonne boîte stand among the others.
  const type = value("type") === "lbb" ? "lba" : value("type");
  const itemSource = sourcesOf("all").find((source) => TYPES[source] === type);
  const isItem = itemSource !== undefined && id !== "" && id.length <= MAX_ID_LENGTH;
  if (!isItem) {
    ignore("type");
    ignore("itemId");
  }

  const job = shorten(value("job_name"), MAX_TEXT_LENGTH);
  const address = shorten(value("address"), MAX_TEXT_LENGTH);
  /** @param {string} name */
  const code = (name) => {
    if (/^\d[\dAB]\d{3}$/i.test(value(name))) return value(name).toUpperCase();
    ignore(name);
    return "";
  };
  const spot = { address, insee: code("insee"), zipcode: code("zipcode") };
  const isPlaced = center !== null || hasDepartement || hasRegion;
  return {
    wanted: {
      romes: romes.slice(0, MAX_ROMES),
      center,
      departement: hasDepartement ? value("departement").toUpperCase() : "",
      region: hasRegion ? value("region") : "",
      radius_km: radius_km ?? DEFAULT_RADIUS_KM,
      diploma,
      scope,
      sources: sources.length < sourcesOf(scope).length ? sources : [],
      byDate: sort === "date",
      opco: shorten(value("opco"), MAX_TEXT_LENGTH),
    },
    typed: { metier: romes.length > 0 ? job : "", lieu: isPlaced ? address : "" },
    spot: !isPlaced && (spot.address || spot.insee || spot.zipcode) !== "" ? spot : null,
    item: isItem ? { source: itemSource, id } : null,
    isFrozen: romes.length > 0 && job !== "" && value("frozen_job") !== "",
    ignored,
    givenRomes: romes.length,
  };
}

/** @param {Where} where */
export const isEverywhere = ({ center, departement, region }) => center === null && departement === "" && region === "";

/** @param {Wanted} wanted */
export const isSearch = (wanted) => wanted.romes.length > 0 || !isEverywhere(wanted);

/**
 * The canonical query string of a state ("?romes=…&lat=…"), parameters always in the same order.
 * @param {Wanted} wanted
 * @param {Typed} typed
 * @param {ItemName | null} item the one that is open
 * @param {Scope} perimeter
 * @param {URLSearchParams} current where the embedding site's own parameters are taken from
 */
export function writeQuery(wanted, typed, item, perimeter, current) {
  const text = new URLSearchParams();
  /** @param {string} name @param {string | number | null | undefined} value */
  const set = (name, value) => {
    if (value) text.set(name, String(value));
  };
  if (isSearch(wanted)) {
    set("romes", wanted.romes.join(","));
    if (wanted.center !== null) {
      text.set("lat", String(wanted.center.lat));
      text.set("lon", String(wanted.center.lon));
      set("radius", wanted.radius_km);
    }
    set("departement", wanted.departement);
    set("region", wanted.region);
    set("diploma", wanted.diploma);
    if (perimeter === "all" && wanted.scope !== "all") set("scope", wanted.scope);
    set("sources", wanted.sources.join(","));
    if (wanted.byDate) set("sort", "date");
    set("opco", wanted.opco);
    if (wanted.romes.length > 0) set("job_name", typed.metier);
    if (!isEverywhere(wanted)) set("address", typed.lieu);
  }
  if (item !== null) {
    set("type", TYPES[item.source]);
    set("itemId", item.id);
  }
  const isCampaign = (current.get("utm_campaign") ?? "") !== "";
  for (const name of [...CARRIED, ...(isCampaign ? CAMPAIGN : [])]) {
    const value = current.get(name);
    if (value !== null) text.set(name, value);
  }
  // Commas need no escape, and are easier on the eye.
  return `?${text.toString().replaceAll("%2C", ",")}`;
}

/**
 * The same search in the words of the engine (core/query.hpp).
 * @param {Wanted} wanted
 * @param {{ cards: number, sources?: Source[], radius_km?: number, widen?: number }} how
 */
export function engineQuery(wanted, { cards, sources = sourcesOf(wanted.scope), radius_km, widen = 0 }) {
  const text = new URLSearchParams({ sources: sources.join(","), cards: String(cards) });
  if (wanted.romes.length > 0) text.set("romes", wanted.romes.join(","));
  if (wanted.center !== null) {
    text.set("lat", String(wanted.center.lat));
    text.set("lon", String(wanted.center.lon));
    text.set("radius", String(radius_km ?? wanted.radius_km));
    text.set("widen", String(widen));
  }
  for (const name of /** @type {const} */ (["departement", "region", "diploma", "opco"]))
    if (wanted[name] !== "") text.set(name, wanted[name]);
  return text.toString();
}

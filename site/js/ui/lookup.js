/**
 * What a visitor types for a trade or a place, turned into ROME codes or a place: by the module, from files of the site.
 *
 * @module
 */

import { complete } from "../complete.js";
import { FRANCE, MAX_ROMES, parseCenter, parseRomes } from "./query.js";
import { openForm } from "./site.js";
import { strings } from "./text.js";

/** @typedef {import("./query.js").Where} Where */
/** @typedef {{ romes: string[] }} Trade */
/**
 * @template Value
 * @typedef {{ label: string, hint: string, value: Value }} Option one line of the suggestions
 */

const MAX_SUGGESTIONS = 10;
/** Latitude and longitude. */
const NUMBERS = /^([+-]?[\d.]+)[\s,;]+([+-]?[\d.]+)$/;

/**
 * @param {import("../complete.js").Completion} kind
 * @param {string} text
 * @param {AbortSignal} [signal]
 */
const suggest = async (kind, text, signal) => complete(await openForm(), kind, text, MAX_SUGGESTIONS, signal);

/**
 * @param {string} text
 * @param {AbortSignal} [signal]
 * @returns {Promise<Option<Trade>[]>} best first; none for no text, and for codes, which need none
 */
export async function suggestTrades(text, signal) {
  if (text === "" || parseRomes(text).romes.length > 0) return [];
  /** @type {import("../../balise.d.ts").Metier[]} */
  const metiers = await suggest("metiers", text, signal);
  return metiers
    .filter(({ romes }) => romes.length > 0)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ type, label, romes }) => ({
      label,
      hint: strings.types[type] ?? "",
      value: { romes: romes.slice(0, MAX_ROMES) },
    }));
}

/**
 * @param {import("../../balise.d.ts").Place} place
 * @returns {Where}
 */
function whereOf({ type, lat, lon, departement, region }) {
  if (type === "departement") return { ...FRANCE, departement: departement ?? "" };
  if (type === "region") return { ...FRANCE, region: region ?? "" };
  return { ...FRANCE, center: lat === null || lon === null ? null : { lat, lon } };
}

/**
 * @param {string} text
 * @param {AbortSignal} [signal]
 * @returns {Promise<Option<Where>[]>} best first; the whole of France for no text, none for coordinates
 */
export async function suggestPlaces(text, signal) {
  // Before anything is typed nothing has to be read.
  if (text === "") return [{ label: strings.everywhere, hint: "", value: FRANCE }];
  if (NUMBERS.test(text)) return [];
  /** @type {import("../../balise.d.ts").Place[]} */
  const places = await suggest("places", text, signal);
  return places.map((place) => ({
    label: place.type === "france" ? strings.everywhere : place.label,
    hint: strings.types[place.type] ?? "",
    value: whereOf(place),
  }));
}

/**
 * The trade that is meant by a text: ROME codes, or the best suggestion. Rejects when the files that it needs cannot be
 * had; codes need none.
 * @param {string} text
 * @returns {Promise<Option<Trade> | null>} null when it is not understood
 */
export async function resolveTrade(text) {
  const { romes, wrong } = parseRomes(text);
  if (romes.length > 0)
    return wrong.length > 0 ? null : { label: romes.join(", "), hint: "", value: { romes: romes.slice(0, MAX_ROMES) } };
  return (await suggestTrades(text))[0] ?? null;
}

/**
 * The place that is meant by a text: "lat, lon", or the best suggestion.
 * @param {string} text
 * @returns {Promise<Option<Where> | null>} null when it is not understood
 */
export async function resolvePlace(text) {
  const numbers = NUMBERS.exec(text);
  if (numbers !== null) {
    const center = parseCenter(numbers[1] ?? "", numbers[2] ?? "");
    return center && { label: `${center.lat}, ${center.lon}`, hint: "", value: { ...FRANCE, center } };
  }
  return (await suggestPlaces(text))[0] ?? null;
}

/**
 * A place that an address names without coordinates.
 * @param {import("./query.js").Spot} spot
 * @returns {Promise<Option<Where> | null>} null when there is none
 */
export async function resolveSpot({ address, insee, zipcode }) {
  /** @type {import("../../balise.d.ts").Place[]} */
  const places = [];
  for (const text of [zipcode, address]) if (text !== "") places.push(...(await suggest("places", text)));
  const place = places.find((found) => found.insee === insee) ?? places[0];
  return place === undefined ? null : { label: place.label, hint: "", value: whereOf(place) };
}

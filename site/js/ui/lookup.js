/**
 * What a visitor types for a trade or a place, turned into ROME codes or a position.
 * Two short lists of our own for now, loaded when the form is first used: whatever replaces them keeps `resolve` and
 * `suggestions`.
 *
 * @module
 */

import { home } from "../../home.js";
import { parseCenter, parseRomes } from "./query.js";

/** @typedef {import("./query.js").Center} Center */
/** @typedef {{ romes: string[] }} Trade */
/** @typedef {{ center: Center }} Place */
/** @typedef {{ label: string, keys: string[], value: Trade | Place }} Entry `keys` are folded */

/** @type {Map<"metier" | "lieu", Promise<Entry[]>>} */
const lists = new Map();

/**
 * Lower case, no accents, no punctuation; "St" is "Saint".
 * @param {string} text
 */
function fold(text) {
  return text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/[^a-z0-9]+/g, " ")
    .trim()
    .replace(/\bst(e?) /g, "saint$1 ");
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
async function fetchJson(path) {
  const response = await fetch(new URL(path, home));
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.json();
}

/** @returns {Promise<Entry[]>} */
async function loadTrades() {
  const { metiers } = /** @type {{ metiers: { label: string, mots: string, romes: string[] }[] }} */ (
    await fetchJson("i18n/fr.json")
  );
  return metiers.map(({ label, mots, romes }) => {
    return { label, keys: [fold(label), fold(`${label} ${mots}`)], value: { romes } };
  });
}

/** @returns {Promise<Entry[]>} */
async function loadPlaces() {
  const rows = /** @type {[name: string, postalCode: string, lat: number, lon: number][]} */ (
    await fetchJson("i18n/lieux.json")
  );
  return rows.map(([name, postalCode, lat, lon]) => {
    const label = `${name} (${postalCode.slice(0, postalCode.startsWith("97") ? 3 : 2)})`;
    return { label, keys: [fold(label), fold(name), postalCode], value: { center: { lat, lon } } };
  });
}

/** @param {"metier" | "lieu"} kind */
function list(kind) {
  let loading = lists.get(kind);
  if (loading === undefined) {
    loading = kind === "metier" ? loadTrades() : loadPlaces();
    loading.catch(() => lists.delete(kind));
    lists.set(kind, loading);
  }
  return loading;
}

/**
 * The best entry for a text: the very label, else a label that begins with it, else one that holds each of its words.
 * Among equals the first of the list wins (places stand by population).
 * @param {Entry[]} entries
 * @param {string} text
 */
function best(entries, text) {
  const wanted = fold(text);
  if (wanted === "") return undefined;
  const words = wanted.split(" ");
  /** @param {string} key */
  const holdsAll = (key) => words.every((word) => ` ${key}`.includes(` ${word}`));
  return (
    entries.find(({ keys }) => keys.includes(wanted)) ??
    entries.find(({ keys }) => keys.some((key) => key.startsWith(wanted))) ??
    entries.find(({ keys }) => keys.some(holdsAll))
  );
}

/**
 * @overload
 * @param {"metier"} kind
 * @param {string} text a trade, or ROME codes
 * @returns {Promise<Trade | null>} null when it is not understood
 */
/**
 * @overload
 * @param {"lieu"} kind
 * @param {string} text a town, a postal code, or "lat, lon"
 * @returns {Promise<Place | null>} null when it is not understood
 */
/**
 * Rejects when the list that it needs cannot be loaded; codes and coordinates need none.
 * @param {"metier" | "lieu"} kind
 * @param {string} text
 * @returns {Promise<Trade | Place | null>}
 */
export async function resolve(kind, text) {
  if (kind === "metier") {
    const { romes, wrong } = parseRomes(text);
    if (romes.length > 0 && wrong.length === 0) return { romes };
  } else {
    const [lat, lon, ...rest] = text.split(/[\s,;]+/).filter((part) => part !== "");
    const center = lat !== undefined && lon !== undefined && rest.length === 0 ? parseCenter(lat, lon) : null;
    if (center !== null) return { center };
  }
  return best(await list(kind), text)?.value ?? null;
}

/**
 * @param {"metier" | "lieu"} kind
 * @returns {Promise<string[]>} the labels that `resolve` knows
 */
export async function suggestions(kind) {
  return (await list(kind)).map(({ label }) => label);
}

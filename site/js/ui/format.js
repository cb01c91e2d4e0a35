/**
 * Numbers, distances and dates in the words of a language; the browser knows how.
 *
 * @module
 */

const NBSP = "\u00a0";
const DAY_MS = 86_400_000;

/** @param {string} locale "fr-FR" */
export function formats(locale) {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const conjunction = new Intl.ListFormat(locale, { type: "conjunction" });
  return {
    /** @param {number} n */
    number: (n) => numbers.format(n),
    /**
     * "1 formation", "2 formations".
     * @param {number} n @param {string} one @param {string} other
     */
    plural: (n, one, other) => numbers.format(n) + NBSP + (plurals.select(n) === "one" ? one : other),
    /** @param {string[]} parts */
    list: (parts) => conjunction.format(parts),
    /** @param {number} distance_m whole metres */
    length(distance_m) {
      if (distance_m < 1000) return numbers.format(distance_m) + NBSP + "m";
      // Tenths to 100 km, whole kilometres from there on.
      const tenths = Math.round(distance_m / 100);
      return numbers.format(distance_m < 100_000 ? tenths / 10 : Math.round(tenths / 10)) + NBSP + "km";
    },
    /** @param {string} iso "2026-11-20" */
    date(iso) {
      const text = days.format(Date.parse(iso));
      return locale.startsWith("fr") ? text.replace(/^1 /, `1er${NBSP}`) : text;
    },
    /** @param {number} n days before today: "hier", "il y a 3 jours" */
    daysAgo: (n) => relative.format(-n, "day"),
  };
}

/** The day on this device, which offers and data are compared with. */
export function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** @param {string} iso @returns {number} whole days since then, negative for a day to come */
export const daysSince = (iso) => Math.round((Date.parse(today()) - Date.parse(iso)) / DAY_MS);

/**
 * Results as a table for spreadsheets: RFC 4180 with semicolons, as French ones expect.
 *
 * @module
 */

/** @param {string | number | null} value */
function cell(value) {
  const text = String(value ?? "");
  // A spreadsheet takes what begins so for a formula; numbers of our own may begin with a minus.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * @param {string[]} columns their names
 * @param {import("../../balise.d.ts").Result[]} results
 * @param {{ kinds: Record<string, string>, decimal: string }} style names of the sources; "," or "." in numbers
 */
export function csvOf(columns, results, { kinds, decimal }) {
  /** @param {number | null} n */
  const number = (n) => (n === null ? "" : String(n).replace(".", decimal));
  const rows = results.map((result) => [
    cell(kinds[result.source] ?? result.source),
    cell(result.title),
    cell(result.company),
    cell(result.address),
    cell(result.postal_code),
    cell(result.city),
    number(result.distance_m === null ? null : Math.round(result.distance_m / 100) / 10),
    cell(result.romes.join(" ")),
    result.level === 0 ? "" : String(result.level),
    cell(result.created),
    cell(result.expires),
    cell(result.id),
    number(result.lat),
    number(result.lon),
  ]);
  return `\ufeff${[columns.map(cell), ...rows].map((row) => row.join(";")).join("\r\n")}\r\n`;
}

// Nearest-rank percentiles.

/** @param {number[]} list @param {number} share 0 to 1 */
export function percentile(list, share) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export const medianAndP95 = (list) => ({
  median: percentile(list, 0.5),
  p95: percentile(list, 0.95),
  count: list.length,
});

/**
 * Pins that stand too near each other to be told apart become one.
 *
 * @module
 */

/** @typedef {{ x: number, y: number }} Pin whole units of projection.js */
/**
 * @template {Pin} P
 * @typedef {{ x: number, y: number, pins: P[] }} Cluster where its first pin stands
 */

/** Columns of the grid that a row of it can have. */
const ROW = 2 ** 26;

/**
 * Each pin joins the first cluster that stands nearer than `apart`, else it begins one: whole numbers only, so that the
 * same list gives the same clusters everywhere, and the first of the list stays where it is.
 * @template {Pin} P
 * @param {P[]} pins in the order of the list
 * @param {number} apart units, whole and at least 1
 * @returns {Cluster<P>[]} in the order of their first pins
 */
export function clusterPins(pins, apart) {
  /** @type {Cluster<P>[]} */
  const clusters = [];
  /** Clusters by the cell, `apart` wide, that they stand in. @type {Map<number, number[]>} */
  const cells = new Map();
  for (const pin of pins) {
    const column = Math.floor(pin.x / apart);
    const row = Math.floor(pin.y / apart);
    let found = -1;
    for (let i = -1; i <= 1; ++i)
      for (let j = -1; j <= 1; ++j)
        for (const number of cells.get((row + i) * ROW + column + j) ?? []) {
          const { x, y } = /** @type {Cluster<P>} */ (clusters[number]);
          if ((x - pin.x) ** 2 + (y - pin.y) ** 2 < apart * apart && (found < 0 || number < found)) found = number;
        }
    if (found >= 0) clusters[found]?.pins.push(pin);
    else {
      const cell = row * ROW + column;
      const others = cells.get(cell);
      if (others) others.push(clusters.length);
      else cells.set(cell, [clusters.length]);
      clusters.push({ x: pin.x, y: pin.y, pins: [pin] });
    }
  }
  return clusters;
}

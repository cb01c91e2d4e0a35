/**
 * Web Mercator in whole numbers: the world is a square of `WORLD` units a side, from its north-west corner. A unit is 1.6 m at
 * 46° north; at zoom z it is 2^(z - 16) pixels, as tiles of 256 pixels have it.
 *
 * @module
 */

/** @typedef {{ x: number, y: number }} Spot whole units */
/** @typedef {{ west: number, north: number, east: number, south: number }} Box units */
/** @typedef {{ x: number, y: number, zoom: number }} View what stands in the middle, and how large */

export const WORLD = 2 ** 24;
const EQUATOR_M = 40_075_016.7;
/** Where the square ends, degrees. */
const MAX_LAT = 85.05;
const RADIAN = Math.PI / 180;

/** @param {number} lat @param {number} lon degrees @returns {Spot} */
export function toWorld(lat, lon) {
  const sine = Math.sin(Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * RADIAN);
  return {
    x: Math.round((WORLD * (lon + 180)) / 360),
    y: Math.round(WORLD * (0.5 - Math.atanh(sine) / (2 * Math.PI))),
  };
}

/** @param {number} x @param {number} y */
export const toLatLon = (x, y) => ({
  lat: Math.asin(Math.tanh((0.5 - y / WORLD) * 2 * Math.PI)) / RADIAN,
  lon: (360 * x) / WORLD - 180,
});

/** @param {number} zoom @returns {number} pixels of a unit */
export const scaleOf = (zoom) => 2 ** (zoom - 16);

/** @param {number} lat degrees @returns {number} units of a metre there */
export const unitsOfMetre = (lat) => WORLD / (EQUATOR_M * Math.cos(lat * RADIAN));

/**
 * The view in which all of a box can be seen.
 * @param {Box} box
 * @param {number} width @param {number} height pixels, margins taken off
 * @param {number} maxZoom for a box that is a point
 * @returns {View}
 */
export function fit({ west, north, east, south }, width, height, maxZoom) {
  const scale = Math.min(
    Math.max(width, 1) / Math.max(east - west, 1),
    Math.max(height, 1) / Math.max(south - north, 1),
  );
  return { x: (west + east) / 2, y: (north + south) / 2, zoom: Math.min(maxZoom, 16 + Math.log2(scale)) };
}

/**
 * Images of the IGN's map. Nothing is asked for before a layer is made, which only a click does.
 *
 * @module
 */

import { WORLD, scaleOf } from "./projection.js";

const SIZE = 256;
const MAX_ZOOM = 18;
/** Images kept, so that going back costs nothing. */
const MAX_KEPT = 300;
const SERVICE =
  "https://data.geopf.fr/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&STYLE=normal&FORMAT=image/png" +
  "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&TILEMATRIXSET=PM";

/** @typedef {{ zoom: number, column: number, row: number }} Tile */

/**
 * The tiles that a view shows, its middle first.
 * @param {import("./projection.js").View} view
 * @param {number} width @param {number} height pixels
 * @returns {Tile[]}
 */
export function tilesOf(view, width, height) {
  const zoom = Math.max(0, Math.min(MAX_ZOOM, Math.round(view.zoom)));
  const side = WORLD / 2 ** zoom;
  const [halfWidth, halfHeight] = [width / 2 / scaleOf(view.zoom), height / 2 / scaleOf(view.zoom)];
  const last = 2 ** zoom - 1;
  /** @param {number} units */
  const cell = (units) => Math.max(0, Math.min(last, Math.floor(units / side)));
  /** @type {Tile[]} */
  const tiles = [];
  for (let row = cell(view.y - halfHeight); row <= cell(view.y + halfHeight); ++row)
    for (let column = cell(view.x - halfWidth); column <= cell(view.x + halfWidth); ++column)
      tiles.push({ zoom, column, row });
  /** @param {Tile} tile */
  const away = ({ column, row }) => Math.hypot((column + 0.5) * side - view.x, (row + 0.5) * side - view.y);
  return tiles.sort((a, b) => away(a) - away(b));
}

/** @param {Tile} tile */
export const urlOf = ({ zoom, column, row }) => `${SERVICE}&TILEMATRIX=${zoom}&TILEROW=${row}&TILECOL=${column}`;

/**
 * @param {() => void} onLoad one more image can be drawn
 * @param {() => void} onFail one cannot be had
 * @returns draws what has come and asks for the rest; on the context units are those of projection.js
 */
export function createTiles(onLoad, onFail) {
  /** @type {Map<string, HTMLImageElement>} */
  const images = new Map();
  /** @param {CanvasRenderingContext2D} context @param {Tile[]} tiles */
  return (context, tiles) => {
    for (const tile of tiles) {
      const url = urlOf(tile);
      let image = images.get(url);
      if (image === undefined) {
        image = new Image(SIZE, SIZE);
        image.addEventListener("load", onLoad);
        image.addEventListener("error", onFail);
        image.referrerPolicy = "no-referrer";
        image.src = url;
      }
      // The last one used is the last one to go.
      images.delete(url);
      images.set(url, image);
      const side = WORLD / 2 ** tile.zoom;
      if (image.complete && image.naturalWidth > 0)
        context.drawImage(image, tile.column * side, tile.row * side, side, side);
    }
    for (const [url] of images) {
      if (images.size <= MAX_KEPT) break;
      images.delete(url);
    }
  };
}

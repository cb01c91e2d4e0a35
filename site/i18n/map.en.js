/**
 * What the map writes, in English.
 *
 * @module
 */

const NBSP = "\u00a0";

/** @type {import("../js/ui/map.js").Words} */
export const words = {
  name: "Map of the results",
  about(placed, all) {
    const which =
      placed === all
        ? all === 1
          ? "The result shown is on the map."
          : `The ${all} results shown are on the map.`
        : `${placed} of the ${all} results shown ${placed === 1 ? "is" : "are"} on the map, the others have no position.`;
    return `${which} The list below has the same ones.`;
  },
  placeAll: "Place all the results",
  view: "Map",
  help: "To move the map: drag, two fingers, a click or the arrow keys. To zoom: +, − or Ctrl and the wheel.",
  twoFingers: "Two fingers move the map",
  ctrlWheel: "Ctrl + wheel zooms",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  recentre: "Recentre",
  markers: "Results on the map",
  cluster: (n, town) => `${n}${NBSP}results, ${town}`,
  legend: "Legend",
  chosen: (n) => (n === 1 ? "1 result here" : `${n}${NBSP}results here`),
  zoomHere: "Zoom in here",
  close: "Close",
  goTo: "Go to",
  mainland: "Mainland",
  overseas: { 971: "Guadeloupe", 972: "Martinique", 973: "French Guiana", 974: "Réunion", 976: "Mayotte" },
  noOutline: "The outline could not be loaded: the results are placed without it.",
  credit: "Outline: Natural Earth. Towns: INSEE, GeoNames.",
  showTiles: "Show the map of the IGN",
  hideTiles: "Hide the map of the IGN",
  tilesNotice: "Images will be loaded from data.geopf.fr: the IGN, France's mapping agency, will see your IP address.",
  tilesShown: "Images from data.geopf.fr: the IGN sees your IP address.",
  tilesCredit: "© IGN, Plan IGN",
  tilesFailed: "The map of the IGN cannot be loaded: the outline stays.",
};

/**
 * What the map writes, in French. Another language is another object of the same shape (map.en.js).
 *
 * @module
 */

const NBSP = "\u00a0";

export const words = {
  name: "Carte des résultats",
  /** @param {number} placed @param {number} all */
  about(placed, all) {
    const which =
      placed === all
        ? all === 1
          ? "Le résultat affiché est sur la carte."
          : `Les ${all} résultats affichés sont sur la carte.`
        : `${placed} des ${all} résultats affichés ${placed > 1 ? "sont" : "est"} sur la carte, les autres n'ont pas de position.`;
    return `${which} La liste ci-dessous contient les mêmes.`;
  },
  placeAll: "Placer tous les résultats",
  view: "Carte",
  help: "Pour déplacer la carte\u202f: glisser, deux doigts, un clic ou les flèches. Pour zoomer\u202f: +, − ou Ctrl et la molette.",
  twoFingers: "Deux doigts pour déplacer la carte",
  ctrlWheel: "Ctrl + molette pour zoomer",
  zoomIn: "Zoomer",
  zoomOut: "Dézoomer",
  recentre: "Recentrer",
  markers: "Résultats sur la carte",
  /** @param {number} n @param {string} town */
  cluster: (n, town) => `${n}${NBSP}résultats, ${town}`,
  legend: "Légende",
  /** @param {number} n */
  chosen: (n) => (n === 1 ? "1 résultat ici" : `${n}${NBSP}résultats ici`),
  zoomHere: "Zoomer ici",
  close: "Fermer",
  goTo: "Aller à",
  mainland: "Métropole",
  /** @type {Record<string, string>} */
  overseas: { 971: "Guadeloupe", 972: "Martinique", 973: "Guyane", 974: "La Réunion", 976: "Mayotte" },
  noOutline: "Le contour n'a pas pu être chargé\u202f: les résultats sont placés sans lui.",
  credit: "Contour\u202f: Natural Earth. Villes\u202f: INSEE, GeoNames.",
  showTiles: "Afficher le fond de carte de l'IGN",
  hideTiles: "Retirer le fond de carte de l'IGN",
  tilesNotice: "Des images seront chargées depuis data.geopf.fr\u202f: l'IGN verra votre adresse IP.",
  tilesShown: "Images de data.geopf.fr\u202f: l'IGN voit votre adresse IP.",
  tilesCredit: "© IGN, Plan IGN",
  tilesFailed: "Le fond de carte de l'IGN ne se charge pas\u202f: le contour reste affiché.",
};

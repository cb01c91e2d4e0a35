/**
 * What the search page writes, in French. Another language is another module of the same shape (en.js).
 *
 * @module
 */

import { daysSince, formats } from "../js/ui/format.js";

const NBSP = "\u00a0";
const { number, plural, list, length, date, daysAgo } = formats("fr-FR");

export const strings = {
  /** @type {Record<import("../js/ui/query.js").Source, string>} on cards */
  kinds: {
    formations: "Formation",
    offres: "Offre d'emploi",
    matcha: "Offre directe",
    lba: "Candidature spontanée",
  },
  /** @type {Record<import("../js/ui/query.js").Source, string>} on filters */
  filters: {
    formations: "Formations",
    offres: "Offres d'emploi",
    matcha: "Offres directes",
    lba: "Candidatures spontanées",
  },
  filter: "Filtrer par type",
  /** @param {number} n @param {boolean} isCut */
  count: (n, isCut) => number(n) + (isCut ? "+" : ""),
  sort: "Trier",
  byDistance: "Les plus proches",
  byTitle: "Ordre alphabétique",
  byDate: "Les plus récentes",
  map: "Carte",

  titles: {
    invitation: "Par où commencer\u202f?",
    loading: "Recherche en cours…",
    none: "Aucun résultat",
    failed: "Résultats indisponibles",
    offline: "Vous êtes hors ligne",
  },
  invitation: "Indiquez un métier, un lieu ou les deux. Ou partez d'une idée\u202f:",
  /** @type {[label: string, romes: string[]][]} */
  ideas: [
    ["Boulangerie, pâtisserie", ["D1102", "D1104"]],
    ["Coiffure", ["D1202"]],
    ["Petite enfance", ["K1303"]],
    ["Électricité", ["F1602"]],
    ["Cuisine", ["G1602"]],
    ["Comptabilité", ["M1203"]],
    ["Développement web", ["M1805"]],
    ["Mécanique auto", ["I1604"]],
  ],

  /**
   * @param {number} n
   * @param {boolean} isCut there are more than the page was given
   * @param {boolean} hasCenter
   */
  heading(n, isCut, hasCenter) {
    if (!isCut) return plural(n, "résultat", "résultats");
    return `Les ${number(n)} ${hasCenter ? "résultats les plus proches" : "premiers résultats"}`;
  },
  /** @param {number} radius_km @param {string} place "" for a point without a name */
  around: (radius_km, place) => `à ${radius_km}${NBSP}km ${place === "" ? "du point demandé" : `autour de ${place}`}`,
  everywhere: "Toute la France",
  anyMetier: "Tous les métiers",
  /** @param {number} radius_km */
  km: (radius_km) => `${radius_km}${NBSP}km`,
  /** @param {string} where @param {number} radius_km */
  widened: (where, radius_km) => `Rien ${where}\u202f: le rayon a été élargi à ${radius_km}${NBSP}km.`,
  /** @param {string} where @param {number} nearest_m */
  onlyBeyond: (where, nearest_m) =>
    `Rien ${where}\u202f: voici les formations les plus proches, à partir de ${length(nearest_m)}.`,
  /** @param {number} n @param {number} nearest_m */
  beyond: (n, nearest_m) =>
    `Aucune formation dans ce rayon\u202f: ${plural(n, "la plus proche est", "les plus proches sont")} à partir de ${length(nearest_m)}.`,
  noJobs: "Aucun emploi dans ce rayon.",
  noJobsAction: "Voir les emplois plus loin",

  /** @param {number} distance_m */
  distance: (distance_m) => (distance_m === 0 ? "sur place" : length(distance_m)),
  anonymousOffer: "Entreprise anonyme",
  namelessCompany: "Entreprise sans nom",
  unknownPlace: "Lieu non précisé",
  /** @param {string} iso "2026-11-20" */
  published(iso) {
    const age = daysSince(iso);
    return `Publiée ${age >= 0 && age <= 30 ? daysAgo(age) : `le ${date(iso)}`}`;
  },
  date,
  length,
  /** @param {string} iso */
  freshness(iso) {
    const age = daysSince(iso);
    return `Données du ${date(iso)}` + (age > 0 ? `, ${daysAgo(age)}` : "");
  },
  stale: "Elles ne sont plus tenues à jour\u202f: vérifiez chaque annonce.",

  /** @param {number} shown @param {number} total @param {boolean} isCut */
  shown: (shown, total, isCut) => `${number(shown)} affichés sur ${isCut ? "plus de " : ""}${number(total)}`,
  more: "Voir plus de résultats",
  moreFailed: "La suite ne peut pas être lue pour le moment\u202f: vérifiez la connexion, puis réessayez.",

  share: "Partager",
  print: "Imprimer",
  export: "Exporter (CSV)",

  none: "Rien ne correspond à cette recherche. Vous pouvez\u202f:",
  /** @param {number} radius_km */
  widenTo: (radius_km) => `Élargir à ${radius_km}${NBSP}km`,
  everywhereAction: "Chercher dans toute la France",
  anyTrade: "Voir tous les métiers",
  anyLevel: "Voir tous les niveaux",
  anyScope: "Voir formations et emplois",
  anySource: "Retirer les filtres",

  /** @type {Record<string, string>} by BaliseError.code; `unexpected` for everything else */
  failures: {
    manifest_unavailable: "Les données n'ont pas pu être chargées. Vérifiez votre connexion, puis réessayez.",
    shard_unavailable: "Un fichier de données n'a pas pu être chargé. Vérifiez votre connexion, puis réessayez.",
    shard_damaged: "Un fichier de données est arrivé abîmé\u202f: il n'a pas été utilisé. Réessayez dans un instant.",
    format_too_new: "Les données sont plus récentes que cette page. Rechargez-la pour continuer.",
    wrong_query: "Cette recherche n'est pas valable. Modifiez le métier ou le lieu.",
    engine_unavailable: "Le moteur de recherche n'a pas pu démarrer. Rechargez la page ou mettez à jour le navigateur.",
    unexpected: "La recherche s'est arrêtée sur une erreur inattendue. Réessayez ou rechargez la page.",
  },
  retry: "Réessayer",
  reload: "Recharger la page",

  /** @param {string} host "" when it is not known */
  back: (host) => (host === "" ? "Retour au site" : `Retour à ${host}`),
  /** @type {Record<string, string>} beside a suggestion, by its type */
  types: { diploma: "Diplôme", departement: "Département", region: "Région" },
  /** @param {number} n */
  suggestions: (n) => (n === 0 ? "Aucune suggestion" : plural(n, "suggestion", "suggestions")),
  position: "Autour de moi",
  errors: {
    nothingAsked: "Indiquez un métier ou un lieu.",
    /** @param {string} text */
    metier: (text) =>
      `«\u00a0${text}\u00a0» n'est pas dans la liste. Choisissez un métier proposé ou un code ROME, comme F1702.`,
    /** @param {string} text */
    lieu: (text) =>
      `«\u00a0${text}\u00a0» n'est pas dans la liste. Choisissez une commune, un département, une région ou des coordonnées\u202f: 48.85, 2.35.`,
    listUnavailable:
      "La liste des suggestions n'a pas pu être chargée. Réessayez, ou utilisez un code ROME et des coordonnées.",
    position: "Votre position n'est pas disponible. Indiquez une commune ou un code postal.",
  },
  /** @param {import("../js/ui/query.js").Ignored[]} ignored */
  ignored(ignored) {
    const parts = ignored.map(({ name, value }) => `${name} «\u00a0${value}\u00a0»`);
    return `Ignoré dans l'adresse\u202f: ${list(parts)}.`;
  },
  /** @param {number} kept @param {number} given */
  cut: (kept, given) => `Seuls les ${kept} premiers codes ROME sont pris en compte, sur ${given}.`,
  unavailable: "Cela n'a pas pu être ouvert. Vérifiez votre connexion, puis réessayez.",
};

/**
 * What /test-widget writes besides its template, in French.
 *
 * @module
 */

export const words = {
  widget: "Formations et emplois en alternance",
  copy: "Copier",
  copied: "Copié",
  selected: "Sélectionné\u202f: copiez avec Ctrl+C",
  allRead: "Tous les paramètres remplis sont pris en compte.",
  /** @param {number} n */
  notices: (n) => (n === 1 ? "1 paramètre est sans effet\u202f:" : `${n} paramètres sont sans effet\u202f:`),
  /** @type {Record<import("../js/ui/explain.js").Reason, string>} */
  reasons: {
    value: "",
    tooMany: "seuls les 20 premiers codes sont pris en compte",
    needsRomes: "il faut au moins un code ROME (romes)",
    needsJobName: "il faut aussi le nom du métier (job_name)",
    needsPlace: "il faut un lieu\u202f: lat et lon, ou une adresse",
    placed: "un autre lieu, plus précis, est déjà donné",
    path: "seule la page recherche-apprentissage le lit",
    needsCampaign: "il faut aussi utm_campaign",
    otherSite: "une page de votre site est attendue",
    logo: "une adresse https, ou qui commence par /, est attendue",
  },
};

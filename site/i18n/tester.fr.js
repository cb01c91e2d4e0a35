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
  /** What a parameter may hold. @type {Record<string, string>} */
  accepted: {
    romes: "codes comme F1702",
    lat: "avec lon, en degrés",
    lon: "avec lat, en degrés",
    departement: "01 à 976, seul",
    region: "code INSEE, seul",
    radius: "10, 30, 60 ou 100",
    diploma: "3 à 7",
    scope: "all, training ou job",
    sources: "formations, offres, matcha, lba",
    sort: "date ou distance",
    opco: "nom d'un OPCO",
    insee: "5 caractères",
    zipcode: "5 chiffres",
    address: "commune ou code postal",
    type: "training, peJob, matcha ou lba",
    itemId: "avec type",
    return_uri: "page du site d'origine",
    return_logo_url: "adresse https",
  },
  /** @param {string} name @param {string} value one that it may not hold */
  value: (name, value) => `«\u00a0${value}\u00a0» (${words.accepted[name]})`,
  /** @type {Record<Exclude<import("../js/ui/explain.js").Reason, "value">, string>} */
  reasons: {
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

/**
 * What the keeping of areas writes, in French. Another language is another object of the same shape (offline.en.js).
 *
 * @module
 */

import { formats } from "../js/ui/format.js";

const NBSP = "\u00a0";
const { number, plural, date } = formats("fr-FR");

/** @param {number} bytes */
const size = (bytes) =>
  bytes < 100_000
    ? `${number(Math.ceil(bytes / 1000))}${NBSP}ko`
    : `${number(Number((bytes / 1_000_000).toFixed(1)))}${NBSP}Mo`;

export const words = {
  open: "Garder ma zone hors ligne",
  title: "Chercher sans réseau",
  about:
    "Les annonces d'une zone peuvent rester sur cet appareil\u202f: elles se cherchent et s'ouvrent alors sans connexion, dans un train comme dans un sous-sol.",
  framed: "Dans cette page, la zone gardée ne sert qu'ici, sur ce site.",
  noPlace: "Indiquez d'abord un lieu dans la recherche.",
  zone: "Zone à garder",
  /** @param {string} place @param {number} radius_km */
  circle: (place, radius_km) => `${radius_km}${NBSP}km autour ${place === "" ? "du point demandé" : `de ${place}`}`,
  measuring: "Calcul de la taille…",
  /** @param {number} bytes @param {number} records */
  estimate: (bytes, records) => `Environ ${size(bytes)} pour ${plural(records, "annonce", "annonces")}.`,
  /** @param {string} text */
  keep: (text) => `Garder ${text}`,
  progress: "Téléchargement de la zone",
  /** @param {number} done @param {number} all bytes */
  done: (done, all) => `${size(done)} sur ${size(all)}`,
  stop: "Arrêter",
  stopped: "Arrêté. Ce qui est déjà là sera repris.",
  resume: "Reprendre",
  update: "Mettre à jour",
  updating: "Mise à jour de vos zones…",
  kept: "Sur cet appareil",
  /** @param {number} records @param {number} bytes @param {string} day */
  facts: (records, bytes, day) => `${plural(records, "annonce", "annonces")}, ${size(bytes)}, données du ${date(day)}`,
  incomplete: "incomplète",
  remove: "Supprimer",
  /** @param {string} label */
  removed: (label) => `${label}\u202f: la zone n'est plus sur cet appareil.`,
  /** @param {string} label */
  ready: (label) => `${label}\u202f: la zone se cherche maintenant sans réseau.`,
  upToDate: "Vos zones sont à jour.",
  failures: {
    full: "Il n'y a plus assez de place sur cet appareil. Libérez-en, ou choisissez une zone plus petite.",
    denied: "Ce navigateur ne laisse pas cette page garder des données, peut-être parce que la navigation est privée.",
    network: "Le réseau s'est interrompu. Ce qui est déjà là sera repris.",
  },
  /** @param {string[]} labels of the areas that are here */
  missing: (labels) =>
    (labels.length === 0 ? "" : `Sans connexion, cet appareil connaît\u202f: ${labels.join(" · ")}. `) +
    "Cette recherche demande une connexion\u202f: elle reprendra dès que le réseau sera revenu.",
};

/**
 * Every French sentence that the search page writes, and the French way of writing numbers, distances and dates. Another
 * language is another module of the same shape.
 *
 * @module
 */

const NBSP = "\u00a0";
const pluralRules = new Intl.PluralRules("fr");
const numbers = new Intl.NumberFormat("fr-FR");
const oneDecimal = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });
const days = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeZone: "UTC" });
const conjunction = new Intl.ListFormat("fr", { type: "conjunction" });

/**
 * "1 formation", "2 formations": French counts 0 and 1 as singular.
 * @param {number} n
 * @param {string} one
 * @param {string} other
 */
const plural = (n, one, other) => numbers.format(n) + NBSP + (pluralRules.select(n) === "one" ? one : other);

/** @param {number} distance_m whole metres */
function length(distance_m) {
  if (distance_m < 1000) return numbers.format(distance_m) + NBSP + "m";
  return (distance_m < 100_000 ? oneDecimal : numbers).format(Math.round(distance_m / 100) / 10) + NBSP + "km";
}

/** @type {Record<import("./query.js").Kind, [one: string, other: string]>} all feminine, hence "aucune" */
const kindCounts = {
  formation: ["formation", "formations"],
  offre: ["offre d'emploi", "offres d'emploi"],
  spontanee: ["candidature spontanée", "candidatures spontanées"],
};

/** @type {Record<string, string>} */
const levels = {
  3: "CAP, BEP (niveau 3)",
  4: "Bac, bac pro, BP (niveau 4)",
  5: "BTS, DEUST (bac +2)",
  6: "Licence, BUT (bac +3)",
  7: "Master, titre d'ingénieur (bac +5)",
};

/** What a URL parameter may hold, for the line that says what was ignored. */
const accepted = /** @type {Record<string, string>} */ ({
  romes: "codes comme F1702",
  lat: "avec lon, en degrés",
  lon: "avec lat, en degrés",
  radius: "10, 30, 60 ou 100",
  diploma: "3 à 7",
  scope: "all, training ou job",
});

export const strings = {
  /** @type {Record<import("./query.js").Kind, string>} */
  kinds: { formation: "Formation", offre: "Offre d'emploi", spontanee: "Candidature spontanée" },

  titles: {
    invitation: "Par où commencer ?",
    loading: "Résultats",
    none: "Aucun résultat",
    failed: "Résultats indisponibles",
    offline: "Vous êtes hors ligne",
  },
  invitation: "Indiquez un métier, un lieu ou les deux : les résultats les plus proches s'affichent ici.",
  loading: "Recherche en cours…",

  /**
   * @param {number} n
   * @param {boolean} isCut there are more than the page was given
   * @param {boolean} hasCenter
   */
  heading(n, isCut, hasCenter) {
    if (!isCut) return plural(n, "résultat", "résultats");
    return `Les ${numbers.format(n)} ${hasCenter ? "résultats les plus proches" : "premiers résultats"}`;
  },

  /**
   * "12 formations, aucune offre d'emploi et plus de 150 candidatures spontanées, à 30 km autour de Lyon (69)."
   * @param {[kind: import("./query.js").Kind, n: number, isCut: boolean][]} counts
   * @param {string} where
   */
  summary(counts, where) {
    const parts = counts.map(([kind, n, isCut]) => {
      const [one, other] = kindCounts[kind];
      if (n === 0 && !isCut) return `aucune ${one}`;
      return (isCut ? "plus de " : "") + plural(n, one, other);
    });
    const text = `${conjunction.format(parts)} ${where}.`;
    return text.charAt(0).toUpperCase() + text.slice(1);
  },
  /**
   * @param {number} radius_km
   * @param {string} place
   */
  around: (radius_km, place) => `à ${radius_km}${NBSP}km autour de ${place}`,
  everywhere: "dans toute la France",
  /**
   * The search in a few words, on the button that opens the form of a narrow screen.
   * @param {string} trade "" for all
   * @param {string} place "" for everywhere
   * @param {number} radius_km
   */
  reminder: (trade, place, radius_km) =>
    `${trade || "Tous les métiers"} · ${place === "" ? "Toute la France" : `${place} · ${radius_km}${NBSP}km`}`,
  /**
   * @param {string} where
   * @param {number} nearest_m
   */
  onlyBeyond: (where, nearest_m) => `Rien ${where} : voici les plus proches, à partir de ${length(nearest_m)}.`,
  /**
   * @param {number} n
   * @param {number} nearest_m
   */
  beyond: (n, nearest_m) =>
    `${plural(n, "résultat est plus loin", "résultats sont plus loin")}, à partir de ${length(nearest_m)}.`,

  /** @param {number} distance_m */
  distance: (distance_m) => (distance_m === 0 ? "sur place" : `à ${length(distance_m)}`),
  /** @param {number} level */
  level: (level) => levels[level] ?? "",
  moreFailed: "La suite ne peut pas être lue pour le moment : vérifiez la connexion, puis réessayez.",
  anonymousOffer: "Entreprise anonyme",
  namelessCompany: "Entreprise sans nom",
  unknownPlace: "Lieu non précisé",
  /** @param {string} iso "2026-11-20" */
  published: (iso) => `Publiée le ${strings.date(iso)}`,
  /** @param {string} iso */
  date: (iso) => days.format(new Date(`${iso}T00:00:00Z`)).replace(/^1 /, `1er${NBSP}`),
  /** @param {string} iso */
  freshness: (iso) => `Données du ${strings.date(iso)}`,

  /**
   * @param {number} shown
   * @param {number} total
   */
  shown: (shown, total) => `${numbers.format(shown)} affichés sur ${numbers.format(total)}`,
  more: "Voir plus de résultats",

  none: "Rien ne correspond à cette recherche. Vous pouvez :",
  /** @param {number} radius_km */
  widenTo: (radius_km) => `Élargir à ${radius_km}${NBSP}km`,
  everywhereAction: "Chercher dans toute la France",
  anyTrade: "Voir tous les métiers",
  anyLevel: "Voir tous les niveaux",
  anyScope: "Voir formations et emplois",

  /** @type {Record<string, string>} by BaliseError.code; `unexpected` for everything else */
  failures: {
    manifest_unavailable: "Les données n'ont pas pu être chargées. Vérifiez votre connexion, puis réessayez.",
    shard_unavailable: "Un fichier de données n'a pas pu être chargé. Vérifiez votre connexion, puis réessayez.",
    shard_damaged: "Un fichier de données est arrivé abîmé : il n'a pas été utilisé. Réessayez dans un instant.",
    format_too_new: "Les données sont plus récentes que cette page. Rechargez-la pour continuer.",
    wrong_query: "Cette recherche n'est pas valable. Modifiez le métier ou le lieu.",
    engine_unavailable: "Le moteur de recherche n'a pas pu démarrer. Rechargez la page ou mettez à jour le navigateur.",
    unexpected: "La recherche s'est arrêtée sur une erreur inattendue. Réessayez ou rechargez la page.",
  },
  offline: "Cette recherche demande une connexion. Elle reprendra dès que le réseau sera revenu.",
  retry: "Réessayer",
  reload: "Recharger la page",

  back: "Retour au site",
  errors: {
    nothingAsked: "Indiquez un métier ou un lieu.",
    /** @param {string} text */
    metier: (text) => `« ${text} » n'est pas dans la liste. Choisissez un métier proposé ou un code ROME, comme F1702.`,
    /** @param {string} text */
    lieu: (text) =>
      `« ${text} » n'est pas dans la liste. Choisissez une ville proposée ou des coordonnées : 48.85, 2.35.`,
    listUnavailable:
      "La liste des suggestions n'a pas pu être chargée. Réessayez, ou utilisez un code ROME et des coordonnées.",
  },
  /** @param {import("./query.js").Ignored[]} ignored */
  ignored(ignored) {
    const parts = ignored.map(({ name, value }) => `${name} « ${value} » (${accepted[name]})`);
    return `Ignoré dans l'adresse : ${conjunction.format(parts)}.`;
  },
  /**
   * @param {number} kept
   * @param {number} given
   */
  cut: (kept, given) => `Seuls les ${kept} premiers codes ROME sont pris en compte, sur ${given}.`,
};

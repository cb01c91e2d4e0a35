// Invented names and numbers: companies, schools, SIRETs, web addresses.

const things = [
  "des Tilleuls",
  "du Vieux Puits",
  "de la Licorne",
  "des Trois Clochers",
  "du Héron",
  "de la Grande Ourse",
  "des Quatre Vents",
  "du Pont Levé",
  "de la Salamandre",
  "du Colibri",
  "des Ajoncs",
  "de la Vigie",
  "du Sablier",
  "des Hirondelles",
  "de la Lanterne",
  "du Chêne Creux",
  "des Embruns",
  "de la Boussole",
  "du Petit Faune",
  "des Cinq Épis",
  "de la Girouette",
  "du Merle Bleu",
  "des Alizés",
  "de la Roche Percée",
  "du Cadran",
  "des Genévriers",
  "de la Cascade",
  "du Sémaphore",
  "des Coquelicots",
  "de la Passerelle",
  "du Grand Large",
  "des Bruyères",
  "de la Comète",
  "du Renard Roux",
  "des Remparts",
  "de la Belle Étoile",
  "du Vallon",
  "des Flamboyants",
  "de la Palme",
  "du Maquis",
  "des Châtaigniers",
  "de la Tortue",
  "du Piton",
  "des Cigognes",
  "de la Clairière",
  "du Lavoir",
  "des Mouettes",
  "de la Corniche",
  "du Beffroi",
  "des Saules",
  "de la Sittelle",
  "du Bief",
];
const brands = [
  "Arvalise",
  "Belmontis",
  "Cadrelia",
  "Dorvane",
  "Elvaria",
  "Fontcelle",
  "Gravelis",
  "Hestia Nord",
  "Ilvane",
  "Jorasse",
  "Kerlune",
  "Lumevia",
  "Montbrelle",
  "Novarive",
  "Ombrelac",
  "Pralone",
  "Quintaval",
  "Rivoltane",
  "Sorvelle",
  "Tramontel",
  "Ursane",
  "Valdorne",
  "Westrelle",
  "Yvarande",
  "Zélandre",
  "Aigrevent",
  "Brumaire",
  "Clairvane",
  "Delphane",
  "Estrelou",
  "Faradelle",
  "Granvarre",
];
const patrons = [
  "Marguerite-Vauclair",
  "Octave-Perrault-Lys",
  "Jeanne-Aubercy",
  "Théodore-Malvane",
  "Rose-Delcambre",
  "Anselme-Courtois-Bel",
  "Blanche-Ferrandier",
  "Léonie-Santerre",
  "Hippolyte-Gravois",
  "Suzanne-Orvault",
  "Camille-Brocelune",
  "Isidore-Tramelan",
  "Adèle-Vormont",
  "Célestin-Aubrac-Lys",
  "Clémence-Dorvault",
  "Fulbert-Maréchaux",
  "Irène-Castelvieil",
  "Joseph-Lambrune",
  "Louise-Esparvier",
  "Marcellin-Ruault",
  "Noémie-Tressange",
  "Ambroise-Kerlivio",
  "Pauline-Sarradel",
  "Victorine-Hautecombe",
];

const schoolKinds = {
  btp: ["CFA du Bâtiment", "Campus des Travaux publics", "École de la Construction", "CFA des Bâtisseurs"],
  bouche: ["CFA des Métiers de bouche", "École des Saveurs", "Campus de l'Artisanat"],
  hotellerie: ["CFA Hôtelier", "École d'Hôtellerie", "Campus du Tourisme"],
  beaute: ["Académie de Coiffure", "École de Beauté", "CFA des Arts de la beauté"],
  commerce: ["École de Commerce", "CFA du Commerce", "Campus Vente et Distribution"],
  tertiaire: ["Institut de Gestion", "Campus Tertiaire", "École Supérieure", "Lycée"],
  numerique: ["École du Numérique", "Campus du Code", "Institut Informatique"],
  auto: ["CFA de l'Automobile", "Campus Mobilités"],
  logistique: ["CFA du Transport", "Campus Logistique"],
  sante: ["Institut de Formation", "CFA Sanitaire et Social", "École des Soins"],
  vivant: ["Maison familiale rurale", "CFA Agricole", "Lycée agricole"],
  industrie: ["CFA de l'Industrie", "Pôle Technique", "Lycée des Métiers"],
  services: ["CFA des Services", "Campus Propreté et Sécurité"],
  artisanat: ["École des Métiers d'art", "Campus de l'Artisanat"],
};
// Schools of several fields.
const mixedKinds = ["Campus des Métiers", "CFA Interprofessionnel", "Pôle de Formation", "Lycée des Métiers"];

const share = (count, field, ...related) => Array(count).fill({ field, related });
/** How the schools divide over the fields of trades.mjs, and which fields one school teaches together. */
export const schoolPlan = [
  ...share(6, "btp", "industrie", "artisanat"),
  ...share(2, "bouche", "hotellerie"),
  ...share(3, "hotellerie", "bouche", "commerce"),
  ...share(2, "beaute", "commerce"),
  ...share(3, "commerce", "tertiaire", "beaute"),
  ...share(4, "tertiaire", "commerce", "numerique"),
  ...share(2, "numerique", "tertiaire"),
  ...share(2, "auto", "industrie", "logistique"),
  ...share(2, "logistique", "auto"),
  ...share(3, "sante", "services"),
  ...share(2, "vivant", "bouche"),
  ...share(3, "industrie", "auto", "btp"),
  ...share(1, "services", "sante"),
  ...share(1, "artisanat", "btp"),
];

const usedNames = new Set();

export function companyName(random, trade, city) {
  for (;;) {
    const word = random.pick(trade.words);
    const name = random.weighted(
      [
        [`${word} ${random.pick(things)}`, 6],
        [`${random.pick(brands)} ${word}`, 3],
        [`${word} ${random.pick(brands)} ${city}`, 1],
      ],
      (option) => option[1],
    )[0];
    const full = usedNames.has(name) ? `${name} ${city}` : name;
    if (usedNames.has(full)) continue;
    usedNames.add(full);
    return full;
  }
}

export function schoolName(random, fields, city) {
  const kinds = fields.length > 1 ? mixedKinds : schoolKinds[fields[0]];
  for (;;) {
    const name = `${random.pick(kinds)} ${random.pick(patrons)}`;
    const full = usedNames.has(name) ? `${name} - ${city}` : name;
    if (usedNames.has(full)) continue;
    usedNames.add(full);
    return full;
  }
}

/** The digit that makes the Luhn sum of the text a multiple of ten. */
function luhnDigit(text) {
  let sum = 0;
  for (let i = text.length - 1, double = true; i >= 0; i -= 1, double = !double) {
    const digit = Number(text[i]) * (double ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

const usedSirens = new Set();

/** A SIRET with right check digits, from the range 00x xxx xxx where the register numbers no company. */
export function newSiret(random) {
  let siren;
  do {
    const start = `00${random.digits(6)}`;
    siren = start + luhnDigit(start);
  } while (usedSirens.has(siren));
  usedSirens.add(siren);
  const establishment = siren + String(random.int(1, 4)).padStart(4, "0");
  return establishment + luhnDigit(establishment);
}

export function uai(random, departement) {
  const letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  const head = departement.length === 3 ? departement : `0${departement.replace("2A", "62").replace("2B", "72")}`;
  const digits = head + random.digits(4);
  return digits + letters[Number(digits) % 23];
}

/** Lower-case ASCII words joined by hyphens, for addresses on the web. */
export function slug(name) {
  return name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);
}

// Where the sample's records lie: towns of the built-in reference, drawn by population, and points scattered in them.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Share of the records by région; minPopulation keeps to towns whose centre is a true point. */
const regionPlan = [
  { code: "11", name: "Île-de-France", share: 42, minPopulation: 8000 },
  { code: "84", name: "Auvergne-Rhône-Alpes", share: 17, minPopulation: 6000 },
  { code: "53", name: "Bretagne", share: 14, minPopulation: 5000 },
  { code: "44", name: "Grand Est", share: 11, minPopulation: 6000 },
  { code: "94", name: "Corse", share: 4, minPopulation: 3000 },
  { code: "04", name: "La Réunion", share: 5, minPopulation: 9000 },
  { code: "02", name: "Martinique", share: 2, minPopulation: 8000 },
  { code: "01", name: "Guadeloupe", share: 2, minPopulation: 9000 },
  { code: "03", name: "Guyane", share: 2, minPopulation: 9000 },
  { code: "06", name: "Mayotte", share: 1, minPopulation: 9000 },
];

// The communes whose arrondissements stand for them: sources name the arrondissement.
const divided = new Set(["75056", "69123", "13055"]);
// Guyane's towns up the river lie days away from anything; records there would look odd on a card.
const remote = new Set(["97353", "97352", "97362", "97357", "97312", "97356", "97301"]);

const departementNames = {
  "01": "Ain",
  "03": "Allier",
  "07": "Ardèche",
  15: "Cantal",
  26: "Drôme",
  38: "Isère",
  42: "Loire",
  43: "Haute-Loire",
  63: "Puy-de-Dôme",
  69: "Rhône",
  73: "Savoie",
  74: "Haute-Savoie",
  22: "Côtes-d'Armor",
  29: "Finistère",
  35: "Ille-et-Vilaine",
  56: "Morbihan",
  "08": "Ardennes",
  10: "Aube",
  51: "Marne",
  52: "Haute-Marne",
  54: "Meurthe-et-Moselle",
  55: "Meuse",
  57: "Moselle",
  67: "Bas-Rhin",
  68: "Haut-Rhin",
  88: "Vosges",
  "2A": "Corse-du-Sud",
  "2B": "Haute-Corse",
  75: "Paris",
  77: "Seine-et-Marne",
  78: "Yvelines",
  91: "Essonne",
  92: "Hauts-de-Seine",
  93: "Seine-Saint-Denis",
  94: "Val-de-Marne",
  95: "Val-d'Oise",
  971: "Guadeloupe",
  972: "Martinique",
  973: "Guyane",
  974: "La Réunion",
  976: "Mayotte",
};

const streets = [
  "rue de la République",
  "rue Victor-Hugo",
  "avenue Jean-Jaurès",
  "rue Pasteur",
  "rue du Général-Leclerc",
  "rue des Écoles",
  "avenue de la Gare",
  "rue de la Mairie",
  "place du Marché",
  "rue des Lilas",
  "chemin des Vignes",
  "rue du Moulin",
  "boulevard Gambetta",
  "rue Émile-Zola",
  "allée des Tilleuls",
  "rue des Artisans",
  "avenue du 8-Mai-1945",
  "rue de Verdun",
  "rue du Stade",
  "rue Louise-Michel",
  "avenue Aristide-Briand",
  "rue des Fleurs",
  "impasse du Four",
  "quai des Bateliers",
  "rue Marie-Curie",
  "rue de la Fontaine",
  "route de Paris",
  "rue du Commerce",
  "rue Jules-Ferry",
  "place de la Liberté",
  "rue des Jardins",
  "rue Basse",
  "Grande Rue",
  "rue de l'Industrie",
  "zone d'activité des Peupliers",
  "parc d'activité de la Plaine",
  "rue Saint-Martin",
  "rue Voltaire",
  "rue Nationale",
  "boulevard de la Liberté",
  "rue du Port",
  "chemin de la Ravine",
];

export const communes = JSON.parse(
  gunzipSync(readFileSync(new URL("../reference/communes.json.gz", import.meta.url))).toString("utf8"),
);
const byCode = new Map(communes.map((commune) => [commune.code, commune]));

export const regions = regionPlan.map((plan) => ({
  ...plan,
  towns: communes.filter(
    (commune) =>
      commune.codeRegion === plan.code &&
      commune.population >= plan.minPopulation &&
      commune.centre &&
      commune.codesPostaux.length > 0 &&
      !divided.has(commune.code) &&
      !remote.has(commune.code),
  ),
}));

export const departementName = (code) => departementNames[code];

/** Great-circle distance in km between {lat, lon} points. */
export function distanceKm(a, b) {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
}

function placeIn(random, region, town) {
  const [lon, lat] = town.centre.coordinates;
  // The built-up area grows with the town; most addresses lie near its middle.
  const reach = Math.min(2.6, 0.5 + Math.sqrt(town.population) / 200);
  const distance = reach * Math.max(random.number(), random.number()) * random.number();
  const bearing = random.number() * 2 * Math.PI;
  const point = {
    lat: lat + (distance * Math.cos(bearing)) / 111.2,
    lon: lon + (distance * Math.sin(bearing)) / (111.2 * Math.cos((lat * Math.PI) / 180)),
  };
  return {
    region,
    insee: town.code,
    departement: town.codeDepartement,
    city: town.nom.replace(/ \d+e[r]? Arrondissement$/, ""),
    town: town.nom,
    postalCode: random.pick(town.codesPostaux),
    street: `${random.int(1, 140)} ${random.pick(streets)}`,
    lat: Math.round(point.lat * 1e6) / 1e6,
    lon: Math.round(point.lon * 1e6) / 1e6,
  };
}

/** A place in a région drawn by share, in a town drawn by population. */
export function anyPlace(random) {
  const region = random.weighted(regions, (plan) => plan.share);
  return placeInRegion(random, region);
}

export function placeInRegion(random, region) {
  return placeIn(
    random,
    region,
    random.weighted(region.towns, (town) => town.population ** 0.8),
  );
}

/** Another address in the same town, or the centre of a commune by its code. */
export function placeInTown(random, region, insee) {
  return placeIn(random, region, byCode.get(insee));
}

export const commune = (insee) => byCode.get(insee);

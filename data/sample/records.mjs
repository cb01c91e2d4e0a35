// The clean records of the four formats (data/README.md says which file holds what).
import { readFileSync } from "node:fs";

import proj4 from "proj4";

import { advert, objective, presentation } from "./adverts.mjs";
import { diploma, levelLabels } from "./diplomas.mjs";
import { companyName, newSiret, schoolName, schoolPlan, slug, uai } from "./names.mjs";
import { anyPlace, departementName, placeInTown } from "./places.mjs";
import { stream } from "./random.mjs";
import { trades } from "./trades.mjs";

const romeLabels = new Map(
  readFileSync(new URL("../reference/romes.csv", import.meta.url), "utf8")
    .split("\n")
    .slice(1, -1)
    .map((line) => [line.slice(0, 5), line.slice(6).replace(/^"|"$/g, "")]),
);

// The register of companies gives metres in the legal projection of each territory, all on GRS80.
const projections = {
  mainland:
    "+proj=lcc +lat_1=49 +lat_2=44 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m +no_defs",
  971: "+proj=utm +zone=20 +ellps=GRS80 +units=m +no_defs",
  972: "+proj=utm +zone=20 +ellps=GRS80 +units=m +no_defs",
  973: "+proj=utm +zone=22 +ellps=GRS80 +units=m +no_defs",
  974: "+proj=utm +zone=40 +south +ellps=GRS80 +units=m +no_defs",
  976: "+proj=utm +zone=38 +south +ellps=GRS80 +units=m +no_defs",
};

/** [x, y] in metres, to the centimetre, of a point in the projection that belongs to the postal code. */
export function toSirene(point, postalCode) {
  const definition = projections[postalCode.slice(0, 3)] ?? projections.mainland;
  return proj4(definition, [point.lon, point.lat]).map((metres) => Math.round(metres * 100) / 100);
}

// A title usually says which of its trade's occupations is meant; the first that fits counts.
const occupations = [
  [/frigoriste|climatisation/i, ["I1306"]],
  [/maintenance chauffage/i, ["I1308"]],
  [/plombi|sanitaires|climatique/i, ["F1603"]],
  [/thermiques/i, ["F1603", "I1308"]],
  [/couvreur/i, ["F1610"]],
  [/charpenti/i, ["F1501", "F1503"]],
  [/menuisi/i, ["H2206"]],
  [/fibre/i, ["I1307", "F1605"]],
  [/réseaux électriques/i, ["F1605"]],
  [/électrotechni/i, ["I1309", "F1602"]],
  [/électricien|électricité/i, ["F1602"]],
  [/peintre en bâtiment|peintre applicateur/i, ["F1606"]],
  [/carrel/i, ["F1608", "F1609"]],
  [/plaquiste|plâtre/i, ["F1601", "F1613"]],
  [/façadier/i, ["F1611"]],
  [/conducteur de travaux/i, ["F1201"]],
  [/dessinat/i, ["F1104"]],
  [/prix/i, ["F1108"]],
  [/géomètre/i, ["F1107"]],
  [/aide-conducteur d'engins/i, ["F1302", "F1702"]],
  [/ferrailleur|coffr|béton/i, ["F1701"]],
  [/vendeur en boulangerie/i, ["D1106"]],
  [/boulanger-pâtissier/i, ["D1102", "D1104"]],
  [/pâtissi|pâtisserie|tourier|chocolat/i, ["D1104"]],
  [/boulang/i, ["D1102"]],
  [/boucher-charcutier/i, ["D1101", "D1103"]],
  [/charcut/i, ["D1103"]],
  [/poissonni/i, ["D1105"]],
  [/bouch/i, ["D1101"]],
  [/polyvalent de restauration/i, ["G1603"]],
  [/cuisin|commis/i, ["G1602"]],
  [/management en hôtellerie/i, ["G1703", "G1803", "G1601"]],
  [/réception/i, ["G1703"]],
  [/barman/i, ["G1801"]],
  [/étage/i, ["G1501"]],
  [/serveu|services?\b.*(hôtel|restauration)/i, ["G1803"]],
  [/prêt-à-porter/i, ["D1214"]],
  [/employé commercial|équipier/i, ["D1507", "D1106"]],
  [/technico-commercial/i, ["D1407"]],
  [/à distance/i, ["D1408"]],
  [/assistant commercial/i, ["D1401"]],
  [/communication/i, ["E1103"]],
  [/communautés/i, ["E1101"]],
  [/infographiste|designer/i, ["E1104"]],
  [/marketing/i, ["M1705"]],
  [/compta/i, ["M1203"]],
  [/administrati|secrétaire/i, ["M1602", "M1607"]],
  [/assistant de gestion|gestion de la pme/i, ["M1605", "M1608"]],
  [/managériale/i, ["M1604"]],
  [/assurance/i, ["C1102"]],
  [/immobili|locatif/i, ["C1504", "C1502"]],
  [/banque|clientèle particuliers/i, ["C1206"]],
  [/chef de projet/i, ["M1803", "M1806"]],
  [/développeu|logiciel/i, ["M1805"]],
  [/support informatique/i, ["I1401"]],
  [/administrateur|systèmes et réseaux/i, ["M1801", "M1810"]],
  [/carross|peintre automobile/i, ["I1606"]],
  [/cycles|motos/i, ["I1607"]],
  [/après-vente|mécanicien|maintenance des véhicules/i, ["I1604"]],
  [/préparateur de commandes|opérateur logistique/i, ["N1103"]],
  [/cariste/i, ["N1101"]],
  [/conducteur de bus/i, ["N4103"]],
  [/conduct.*rout|conducteur du transport/i, ["N4101", "N4105"]],
  [/exploitation transport|organisation de transport/i, ["N4203"]],
  [/aide-soignant/i, ["J1501"]],
  [/infirmier/i, ["J1506"]],
  [/service hospitalier/i, ["J1301"]],
  [/vie aux familles|auxiliaire de vie|accompagnant éducatif et social|grand âge/i, ["K1302"]],
  [/petite enfance/i, ["K1303"]],
  [/puéricult/i, ["J1304"]],
  [/jeunes enfants/i, ["K1202"]],
  [/périscolaire|loisirs tous/i, ["G1203"]],
  [/moniteur éducateur|éducateur spécialisé/i, ["K1207"]],
  [/pharmacie/i, ["J1307"]],
  [/optique|optici/i, ["J1405"]],
  [/dentaire/i, ["J1410"]],
  [/maraîch/i, ["A1414"]],
  [/viti/i, ["A1405", "A1401"]],
  [/engins agricoles/i, ["A1101"]],
  [/élevage/i, ["A1416", "A1407"]],
  [/fleuriste/i, ["D1209"]],
  [/élagueur/i, ["A1201"]],
  [/toilett/i, ["A1503"]],
  [/paysag/i, ["A1203"]],
  [/usin|commande numérique|produits mécaniques/i, ["H2903"]],
  [/tuyauteur/i, ["H2914"]],
  [/soudeur assembleur/i, ["H2913"]],
  [/chaudronn/i, ["H2902", "H2913"]],
  [/automat/i, ["I1302", "I1304"]],
  [/engins/i, ["I1603"]],
  [/maintenance des bâtiments/i, ["I1203"]],
  [/électromécanicien/i, ["I1304", "I1310"]],
  [/laboratoire|génie biologique|biotechnologies/i, ["H1503"]],
  [/ligne|production agroalimentaire|bio-industries|machines/i, ["H2102", "H3301"]],
  [/qualité/i, ["H1303"]],
  [/collecte|environnement/i, ["K2303"]],
  [/chef d'équipe propreté/i, ["K2203"]],
  [/propreté/i, ["K2204"]],
  [/sécurité/i, ["K2503"]],
  [/éducateur sportif|forme|nageur|sportif/i, ["G1204"]],
  [/voyages/i, ["G1303"]],
  [/touris/i, ["G1101", "G1303"]],
  [/ébéniste/i, ["H2207"]],
  [/coutur|mode/i, ["B1803", "D1207"]],
  [/bijou/i, ["B1603"]],
  [/tapissi/i, ["B1806"]],
];

/** One to four occupations, the one that the title names first. */
function romesFor(random, trade, title) {
  const named = occupations.find(
    ([pattern, codes]) => pattern.test(title) && codes.some((code) => trade.romes.includes(code)),
  );
  const first = named ? named[1].filter((code) => trade.romes.includes(code)) : [trade.romes[0]];
  const others = trade.romes.filter(
    (code) => !first.includes(code) && random.chance(trade.building ? 0.6 : named ? 0.15 : 0.35),
  );
  return [...first, ...others].slice(0, 4);
}

const tradeWeight = (regionCode) => (trade) => trade.weight * (trade.building && regionCode === "11" ? 3.4 : 1);

const iso = (year, month, day, random) => {
  const time = random
    ? [random.int(6, 19), random.int(0, 59), random.int(0, 59)].map((n) => String(n).padStart(2, "0")).join(":")
    : "00:00:00";
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T${time}.000Z`;
};

/** A moment of September to November 2026, before the 21st of November. */
const recent = (random) => {
  const month = random.weighted([9, 10, 11], (m) => ({ 9: 3, 10: 4, 11: 3 })[m]);
  return iso(2026, month, random.int(1, month === 11 ? 20 : 30), random);
};

/** A day that stays in the future for a demonstration that nobody refreshes. */
const farFuture = (random) =>
  iso(
    random.weighted([2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036], (year) => (year < 2029 ? 1 : 1.5)),
    random.int(1, 12),
    random.int(1, 28),
  );

const upper = (text) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/œ/g, "oe")
    .toUpperCase();

const schoolDomain = (name) => `${slug(name)}.example.org`;

export const emailDomain = ".example.org";

// Formations -----------------------------------------------------------------------------------------------------------

function makeSchools(count) {
  const random = stream("schools");
  return Array.from({ length: count }, (_, index) => {
    const place = anyPlace(random);
    const { field, related } = schoolPlan[index % schoolPlan.length];
    const fields = random.chance(0.35) ? [field, random.pick(related)] : [field];
    const name = schoolName(random, fields, place.city);
    return {
      name,
      place,
      fields: new Set(fields),
      siret: newSiret(random),
      uai: uai(random, place.departement),
      email: random.chance(0.7) ? `contact@${schoolDomain(name)}` : null,
    };
  });
}

export function makeFormations(count) {
  const schools = makeSchools(220);
  const random = stream("formations");
  const rows = [];
  const used = new Set();
  while (rows.length < count) {
    const trade = random.weighted(trades, tradeWeight(random.chance(0.42) ? "11" : ""));
    const school = random.pick(schools.filter((candidate) => candidate.fields.has(trade.field)));
    if (trade.building && school.place.region.code !== "11" && random.chance(0.35)) continue;
    const chosen = diploma(random.pick(trade.diplomas));
    // One school in six teaches some of its courses on a second site of the same town.
    const secondSite = random.chance(0.16);
    const key = `${school.siret}/${chosen.type}/${chosen.name}/${secondSite}`;
    if (used.has(key)) continue;
    used.add(key);
    const place = secondSite ? placeInTown(random, school.place.region, school.place.insee) : school.place;
    rows.push(formation(random, { trade, school, chosen, place }));
  }
  // By school, as the catalogue's exports come, which also makes the file a third smaller.
  return rows
    .map((row, index) => ({ row, index }))
    .sort(
      (a, b) =>
        Number(a.row.etablissement_formateur_siret) - Number(b.row.etablissement_formateur_siret) || a.index - b.index,
    )
    .map(({ row }) => row);
}

function formation(random, { trade, school, chosen, place }) {
  const code = random.digits(6);
  const start = random.pick(["2026-09", "2027-01", "2027-09"]);
  const end = `${Number(start.slice(0, 4)) + chosen.years}-${start.endsWith("01") ? "12-18" : "07-09"}`;
  const title = `${upper(chosen.name)} (${chosen.mark})`;
  return {
    cle_ministere_educatif: `${code}P01${random.digits(1)}${school.siret}${school.siret}-${place.insee}#L01`,
    id_rco_formation: `${place.region.code}_${code}|${place.region.code}_1${code}|${code}`,
    published: true,
    catalogue_published: true,
    cfd: chosen.cfd,
    rncp_code: chosen.rncp,
    rncp_intitule: chosen.rncp && chosen.name,
    rncp_eligible_apprentissage: true,
    intitule_long: title,
    intitule_court: upper(chosen.name).slice(0, 40),
    intitule_rco: chosen.name,
    diplome: chosen.kind,
    niveau: levelLabels[chosen.level],
    rome_codes: romesFor(random, trade, chosen.name),
    capacite: random.chance(0.6) ? String(random.int(8, 36)) : null,
    duree: String(chosen.years),
    annee: "1",
    periode: [start],
    date_debut: [`${start}-0${random.int(1, 9)}T00:00:00.000Z`],
    date_fin: [`${end}T00:00:00.000Z`],
    modalites_entrees_sorties: [random.chance(0.2)],
    entierement_a_distance: false,
    tags: [start.slice(0, 4), String(Number(start.slice(0, 4)) + 1)],
    objectif: objective(random, { trade, diplomaName: chosen.name }),
    email: school.email,
    num_tel: null,
    lieu_formation_adresse: place.street,
    code_postal: place.postalCode,
    code_commune_insee: place.insee,
    localite: place.city,
    num_departement: place.departement,
    nom_departement: departementName(place.departement),
    region: place.region.name,
    lieu_formation_geo_coordonnees: `${place.lat},${place.lon}`,
    etablissement_formateur_siret: school.siret,
    etablissement_formateur_uai: school.uai,
    etablissement_formateur_enseigne: random.chance(0.3) ? school.name : null,
    etablissement_formateur_entreprise_raison_sociale: upper(school.name),
    etablissement_formateur_adresse: school.place.street,
    etablissement_formateur_code_postal: school.place.postalCode,
    etablissement_formateur_localite: school.place.city,
    etablissement_formateur_courriel: school.email,
    etablissement_gestionnaire_siret: school.siret,
    etablissement_gestionnaire_entreprise_raison_sociale: upper(school.name),
    created_at: iso(2026, 9, random.int(1, 30)),
    last_update_at: iso(2026, 11, random.int(1, 20)),
  };
}

// Companies ------------------------------------------------------------------------------------------------------------

function makeCompany(random) {
  const place = anyPlace(random);
  const trade = random.weighted(trades, tradeWeight(place.region.code));
  const name = companyName(random, trade, place.city);
  const [naf, activity] = random.pick(trade.naf);
  return {
    place,
    trade,
    name,
    legalName: random.chance(0.7) ? upper(name) : `${random.pick(["SARL", "SAS", "SASU", "EURL"])} ${upper(name)}`,
    naf,
    activity,
    siret: newSiret(random),
    size: random.weighted(
      ["1-2", "3-5", "6-9", "10-19", "20-49", "50-99", "100-199", "200-249"],
      (size) => ({ "1-2": 5, "3-5": 6, "6-9": 5, "10-19": 4, "20-49": 3 })[size] ?? 0.6,
    ),
    website: random.chance(0.4) ? `https://${slug(name)}.example.com` : null,
    email: random.chance(0.4) ? `recrutement@${slug(name)}${emailDomain}` : null,
  };
}

export function makeCompanies(count) {
  const random = stream("companies");
  return Array.from({ length: count }, () => predicted(random, makeCompany(random)));
}

function predicted(random, company) {
  const { place, trade } = company;
  const [x, y] = toSirene(place, place.postalCode);
  const [number, ...street] = place.street.split(" ");
  const romes = random.shuffled(trade.romes).slice(0, random.int(2, 5));
  if (trade.building && !romes.includes(trade.romes[0])) romes.unshift(trade.romes[0]);
  return {
    siret: company.siret,
    enseigne: company.name,
    raison_sociale: company.legalName,
    activitePrincipaleEtablissement: company.naf,
    labelActivitePrincipaleEtablissement: company.activity,
    naf_code: company.naf,
    naf_label: company.activity,
    street_number: number,
    street_name: street.join(" ").toUpperCase(),
    insee_city_code: place.insee,
    zip_code: place.postalCode,
    libelleCommuneEtablissement: upper(place.city),
    email: company.email,
    phone: null,
    company_size: company.size,
    coordonneeLambertAbscisseEtablissement: x,
    coordonneeLambertOrdonneeEtablissement: y,
    rome_codes: romes.map((code, index) => ({
      rome_code: code,
      normalized_score: Math.round((0.0118 - index * 0.0001) * 1e4) / 1e4,
    })),
  };
}

// Offers ---------------------------------------------------------------------------------------------------------------

const offerLevels = {
  3: "CAP, BEP (Infrabac)",
  4: "Bac, Bac Pro, BP (Bac)",
  5: "BTS, DEUST (Bac+2)",
  6: "Licence, BUT, Licence Pro (Bac+3)",
  7: "Master, titre ingénieur, grande école (Bac+5)",
};
const franceTravailLevels = {
  3: "CAP, BEP et équivalents",
  4: "Bac ou équivalent",
  5: "Bac+2 ou équivalents",
  6: "Bac+3, Bac+4 ou équivalents",
  7: "Bac+5 et plus ou équivalents",
};
const partners = [
  "Hellowork",
  "RH Alternance",
  "PASS",
  "Meteojob",
  "Kelio",
  "Engagement Jeunes",
  "Les emplois de l'inclusion",
  "L'Etudiant",
];
const jobUrl = (id) => `https://postuler.example.com/offre/${id}`;

/** Offers of the current API's export: those deposited on the site, or those of its partners. */
export function makeLbaOffers(name, count, partnerOffers) {
  const random = stream(name);
  return Array.from({ length: count }, () => {
    const company = makeCompany(random);
    const { trade, place } = company;
    const chosen = diploma(random.pick(trade.diplomas));
    const job = random.pick(trade.jobs);
    const months = chosen.years * 12;
    const id = random.hex(24);
    const label = partnerOffers ? random.pick(partners) : "offres_emploi_lba";
    return {
      identifier: { id, partner_label: label, partner_job_id: partnerOffers ? random.digits(8) : id },
      offer: {
        title: random.chance(0.5) ? job : `${job} (H/F)`,
        rome_codes: romesFor(random, trade, job),
        description: advert(random, {
          trade,
          company: company.name,
          city: place.city,
          diplomaName: `${chosen.mark} ${chosen.name}`,
          months,
        }),
        target_diploma: random.chance(0.6)
          ? { european: String(chosen.level), label: offerLevels[chosen.level] }
          : null,
        desired_skills: random.some(trade.taste, random.int(0, 2)),
        to_be_acquired_skills: random.some(trade.missions, random.int(0, 2)),
        access_conditions: [],
        publication: { creation: recent(random), expiration: farFuture(random) },
        opening_count: random.chance(0.85) ? 1 : random.int(2, 5),
        status: "Active",
      },
      contract: {
        start: random.chance(0.7) ? `2027-0${random.int(1, 9)}-01T00:00:00.000Z` : null,
        duration: months,
        type: random.weighted(
          [["Apprentissage"], ["Apprentissage", "Professionnalisation"], ["Professionnalisation"]],
          (type) => (type[0] === "Apprentissage" ? 4 : 1),
        ),
        remote: random.weighted(["onsite", "hybrid", null], (kind) => ({ onsite: 6, hybrid: 1 })[kind] ?? 2),
      },
      workplace: {
        siret: company.siret,
        brand: random.chance(0.5) ? company.name : null,
        legal_name: company.legalName,
        name: company.name,
        website: company.website,
        description: random.chance(0.4)
          ? presentation(random, { company: company.name, city: place.city, activity: company.activity })
          : null,
        size: company.size,
        location: {
          address: `${place.street} ${place.postalCode} ${place.city}`,
          geopoint: { type: "Point", coordinates: [place.lon, place.lat] },
        },
        domain: { idcc: null, opco: trade.opco, naf: { code: company.naf, label: company.activity } },
      },
      apply: { url: jobUrl(id), phone: null, recipient_id: random.chance(0.6) ? `partners_${id}` : null },
      is_delegated: false,
    };
  });
}

/** A predicted company as the export shows it: a pseudo-offer. */
export function pseudoOffer(random, row) {
  const text = "recruteurs_lba";
  const id = random.hex(24);
  return {
    identifier: { id, partner_label: text, partner_job_id: row.company.siret },
    offer: {
      title: text,
      rome_codes: row.company.trade.romes.slice(0, 3),
      description: text,
      target_diploma: null,
      desired_skills: [],
      to_be_acquired_skills: [],
      access_conditions: [],
      publication: { creation: null, expiration: null },
      opening_count: 1,
      status: "Active",
    },
    contract: { start: null, duration: null, type: ["Apprentissage", "Professionnalisation"], remote: null },
    workplace: {
      siret: row.company.siret,
      brand: row.company.name,
      legal_name: row.company.legalName,
      name: row.company.name,
      website: row.company.website,
      description: null,
      size: row.company.size,
      location: {
        address: `${row.company.place.street} ${row.company.place.postalCode} ${row.company.place.city}`,
        geopoint: { type: "Point", coordinates: [row.company.place.lon, row.company.place.lat] },
      },
      domain: { idcc: null, opco: row.company.trade.opco, naf: { code: row.company.naf, label: row.company.activity } },
    },
    apply: { url: jobUrl(id), phone: null, recipient_id: `recruteurslba_${id}` },
    is_delegated: false,
  };
}

export const newCompany = makeCompany;

const franceTravailPlace = (place) => `${place.departement} - ${place.town}`;

export function makeFranceTravailOffers(name, count) {
  const random = stream(name);
  const seen = new Set();
  return Array.from({ length: count }, () => {
    const company = makeCompany(random);
    const { trade, place } = company;
    const chosen = diploma(random.pick(trade.diplomas));
    const job = random.pick(trade.jobs);
    const months = chosen.years * 12;
    let id;
    do
      id = `${random.int(190, 204)}${Array.from({ length: 4 }, () => random.pick([..."BCDFGHJKLMNPQRSTVWXYZ"])).join("")}`;
    while (seen.has(id));
    seen.add(id);
    const [romeCode] = romesFor(random, trade, job);
    const professional = random.chance(0.15);
    const created = recent(random);
    return {
      id,
      intitule: `${job} (H/F)`,
      description: advert(random, {
        trade,
        company: company.name,
        city: place.city,
        diplomaName: `${chosen.mark} ${chosen.name}`,
        months,
      }),
      dateCreation: created,
      dateActualisation: created,
      lieuTravail: {
        libelle: franceTravailPlace(place),
        latitude: place.lat,
        longitude: place.lon,
        codePostal: place.postalCode,
        commune: place.insee,
      },
      romeCode,
      romeLibelle: romeLabels.get(romeCode),
      appellationlibelle: job.replace(/^Apprenti(e)? /, ""),
      entreprise: {
        nom: company.legalName,
        entrepriseAdaptee: false,
        ...(company.website && { url: company.website }),
      },
      typeContrat: "CDD",
      typeContratLibelle: `CDD - ${months} Mois`,
      natureContrat: professional ? "Cont. professionnalisation" : "Contrat apprentissage",
      experienceExige: "D",
      experienceLibelle: "Débutant accepté",
      ...(random.chance(0.45) && { formations: [{ niveauLibelle: franceTravailLevels[chosen.level], exigence: "S" }] }),
      ...(random.chance(0.3) && {
        competences: random.some(trade.missions, 2).map((libelle) => ({ libelle, exigence: "S" })),
      }),
      salaire: {
        libelle: `Mensuel de ${random.int(780, 1200)}.0 Euros à ${random.int(1250, 1900)}.0 Euros sur 12.0 mois`,
      },
      dureeTravailLibelle: "35H",
      dureeTravailLibelleConverti: "Temps plein",
      alternance: true,
      contact: { urlPostulation: jobUrl(id) },
      nombrePostes: random.chance(0.9) ? 1 : random.int(2, 4),
      accessibleTH: random.chance(0.1),
      codeNAF: `${company.naf.slice(0, 2)}.${company.naf.slice(2)}`,
      secteurActivite: company.naf.slice(0, 2),
      secteurActiviteLibelle: company.activity,
      origineOffre: { origine: "1", urlOrigine: jobUrl(id) },
    };
  });
}

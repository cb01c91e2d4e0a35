/**
 * Personal data that nobody has, planted in every text of every source format: each canary has a record of its own, so
 * that one that is found names its format, field and spelling.
 */

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repository } from "./support.mjs";

/** @typedef {"texts" | "lines" | "unread" | "rows" | "links"} Place */

const fixtures = path.join(repository, "tests/fixtures/tiny");

/**
 * @typedef {{ kind: "email" | "phone" | "name", format: string, field: string, spelling: string, needle: string }} Canary
 * `needle` is what is left of it in every spelling: the local part of an address, nine digits, a surname in lower case
 */

/** @param {number} i @returns {string} a surname of its own, such as "Zobikaruvel" */
function surname(i) {
  const [heads, tails] = ["bcdfgklmnprstvz", "aeiou"];
  let [name, rest] = ["Zo", i];
  for (let k = 0; k < 4; ++k) {
    name += String(heads[rest % 15]) + String(tails[(rest + k) % 5]);
    rest = Math.floor(rest / 15);
  }
  return `${name}vel`;
}

/** @type {((local: string, domain: string) => string)[]} */
const emails = [
  (local, domain) => `${local}@${domain}.fr`,
  (local, domain) => `mailto:${local}@${domain}.fr`,
  (local, domain) => `${local} (at) ${domain} . fr`,
  (local, domain) => `${local} [arobase] ${domain}.fr`,
  (local, domain) => `${local}&#64;${domain}.fr`,
  (local, domain) => `<${local}@recrutement.${domain}.com>`,
  (local, domain) => `${local.toUpperCase()}@${domain.toUpperCase()}.FR`,
];

/** @type {((local: string, domain: string) => string)[]} */
const links = [
  (local, domain) => `https://${domain}.fr/postuler?contact=${local}@${domain}.fr&ref=1`,
  (local, domain) => `https://${domain}.fr/postuler?contact=${local}%40${domain}.fr`,
  (local, domain) => `https://www.${domain}.fr/a/${local}@${domain}.fr/b`,
  (local, domain) => `https://${domain}.fr/#mailto:${local}%40${domain}.fr`,
  (local, domain) => `mailto:${local}@${domain}.fr`,
  (local, domain) => `https://${local}@${domain}.fr/`,
];

/** @type {((digits: string) => string)[]} nine digits, without the first 0 */
const phones = [
  (d) => `0${d}`,
  (d) => `0${d[0]} ${pairs(d).join(" ")}`,
  (d) => `0${d[0]}.${pairs(d).join(".")}`,
  (d) => `0${d[0]}-${pairs(d).join("-")}`,
  (d) => `0${d[0]}/${pairs(d).join("/")}`,
  (d) => `0${d[0]}\u00a0${pairs(d).join("\u00a0")}`,
  (d) => `0${d[0]}\u202f${pairs(d).join("\u202f")}`,
  (d) => `+33${d}`,
  (d) => `+33 ${d[0]} ${pairs(d).join(" ")}`,
  (d) => `+33(0)${d[0]} ${pairs(d).join(" ")}`,
  (d) => `+33 (0) ${d[0]} ${pairs(d).join(".")}`,
  (d) => `0033${d}`,
  (d) => `0033 ${d[0]} ${pairs(d).join(" ")}`,
];
const pairs = (/** @type {string} */ d) => [d.slice(1, 3), d.slice(3, 5), d.slice(5, 7), d.slice(7, 9)];

/** @type {((name: string) => string)[]} */
const names = [
  (name) => `M. ${name}`,
  (name) => `Mme ${name}`,
  (name) => `Mr ${name}`,
  (name) => `Madame Perrine ${name}`,
  (name) => `Monsieur ${name.toUpperCase()}`,
  (name) => `Mlle ${name}`,
  (name) => `Contact : Perrine ${name}`,
  (name) => `demandez Perrine ${name}`,
];

/**
 * Where texts stand in a format: `texts` are long ones, from which names go as well; `lines` are short ones; `unread` hold
 * a contact and are not published at all; `rows` come into the report when they are wrong; `links` are addresses, which may hold one of e-mail. `[]` is a list of texts.
 * @type {Record<string, { file: string, id: string, texts: string[], lines: string[], unread: string[], rows: string[], links: string[] }>}
 */
const formats = {
  catalogue: {
    file: "formations.ndjson",
    id: "cle_ministere_educatif",
    texts: ["contenu", "objectif"],
    lines: [
      "intitule_long",
      "intitule_court",
      "diplome",
      "rncp_intitule",
      "capacite",
      "duree",
      "lieu_formation_adresse",
      "etablissement_formateur_entreprise_raison_sociale",
      "etablissement_formateur_localite",
      "etablissement_gestionnaire_entreprise_raison_sociale",
      "etablissement_gestionnaire_adresse",
      "etablissement_gestionnaire_localite",
      "etablissement_gestionnaire_type",
    ],
    unread: ["email", "etablissement_formateur_courriel", "etablissement_gestionnaire_courriel", "contact"],
    rows: ["code_postal", "lieu_formation_geo_coordonnees", "etablissement_formateur_siret"],
    links: ["onisep_url"],
  },
  "france-travail": {
    file: "offres.ndjson",
    id: "id",
    texts: ["description", "entreprise.description"],
    lines: [
      "intitule",
      "entreprise.nom",
      "secteurActiviteLibelle",
      "typeContratLibelle",
      "dureeTravailLibelle",
      "trancheEffectifEtab",
      "romeLibelle",
      "nombrePostes",
      "competences[].libelle",
    ],
    unread: ["contact.nom", "contact.courriel", "contact.telephone", "contact.coordonnees1"],
    rows: ["entreprise.siret", "lieuTravail.latitude"],
    links: ["contact.urlPostulation", "entreprise.url", "entreprise.logo"],
  },
  "lba-v3": {
    file: "matcha.ndjson",
    id: "identifier.id",
    texts: ["offer.description", "workplace.description"],
    lines: [
      "offer.title",
      "workplace.name",
      "workplace.legal_name",
      "workplace.brand",
      "workplace.domain.naf.label",
      "contract.duration",
      "contract.rhythm",
      "offer.access_conditions[]",
      "offer.desired_skills[]",
      "offer.to_be_acquired_skills[]",
      "identifier.partner_label",
    ],
    unread: ["apply.phone", "apply.email", "apply.recipient_id", "workplace.contact"],
    rows: ["workplace.siret", "workplace.domain.opco"],
    links: ["apply.url", "workplace.website"],
  },
  "recruteurs-lba": {
    file: "entreprises.ndjson",
    id: "siret",
    texts: [],
    lines: ["enseigne", "raison_sociale", "street_name", "labelActivitePrincipaleEtablissement", "street_number"],
    unread: ["email", "phone", "contact"],
    rows: ["zip_code"],
    links: ["site_web"],
  },
};

/**
 * Sets what a path names, behind what stands there when the canary is to be part of a text.
 * @param {any} object @param {string} field @param {(before: string) => string} change
 */
function change(object, field, change) {
  const steps = field.split(".");
  let at = object;
  for (const [i, step] of steps.entries()) {
    const [key, isList, isLast] = [step.replace("[]", ""), step.endsWith("[]"), i + 1 === steps.length];
    if (isList && isLast) at[key] = [change(""), "Travail en équipe"];
    else if (isList) at = (at[key] = [{}])[0];
    else if (isLast) at[key] = change(typeof at[key] === "string" ? at[key] : "");
    else at = at[key] ??= {};
  }
}

/** @param {number} i @returns {string} a SIRET of its own, with its check digit */
function siret(i) {
  const luhn = (/** @type {string} */ digits) => {
    const sum = [...`${digits}0`].reverse().reduce((total, digit, k) => {
      const value = Number(digit) * (k % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return String((10 - (sum % 10)) % 10);
  };
  const siren = `81${String(i).padStart(6, "0")}`;
  const head = `${siren}${luhn(siren)}0001`;
  return head + luhn(head);
}

/**
 * Writes the sources and a config with a state folder.
 * @param {string} folder @param {number} count
 * @returns {{ config: string, state: string, canaries: Canary[], records: Record<string, number> }}
 */
export function plantCanaries(folder, count) {
  mkdirSync(folder, { recursive: true });
  cpSync(fixtures, folder, { recursive: true });
  /** @type {{ format: string, field: string, place: Place, kind: Canary["kind"] }[]} */
  const places = [];
  for (const [format, { texts, lines, unread, rows, links }] of Object.entries(formats))
    for (const [place, fields] of /** @type {[Place, string[]][]} */ (
      Object.entries({ texts, lines, unread, rows, links })
    ))
      for (const field of fields)
        for (const kind of /** @type {Canary["kind"][]} */ (["email", "phone", "name"]))
          // A short text and a wrong value may be any word: names are taken from long texts only. Digits in a link are
          // numbers of something.
          if (place === "links" ? kind === "email" : kind !== "name" || place === "texts" || place === "unread")
            places.push({ format, field, place, kind });
  /** @type {Canary[]} */
  const canaries = [];
  /** @type {Record<string, string[]>} */
  const records = {};
  const turns = { email: 0, phone: 0, name: 0, link: 0 };
  for (let i = 0; i < count; ++i) {
    const { format, field, place, kind } = /** @type {typeof places[0]} */ (places[i % places.length]);
    const known = /** @type {typeof formats[""]} */ (formats[format]);
    const digits = `6${String(40_000_003 + i * 7919).padStart(8, "0")}`;
    const [needle, spelling] =
      kind === "email"
        ? [
            `canari${i}z`,
            place === "links"
              ? links[turns.link++ % links.length]?.(`canari${i}z`, `voliere${i}`)
              : emails[turns.email++ % emails.length]?.(`canari${i}z`, `voliere${i}`),
          ]
        : kind === "phone"
          ? [digits, phones[turns.phone++ % phones.length]?.(digits)]
          : [surname(i).toLowerCase(), names[turns.name++ % names.length]?.(surname(i))];
    canaries.push({ kind, format, field, needle, spelling: String(spelling) });
    const first = readFileSync(path.join(fixtures, known.file), "utf8").split("\n", 1)[0] ?? "";
    const record = JSON.parse(first);
    change(record, known.id, () => (known.id === "siret" ? siret(i) : `CANARI-${i}`));
    // What tells records apart: without it they are duplicates of each other.
    if (format === "lba-v3") record.workplace.siret = siret(i);
    if (format !== "recruteurs-lba")
      change(
        record,
        format === "catalogue" ? "intitule_long" : format === "lba-v3" ? "offer.title" : "intitule",
        (text) => `${text} ${i}`,
      );
    change(record, field, (text) =>
      place === "texts"
        ? `${text} Pour tout renseignement, ${spelling}, du lundi au vendredi.`
        : place === "lines"
          ? `${text} ${spelling}`.trim()
          : String(spelling),
    );
    (records[known.file] ??= []).push(JSON.stringify(record));
  }
  for (const [file, lines] of Object.entries(records)) writeFileSync(path.join(folder, file), `${lines.join("\n")}\n`);
  const config = path.join(folder, "config.json");
  const state = path.join(folder, "state");
  const limits = { max_rejected_percent: 100 };
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), state: "state", limits }));
  return {
    config,
    state,
    canaries,
    records: Object.fromEntries(Object.entries(records).map(([file, lines]) => [file, lines.length])),
  };
}

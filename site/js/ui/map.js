/**
 * The map of the results: our own outline, and a pin for each card of the list. The list says all that the map says; the
 * map follows it, whatever changes it. A bundle of its own, for whoever opens the map.
 *
 * @module
 */

import { home } from "../../home.js";
import { words as french } from "../../i18n/map.fr.js";
import { clusterPins } from "../map/cluster.js";
import { UNIT, readOutline } from "../map/outline.js";
import { WORLD, fit, scaleOf, toWorld, unitsOfMetre } from "../map/projection.js";
import { createTiles, tilesOf } from "../map/tiles.js";
import { create, createButton } from "./dom.js";
import { loadStyle } from "./style.js";

/** @typedef {typeof french} Words */
/** @typedef {import("../../balise.d.ts").Result} Result */
/** @typedef {{ x: number, y: number, index: number, result: Result }} Pin `index` of its card in the list */
/** @typedef {import("../map/cluster.js").Cluster<Pin> & { button?: HTMLButtonElement }} Marker */
/**
 * What the page has loaded already.
 * @typedef {Pick<typeof import("./cards.js"), "titleOf" | "companyOf" | "townOf"> & {
 *   button: HTMLButtonElement, list: HTMLElement, strings: import("./text.js").Strings,
 *   shown: () => { results: Result[], append: (n: number) => Promise<void>, center: { lat: number, lon: number } | null, radius_km: number } }} Page
 */

/** Pixels between the middles of two markers. */
const APART = 36;
/** Pixels between what is framed and the edge, and of a step with an arrow key. */
const MARGIN = 34;
const STEP = 80;
const MIN_ZOOM = 3;
const MAX_ZOOM = 15;
/** Of what needs no more to be told apart. */
const FIT_ZOOM = 13;
const HINT_MS = 1500;
/** More than the module gives. */
const ALL = 9999;
/** Each source has a shape as well as a colour: paths in a square of 20. */
const SHAPES = {
  formations: "M3 3h14v14H3z",
  offres: "M10 .5 19.5 10 10 19.5.5 10z",
  matcha: "M10 1.5 19.5 18H.5z",
  lba: "M10 1.5a8.5 8.5 0 0 1 0 17 8.5 8.5 0 0 1 0-17z",
};
const SVG = "http://www.w3.org/2000/svg";
/** What the canvas is painted with, as map.css has it. */
const COLOURS = /** @type {const} */ (["land", "coast", "circle", "town"]);

/** @param {import("../../balise.d.ts").Source} source */
function createShape(source) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-2 -2 24 24");
  svg.setAttribute("class", `shape ${source}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[source]);
  svg.append(path);
  return svg;
}

/** @returns {Promise<import("../map/outline.js").Outline>} */
async function loadOutline() {
  // The name changes with the content, so any copy is good.
  const response = await fetch(new URL(OUTLINE_NAME, home), { cache: "force-cache" });
  if (!response.ok) throw new Error(`the outline answered ${response.status}`);
  return readOutline(new Uint8Array(await response.arrayBuffer()));
}

/** @type {Promise<() => void> | undefined} */
let opening;

/** Opens the map, or closes it. @param {Page} page */
export async function toggleMap(page) {
  opening ??= Promise.all([
    document.documentElement.lang === "en" ? import("./map.en.js").then(({ words }) => words) : french,
    loadOutline().catch((error) => void console.warn(error)),
    loadStyle("map.css"),
  ]).then(
    ([words, outline]) => createMap(page, words, outline ?? null),
    (error) => {
      opening = undefined;
      throw error;
    },
  );
  (await opening)();
}

/**
 * @param {Page} page @param {Words} words
 * @param {import("../map/outline.js").Outline | null} outline null: it could not be had
 * @returns {() => void} opens and closes
 */
function createMap({ button, list, shown, strings, titleOf, companyOf, townOf }, words, outline) {
  // ----------------------------------------------------------------------------------------------------------- elements

  const about = create("p");
  const more = createButton(words.placeAll, "quiet", () => void placeAll());
  const canvas = create("canvas");
  const palette = create(
    "div",
    "map-colours",
    COLOURS.map((name) => create("i", name)),
  );
  palette.hidden = true;
  const markers = create("div", "map-markers");
  markers.setAttribute("role", "group");
  markers.setAttribute("aria-label", words.markers);
  const hint = create("p", "map-hint");
  hint.setAttribute("aria-hidden", "true");
  hint.hidden = true;
  /** @param {string} text @param {string} label @param {() => void} action */
  const createTool = (text, label, action) => {
    const tool = createButton(text, "", action);
    tool.setAttribute("aria-label", label);
    tool.title = label;
    return tool;
  };
  const tools = create("div", "map-tools", [
    createTool("+", words.zoomIn, () => zoomBy(1)),
    createTool("−", words.zoomOut, () => zoomBy(-1)),
    createTool("◎", words.recentre, () => frameAll()),
  ]);
  const credit = create("p", "map-credit", words.credit);
  const view = create("div", "map-view", [canvas, palette, markers, credit, hint, tools]);
  view.tabIndex = 0;
  view.setAttribute("role", "application");
  view.setAttribute("aria-label", words.view);
  const help = create("p", "", words.help);
  help.id = "aide-carte";
  view.setAttribute("aria-describedby", help.id);

  const legend = create("ul", "map-legend");
  legend.setAttribute("aria-label", words.legend);
  const places = create("p", "map-places");
  const chosen = create("div", "map-chosen");
  chosen.setAttribute("role", "group");
  chosen.hidden = true;
  const tilesButton = createButton(words.showTiles, "quiet", () => switchTiles());
  const tilesText = create("p", "", words.tilesNotice);
  tilesText.setAttribute("role", "status");
  tilesText.id = "aide-fond";
  tilesButton.setAttribute("aria-describedby", tilesText.id);
  const section = create("section", "map", [
    about,
    view,
    chosen,
    create("div", "map-row", [legend, more]),
    places,
    help,
    create("div", "map-row", [tilesButton, tilesText]),
  ]);
  section.id = "carte";
  section.setAttribute("aria-label", words.name);
  section.hidden = true;
  if (outline === null) section.prepend(create("p", "notice", words.noOutline));
  list.before(section);
  button.setAttribute("aria-controls", section.id);

  // -------------------------------------------------------------------------------------------------------------- state

  let isOpen = false;
  let width = 0;
  let height = 0;
  /** @type {import("../map/projection.js").View} */
  let at = { x: WORLD / 2, y: WORLD / 2, zoom: MIN_ZOOM };
  /** What is framed: when it is another, the view changes. @type {unknown} */
  let framed;
  /** @type {Pin[]} */
  let pins = [];
  /** @type {Marker[]} */
  let clusters = [];
  /** Towns of the outline, then those of the pins, in units. @type {import("../map/outline.js").Town[]} */
  let towns = [];
  /** The zoom that they were made for. */
  let clustered = NaN;
  /** The marker whose results are listed. @type {Marker | null} */
  let open = null;
  /** Index of the card that somebody points at. */
  let pointed = -1;
  /** @type {ReturnType<typeof createTiles> | null} */
  let drawTiles = null;

  // -------------------------------------------------------------------------------------------------------------- frame

  /** @param {Pin[]} some @returns {import("../map/projection.js").Box} */
  const boxOf = (some) => ({
    west: Math.min(...some.map(({ x }) => x)),
    north: Math.min(...some.map(({ y }) => y)),
    east: Math.max(...some.map(({ x }) => x)),
    south: Math.max(...some.map(({ y }) => y)),
  });

  function circleOf() {
    const { center, radius_km } = shown();
    return center && { ...toWorld(center.lat, center.lon), radius: radius_km * 1000 * unitsOfMetre(center.lat) };
  }

  /** @param {import("../map/projection.js").Box} box */
  function frame(box) {
    at = fit(box, width - 2 * MARGIN, height - 2 * MARGIN, FIT_ZOOM);
    move(0, 0);
  }

  /** The search circle and what lies beyond it, or else all pins, those overseas left to a button of their own. */
  function frameAll() {
    const circle = circleOf();
    const groups = groupsOf();
    const some = circle ? pins : ([...groups.values()][0] ?? []);
    /** @type {import("../map/projection.js").Box[]} */
    const boxes = some.length > 0 ? [boxOf(some)] : [];
    if (circle) {
      const { x, y, radius } = circle;
      boxes.push({ west: x - radius, north: y - radius, east: x + radius, south: y + radius });
    }
    if (boxes.length === 0) return;
    frame({
      west: Math.min(...boxes.map(({ west }) => west)),
      north: Math.min(...boxes.map(({ north }) => north)),
      east: Math.max(...boxes.map(({ east }) => east)),
      south: Math.max(...boxes.map(({ south }) => south)),
    });
  }

  /** Pins of the mainland, then of each overseas département, by name. */
  function groupsOf() {
    /** @type {Map<string, Pin[]>} */
    const groups = new Map();
    const ordered = [...pins].sort((a, b) => Number(isOverseas(a)) - Number(isOverseas(b)));
    for (const pin of ordered) {
      const name = words.overseas[pin.result.departement] ?? words.mainland;
      groups.set(name, [...(groups.get(name) ?? []), pin]);
    }
    return groups;
  }
  /** @param {Pin} pin */
  const isOverseas = ({ result }) => result.departement in words.overseas;

  /** @param {number} right @param {number} down pixels */
  function move(right, down) {
    const scale = scaleOf(at.zoom);
    /** @param {number} units */
    const inside = (units) => Math.max(0, Math.min(WORLD, units));
    at = { ...at, x: inside(at.x + right / scale), y: inside(at.y + down / scale) };
    ask();
  }

  /** @param {number} steps @param {number} [x] @param {number} [y] the point that stays, pixels from the corner */
  function zoomBy(steps, x = width / 2, y = height / 2) {
    const before = scaleOf(at.zoom);
    const zoom = Math.max(MIN_ZOOM, Math.min(drawTiles ? MAX_ZOOM + 3 : MAX_ZOOM, at.zoom + steps));
    const after = scaleOf(zoom);
    const [right, down] = [x - width / 2, y - height / 2];
    at = { x: at.x + right / before - right / after, y: at.y + down / before - down / after, zoom };
    move(0, 0);
  }

  // ----------------------------------------------------------------------------------------------------------- painting

  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const land = new Path2D();
  const borders = new Path2D();
  /** @param {Path2D} path @param {Int32Array} line */
  const trace = (path, line) => {
    for (let i = 0; i < line.length; i += 2)
      path[i === 0 ? "moveTo" : "lineTo"](/** @type {number} */ (line[i]), /** @type {number} */ (line[i + 1]));
  };
  for (const ring of outline?.rings ?? []) {
    trace(land, ring);
    land.closePath();
  }
  for (const line of outline?.lines ?? []) trace(borders, line);

  /** @type {Record<typeof COLOURS[number], string>} */
  let colours = { land: "", coast: "", circle: "", town: "" };
  let font = "";
  /** What stands on the map itself, as `taken` below. @type {[number, number, number, number][]} */
  let kept = [];
  /** Half the width of each name that was measured, pixels. @type {Map<string, number>} */
  const halves = new Map();
  function readColours() {
    for (const [i, name] of COLOURS.entries())
      colours[name] = getComputedStyle(/** @type {Element} */ (palette.children[i])).color;
    font = getComputedStyle(view).fontFamily;
    ask();
  }
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener?.("change", readColours);

  let asked = 0;
  /** Paints once, before the next frame. */
  function ask() {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      if (width > 0) paint();
    });
  }

  function paint() {
    const dots = canvas.width / width;
    const scale = scaleOf(at.zoom);
    const left = at.x - width / 2 / scale;
    const top = at.y - height / 2 / scale;
    /** Units of so many of the projection's to the pixel. @param {number} unit */
    const useUnit = (unit) => {
      const k = scale * dots;
      context.setTransform(k * unit, 0, 0, k * unit, -left * k, -top * k);
      context.lineWidth = 1 / (scale * unit);
    };
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.lineJoin = "round";

    useUnit(UNIT);
    context.fillStyle = colours.land;
    context.fill(land);
    context.strokeStyle = colours.coast;
    context.stroke(land);
    context.globalAlpha = 0.5;
    context.stroke(borders);
    context.globalAlpha = 1;
    useUnit(1);
    drawTiles?.(context, tilesOf(at, width, height));

    const circle = circleOf();
    if (circle) {
      context.beginPath();
      context.arc(circle.x, circle.y, circle.radius, 0, 7);
      context.fillStyle = context.strokeStyle = colours.circle;
      context.globalAlpha = 0.07;
      context.fill();
      context.globalAlpha = 1;
      context.lineWidth *= 1.5;
      context.setLineDash([6 / scale, 4 / scale]);
      context.stroke();
      context.setLineDash([]);
    }
    context.setTransform(dots, 0, 0, dots, 0, 0);
    const taken = showMarkers(left, top, scale);
    if (circle) {
      const [x, y] = [(circle.x - left) * scale, (circle.y - top) * scale];
      context.strokeStyle = colours.circle;
      context.lineWidth = 2;
      context.beginPath();
      for (const [right, down] of [
        [7, 0],
        [0, 7],
      ]) {
        context.moveTo(x - (right ?? 0), y - (down ?? 0));
        context.lineTo(x + (right ?? 0), y + (down ?? 0));
      }
      context.stroke();
    }
    if (!drawTiles) nameTowns(left, top, scale, [...taken, ...kept]);
  }

  /**
   * The largest towns that have room.
   * @param {number} left @param {number} top units @param {number} scale
   * @param {[x: number, y: number, halfWidth: number, halfHeight: number][]} taken what they must not stand on
   */
  function nameTowns(left, top, scale, taken) {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    const room = (width * height) / 14_000;
    const named = new Set([""]);
    for (const { name, size, x: column, y: row } of towns) {
      const x = (column - left) * scale;
      const y = (row - top) * scale;
      if (x < 0 || x > width || y < 0 || y > height || named.has(name)) continue;
      // Twice the logarithm of its thousands of people: 100 000 and more stand out.
      context.font = `${size > 13 ? 600 : 400} 12px ${font}`;
      const half = halves.get(name) ?? context.measureText(name).width / 2 + 4;
      halves.set(name, half);
      const middle = [y - 11, y + 11, y - 25, y + 25].find(
        (line) =>
          x > half &&
          x < width - half &&
          line > 9 &&
          line < height - 9 &&
          !taken.some(([px, py, w, h]) => Math.abs(px - x) < w + half && Math.abs(py - line) < h + 9),
      );
      if (middle === undefined) continue;
      named.add(name);
      taken.push([x, middle, half, 9]);
      context.strokeStyle = colours.land;
      context.strokeText(name, x, middle);
      context.fillStyle = colours.town;
      context.fillText(name, x, middle);
      context.beginPath();
      context.arc(x, y, 2, 0, 7);
      context.fill();
      if (named.size > room) break;
    }
  }

  /**
   * Puts the markers that can be seen where they belong.
   * @param {number} left @param {number} top units @param {number} scale
   */
  function showMarkers(left, top, scale) {
    const level = Math.round(2 * at.zoom) / 2;
    if (level !== clustered) clusterAt(level);
    /** @type {[number, number, number, number][]} */
    const taken = [];
    for (const marker of clusters) {
      const x = (marker.x - left) * scale;
      const y = (marker.y - top) * scale;
      const isSeen = x > -16 && x < width + 16 && y > -16 && y < height + 16;
      if (isSeen && !marker.button) markers.append((marker.button = createMarker(marker)));
      if (!marker.button) continue;
      if (!isSeen && marker.button === document.activeElement) view.focus({ preventScroll: true });
      marker.button.hidden = !isSeen;
      if (!isSeen) continue;
      marker.button.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
      taken.push([x, y, 14, 14]);
    }
    setTabStop();
    return taken;
  }

  /** @param {number} level */
  function clusterAt(level) {
    const focused = clusters.find((marker) => marker.button && marker.button === document.activeElement)?.pins[0];
    clustered = level;
    clusters = clusterPins(pins, Math.max(1, Math.round(APART / scaleOf(level))));
    markers.replaceChildren();
    const holder = focused && clusters.find((marker) => marker.pins.some(({ index }) => index === focused.index));
    if (!holder) {
      if (focused) view.focus({ preventScroll: true });
      return;
    }
    markers.append((holder.button = createMarker(holder)));
    holder.button.focus({ preventScroll: true });
  }

  /** Tab goes to one marker; arrows lead from there to the others. */
  function setTabStop() {
    const seen = clusters.filter((marker) => marker.button && !marker.button.hidden);
    const stop = seen.find((marker) => marker.button === document.activeElement) ?? seen[0];
    for (const marker of seen) if (marker.button) marker.button.tabIndex = marker === stop ? 0 : -1;
  }

  /** @param {Marker} marker */
  function createMarker(marker) {
    const [first] = marker.pins;
    const sources = new Set(marker.pins.map(({ result }) => result.source));
    const [source] = sources;
    const isOne = marker.pins.length === 1;
    const node = createButton(isOne ? "" : String(marker.pins.length), "marker", () => listResults(marker));
    if (first) {
      node.setAttribute("aria-label", isOne ? textOf(first) : words.cluster(marker.pins.length, townOf(first.result)));
      if (isOne) node.append(createShape(first.result.source));
      else node.classList.add("cluster");
      if (sources.size === 1 && source) node.classList.add(source);
    }
    node.classList.toggle("on", isPointed(marker));
    return node;
  }

  /** @param {Pin} pin */
  const textOf = ({ result }) =>
    [titleOf(result), strings.kinds[result.source], distanceOf(result)].filter(Boolean).join(", ");
  /** @param {Result} result */
  const distanceOf = ({ distance_m }) => (distance_m === null ? "" : strings.distance(distance_m));

  // ------------------------------------------------------------------------------------------------------------ the list

  const cardOf = (/** @type {number} */ index) => list.querySelectorAll("li[data-id]")[index];
  /** @param {Marker} marker */
  const isPointed = ({ pins }) =>
    pins.some(({ index }) => index === pointed || (open !== null && index === open.pins[0]?.index));
  function mark() {
    for (const marker of clusters) marker.button?.classList.toggle("on", isPointed(marker));
  }

  /** Lists the results of a marker under the map. @param {Marker} marker */
  function listResults(marker) {
    open = marker;
    mark();
    const title = create("h3", "", words.chosen(marker.pins.length));
    title.tabIndex = -1;
    const isWide = marker.pins.some(({ x, y }) => x !== marker.x || y !== marker.y);
    const items = marker.pins.map((pin) => {
      const link = create("a", "", titleOf(pin.result));
      const card = cardOf(pin.index);
      if (card) card.id = `carte-${pin.index}`;
      link.href = `#carte-${pin.index}`;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        goTo(pin.index);
      });
      return create("li", "", [
        createShape(pin.result.source),
        create("p", "", [
          link,
          " ",
          create("span", "hint", [companyOf(pin.result), distanceOf(pin.result)].filter(Boolean).join(" · ")),
        ]),
      ]);
    });
    chosen.replaceChildren(
      create("div", "map-chosen-head", [
        title,
        ...(isWide && at.zoom < MAX_ZOOM
          ? [
              createButton(words.zoomHere, "back-to", () => {
                frame(boxOf(marker.pins));
                unlist();
              }),
            ]
          : []),
        createButton(words.close, "back-to", () => unlist()),
      ]),
      create("ul", "", items),
    );
    chosen.setAttribute("aria-label", title.textContent ?? "");
    chosen.hidden = false;
    title.focus({ preventScroll: true });
    chosen.scrollIntoView({ block: "nearest" });
  }

  /** Leaves the results of a marker, and goes back to it. */
  function unlist() {
    const had = open;
    const hasFocus = chosen.contains(document.activeElement);
    open = null;
    chosen.hidden = true;
    chosen.replaceChildren();
    mark();
    if (!hasFocus) return;
    const again = had && clusters.find((marker) => marker.pins.some(({ index }) => index === had.pins[0]?.index));
    (again?.button?.hidden === false ? again.button : view).focus({ preventScroll: true });
  }

  /** @param {number} index */
  function goTo(index) {
    const card = cardOf(index);
    for (const other of list.querySelectorAll(".pointed")) other.classList.remove("pointed");
    card?.classList.add("pointed");
    card?.scrollIntoView({ block: "center" });
    card?.querySelector("a")?.focus({ preventScroll: true });
  }

  /** Puts all that was found into the list, and so on the map. */
  async function placeAll() {
    more.disabled = true;
    try {
      await shown().append(ALL);
      frameAll();
    } catch (error) {
      console.warn(error);
      about.textContent = strings.moreFailed;
    }
    more.disabled = false;
    if (more.hidden && document.activeElement === document.body) view.focus({ preventScroll: true });
  }

  /** Some sources write towns in capitals. @param {string} name */
  const spelt = (name) =>
    name === name.toUpperCase() ? name.toLowerCase().replace(/(^|[ -])./g, (first) => first.toUpperCase()) : name;

  /** Takes over what the list shows. */
  function follow() {
    const { results, center, radius_km } = shown();
    const cards = list.querySelector("ol");
    section.hidden = !isOpen || cards === null;
    if (section.hidden) return;
    pins = results.flatMap((result, index) =>
      result.lat === null || result.lon === null ? [] : [{ ...toWorld(result.lat, result.lon), index, result }],
    );
    towns = [
      ...(outline?.towns.map((town) => ({ ...town, x: town.x * UNIT, y: town.y * UNIT })) ?? []),
      ...pins.map(({ x, y, result }) => ({ name: spelt(result.city ?? ""), size: 0, x, y })),
    ];
    clustered = NaN;
    about.textContent = words.about(pins.length, results.length);
    const sources = /** @type {import("../../balise.d.ts").Source[]} */ (Object.keys(SHAPES));
    legend.replaceChildren(
      ...sources
        .filter((source) => pins.some(({ result }) => result.source === source))
        .map((source) => create("li", "", [createShape(source), strings.filters[source]])),
    );
    more.hidden = list.querySelector(".foot button:not([hidden])") === null;
    const groups = center === null ? [...groupsOf()] : [];
    places.hidden = groups.length < 2;
    places.replaceChildren(
      `${words.goTo} `,
      ...groups.map(([name, some]) => createButton(`${name} (${some.length})`, "chip", () => frame(boxOf(some)))),
    );
    if (open) unlist();
    const key = center === null ? cards : `${center.lat} ${center.lon} ${radius_km}`;
    measure();
    if (key !== framed && width > 0) {
      framed = key;
      frameAll();
    }
    ask();
  }
  new MutationObserver(() => {
    pointed = -1;
    follow();
  }).observe(list, { childList: true, subtree: true });

  for (const [type, isOver] of /** @type {const} */ ([
    ["pointerover", true],
    ["focusin", true],
    ["pointerleave", false],
    ["focusout", false],
  ]))
    list.addEventListener(type, ({ target }) => {
      const card = isOver && target instanceof Element ? target.closest("li[data-id]") : null;
      pointed = card ? [...list.querySelectorAll("li[data-id]")].indexOf(card) : -1;
      mark();
    });

  // ----------------------------------------------------------------------------------------------------------- gestures

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let hiding;
  /** @param {string} text */
  function say(text) {
    hint.textContent = text;
    hint.hidden = false;
    clearTimeout(hiding);
    hiding = setTimeout(() => (hint.hidden = true), HINT_MS);
  }

  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const keys = { "+": () => zoomBy(1), "=": () => zoomBy(1), "-": () => zoomBy(-1), 0: frameAll };
    const arrow = /** @type {Record<string, [number, number]>} */ ({
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    })[event.key];
    if (arrow && markers.contains(document.activeElement)) {
      const seen = clusters.filter((marker) => marker.button && !marker.button.hidden);
      const now = seen.findIndex((marker) => marker.button === document.activeElement);
      seen[(now + arrow[0] + arrow[1] + seen.length) % seen.length]?.button?.focus({ preventScroll: true });
      setTabStop();
    } else if (arrow && event.target === view) move(arrow[0] * STEP, arrow[1] * STEP);
    else if (keys[event.key]) keys[event.key]?.();
    else return;
    event.preventDefault();
  });
  section.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (open) unlist();
    else toggle();
  });

  view.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return say(words.ctrlWheel);
      event.preventDefault();
      const box = view.getBoundingClientRect();
      const pixels = event.deltaY * (event.deltaMode === 0 ? 1 : 30);
      zoomBy(Math.max(-1, Math.min(1, -pixels / 200)), event.clientX - box.left, event.clientY - box.top);
    },
    { passive: false },
  );

  /** Where a mouse took hold of the map, and whether it has moved since. @type {{ x: number, y: number, moved: boolean } | null} */
  let held = null;
  let wasDragged = false;
  view.addEventListener("pointerdown", (event) => {
    wasDragged = false;
    if (event.pointerType === "touch" || event.button !== 0) return;
    if (event.target instanceof Element && event.target.closest("button")) return;
    held = { x: event.clientX, y: event.clientY, moved: false };
    view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointermove", ({ clientX: x, clientY: y }) => {
    if (!held || (!held.moved && Math.hypot(x - held.x, y - held.y) < 4)) return;
    move(held.x - x, held.y - y);
    held = { x, y, moved: true };
  });
  for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
    view.addEventListener(type, () => {
      wasDragged = held?.moved === true;
      held = null;
    });
  // For those who can neither drag nor press two fingers: a click comes to stand in the middle, a second one is nearer.
  view.addEventListener("click", (event) => {
    if (wasDragged || (event.target instanceof Element && event.target.closest("button"))) return;
    if (event.detail > 1) return zoomBy(1);
    const box = view.getBoundingClientRect();
    move(event.clientX - box.left - width / 2, event.clientY - box.top - height / 2);
  });

  /** @param {TouchList} touches @returns middle and distance of two fingers */
  function pinchOf({ 0: a, 1: b }) {
    const box = view.getBoundingClientRect();
    if (!a || !b) return { x: 0, y: 0, apart: 1 };
    return {
      x: (a.clientX + b.clientX) / 2 - box.left,
      y: (a.clientY + b.clientY) / 2 - box.top,
      apart: Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)),
    };
  }
  /** @type {ReturnType<typeof pinchOf> | null} */
  let pinch = null;
  /** One finger moves the page. @param {TouchEvent} event */
  function onTouch(event) {
    const last = pinch;
    pinch = event.touches.length === 2 ? pinchOf(event.touches) : null;
    if (!pinch) {
      if (event.type === "touchmove") say(words.twoFingers);
      return;
    }
    if (event.cancelable) event.preventDefault();
    if (!last) return;
    move(last.x - pinch.x, last.y - pinch.y);
    zoomBy(Math.log2(pinch.apart / last.apart), pinch.x, pinch.y);
  }
  for (const type of /** @type {const} */ (["touchstart", "touchmove"]))
    view.addEventListener(type, onTouch, { passive: false });
  for (const type of /** @type {const} */ (["touchend", "touchcancel"]))
    view.addEventListener(type, () => (pinch = null));

  // -------------------------------------------------------------------------------------------------------------- tiles

  function switchTiles() {
    drawTiles = drawTiles
      ? null
      : createTiles(ask, () => {
          if (drawTiles) tilesText.textContent = words.tilesFailed;
        });
    tilesButton.textContent = drawTiles ? words.hideTiles : words.showTiles;
    tilesText.textContent = drawTiles ? words.tilesShown : words.tilesNotice;
    credit.textContent = drawTiles ? words.tilesCredit : words.credit;
    zoomBy(0);
  }

  // ----------------------------------------------------------------------------------------------------- size, open, close

  function measure() {
    const { clientWidth, clientHeight } = view;
    const dots = Math.min(2, devicePixelRatio || 1);
    if (clientWidth === width && clientHeight === height) return;
    [width, height] = [clientWidth, clientHeight];
    kept = [tools, credit].map(({ offsetLeft, offsetTop, offsetWidth, offsetHeight }) => [
      offsetLeft + offsetWidth / 2,
      offsetTop + offsetHeight / 2,
      offsetWidth / 2,
      offsetHeight / 2,
    ]);
    [canvas.width, canvas.height] = [Math.round(width * dots), Math.round(height * dots)];
  }
  new ResizeObserver(() => {
    const wasUnseen = width === 0;
    measure();
    // What was there before it could be measured has not been framed.
    if (wasUnseen && width > 0 && !section.hidden) follow();
    ask();
  }).observe(view);

  function toggle() {
    isOpen = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen && section.contains(document.activeElement)) button.focus();
    follow();
  }
  readColours();
  return toggle;
}

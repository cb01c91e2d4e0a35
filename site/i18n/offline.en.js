/**
 * What the keeping of areas writes, in English.
 *
 * @module
 */

import { formats } from "../js/ui/format.js";

const NBSP = "\u00a0";
const { number, plural, date } = formats("en-GB");

/** @param {number} bytes */
const size = (bytes) =>
  bytes < 100_000
    ? `${number(Math.ceil(bytes / 1000))}${NBSP}kB`
    : `${number(Number((bytes / 1_000_000).toFixed(1)))}${NBSP}MB`;

/** @type {import("../js/ui/offline.js").Words} */
export const words = {
  open: "Keep my area offline",
  title: "Search without a network",
  about:
    "The offers and courses of an area can stay on this device: they can then be searched and opened without a connection, on a train or in a basement.",
  framed: "On this page, the area that is kept serves only here, on this site.",
  noPlace: "First give a place in the search.",
  zone: "Area to keep",
  circle: (place, radius_km) => `${radius_km}${NBSP}km around ${place || "the point asked for"}`,
  measuring: "Working out the size…",
  estimate: (bytes, records) => `About ${size(bytes)} for ${plural(records, "result", "results")}.`,
  keep: (text) => `Keep ${text}`,
  progress: "Downloading the area",
  done: (done, all) => `${size(done)} of ${size(all)}`,
  stop: "Stop",
  stopped: "Stopped. What is here already will be used.",
  resume: "Go on",
  update: "Update",
  updating: "Updating your areas…",
  kept: "On this device",
  facts: (records, bytes, day) => `${plural(records, "result", "results")}, ${size(bytes)}, data of ${date(day)}`,
  incomplete: "incomplete",
  remove: "Remove",
  removed: (label) => `${label}: the area is no longer on this device.`,
  ready: (label) => `${label}: the area can now be searched without a network.`,
  upToDate: "Your areas are up to date.",
  failures: {
    full: "There is not enough room left on this device. Free some, or choose a smaller area.",
    denied: "This browser does not let this page keep data, perhaps because the window is private.",
    network: "The network broke off. What is here already will be used.",
  },
  missing: (labels) =>
    (labels.length === 0 ? "" : `Without a connection, this device knows: ${labels.join(" · ")}. `) +
    "This search needs a connection: it will go on as soon as the network is back.",
};

/**
 * What the search page writes, in English; a bundle of its own, which pages load when it is asked for. The data stay as they
 * are: in French.
 *
 * @module
 */

import { daysSince, formats } from "../js/ui/format.js";

const NBSP = "\u00a0";
const { number, plural, list, length, date, daysAgo } = formats("en-GB");

/** @type {import("../js/ui/text.js").Strings} */
export const strings = {
  kinds: {
    formations: "Training",
    offres: "Job offer",
    matcha: "Direct offer",
    lba: "Speculative application",
  },
  filters: {
    formations: "Training courses",
    offres: "Job offers",
    matcha: "Direct offers",
    lba: "Speculative applications",
  },
  filter: "Filter by type",
  count: (n, isCut) => number(n) + (isCut ? "+" : ""),
  sort: "Sort",
  byDistance: "Nearest",
  byTitle: "Alphabetical",
  byDate: "Newest",
  map: "Map",

  titles: {
    invitation: "Where to start?",
    loading: "Searching…",
    none: "No results",
    failed: "Results not available",
    offline: "You are offline",
  },
  invitation: "Give an occupation, a place or both. Or start from an idea:",
  ideas: [
    ["Bakery, pastry", ["D1102", "D1104"]],
    ["Hairdressing", ["D1202"]],
    ["Early childhood", ["K1303"]],
    ["Electricity", ["F1602"]],
    ["Cooking", ["G1602"]],
    ["Accounting", ["M1203"]],
    ["Web development", ["M1805"]],
    ["Car mechanics", ["I1604"]],
  ],

  heading(n, isCut, hasCenter) {
    if (!isCut) return plural(n, "result", "results");
    return `The ${number(n)} ${hasCenter ? "nearest" : "first"} results`;
  },
  around: (radius_km, place) => `within ${radius_km}${NBSP}km of ${place === "" ? "the point asked for" : place}`,
  everywhere: "All of France",
  anyMetier: "All occupations",
  km: (radius_km) => `${radius_km}${NBSP}km`,
  widened: (where, radius_km) => `Nothing ${where}: the radius was widened to ${radius_km}${NBSP}km.`,
  onlyBeyond: (where, nearest_m) => `Nothing ${where}: here are the nearest courses, from ${length(nearest_m)} on.`,
  beyond: (n, nearest_m) =>
    `No course in this radius: ${plural(n, "the nearest one is", "nearest ones are")} ${length(nearest_m)} away or more.`,
  noJobs: "No job in this radius.",
  noJobsAction: "See jobs further away",

  distance: (distance_m) => (distance_m === 0 ? "on the spot" : length(distance_m)),
  anonymousOffer: "Anonymous company",
  namelessCompany: "Company without a name",
  unknownPlace: "Place not stated",
  published(iso) {
    const age = daysSince(iso);
    return `Published ${age >= 0 && age <= 30 ? daysAgo(age) : `on ${date(iso)}`}`;
  },
  date,
  length,
  freshness(iso) {
    const age = daysSince(iso);
    return `Data of ${date(iso)}` + (age > 0 ? `, ${daysAgo(age)}` : "");
  },
  stale: "They are no longer kept up to date: check each offer.",

  shown: (shown, total, isCut) => `${number(shown)} shown of ${isCut ? "more than " : ""}${number(total)}`,
  more: "See more results",
  moreFailed: "The rest cannot be read at the moment: check the connection, then try again.",

  share: "Share",
  print: "Print",
  export: "Export (CSV)",

  none: "Nothing matches this search. You can:",
  widenTo: (radius_km) => `Widen to ${radius_km}${NBSP}km`,
  everywhereAction: "Search all of France",
  anyTrade: "See all occupations",
  anyLevel: "See all levels",
  anyScope: "See courses and jobs",
  anySource: "Remove the filters",

  failures: {
    manifest_unavailable: "The data could not be loaded. Check your connection, then try again.",
    shard_unavailable: "A data file could not be loaded. Check your connection, then try again.",
    shard_damaged: "A data file arrived damaged: it was not used. Try again in a moment.",
    format_too_new: "The data are newer than this page. Load it again to go on.",
    wrong_query: "This search is not valid. Change the occupation or the place.",
    engine_unavailable: "The search engine could not start. Load the page again or update the browser.",
    unexpected: "The search stopped on an unexpected error. Try again or load the page again.",
  },
  retry: "Try again",
  reload: "Load the page again",

  back: (host) => (host === "" ? "Back to the site" : `Back to ${host}`),
  types: { diploma: "Diploma", departement: "Département", region: "Region" },
  suggestions: (n) => (n === 0 ? "No suggestion" : plural(n, "suggestion", "suggestions")),
  position: "Around me",
  errors: {
    nothingAsked: "Give an occupation or a place.",
    metier: (text) => `“${text}” is not in the list. Choose an occupation from it or a ROME code, such as F1702.`,
    lieu: (text) => `“${text}” is not in the list. Choose a town, a département, a region or coordinates: 48.85, 2.35.`,
    listUnavailable: "The suggestions could not be loaded. Try again, or use a ROME code and coordinates.",
    position: "Your position is not available. Give a town or a postcode.",
  },
  ignored(ignored) {
    return `Ignored in the address: ${list(ignored.map(({ name, value }) => `${name} “${value}”`))}.`;
  },
  cut: (kept, given) => `Only the first ${kept} ROME codes are used, of ${given}.`,
  unavailable: "This could not be opened. Check your connection, then try again.",
};

/** @type {import("../js/ui/fiche.js").Words} */
export const words = {
  back: "Back to the results",
  previous: "Previous",
  next: "Next",
  loading: "Loading…",
  gone: "This offer no longer exists",
  goneText: "It was withdrawn, or its address is incomplete. A search will find others.",
  failed: "This could not be read",
  failedText: "Check your connection, then try again.",
  retry: "Try again",
  expired: "This offer has expired.",
  newTab: "(new tab)",
  share: "Share",
  print: "Print",
  copied: "Link copied",
  copy: "Copy this link",

  apply: (host) => `Apply on ${host}`,
  applyLba: "Apply on La bonne alternance",
  contactSchool: "Contact the school on La bonne alternance",
  site: (host) => `Visit ${host}`,
  directions: "See on OpenStreetMap",
  onisep: "Onisep page",
  rncp: "Page of the certification",
  register: "Page in the register of companies",

  sections: {
    description: "Description",
    content: "Content",
    objective: "Objective",
    contract: "Contract",
    conditions: "Conditions of admission",
    desired: "Qualities looked for",
    acquired: "Skills acquired",
    sessions: "Sessions",
    company: "The company",
    school: "The school",
    place: "The place",
    spontaneous: "Speculative application",
    references: "References",
  },
  spontaneous:
    "This company has not published an offer, but often hires apprentices in this occupation. Introduce yourself: say the occupation you aim for, the course, the dates and the rhythm.",
  delegated: "Offer managed by a training centre on behalf of the employer.",
  hasEmail: "The original site lets you write to the employer or the school.",

  facts: {
    level: "Level",
    diploma: "Diploma",
    duration: "Duration",
    capacity: "Places",
    session: "Next session",
    distanceLearning: "Teaching",
    contract: "Contract",
    start: "Start",
    rhythm: "Rhythm",
    openings: "Openings",
    handicap: "Disability",
    remote: "Remote work",
    published: "Published on",
    updated: "Updated on",
    expires: "Expires on",
    origin: "Source",
    activity: "Activity",
    size: "Staff",
    opco: "OPCO",
    job: "Occupation",
    siret: "SIRET",
    legalName: "Legal name",
    uai: "UAI",
    romes: "ROME codes",
    rncp: "RNCP",
    rncpLabel: "Certification",
    rncpEligible: "Open to apprentices",
    cfd: "Diploma code (CFD)",
    naf: "NAF code",
    shortTitle: "Short title",
    longTitle: "Full title",
    id: "Identifier",
    idRco: "RCO identifier",
    idRcoFormation: "RCO identifier of the course",
    schoolId: "Identifier of the school",
    headName: "Managing body",
    headSiret: "SIRET of the managing body",
    headUai: "UAI of the managing body",
    headId: "Identifier of the managing body",
    headType: "Type of the managing body",
    headAgreement: "Agreement of the managing body",
    headAddress: "Address of the managing body",
    contractCode: "Contract code",
    schoolCity: "Town of the school",
  },
  employees: (count) => `${count} employees`,
  months: (months) => (/^\d+$/.test(months) ? `${months}${NBSP}months` : months),
  years: (years) => (/^\d$/.test(years) ? `${years}${NBSP}${years === "1" ? "year" : "years"}` : years),
  yes: "Yes",
  no: "No",
  welcomesHandicap: "Open to people with disabilities",
  remoteOnly: "Entirely remote",
  remote: { onsite: "On site", remote: "Remote", hybrid: "Hybrid" },
  session: (start, end) => (end === "" ? `From ${start}` : `From ${start} to ${end}`),

  csv: {
    name: "results",
    columns: [
      "Type",
      "Title",
      "Company or school",
      "Address",
      "Postcode",
      "Town",
      "Distance (km)",
      "ROME codes",
      "Level",
      "Published",
      "Expires",
      "Identifier",
      "Latitude",
      "Longitude",
    ],
  },
};

/** @type {Record<import("../js/ui/query.js").Scope, string>} */
const headings = {
  all: "Find a course and a company for an apprenticeship",
  job: "Find a company for an apprenticeship",
  training: "Find an apprenticeship course",
};

/** Texts of the template (search.html), by the elements that begin with them. @type {Record<string, string>} */
const template = {
  ".skip": "Go to the results",
  "#modifier .verb": "Change",
  "#modifier .unseen": " the search",
  "label[for=metier]": "Occupation ",
  "label[for=metier] .hint": "or diploma",
  "label[for=lieu]": "Place ",
  "label[for=lieu] .hint": "town, département, region",
  "label[for=radius]": "Radius",
  "label[for=diploma]": "Level aimed for",
  "#diploma option:nth-child(1)": "Any",
  "#diploma option:nth-child(4)": "BTS, DEUST",
  "#diploma option:nth-child(5)": "Bachelor, BUT",
  "#diploma option:nth-child(6)": "Master",
  legend: "Show",
  "#afficher label:nth-of-type(1) span": "All",
  "#afficher label:nth-of-type(2) span": "Courses",
  "#afficher label:nth-of-type(3) span": "Jobs",
  "[type=submit]": "Search",
  "#titre-resultats": "Results",
  "#listes": "Listings by region",
  "#couverture": "This site covers: ",
  "#langue": "Français",
};

/** Attributes of the template. @type {[selector: string, name: string, value: string][]} */
const attributes = [
  ["html", "lang", "en"],
  ["#langue", "lang", "fr"],
  ["#langue", "hreflang", "fr"],
  ["#listes", "hreflang", "fr"],
  ["#recherche", "aria-label", "Your search"],
  ["#metier", "placeholder", "Bakery, CAP coiffure…"],
  ["#lieu", "placeholder", "All of France"],
  ["#liste-metier", "aria-label", "Suggestions"],
  ["#liste-lieu", "aria-label", "Suggestions"],
  ["#position", "aria-label", "Around me"],
  ["#position", "title", "Around me"],
];

/** Puts the template into English. @param {import("../js/ui/query.js").Scope} perimeter */
export function translate(perimeter) {
  for (const [selector, text] of Object.entries({ ...template, h1: headings[perimeter] })) {
    const first = document.querySelector(selector)?.firstChild;
    if (first) first.textContent = text;
  }
  for (const [selector, name, value] of attributes) document.querySelector(selector)?.setAttribute(name, value);
  document.title = `${headings[perimeter]} - Balise`;
}

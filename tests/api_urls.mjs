/**
 * URLs of the V1 API over all routes, right and wrong ones, made from a seed: what tests ask natively, in Node and of the
 * service worker.
 */

const places = [
  [48.85, 2.35],
  [48.11, -1.68],
  [45.76, 4.83],
  [43.3, 5.37],
  [41.92, 8.74],
  [-20.88, 55.45],
  [4.93, -52.33],
  [14.6, -61.07],
  [46.5, 2.5],
  [47.5, -10],
];
const romes = ["F1701", "F1702", "F1703", "f1705", "D1102", "M1805", "G1602", "K1304", "N4101", "A1414", "D1202"];

/** What a visitor may send where a number, a code or a list is wanted. */
const rubbish = [
  "",
  "%20",
  "abc",
  "-1",
  "1e1",
  "1e400",
  "0x10",
  "91",
  "200.9",
  "20000",
  "99999",
  "NaN",
  "ABCDE",
  "F1702,",
  ",F1702",
  "F1702;F1703",
  "%C3%A9",
  "%ff",
  "%",
  "%zz",
  "a%00b",
  "%3Cscript%3E",
  "'%22--",
  "2A",
  "2B033",
  "975",
  "05",
  "lba,lbc",
  "é",
  "+",
  Array(25).fill("F1702").join(","),
];

/** @param {number} seed @returns {(limit: number) => number} whole numbers below the limit, the same in every run */
function numbers(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/**
 * @typedef {{route: string, url: string}} ApiUrl
 * @param {number} count
 * @param {{formations: string[], offres: string[], matcha: string[], lba: string[]}} ids some that exist, by source
 * @returns {ApiUrl[]}
 */
export function apiUrls(count, ids) {
  const below = numbers(20261121);
  /** @template T @param {readonly T[]} list @returns {T} */
  const one = (list) => /** @type {T} */ (list[below(list.length)]);
  const searches = ["formations", "formationsParRegion", "jobs", "jobsEtFormations"];
  const byId = /** @type {const} */ ([
    ["formations/formation", "formations"],
    ["jobs/job", "offres"],
    ["jobs/matcha", "matcha"],
    ["jobs/company", "lba"],
  ]);
  const lookups = [
    ["metiers", () => `title=${one(["web", "boulange", "aide+soignant", "é", "", "zzz"])}`],
    ["metiers", () => `romes=${one(romes)}&title=${one(["", "a"])}`],
    ["metiers", () => `rncps=${one(["RNCP31114", "RNCP1", ""])}`],
    ["metiers/all", () => ""],
    ["metiers/intitule", () => one(["label=boulanger", "label=", "", "label=dev%20web"])],
    ["metiers/metiersParFormation/40025214", () => ""],
    ["metiers/metiersParEtablissement/00289416000049", () => ""],
    ["communes", () => one(["nom=saint+denis", "codePostal=93200", "codePostal=9", "insee=75056", "nom=", "limit=3"])],
  ];
  /** @param {string} name @param {() => string} right @param {number} often out of 12 */
  const parameter = (name, right, often) => {
    if (below(12) >= often) return [];
    return [`${name}=${below(9) === 0 ? one(rubbish) : right()}`];
  };
  const search = () => {
    const route = one(searches);
    const [lat, lon] = /** @type {[number, number]} */ (one(places));
    const isPlaced = below(3) !== 0;
    const parameters = [
      ...parameter("caller", () => "test%40example.org", 11),
      ...parameter("romes", () => Array.from({ length: 1 + below(4) }, () => one(romes)).join(one([",", "%2C"])), 10),
      ...parameter("romeDomain", () => one(["F", "F17", "d11", "M"]), 1),
      ...parameter("latitude", () => (lat + (below(200) - 100) / 1000).toFixed(3), isPlaced ? 12 : 0),
      ...parameter("longitude", () => (lon + (below(200) - 100) / 1000).toFixed(3), isPlaced ? 12 : 0),
      ...parameter("radius", () => one(["0", "10", "30", "60", "100", "200", "20000"]), isPlaced ? 11 : 1),
      ...parameter("diploma", () => one(["3", "4xxx", "5 (BTS, DEUST...)", "6", "7"]).replaceAll(" ", "+"), 3),
      ...parameter("insee", () => one(["75056", "35238", "2A004", "97411"]), 2),
      ...parameter("sources", () => one(["lba", "offres,matcha", "lbb", "matcha,lba,lbb", "formations"]), 3),
      ...parameter("region", () => one(["11", "53", "94", "04"]), route === "formationsParRegion" ? 4 : 1),
      ...parameter("departement", () => one(["75", "20", "2A", "974", "97"]), route === "formationsParRegion" ? 4 : 1),
      ...parameter("opco", () => one(["akto", "OPCO2I", "nosuch"]), 1),
      ...parameter("foo", () => "1", 1),
    ];
    return { route, url: `/api/V1/${route}${parameters.length > 0 ? "?" : ""}${parameters.join("&")}` };
  };
  const item = () => {
    const [route, source] = one(byId);
    const id = below(4) === 0 ? one(rubbish.slice(1)) : encodeURIComponent(one(ids[source]));
    return { route, url: `/api/v1/${route}/${id}${one(["", "?type=lba", "?type=lbb"])}` };
  };
  const lookup = () => {
    const [route, query] = /** @type {[string, () => string]} */ (one(lookups));
    return { route: route.replace(/\/[^/]*\d+$/, ""), url: `/api/V1/${route}?${query()}` };
  };
  const old = () => {
    const [route, query] = one([
      ["romelabels", () => `title=${one(["web", "b", "", "coiff"])}`],
      ["jobsdiplomas", () => one(["romes=F1702", "", "romes=F1702&rncps=RNCP1", "romes=D1102,D1104&rncps=RNCP1"])],
    ]);
    return { route: String(route), url: `/api/${route}?${/** @type {() => string} */ (query)()}` };
  };
  const other = () => ({
    route: "none",
    url: `/api/${one(["V1/", "V1/nothing", "V1/formations/", "V1/jobs/job", "V2/x"])}`,
  });
  return Array.from({ length: count }, () =>
    one([search, search, search, search, search, item, item, lookup, old, other])(),
  );
}

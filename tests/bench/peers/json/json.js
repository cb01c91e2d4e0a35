import { begin, byRank, distanceUm, fetchOk, metresOf, romeNumber, touches, wanted } from "/page.js";

const regions = fetchOk("/data/regions.json").then((response) => response.json());
const tables = new Map();

function load(region) {
  if (!tables.has(region))
    tables.set(
      region,
      fetchOk(`/data/${region}.json`).then((response) => response.json()),
    );
  return tables.get(region);
}

begin(async (query) => {
  const near = Object.entries(await regions).filter(([, box]) => touches(query, box));
  const asked = new Set(query.romes.map(romeNumber));
  const hits = [];
  for (const table of await Promise.all(near.map(([region]) => load(region)))) {
    for (let i = 0; i < table.order.length; ++i) {
      if (asked.size > 0 && !table.romes[i].some((rome) => asked.has(rome))) continue;
      const um = distanceUm(query, table.lat[i], table.lon[i]);
      if (um <= query.radius * 1e9) hits.push({ metres: metresOf(um), order: table.order[i], table, i });
    }
  }
  hits.sort(byRank);
  return hits.slice(0, wanted).map(({ metres, table, i }) => ({
    metres,
    source: table.source[i],
    id: table.id[i],
    title: table.title[i],
    company: table.company[i],
    postal_code: table.postal_code[i],
    city: table.city[i],
  }));
});

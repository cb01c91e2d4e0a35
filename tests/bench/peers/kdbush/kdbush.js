import { around } from "geokdbush";
import KDBush from "kdbush";
import { begin, byRank, distanceUm, fetchOk, metresOf, romeNumber, touches, wanted } from "/page.js";

const list = fetchOk("/data/regions.json").then((response) => response.json());
const regions = new Map();
const pages = new Map();

function reader(bytes, at = 0) {
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const signed = () => {
    const value = varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  };
  return { varint, signed, at: () => at };
}

async function open(code) {
  const bytes = new Uint8Array(await (await fetchOk(`/data/${code}.bin`)).arrayBuffer());
  const head = reader(bytes);
  const count = head.varint();
  const lengths = [head.varint(), head.varint(), head.varint(), head.varint()];
  let from = head.at();
  const [lats, lons, orders, romeLists] = lengths.map((length) => {
    const column = reader(bytes, from);
    from += length;
    return column;
  });
  const region = {
    code,
    lat: new Int32Array(count),
    lon: new Int32Array(count),
    order: new Uint32Array(count),
    romes: [],
  };
  const index = new KDBush(count);
  let lat = 0;
  let lon = 0;
  let order = 0;
  for (let i = 0; i < count; ++i) {
    region.lat[i] = lat += lats.signed();
    region.lon[i] = lon += lons.signed();
    region.order[i] = order += orders.varint();
    const romes = [];
    for (let n = romeLists.varint(), rome = 0; n > 0; --n) romes.push((rome += romeLists.varint()));
    region.romes.push(romes);
    index.add(lon / 1e5, lat / 1e5);
  }
  region.index = index.finish();
  return region;
}

function load(code) {
  if (!regions.has(code)) regions.set(code, open(code));
  return regions.get(code);
}

function page(code, number) {
  const path = `/data/${code}/${number}.json`;
  if (!pages.has(path))
    pages.set(
      path,
      fetchOk(path).then((response) => response.json()),
    );
  return pages.get(path);
}

begin(async (query) => {
  const { page_size, sources, regions: boxes } = await list;
  const near = Object.keys(boxes).filter((code) => touches(query, boxes[code]));
  const asked = new Set(query.romes.map(romeNumber));
  const hits = [];
  for (const region of await Promise.all(near.map(load))) {
    const matches = (i) => asked.size === 0 || region.romes[i].some((rome) => asked.has(rome));
    const exact = (i) => distanceUm(query, region.lat[i], region.lon[i]);
    // The library counts on a sphere of 6371 km and knows no order of equals: a metre more than the twentieth, then exact.
    const first = around(region.index, query.lon, query.lat, wanted, query.radius + 0.001, matches);
    if (first.length === 0) continue;
    const reach_km = Math.min(query.radius, first.length < wanted ? query.radius : exact(first.at(-1)) / 1e9) + 0.001;
    for (const i of around(region.index, query.lon, query.lat, Infinity, reach_km, matches)) {
      const um = exact(i);
      if (um <= query.radius * 1e9) hits.push({ metres: metresOf(um), order: region.order[i], code: region.code, i });
    }
  }
  hits.sort(byRank);
  return Promise.all(
    hits.slice(0, wanted).map(async ({ metres, code, i }) => {
      const card = (await page(code, Math.floor(i / page_size))).map((column) => column[i % page_size]);
      const [source, id, title, company, , postal_code, city] = card;
      return { metres, source: sources[source], id, title, company, postal_code, city };
    }),
  );
});

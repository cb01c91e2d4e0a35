import { begin, boxOf, byRank, distanceUm, metresOf, romeNumber, wanted } from "/page.js";
import { AsyncDuckDB, ConsoleLogger, LogLevel } from "/duckdb-browser.js";

async function open() {
  const database = new AsyncDuckDB(new ConsoleLogger(LogLevel.ERROR), new Worker("/duckdb-browser-eh.worker.js"));
  await database.instantiate("/duckdb-eh.wasm");
  await database.open({ filesystem: { allowFullHTTPReads: false } });
  return database.connect();
}
const opening = open();

/** Circles that grow until they hold twenty hits, or are the one that was asked for. */
const radii_km = [10, 30, 60, 100];
const row = (degrees) => Math.floor((degrees + 90) * 10);
const column = (degrees) => Math.floor((degrees + 180) * 10);
const file = (name) => `'${location.origin}/data/${name}.parquet'`;

begin(async (query) => {
  const connection = await opening;
  const romes = query.romes.length > 0 ? query.romes.map(romeNumber) : [0];
  let hits = [];
  for (const radius of [...radii_km.filter((km) => km < query.radius), query.radius]) {
    const box = boxOf(query, radius);
    // Row groups are left out by least and greatest value: one range a ROME, then the rows of cells in it.
    const found = new Map();
    const ranges = romes.map(
      (rome) => `select ord, lat, lon from ${file("entry")} where rome = ${rome}
        and cell between ${row(box.minLat) * 3600 + column(box.minLon)} and ${row(box.maxLat) * 3600 + column(box.maxLon)}
        and cell % 3600 between ${column(box.minLon)} and ${column(box.maxLon)}`,
    );
    for (const { ord, lat, lon } of await connection.query(ranges.join(" union all "))) {
      const um = distanceUm(query, lat, lon);
      if (um <= radius * 1e9) found.set(ord, { order: ord, metres: metresOf(um) });
    }
    hits = [...found.values()].sort(byRank);
    if (hits.length >= wanted && hits[wanted - 1].metres < radius * 1000 - 1) break;
  }
  hits = hits.slice(0, wanted);
  if (hits.length === 0) return [];
  // One statement a card, so that only the row groups that hold them are read.
  const sql = hits.map(
    ({ order }) =>
      `select ord, source, id, title, company, postal_code, city from ${file("card")} where ord = ${order}`,
  );
  const cards = new Map();
  for (const card of await connection.query(sql.join(" union all "))) cards.set(card.ord, card.toJSON());
  return hits.map(({ order, metres }) => ({ ...cards.get(order), metres }));
});

import { begin, boxOf, byRank, distanceUm, metresOf, romeNumber, wanted } from "/page.js";

const opening = globalThis.createDbWorker(
  [{ from: "inline", config: { serverMode: "full", url: "/data/records.sqlite3", requestChunkSize: 4096 } }],
  "/sqlite.worker.js",
  "/sql-wasm.wasm",
);

/** Circles that grow until they hold twenty hits, or are the one that was asked for. */
const radii_km = [3, 10, 30, 60, 100];
const row = (degrees) => Math.floor((degrees + 90) * 10);
const column = (degrees) => Math.floor((degrees + 180) * 10);

begin(async (query) => {
  const { db } = await opening;
  const romes = query.romes.length > 0 ? query.romes.map(romeNumber) : [0];
  let hits = [];
  for (const radius of [...radii_km.filter((km) => km < query.radius), query.radius]) {
    const box = boxOf(query, radius);
    const ranges = [];
    for (let y = row(box.minLat); y <= row(box.maxLat); ++y)
      ranges.push(`cell between ${y * 3600 + column(box.minLon)} and ${y * 3600 + column(box.maxLon)}`);
    // One probe of the primary key a ROME and row of cells.
    const sql = romes.flatMap((rome) =>
      ranges.map((range) => `select ord, lat, lon from entry where rome = ${rome} and ${range}`),
    );
    const found = new Map();
    // SQLite takes at most 500 parts of a compound.
    for (let i = 0; i < sql.length; i += 400)
      for (const { ord, lat, lon } of await db.query(sql.slice(i, i + 400).join(" union all "))) {
        const um = distanceUm(query, lat, lon);
        if (um <= radius * 1e9) found.set(ord, { order: ord, metres: metresOf(um) });
      }
    hits = [...found.values()].sort(byRank);
    // The last metre of a circle may have equals outside of it.
    if (hits.length >= wanted && hits[wanted - 1].metres < radius * 1000 - 1) break;
  }
  hits = hits.slice(0, wanted);
  const cards = await db.query(
    `select ord, source, id, title, company, postal_code, city from card where ord in (${hits.map(({ order }) => order).join(",")})`,
  );
  const byOrder = new Map(cards.map((card) => [card.ord, card]));
  return hits.map(({ order, metres }) => ({ ...byOrder.get(order), metres }));
});

import { begin, boxOf, byRank, distanceUm, metresOf, wanted } from "/page.js";

/** The format knows boxes only: circles that grow until they hold twenty hits, or are the one that was asked for. */
const radii_km = [3, 10, 30, 60, 100];

begin(async (query) => {
  const asked = new Set(query.romes);
  let hits = [];
  for (const radius of [...radii_km.filter((km) => km < query.radius), query.radius]) {
    const { minLat, maxLat, minLon, maxLon } = boxOf(query, radius);
    const box = { minX: minLon, minY: minLat, maxX: maxLon, maxY: maxLat };
    hits = [];
    for await (const { geometry, properties } of globalThis.flatgeobuf.deserialize("/data/records.fgb", {
      rect: box,
    })) {
      if (asked.size > 0 && !properties.romes.split(",").some((rome) => asked.has(rome))) continue;
      const [lon, lat] = geometry.coordinates;
      const um = distanceUm(query, Math.round(lat * 1e5), Math.round(lon * 1e5));
      if (um <= radius * 1e9) hits.push({ ...properties, metres: metresOf(um) });
    }
    hits.sort(byRank);
    if (hits.length >= wanted && hits[wanted - 1].metres < radius * 1000 - 1) break;
  }
  return hits.slice(0, wanted);
});

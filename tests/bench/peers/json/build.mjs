// One brotli file of JSON columns a region, scanned from end to end.

import { join } from "node:path";
import { grow, readRecords, romeNumber, writeBoth, writePage } from "../tools.mjs";

export const title = "JSON by région, brotli, linear scan";

const columns = ["order", "source", "id", "title", "company", "address", "postal_code", "city", "level", "created"];

export async function build({ records, folder }) {
  const regions = {};
  const open = new Map();
  for await (const record of readRecords(records)) {
    let table = open.get(record.region);
    if (!table) {
      table = Object.fromEntries([...columns, "romes", "lat", "lon"].map((name) => [name, []]));
      open.set(record.region, table);
    }
    for (const name of columns) table[name].push(record[name]);
    table.romes.push(record.romes.map(romeNumber));
    table.lat.push(record.lat_e5);
    table.lon.push(record.lon_e5);
    regions[record.region] = grow(regions[record.region], record);
  }
  for (const [region, table] of open) await writeBoth(join(folder, "data", `${region}.json`), JSON.stringify(table));
  await writeBoth(join(folder, "data", "regions.json"), JSON.stringify(regions), 11);
  await writePage(folder, "json");
}

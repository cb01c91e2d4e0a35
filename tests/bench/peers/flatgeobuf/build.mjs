// One FlatGeobuf of the whole country, with its packed Hilbert R-tree, read by box over Range.

import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { readRecords, writePage } from "../tools.mjs";

export const title = "FlatGeobuf over Range";

export async function build({ records, folder }) {
  await mkdir(join(folder, "data"), { recursive: true });
  const lines = join(folder, "records.geojsonl");
  const output = createWriteStream(lines);
  for await (const { lat_e5, lon_e5, romes, region, departement, ...properties } of readRecords(records)) {
    const feature = {
      type: "Feature",
      properties: { ...properties, romes: romes.join(",") },
      geometry: { type: "Point", coordinates: [lon_e5 / 1e5, lat_e5 / 1e5] },
    };
    if (!output.write(`${JSON.stringify(feature)}\n`)) await once(output, "drain");
  }
  output.end();
  await once(output, "finish");
  // The JavaScript writer of the package makes no index; its documentation points to GDAL.
  await promisify(execFile)("ogr2ogr", [
    "-f",
    "FlatGeobuf",
    "-lco",
    "SPATIAL_INDEX=YES",
    join(folder, "data", "records.fgb"),
    `GeoJSONSeq:${lines}`,
  ]);
  await rm(lines);
  await writePage(
    folder,
    "flatgeobuf",
    { "flatgeobuf-geojson.min.js": "flatgeobuf/dist/flatgeobuf-geojson.min.js" },
    '<script src="/flatgeobuf-geojson.min.js"></script>',
  );
}

// Two Parquet files read over Range by DuckDB-WASM: entries sorted by ROME and cell, cards by rank.

import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { here, modules, readRecords, romeNumber, spent, writePage } from "../tools.mjs";

export const title = "DuckDB-WASM 1.28 over Parquet (the last one that brings Parquet along)";

const cellOf = ({ lat_e5, lon_e5 }) =>
  Math.floor((lat_e5 + 9_000_000) / 10_000) * 3600 + Math.floor((lon_e5 + 18_000_000) / 10_000);

export async function build({ records, folder }) {
  const data = join(folder, "data");
  await mkdir(data, { recursive: true });
  const files = { entry: join(folder, "entry.csv"), card: join(folder, "card.csv") };
  const entries = createWriteStream(files.entry);
  const cards = createWriteStream(files.card);
  const put = async (stream, line) => {
    if (!stream.write(line)) await once(stream, "drain");
  };
  const text = (value) => `"${String(value).replaceAll('"', '""')}"`;
  for await (const record of readRecords(records)) {
    const {
      order,
      source,
      id,
      title: name,
      company,
      address,
      postal_code,
      city,
      level,
      created,
      lat_e5,
      lon_e5,
    } = record;
    const cell = cellOf(record);
    await put(
      entries,
      [0, ...record.romes.map(romeNumber)].map((rome) => `${rome},${cell},${order},${lat_e5},${lon_e5}\n`).join(""),
    );
    await put(
      cards,
      `${order},${[source, id, name, company, address, postal_code, city].map(text).join(",")},${level},${text(created)}\n`,
    );
  }
  for (const stream of [entries, cards]) {
    stream.end();
    await once(stream, "finish");
  }
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  // Sorted by what is filtered on, in row groups small enough to be fetched and numerous enough to be left out.
  await connection.run(`copy (select * from read_csv('${files.entry}', header = false, columns = {rome: 'integer', cell: 'integer',
    ord: 'integer', lat: 'integer', lon: 'integer'}) order by rome, cell, ord)
    to '${join(data, "entry.parquet")}' (format parquet, compression zstd, row_group_size 8192)`);
  await connection.run(`copy (select * from read_csv('${files.card}', header = false, columns = {ord: 'integer', source: 'varchar',
    id: 'varchar', title: 'varchar', company: 'varchar', address: 'varchar', postal_code: 'varchar', city: 'varchar',
    level: 'tinyint', created: 'varchar'}) order by ord)
    to '${join(data, "card.parquet")}' (format parquet, compression zstd, row_group_size 4096)`);
  connection.closeSync();
  for (const file of Object.values(files)) await rm(file);

  const begin = performance.now();
  const { build: bundle } = await import("esbuild");
  const bundled = join(modules, ".duckdb-bundle.js");
  await bundle({
    entryPoints: [join(modules, "@duckdb/duckdb-wasm/dist/duckdb-browser.mjs")],
    bundle: true,
    minify: true,
    format: "esm",
    outfile: bundled,
    nodePaths: [modules],
    absWorkingDir: here,
    logLevel: "error",
  });
  spent.program_seconds += (performance.now() - begin) / 1000;
  await writePage(folder, "duckdb", {
    "duckdb-browser.js": ".duckdb-bundle.js",
    "duckdb-browser-eh.worker.js": "@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js",
    "duckdb-eh.wasm": "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm",
  });
}

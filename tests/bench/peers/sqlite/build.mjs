// A SQLite file read page by page over Range, by sql.js-httpvfs: entries clustered by ROME and cell, cards by rank.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readRecords, romeNumber, writePage } from "../tools.mjs";

export const title = "SQLite in WebAssembly over Range (sql.js-httpvfs)";

const text = (value) => `'${String(value).replaceAll("'", "''")}'`;
/** A tenth of a degree, row by row: a box of cells is one range of keys a row. */
const cellOf = ({ lat_e5, lon_e5 }) =>
  Math.floor((lat_e5 + 9_000_000) / 10_000) * 3600 + Math.floor((lon_e5 + 18_000_000) / 10_000);

export async function build({ records, folder }) {
  await mkdir(join(folder, "data"), { recursive: true });
  const sqlite = spawn("sqlite3", ["-batch", join(folder, "data", "records.sqlite3")], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const closed = once(sqlite, "close");
  const put = async (sql) => {
    if (!sqlite.stdin.write(sql)) await once(sqlite.stdin, "drain");
  };
  // What the README of sql.js-httpvfs asks for: no journal, a vacuum at the end. Its pages of 1,024 bytes were not tried.
  await put(`pragma journal_mode = off; pragma synchronous = off; pragma page_size = 4096; pragma temp_store = memory;
create table raw(rome, cell, ord, lat, lon);
create table entry(rome integer, cell integer, ord integer, lat integer, lon integer, primary key(rome, cell, ord)) without rowid;
create table card(ord integer primary key, source text, id text, title text, company text, address text,
  postal_code text, city text, level integer, created text);
begin;
`);
  for await (const record of readRecords(records)) {
    const cell = cellOf(record);
    // ROME 0 stands for "any".
    const rows = [0, ...record.romes.map(romeNumber)].map(
      (rome) => `(${rome},${cell},${record.order},${record.lat_e5},${record.lon_e5})`,
    );
    const { source, id, title: name, company, address, postal_code, city, level, created } = record;
    const card = [source, id, name, company, address, postal_code, city].map(text).join(",");
    await put(`insert into raw values ${rows.join(",")};
insert into card values (${record.order},${card},${level},${text(created)});
`);
  }
  await put(`commit;
insert into entry select * from raw order by rome, cell, ord;
drop table raw;
analyze;
vacuum;
`);
  sqlite.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`sqlite3 ended with ${code}`);
  await writePage(
    folder,
    "sqlite",
    {
      "sql.js-httpvfs.js": "sql.js-httpvfs/dist/index.js",
      "sqlite.worker.js": "sql.js-httpvfs/dist/sqlite.worker.js",
      "sql-wasm.wasm": "sql.js-httpvfs/dist/sql-wasm.wasm",
    },
    '<script src="/sql.js-httpvfs.js"></script>',
  );
}

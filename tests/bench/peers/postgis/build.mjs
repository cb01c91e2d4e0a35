// PostgreSQL with PostGIS as a server of its own: a private cluster, a unix socket, prepared statements.

import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readRecords, romeNumber } from "../tools.mjs";

export const title = "PostgreSQL 15, PostGIS: GiST and GIN, on the same machine";

const run = promisify(execFile);
const programs = "/usr/lib/postgresql/15/bin";
const earth = 6371008.8;

const schema = `
create extension if not exists postgis;
create extension if not exists intarray;
create extension if not exists btree_gist;
drop table if exists record;
create unlogged table record (ord integer not null, source text not null, id text not null, title text not null, company text not null,
  address text not null, postal_code text not null, city text not null, level smallint not null, created text not null,
  romes integer[] not null, lat_e5 integer not null, lon_e5 integer not null);
`;

/** Which of the two indexes serves a search is left to the planner, which knows how rare its ROMEs are. */
const indexes = `
alter table record add column place geography(point, 4326);
update record set place = st_setsrid(st_makepoint(lon_e5 / 1e5, lat_e5 / 1e5), 4326)::geography;
vacuum full record;
alter table record add primary key (ord);
create index on record using gist (place);
create index on record using gin (romes gin__int_ops);
create index on record using gist (place, romes gist__intbig_ops);
analyze record;
`;

/** Metres on the sphere of interface.md, from the rounded position; equals by the fixed order. */
const distance = `(2 * ${earth} * asin(sqrt(power(sin(radians(lat_e5 / 1e5 - $1) / 2), 2) +
  cos(radians($1)) * cos(radians(lat_e5 / 1e5)) * power(sin(radians(lon_e5 / 1e5 - $2) / 2), 2))))`;
const point = "st_setsrid(st_makepoint($2, $1), 4326)::geography";

/**
 * Exact and by the index: some n in the order of the index give a circle that surely holds the first n; those in it are
 * ranked. `<->` alone would know neither whole metres nor the order of equals.
 */
function statement(withRomes, source) {
  const condition = `${withRomes ? "romes && $4::int[] and " : ""}${source ? `source = '${source}' and ` : ""}`;
  const limit = source ? 150 : 20;
  return `with reach as materialized (
      select case when count(*) < ${limit} then $3::float8 * 1000 else least($3::float8 * 1000, max(metres)) end + 1 as metres
      from (select ${distance} as metres from record where ${condition}st_dwithin(place, ${point}, $3::float8 * 1000 + 1, false)
        order by place <-> ${point} limit ${limit}) nearest)
    select ord, source, id, title, company, address, postal_code, city, level, created, floor(near.metres + 0.5)::int as metres
    from reach, lateral (select *, ${distance} as metres from record
      where ${condition}st_dwithin(place, ${point}, reach.metres, false)) near
    where near.metres <= $3::float8 * 1000 order by floor(near.metres + 0.5), ord limit ${limit}`;
}

async function load(folder, records) {
  const psql = spawn(
    join(programs, "psql"),
    ["-q", "-v", "ON_ERROR_STOP=1", "-h", folder.socket, "-U", "bench", "-d", "postgres"],
    {
      stdio: ["pipe", "ignore", "inherit"],
    },
  );
  const closed = once(psql, "close");
  psql.stdin.write(`${schema}\\copy record from pstdin\n`);
  const text = (value) => String(value).replace(/[\\\t\n\r]/g, " ");
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
      romes,
      lat_e5,
      lon_e5,
    } = record;
    const row = [
      order,
      source,
      id,
      name,
      company,
      address,
      postal_code,
      city,
      level,
      created,
      `{${romes.map(romeNumber).join(",")}}`,
      lat_e5,
      lon_e5,
    ];
    if (!psql.stdin.write(`${row.map(text).join("\t")}\n`)) await once(psql.stdin, "drain");
  }
  psql.stdin.end(`\\.\n${indexes}`);
  const [code] = await closed;
  if (code !== 0) throw new Error(`psql ended with ${code}`);
}

/** PostgreSQL refuses to run as root: then it runs as its own user. */
function asServer(command, args) {
  return process.getuid?.() === 0
    ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", command, ...args]]
    : [command, args];
}

export async function measure({ records, folder, searches, oracle, isRight }) {
  if (!existsSync(join(programs, "initdb"))) throw new Error("PostgreSQL 15 is not installed");
  const { default: pg } = await import("pg");
  await mkdir(folder, { recursive: true });
  const data = join(folder, "cluster");
  await rm(data, { recursive: true, force: true });
  await mkdir(data);
  // A path of a socket must be short.
  const socket = await mkdtemp(join(tmpdir(), "balise-pg-"));
  if (process.getuid?.() === 0) execFileSync("chown", ["postgres:postgres", data, socket]);
  await chmod(data, 0o700);
  const inData = async (program, args) => {
    const [command, rest] = asServer(join(programs, program), args);
    return run(command, rest, { cwd: "/" });
  };
  await inData("initdb", ["-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
  const settings = [
    "listen_addresses=",
    `unix_socket_directories=${socket}`,
    "shared_buffers=1GB",
    "work_mem=64MB",
    "maintenance_work_mem=512MB",
    "effective_cache_size=4GB",
    "random_page_cost=1.1",
    "jit=off",
    "fsync=off",
    "max_wal_size=8GB",
  ];
  const [command, rest] = asServer(join(programs, "postgres"), [
    "-D",
    data,
    ...settings.flatMap((setting) => ["-c", setting]),
  ]);
  const server = spawn(command, rest, { stdio: "ignore", cwd: "/" });
  const gone = once(server, "close");
  let client;
  try {
    for (let tries = 0; ; ++tries) {
      try {
        await run(join(programs, "pg_isready"), ["-h", socket, "-U", "bench"]);
        break;
      } catch (error) {
        if (tries > 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    const begin = performance.now();
    await load({ socket }, records);
    const seconds = (performance.now() - begin) / 1000;
    client = new pg.Client({ host: socket, user: "bench", database: "postgres" });
    await client.connect();
    const size = await client.query(
      "select pg_total_relation_size('record')::float8 as bytes, version(), postgis_lib_version() as postgis",
    );
    const measured = {
      build: { seconds },
      bytes: size.rows[0].bytes,
      version: `${size.rows[0].version.split(" ").slice(0, 2).join(" ")}, PostGIS ${size.rows[0].postgis}`,
      wrong: 0,
      warm_ms: [],
      warm_all_ms: [],
    };
    // Server time alone would spare it the way to a program; a prepared statement over a socket is how one would ask it.
    const ask = ({ lat, lon, radius, romes }, source) => {
      const values = [lat, lon, radius, ...(romes.length > 0 ? [romes.map(romeNumber)] : [])];
      return client.query({
        name: `${romes.length > 0}${source ?? ""}`,
        text: statement(romes.length > 0, source),
        values,
      });
    };
    const timed = async (work) => {
      let best = Infinity;
      for (let round = 0; round < 4; ++round) {
        const start = performance.now();
        await work();
        best = Math.min(best, performance.now() - start);
      }
      return best;
    };
    for (const [i, search] of searches.entries()) {
      const { rows } = await ask(search);
      if (!isRight(rows, oracle.answers[i].first)) ++measured.wrong;
      measured.warm_ms.push(await timed(() => ask(search)));
      for (const source of Object.keys(oracle.answers[i].ids)) {
        const all = await ask(search, source);
        if (JSON.stringify(all.rows.map(({ id }) => id)) !== JSON.stringify(oracle.answers[i].ids[source]))
          ++measured.wrong;
      }
      measured.warm_all_ms.push(
        await timed(async () => {
          for (const source of Object.keys(oracle.answers[i].ids)) await ask(search, source);
        }),
      );
    }
    return measured;
  } finally {
    await client?.end();
    server.kill("SIGINT");
    await gone;
    await rm(socket, { recursive: true, force: true });
    await rm(data, { recursive: true, force: true });
  }
}

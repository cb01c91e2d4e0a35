// docs/BENCHMARKS.md from results.json: node report.mjs RESULTS > FILE writes it again.

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { networks } from "./browser.mjs";
import { medianAndP95, percentile } from "./statistics.mjs";

const sum = (list) => list.reduce((total, value) => total + value, 0);
const grouped = (value, digits = 0) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

function bytes(value) {
  if (value >= 9_950_000) return `${grouped(value / 1e6)} MB`;
  if (value >= 99_500) return `${grouped(value / 1e6, 2)} MB`;
  return `${grouped(value / 1e3, value < 9_950 ? 1 : 0)} kB`;
}

function ms(value) {
  if (value >= 9_950) return `${grouped(value / 1e3, 1)} s`;
  if (value >= 1_000) return `${grouped(value / 1e3, 2)} s`;
  return `${grouped(value, value < 10 ? 2 : 0)} ms`;
}

const both = (list, format) => {
  if (list.length === 0) return "–";
  const { median, p95 } = medianAndP95(list);
  return `${format(median)} / ${format(p95)}`;
};

function table(head, rows) {
  return [
    `| ${head.join(" | ")} |`,
    `|${head.map((_, i) => (i === 0 ? "---" : "---:")).join("|")}|`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

/** "0.42" of the smallest median among the others; under 1 is better than the best of them. */
function ratio(own, others) {
  const best = Math.min(...others.filter((value) => value !== undefined && Number.isFinite(value)));
  return Number.isFinite(best) && own !== undefined ? grouped(own / best, 2) : "–";
}

const done = (rows) => rows.filter(({ failed }) => !failed);
const medianOf = (list) => (list.length > 0 ? percentile(list, 0.5) : undefined);

/** Rows of Balise and of the peers that ran in the browser: [name, what was measured]. */
function inBrowser(results) {
  const peers = Object.entries(results.peers)
    .filter(([, peer]) => peer.browser)
    .map(([, peer]) => [peer.title, peer.browser]);
  return [["**Balise**", results.balise.browser], ...peers];
}

function coldTable(results, network) {
  const rows = inBrowser(results).map(([name, { networks: measured }]) => [
    name,
    measured[network],
    done(measured[network]),
  ]);
  const lines = rows.map(([name, all, ok]) => {
    const lost = all.length - ok.length;
    return [
      name + (lost > 0 ? ` (${lost} of ${all.length} not done in time)` : ""),
      both(
        ok.map((row) => row.bytes),
        bytes,
      ),
      both(
        ok.map((row) => row.header_bytes),
        bytes,
      ),
      both(
        ok.map((row) => row.requests),
        grouped,
      ),
      both(
        ok.map((row) => row.ms),
        ms,
      ),
    ];
  });
  // Medians are compared over the searches that all were asked: on slow networks the peers are asked fewer.
  const isCommon = ({ search }) => rows.every(([, all]) => all.some((row) => row.search === search));
  const column = (get) => rows.map(([, , ok]) => medianOf(ok.filter(isCommon).map(get)));
  const [ownBytes, ...otherBytes] = column((row) => row.bytes);
  const [ownRequests, ...otherRequests] = column((row) => row.requests);
  const [ownMs, ...otherMs] = column((row) => row.ms);
  lines.push([
    "Balise ÷ best peer, medians over the same searches",
    ratio(ownBytes, otherBytes),
    "",
    ratio(ownRequests, otherRequests),
    ratio(ownMs, otherMs),
  ]);
  return table(["median / p95", "bytes", "headers", "requests", "time to 20 cards"], lines);
}

function nextTable(results) {
  const rows = inBrowser(results).map(([name, { networks: measured }]) => [
    name,
    done(measured.none)
      .map(({ second }) => second)
      .filter(Boolean),
  ]);
  const lines = rows.map(([name, ok]) => [
    name,
    both(
      ok.map((row) => row.bytes),
      bytes,
    ),
    both(
      ok.map((row) => row.requests),
      grouped,
    ),
    both(
      ok.map((row) => row.ms),
      ms,
    ),
  ]);
  const [own, ...others] = rows.map(([, ok]) => medianOf(ok.map((row) => row.bytes)));
  const [ownMs, ...otherMs] = rows.map(([, ok]) => medianOf(ok.map((row) => row.ms)));
  lines.push(["Balise ÷ best peer, medians", ratio(own, others), "", ratio(ownMs, otherMs)]);
  return table(["median / p95", "bytes", "requests", "time, unthrottled"], lines);
}

function warmTable(results) {
  const { balise, peers } = results;
  const rows = inBrowser(results).map(([name, { warm_ms }]) => [name, "browser, 20 cards", warm_ms]);
  const best = rows.slice(1).map(([, , list]) => medianOf(list));
  const asked = rows[0][2].length;
  const lines = rows.map(([name, what, list]) => [
    name + (list.length < asked ? ` (the first ${list.length} searches)` : ""),
    what,
    both(list, ms),
  ]);
  lines.push(["Balise ÷ best peer, medians", "browser, 20 cards", ratio(medianOf(rows[0][2]), best)]);
  lines.push(["**Balise**", "native, 20 cards", both(balise.native_first_20.warm_ms, ms)]);
  const server = peers.postgis?.warm_ms ? peers.postgis : undefined;
  if (server) lines.push([server.title, "native, 20 cards", both(server.warm_ms, ms)]);
  lines.push(["**Balise**", "native, 150 a source with all cards", both(balise.native_all.warm_ms, ms)]);
  if (server) {
    lines.push([server.title, "native, 150 a source with all cards", both(server.warm_all_ms, ms)]);
    lines.push([
      "Balise ÷ PostGIS, medians",
      "native, 20 cards",
      ratio(medianOf(balise.native_first_20.warm_ms), [medianOf(server.warm_ms)]),
    ]);
    lines.push([
      "Balise ÷ PostGIS, medians",
      "native, 150 a source",
      ratio(medianOf(balise.native_all.warm_ms), [medianOf(server.warm_all_ms)]),
    ]);
  }
  return table(["median / p95", "what", "time"], lines);
}

/** Of a build with its verification. */
const secondsOf = ({ build, verify }) => build.seconds + verify.seconds;
const peakOf = ({ build, verify }) => Math.max(build.peak_mb, verify.peak_mb);

function buildTable(results) {
  const { set, balise, peers } = results;
  const { build } = balise.build;
  const again = balise.build_again;
  const total = sum(Object.values(balise.sizes).map(({ sent_bytes }) => sent_bytes));
  const line = (name, time, peak, size) => [
    name,
    `${grouped(time, 1)} s`,
    grouped(set.records / time),
    peak ? `${grouped(peak)} MB` : "–",
    bytes(size),
    grouped(size / set.records, 1),
  ];
  const lines = [
    line("**Balise**, JSON to verified site", secondsOf(balise.build), peakOf(balise.build), total),
    line("the same once more, at the end of this run", secondsOf(again), peakOf(again), total),
    line("Balise, build alone", build.seconds, build.peak_mb, total),
  ];
  const times = [];
  for (const peer of Object.values(peers)) {
    if (!peer.build || !(peer.sizes ?? peer.bytes)) continue;
    times.push(peer.build.seconds);
    lines.push(
      line(
        `${peer.title}, from normalised records`,
        peer.build.seconds,
        peer.build.peak_mb,
        peer.sizes ? peer.sizes.data.sent_bytes : peer.bytes,
      ),
    );
  }
  const mean = (secondsOf(balise.build) + secondsOf(again)) / 2;
  lines.push(["Balise verified, mean of both, ÷ fastest peer", ratio(mean, times), "", "", "", ""]);
  return table(["", "time", "records/s", "peak memory", "size as sent", "bytes a record"], lines);
}

/** The same build on a larger set, beside the first. */
function scaleTable({ set, balise, larger }) {
  const line = (records, whole) => [
    grouped(records),
    `${grouped(whole.build.seconds, 1)} s + ${grouped(whole.verify.seconds, 1)} s`,
    grouped(records / secondsOf(whole)),
    `${grouped(peakOf(whole))} MB`,
  ];
  const perRecord = secondsOf(larger) / larger.set.records / (secondsOf(balise.build) / set.records);
  return table(
    ["records", "build + verify", "records/s", "peak memory"],
    [
      line(set.records, balise.build),
      line(larger.set.records, larger),
      ["larger ÷ first", `${grouped(perRecord, 2)} a record`, "", grouped(peakOf(larger) / peakOf(balise.build), 2)],
    ],
  );
}

function sizeTable({ set, balise }) {
  const kinds = Object.entries(balise.sizes).sort(([, a], [, b]) => b.sent_bytes - a.sent_bytes);
  const line = (name, list) => {
    const sent = sum(list.map(({ sent_bytes }) => sent_bytes));
    return [
      name,
      grouped(sum(list.map(({ files }) => files))),
      bytes(sum(list.map(({ plain_bytes }) => plain_bytes))),
      bytes(sent),
      grouped(sent / set.records, 1),
    ];
  };
  const lines = kinds.map(([name, kind]) => line(name, [kind]));
  lines.push(
    line(
      "**data without details**",
      kinds.filter(([name]) => name.startsWith("data:") && name !== "data: details").map(([, kind]) => kind),
    ),
  );
  lines.push(
    line(
      "**all data**",
      kinds.filter(([name]) => name.startsWith("data:")).map(([, kind]) => kind),
    ),
  );
  return table(["kind", "files", "as stored", "as sent (.br)", "bytes a record"], lines);
}

function nightTable({ night }) {
  const names = Object.keys(night.sizes);
  const line = (label, some) => {
    const of = (sizes, key) => sum(some.map((name) => sizes[name]?.[key] ?? 0));
    const both = (key) => {
      const all = of(night.sizes, key);
      const fresh = of(night.new_sizes, key);
      return [bytes(fresh), all > 0 ? `${grouped((fresh / all) * 100, 1)} %` : "–"];
    };
    return [
      label,
      `${grouped(of(night.new_sizes, "files"))} of ${grouped(of(night.sizes, "files"))}`,
      ...both("plain_bytes"),
      ...both("sent_bytes"),
    ];
  };
  return table(
    ["kind", "new files", "new bytes as stored", "share", "as sent (.br)", "share"],
    [
      ...names.map((name) => line(name, [name])),
      line(
        "**all data**",
        names.filter((name) => name.startsWith("data:")),
      ),
      line("**all**", names),
    ],
  );
}

function coldProfile({ balise }) {
  const rows = done(balise.browser.networks.none);
  const names = [...new Set(rows.flatMap(({ kinds }) => Object.keys(kinds)))];
  const means = names
    .map((name) => [name, sum(rows.map(({ kinds }) => kinds[name] ?? 0)) / rows.length])
    .sort(([, a], [, b]) => b - a);
  const total = sum(means.map(([, mean]) => mean));
  return table(
    ["what", "mean bytes", "share"],
    means.map(([name, mean]) => [name, bytes(mean), `${grouped((mean / total) * 100)} %`]),
  );
}

function checks(results) {
  const lines = inBrowser(results).map(([name, { wrong, failures, networks: measured }]) => [
    name,
    grouped(sum(Object.values(measured).map((rows) => rows.length))),
    grouped(wrong.length),
    grouped(failures.length),
  ]);
  lines.push([
    "**Balise**, native, all ids of all sources",
    grouped(results.balise.native_all.warm_ms.length),
    grouped(results.balise.native_all.wrong),
    "0",
  ]);
  const { postgis } = results.peers;
  if (postgis?.warm_ms)
    lines.push([
      `${postgis.title}, all ids of all sources`,
      grouped(postgis.warm_ms.length),
      grouped(postgis.wrong),
      "0",
    ]);
  for (const peer of Object.values(results.peers))
    if (peer.failed) lines.push([`${peer.title ?? "?"}: ${peer.failed}`, "0", "–", "–"]);
  return table(["", "cold searches", "wrong answers", "not done in time"], lines);
}

/** @param {any} results what run.mjs gathers */
export async function report(results) {
  const { machine, options, set, balise, night } = results;
  const slow = balise.browser.networks.slow.length;
  const slowPeers = Math.min(slow, Number(options["slow-peers"]));
  return `# Benchmarks

Written by \`tests/bench/run.sh\` on ${results.date}; nothing here is typed in by hand. All numbers are of one run, on one machine, one
process at a time: ${machine.cores} cores, ${machine.cpu}, ${machine.memory_gb} GB, ${machine.kernel}, ${machine.compiler}, node ${machine.node},
Chromium ${machine.chromium}${results.peers.postgis?.version ? `, ${results.peers.postgis.version}` : ""}; Balise at ${machine.commit}.

\`\`\`
tests/bench/run.sh --scale ${options.scale} --searches ${options.searches} --cold ${options.cold} --slow ${options.slow} --slow-peers ${options["slow-peers"]} --larger ${options.larger} --peers ${options.peers.join(",")} --seed ${options.seed}
\`\`\`

**Set**: made up by \`balise_bench_data\`, seed ${set.seed}, scale ${options.scale}: ${grouped(set.records)} records, ${bytes(set.bytes)} of JSON in the four source
formats (${Object.entries(set.files)
    .map(([name, { records }]) => `${name} ${grouped(records)}`)
    .join(", ")}), written in ${grouped(set.seconds, 1)} s.
**Searches**: ${options.searches}, three of four around a place drawn by its population, the others around any commune; 10, 30, 60 or 100 km; 1 to 20
occupations of one trade, or none (one in ten). With an empty cache ${balise.browser.networks.none.length} of them, on the throttled networks ${slow}, evenly drawn; the
peers are asked ${slowPeers} of those, as each takes minutes.
**Oracle**: a scan of the normalised records with Boost.Geometry. Every answer counted here was compared with it.

${checks(results)}

## First search, empty cache

From the address bar to twenty cards on the page (or all of them, where there are fewer): everything that the page needed, its own code
included. Bytes are those of the bodies that the host sent, compressed where the peer's set-up has it so; headers stand apart.

${["slow", "mobile", "none"].map((network) => `### ${networks[network].title}\n\n${coldTable(results, network)}`).join("\n\n")}

## One more search elsewhere

Another place and trade, in the same browser, with what the first search left in the cache; unthrottled.

${nextTable(results)}

## Search with everything in memory

Milliseconds until the cards are there, decoded; the best of three rounds (native: five) a search, each of as many runs as take two
milliseconds. Balise counts all that lies in the circle, up to 150 of each source, and writes and parses JSON; the JSON and kdbush peers
end with the first twenty, as objects. PostGIS is asked by prepared statements over a unix socket.

${warmTable(results)}

## Build

Balise reads the four formats, cleans, joins, writes the site with its compressed variants, and reads it all again to verify it. The
peers start from records that are normalised already, and hold cards only: no details, no pages, no verification. JSON and kdbush files
are compressed at brotli's quality 9; FlatGeobuf and SQLite cannot be, or Range would not work.

${buildTable(results)}

${results.larger ? `### A larger set\n\n${scaleTable(results)}\n\n` : ""}### Where the build's time goes

\`\`\`
${balise.phases.join("\n")}
\`\`\`

Whole: ${grouped(balise.build.build.seconds, 1)} s, ${grouped(balise.build.build.cpu_seconds, 1)} s of CPU with ${options.jobs} jobs.${
    night.profile
      ? `\n\nSamples of \`perf\` over the build of the night below, by library, then by symbol:\n\n\`\`\`\n${Object.values(
          night.profile,
        )
          .map((lines) => lines.join("\n"))
          .join("\n\n")}\n\`\`\``
      : ""
  }

## Size of the site

${sizeTable(results)}

## One night later

${grouped(night.set.records)} records; 2 % of them new, gone or changed, and the next day's date. Files that were not there the night before, by name and
content:

${nightTable(results)}

## Which bytes a first search reads

${coldProfile(results)}

## How the peers are set up

| peer | set-up |
|---|---|
| JSON | one file of columns a région, brotli; the page reads the régions that the circle touches, scans, sorts |
| kdbush | packed columns a région (differences along the Z-order, brotli), the tree is built in the page, \`geokdbush.around\` with a filter finds the nearest; cards in pages of 64 |
| SQLite | sql.js-httpvfs with one file: entries clustered by (ROME, 0.1° cell), cards by rank; page and chunk 4096, vacuumed, circles that grow |
| FlatGeobuf | one file of the country with its R-tree, written by GDAL; boxes that grow |
| DuckDB | DuckDB-WASM 1.28.0, the last release that holds the Parquet reader itself (later ones fetch it from another host); entries and cards sorted, row groups of 8,192 and 4,096, zstd |
| PostGIS | a private cluster on a unix socket, 1 GB of shared buffers; geography, GiST on place, GIN on ROMEs, GiST on both; nearest by index, then ranked exactly |

Each breaks ties by a rank that the build gives it, and ends with the same ids. All hosts are one small server on this machine: HTTP/1.1,
Range, ETag, brotli by \`Accept-Encoding\`. Networks are throttled by Chromium (\`Network.emulateNetworkConditions\`).
`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.stdout.write(await report(JSON.parse(await readFile(process.argv[2], "utf8"))));

// Searches a Balise site, and asks its API: node example.mjs SITE
// SITE: a folder, a file: URL or an http(s): URL.

import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";

import { BaliseError, open } from "balise-search";

const site = argv[2];
if (!site) {
  console.error("Usage: node example.mjs SITE (a folder, a file: URL or an http(s): URL)");
  exit(2);
}

try {
  const balise = await open(/^(file|https?):/.test(site) ? site : pathToFileURL(site));
  const { title, as_of: day, counts } = balise.manifest;
  console.log(`${title}, ${day}: ${counts.formations} courses, ${counts.offres + counts.matcha} offers`);

  const { results } = await balise.search({ lat: 48.85, lon: 2.35, radius: 60, romes: ["F1702", "F1703"] });
  console.log(`${results.length} results around Paris; the nearest:`);
  for (const result of results.slice(0, 3))
    console.log(`  ${((result.distance_m ?? 0) / 1000).toFixed(1)} km  ${result.title}, ${result.city}`);

  const url = "/api/V1/formations?romes=F1703&latitude=48.85&longitude=2.35&radius=60&caller=example";
  const answer = await balise.api(url);
  console.log(`${url}: ${answer.status}, ${answer.json().results.length} courses`);
} catch (error) {
  if (!(error instanceof BaliseError)) throw error;
  console.error(`${error.code}: ${error.detail}`);
  exit(1);
}

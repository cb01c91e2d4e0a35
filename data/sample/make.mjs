// Writes the embedded sample sources beside this file, always the same bytes:
//
//   node data/sample/make.mjs [--plain DIR]
//
// --plain writes the uncompressed texts into DIR instead, for comparisons. Needs the npm package proj4; .zst needs the
// zstd program.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));

/** name -> text of every file of the sample, uncompressed. */
async function sampleTexts() {
  const { BrokenRow, dirtyCompanies, dirtyFormations, dirtyFranceTravail, dirtyLbaOffers, planted } =
    await import("./dirt.mjs");
  const { emailDomain, makeCompanies, makeFormations, makeFranceTravailOffers, makeLbaOffers } =
    await import("./records.mjs");

  const text = (row) => (row instanceof BrokenRow ? row.text : JSON.stringify(row));
  const lines = (rows) => `${rows.map(text).join("\n")}\n`;
  const pages = (rows, size) => {
    const result = [];
    for (let i = 0; i < rows.length; i += size) {
      result.push({ resultats: rows.slice(i, i + size), filtresPossibles: [] });
    }
    // The first page of the real service puts its filters before the results as well.
    result[0] = { filtresPossibles: [{ filtre: "typeContrat", agregation: [] }], resultats: result[0].resultats };
    return lines(result);
  };

  const companies = makeCompanies(1700);
  const companySiret = companies[100].siret;
  const texts = {
    "formations.json.gz": `[\n${dirtyFormations("formations.json.gz", makeFormations(1500)).map(text).join(",\n")}\n]\n`,
    "offres-france-travail.pages.json.zst": pages(
      dirtyFranceTravail(
        "offres-france-travail.pages.json.zst",
        makeFranceTravailOffers("france-travail/pages", 800),
        "pages",
      ),
      150,
    ),
    "offres-france-travail.ndjson.br": lines(
      dirtyFranceTravail(
        "offres-france-travail.ndjson.br",
        makeFranceTravailOffers("france-travail/lines", 600),
        "lines",
      ),
    ),
    "offres-lba.ndjson.gz": lines(
      dirtyLbaOffers("offres-lba.ndjson.gz", makeLbaOffers("partners", 630, true), { matcha: false }),
    ),
    "matcha.json": `${JSON.stringify(
      dirtyLbaOffers("matcha.json", makeLbaOffers("deposited", 115, false), { matcha: true, companySiret }),
      null,
      1,
    )}\n`,
  };
  texts["entreprises.ndjson.gz"] = lines(dirtyCompanies("entreprises.ndjson.gz", companies));
  planted.push({
    kind: "personal",
    file: "*",
    id: "*",
    detail: emailDomain,
    what: "email-domain",
    where: "contact",
  });
  texts["dirt.json"] = `[\n${planted.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n`;
  return texts;
}

function zstd(args, input) {
  const run = spawnSync("zstd", [...args, "-q", "-c"], { input, maxBuffer: 1 << 28 });
  if (run.status !== 0) {
    console.error(
      `make.mjs: the zstd program ${run.error ? "is missing; install the package zstd" : `failed: ${run.stderr}`}`,
    );
    process.exit(1);
  }
  return run.stdout;
}

const codecs = {
  ".gz": {
    pack(bytes) {
      const packed = gzipSync(bytes, { level: 9 });
      packed[9] = 255; // operating system: unknown, so that the header is the same everywhere
      return packed;
    },
    unpack: gunzipSync,
  },
  ".br": {
    pack: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    unpack: brotliDecompressSync,
  },
  ".zst": { pack: (bytes) => zstd(["-19", "--no-check"], bytes), unpack: (bytes) => zstd(["-d"], bytes) },
};
const plainCodec = { pack: (bytes) => bytes, unpack: (bytes) => bytes };

const plainAt = process.argv.indexOf("--plain");
const plainFolder = plainAt > 0 ? process.argv[plainAt + 1] : undefined;

let texts;
try {
  texts = await sampleTexts();
} catch (error) {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error('make.mjs: the npm package proj4 is not installed; run "npm ci" in the repository first');
  process.exit(1);
}
for (const [name, text] of Object.entries(texts)) {
  const bytes = Buffer.from(text, "utf8");
  if (plainFolder !== undefined) {
    mkdirSync(plainFolder, { recursive: true });
    writeFileSync(join(plainFolder, name.replace(/\.(gz|zst|br)$/, "")), bytes);
    continue;
  }
  const codec = codecs[name.match(/\.(gz|zst|br)$/)?.[0]] ?? plainCodec;
  const path = join(here, name);
  // Compressors differ between versions: a file whose content is right stays as it is.
  if (existsSync(path) && codec.unpack(readFileSync(path)).equals(bytes)) {
    console.error(`unchanged: ${name}`);
    continue;
  }
  const packed = codec.pack(bytes);
  writeFileSync(path, packed);
  console.error(`written: ${name}, ${packed.length} of ${bytes.length} bytes`);
}

// Packed columns a region, from which the page builds a k-d tree; cards apart, in pages along the Z-order.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { grow, readRecords, romeNumber, writeBoth, writePage } from "../tools.mjs";

export const title = "kdbush and geokdbush over packed columns by région";

const page_size = 64;
const sources = ["formations", "offres", "matcha", "lba"];

class Bytes {
  #bytes = [];
  varint(value) {
    while (value >= 128) {
      this.#bytes.push((value % 128) | 128);
      value = Math.floor(value / 128);
    }
    this.#bytes.push(value);
  }
  signed(value) {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }
  get buffer() {
    return Buffer.from(this.#bytes);
  }
}

export async function build({ records, folder }) {
  const regions = {};
  const open = new Map();
  for await (const record of readRecords(records)) {
    let region = open.get(record.region);
    if (!region) {
      region = {
        count: 0,
        lat: new Bytes(),
        lon: new Bytes(),
        order: new Bytes(),
        romes: new Bytes(),
        cards: [],
        last: [0, 0, 0],
      };
      open.set(record.region, region);
    }
    // One column after the other, differences along the Z-order: each is alike in itself, and compresses well.
    region.lat.signed(record.lat_e5 - region.last[0]);
    region.lon.signed(record.lon_e5 - region.last[1]);
    region.order.varint(record.order - region.last[2]);
    region.last = [record.lat_e5, record.lon_e5, record.order];
    region.romes.varint(record.romes.length);
    let last = 0;
    for (const rome of record.romes.map(romeNumber)) {
      region.romes.varint(rome - last);
      last = rome;
    }
    const { source, id, title: name, company, address, postal_code, city, level, created } = record;
    region.cards.push([sources.indexOf(source), id, name, company, address, postal_code, city, level, created]);
    ++region.count;
    regions[record.region] = grow(regions[record.region], record);
  }
  const list = {};
  for (const [code, region] of open) {
    const columns = [region.lat, region.lon, region.order, region.romes].map((column) => column.buffer);
    const head = new Bytes();
    for (const number of [region.count, ...columns.map(({ length }) => length)]) head.varint(number);
    await writeBoth(join(folder, "data", `${code}.bin`), Buffer.concat([head.buffer, ...columns]));
    await mkdir(join(folder, "data", code), { recursive: true });
    for (let i = 0; i < region.count; i += page_size) {
      const page = region.cards.slice(i, i + page_size);
      const turned = page[0].map((_, column) => page.map((row) => row[column]));
      await writeBoth(join(folder, "data", code, `${i / page_size}.json`), JSON.stringify(turned));
    }
    list[code] = regions[code];
  }
  await writeBoth(join(folder, "data", "regions.json"), JSON.stringify({ page_size, sources, regions: list }), 11);
  await writePage(
    folder,
    "kdbush",
    {
      "kdbush.module.js": "kdbush/index.js",
      "geokdbush.module.js": "geokdbush/index.js",
      "tinyqueue.js": "tinyqueue/index.js",
    },
    '<script type="importmap">{"imports":{"kdbush":"/kdbush.module.js","geokdbush":"/geokdbush.module.js","tinyqueue":"/tinyqueue.js"}}</script>',
  );
}

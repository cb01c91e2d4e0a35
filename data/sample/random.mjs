// A small seeded generator (sfc32): the same name gives the same numbers on every machine, and one part of the sample does
// not move when another draws more.

function hash(text) {
  let h = 0x811c9dc5;
  for (const character of text) h = Math.imul(h ^ character.codePointAt(0), 0x01000193);
  return h >>> 0;
}

/** A stream of random numbers, seeded by its name. */
export function stream(name) {
  let a = hash(name);
  let b = hash(`${name}/b`);
  let c = hash(`${name}/c`);
  let d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 16; i += 1) next();

  const random = {
    /** In [0, 1). */
    number: next,
    /** Whole number from low to high, both possible. */
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)],
    /** One item, drawn in proportion to weight(item). */
    weighted(list, weight) {
      let left = next() * list.reduce((sum, item) => sum + weight(item), 0);
      for (const item of list) {
        left -= weight(item);
        if (left < 0) return item;
      }
      return list[list.length - 1];
    },
    /** `count` different items, in the order of the list. */
    some(list, count) {
      const chosen = new Set();
      while (chosen.size < Math.min(count, list.length)) chosen.add(Math.floor(next() * list.length));
      return [...chosen].sort((x, y) => x - y).map((index) => list[index]);
    },
    shuffled(list) {
      const result = [...list];
      for (let i = result.length - 1; i > 0; i -= 1) {
        const j = Math.floor(next() * (i + 1));
        [result[i], result[j]] = [result[j], result[i]];
      }
      return result;
    },
    digits: (count) => Array.from({ length: count }, () => Math.floor(next() * 10)).join(""),
    hex: (count) => Array.from({ length: count }, () => Math.floor(next() * 16).toString(16)).join(""),
  };
  return random;
}

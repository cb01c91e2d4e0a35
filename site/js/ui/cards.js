/**
 * The list of results: cards, and the button for more of them.
 *
 * @module
 */

import { create, createButton } from "./dom.js";
import { today } from "./format.js";
import { strings } from "./text.js";

/** @typedef {import("../../balise.d.ts").Result} Result */

export const PAGE_SIZE = 20;

/** @param {Result} result @returns {string} who offers it, "" when it is the title already */
export function companyOf({ source, title, company }) {
  const nameless = source === "lba" ? strings.namelessCompany : source === "formations" ? "" : strings.anonymousOffer;
  const name = company || nameless;
  return title && name !== title ? name : "";
}

/** @param {Result} result */
export const titleOf = ({ source, title, company }) =>
  title || company || (source === "lba" ? strings.namelessCompany : strings.anonymousOffer);

/** @param {Result} result */
export const townOf = ({ postal_code, city }) => [postal_code, city].filter(Boolean).join(" ") || strings.unknownPlace;

/** @param {Result} result @returns {string} the level as the form names it, "" when it is not stated */
export const levelOf = ({ level }) => document.querySelector(`#diploma [value="${level}"]`)?.textContent ?? "";

/** @param {import("../../balise.d.ts").Source} source */
export const createTag = (source) => create("span", `tag ${source}`, strings.kinds[source]);

/**
 * @param {Result} result
 * @param {string} address of its own view
 */
function createCard(result, address) {
  const card = create("li", "card");
  card.dataset.source = result.source;
  card.dataset.id = result.id;

  const head = create("p", "card-head", [createTag(result.source)]);
  if (result.distance_m !== null) head.append(" ", create("span", "distance", strings.distance(result.distance_m)));
  const link = create("a", "", titleOf(result));
  link.href = address;
  card.append(head, create("h3", "", [link]));
  const company = companyOf(result);
  if (company !== "") card.append(create("p", "company", company));
  const isOffer = result.source === "offres" || result.source === "matcha";
  const facts = [townOf(result), levelOf(result), isOffer && result.created ? strings.published(result.created) : ""];
  card.append(
    create(
      "p",
      "facts",
      facts.filter(Boolean).map((fact) => create("span", "", fact)),
    ),
  );
  return card;
}

/**
 * Shows results, twenty at a time. Offers that have expired since the data were published are left out.
 * @param {object} what
 * @param {number} what.total
 * @param {boolean} what.isCut whether there are more than `total`
 * @param {(n: number) => Promise<Result[]>} what.take gives the first n, or more: each further one may need a further file
 * @param {(result: Result) => string} what.addressOf
 * @returns {Promise<{ nodes: HTMLElement[], results: Result[], hidden: number, append: (n?: number) => Promise<void> }>}
 *   what to show; `results` grows with it; how many of the first were left out; shows n more, or the last
 */
export async function createList({ total, isCut, take, addressOf }) {
  const cards = create("ol", "cards");
  const shown = create("p", "shown");
  const more = createButton(strings.more, "quiet", () => void goOn());
  const day = today();
  /** @type {Result[]} */
  const results = [];
  let taken = 0;

  /** Takes on until so many more stand there, or the last. */
  async function append(n = PAGE_SIZE) {
    const wanted = results.length + n;
    while (results.length < wanted && taken < total) {
      const end = Math.min(total, taken + wanted - results.length);
      const fresh = (await take(end)).slice(taken, end);
      if (fresh.length === 0) break;
      taken += fresh.length;
      const visible = fresh.filter(({ expires }) => !expires || expires >= day);
      results.push(...visible);
      cards.append(...visible.map((result) => createCard(result, addressOf(result))));
    }
    shown.textContent = strings.shown(results.length, total - taken + results.length, isCut);
    more.hidden = taken >= total;
  }

  /** Reads what the next cards need, and goes there. */
  async function goOn() {
    const first = results.length;
    more.disabled = true;
    try {
      await append();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "aborted"))
        shown.textContent = strings.moreFailed;
    }
    more.disabled = false;
    cards.children[first]?.querySelector("a")?.focus();
  }

  await append();
  const feet = total > PAGE_SIZE ? [create("div", "foot", [shown, more])] : [];
  return { nodes: [cards, ...feet], results, hidden: taken - results.length, append };
}

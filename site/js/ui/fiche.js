/**
 * What is needed once a card is opened, or the results leave the page: the detail view, sharing, the table. A bundle of its
 * own, so that the first results do not wait for it.
 *
 * @module
 */

import { words as french } from "../../i18n/fiche.fr.js";
import { readItem } from "../item.js";
import { csvOf } from "./csv.js";
import { create, createButton } from "./dom.js";
import * as F from "./fields.js";
import { today } from "./format.js";
import { loadStyle } from "./style.js";

/** @typedef {typeof french} Words */
/** @typedef {import("../../balise.d.ts").Result} Result */
/** @typedef {Result & { details: Record<string, string> }} Item `details` by the numbers of core/field.hpp */
/** @typedef {Pick<typeof import("./cards.js"), "titleOf" | "companyOf" | "townOf" | "levelOf" | "createTag">
 *   & { strings: import("./text.js").Strings }} Page what the page has loaded already */

/** Where companies and schools without a page of their own are written to. */
const LBA = "https://labonnealternance.apprentissage.beta.gouv.fr";
const COPIED_MS = 2500;

/** Its looks come with it. */
const styled = loadStyle("fiche.css");

/** Says what a button did, to those who do not see it. */
const status = create("p", "unseen");
status.setAttribute("role", "status");
document.body.append(status);

/** @param {string | undefined} text @returns {URL | null} only what a link may lead to */
function webUrl(text) {
  try {
    const url = new URL(text ?? "");
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} text
 * @param {string} address
 * @param {string} className
 * @param {Words} words
 */
function createLink(text, address, className, words) {
  const link = create("a", className, [text, create("span", "unseen", ` ${words.newTab}`)]);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow ugc";
  return link;
}

/** Paragraphs, and lists of the lines that begin as such. @param {string} text */
function createText(text) {
  /** @type {HTMLElement[]} */
  const blocks = [];
  for (const paragraph of text.split(/\n\s*\n/)) {
    for (const line of paragraph.split("\n").map((part) => part.trim())) {
      if (line === "") continue;
      const point = /^[-*•·–]\s+(.*)$/.exec(line)?.[1];
      const last = blocks[blocks.length - 1];
      if (point === undefined) blocks.push(create("p", "", line));
      else if (last?.tagName === "UL") last.append(create("li", "", point));
      else blocks.push(create("ul", "", [create("li", "", point)]));
    }
  }
  return blocks;
}

/** @param {[label: string, value: string | Node | undefined][]} facts those without a value are left out */
function createFacts(facts) {
  const rows = facts.flatMap(([label, value]) =>
    value ? [create("div", "", [create("dt", "", label), create("dd", "", [value])])] : [],
  );
  return rows.length > 0 ? [create("dl", "facts-grid", rows)] : [];
}

/** @param {string} title @param {Node[]} content @returns {Node[]} nothing when there is no content */
const section = (title, content) =>
  content.length > 0 ? [create("section", "", [create("h3", "", title), ...content])] : [];

/**
 * All that stands below the title of an item.
 * @param {Item} item
 * @param {Page} page
 * @param {Words} words
 */
function createBody(item, { strings, townOf, levelOf }, words) {
  const { sections, facts } = words;
  /** @param {number} field @returns {string | undefined} */
  const get = (field) => item.details[field];
  /** @param {number} field */
  const lines = (field) => get(field)?.split("\n").filter(Boolean) ?? [];
  /** @param {string | null | undefined} iso */
  const date = (iso) => (iso && !Number.isNaN(Date.parse(iso)) ? strings.date(iso.slice(0, 10)) : undefined);
  /** @param {number} field */
  const yesNo = (field) => (get(field) === undefined ? undefined : get(field) === "true" ? words.yes : words.no);
  /** @param {number} field */
  const list = (field) =>
    lines(field).length > 1
      ? [
          create(
            "ul",
            "",
            lines(field).map((line) => create("li", "", line)),
          ),
        ]
      : createText(get(field) ?? "");
  /** @param {string | undefined} url @param {(host: string) => string} label */
  const link = (url, label, className = "") => {
    const target = webUrl(url);
    return target === null ? [] : [createLink(label(target.host), target.href, className, words)];
  };
  const isFormation = item.source === "formations";
  const isOffer = item.source === "offres" || item.source === "matcha";
  const sessions = lines(F.sessions).map((line) => line.split("/"));
  const nextSession = sessions.find(([start = ""]) => start >= today());

  // Where to apply: the source's own page, else the one of today's service.
  const id = encodeURIComponent(item.id);
  let apply = isFormation ? [] : link(get(F.url), words.apply, "main-action");
  if (apply.length === 0 && isFormation)
    apply = link(`${LBA}/formation/${id}/formation`, () => words.contactSchool, "main-action");
  if (apply.length === 0 && item.source === "matcha")
    apply = link(`${LBA}/emploi/offres_emploi_lba/${id}/offre`, () => words.applyLba, "main-action");
  if (apply.length === 0 && item.source === "lba")
    apply = link(`${LBA}/emploi/recruteurs_lba/${id}/entreprise`, () => words.applyLba, "main-action");

  const contract = [lines(F.contract_type).join(", ") || get(F.contract_code)].filter(Boolean).join(" · ");
  const head = createFacts([
    [facts.level, levelOf(item)],
    [facts.diploma, get(F.diploma)],
    [facts.contract, contract],
    [facts.start, date(get(F.contract_start))],
    [facts.duration, isFormation ? words.years(get(F.duration) ?? "") : words.months(get(F.contract_duration) ?? "")],
    [facts.rhythm, get(F.work_rhythm)],
    [facts.session, nextSession && date(nextSession[0])],
    [facts.capacity, get(F.capacity)],
    [facts.openings, get(F.opening_count)],
    [facts.remote, words.remote[get(F.remote) ?? ""]],
    [facts.distanceLearning, get(F.is_remote_only) === "true" ? words.remoteOnly : undefined],
    [facts.handicap, get(F.accepts_handicap) === "true" ? words.welcomesHandicap : undefined],
    [facts.activity, item.source === "lba" ? get(F.naf_label) : undefined],
    [facts.size, item.source === "lba" && get(F.company_size) ? words.employees(get(F.company_size) ?? "") : undefined],
    [facts.published, isOffer ? date(item.created) : undefined],
    [facts.expires, date(item.expires)],
  ]);

  const siret = isFormation || isOffer ? get(F.siret) : item.id;
  const organisation = [
    ...createText(get(F.company_description) ?? ""),
    ...createFacts([
      [facts.legalName, get(F.legal_name)],
      [facts.activity, item.source === "lba" ? undefined : get(F.naf_label)],
      [
        facts.size,
        item.source !== "lba" && get(F.company_size) ? words.employees(get(F.company_size) ?? "") : undefined,
      ],
      [facts.headName, get(F.head_name) === item.company ? undefined : get(F.head_name)],
      [facts.schoolCity, get(F.school_city) === item.city ? undefined : get(F.school_city)],
    ]),
    ...(get(F.has_email) === "true" ? [create("p", "", words.hasEmail)] : []),
    create("p", "links", [
      ...link(get(F.company_url), words.site),
      ...(siret && /^\d{14}$/.test(siret)
        ? link(`https://annuaire-entreprises.data.gouv.fr/etablissement/${siret}`, () => words.register)
        : []),
    ]),
  ];

  const town = [townOf(item), get(F.cedex)].filter(Boolean).join(" ");
  const addressLines = [item.address, town, get(F.place_label)].filter(Boolean);
  const place = [
    create(
      "p",
      "",
      addressLines.flatMap((line, index) => [...(index > 0 ? [create("br")] : []), line ?? ""]),
    ),
    create(
      "p",
      "links",
      item.lat === null
        ? []
        : link(
            `https://www.openstreetmap.org/?mlat=${item.lat}&mlon=${item.lon}#map=16/${item.lat}/${item.lon}`,
            () => words.directions,
          ),
    ),
  ];

  const rncp = /^(?:RNCP)?(\d+)$/.exec(get(F.rncp_code) ?? "")?.[1];
  const references = create("details", "", [
    create("summary", "", sections.references),
    ...createFacts([
      [facts.romes, item.romes.join(", ")],
      [facts.job, get(F.rome_label)],
      [facts.opco, item.opco ?? undefined],
      [facts.siret, siret],
      [facts.uai, get(F.school_uai)],
      [facts.naf, get(F.naf_code)],
      [facts.contractCode, lines(F.contract_type).length > 0 ? get(F.contract_code) : undefined],
      [facts.rncp, get(F.rncp_code)],
      [facts.rncpLabel, get(F.rncp_label)],
      [facts.rncpEligible, yesNo(F.rncp_eligible)],
      [facts.cfd, get(F.cfd)],
      [facts.longTitle, get(F.long_title) === item.title ? undefined : get(F.long_title)],
      [facts.shortTitle, get(F.short_title) === item.title ? undefined : get(F.short_title)],
      [facts.headSiret, get(F.head_siret)],
      [facts.headUai, get(F.head_uai)],
      [facts.headId, get(F.head_id)],
      [facts.headType, get(F.head_type)],
      [facts.headAgreement, yesNo(F.head_has_agreement)],
      [
        facts.headAddress,
        [F.head_address, F.head_postal_code, F.head_city, F.head_cedex].map(get).filter(Boolean).join(" "),
      ],
      [facts.schoolId, get(F.school_id)],
      [facts.idRcoFormation, get(F.id_rco_formation)],
      [facts.idRco, get(F.id_rco)],
      [facts.origin, get(F.partner_label)],
      [facts.updated, date(get(F.updated))],
      [facts.published, isOffer ? undefined : date(item.created)],
      [facts.id, item.id],
    ]),
  ]);

  return [
    create("p", "actions", [
      ...apply,
      createButton(words.share, "quiet", () => void share(document.title, words)),
      createButton(words.print, "quiet", () => print()),
    ]),
    ...(item.expires && item.expires < today() ? [create("p", "notice", words.expired)] : []),
    ...head,
    ...(get(F.is_delegated) === "true" ? [create("p", "", words.delegated)] : []),
    ...(item.source === "lba" ? section(sections.spontaneous, [create("p", "", words.spontaneous)]) : []),
    ...section(isFormation ? sections.content : sections.description, createText(get(F.description) ?? "")),
    ...section(sections.objective, createText(get(F.objective) ?? "")),
    ...section(sections.contract, createText(get(F.contract_description) ?? "")),
    ...section(sections.conditions, list(F.access_conditions)),
    ...section(sections.desired, list(F.desired_skills)),
    ...section(sections.acquired, list(F.acquired_skills)),
    ...section(
      sections.sessions,
      sessions.length > 0
        ? [
            create(
              "ul",
              "",
              sessions.map(([start, end]) =>
                create("li", "", words.session(date(start) ?? start ?? "", date(end) ?? end ?? "")),
              ),
            ),
          ]
        : [],
    ),
    ...section(isFormation ? sections.school : sections.company, organisation),
    ...section(sections.place, place),
    create("p", "links", [
      ...link(get(F.onisep_url), () => words.onisep),
      ...(rncp ? link(`https://www.francecompetences.fr/recherche/rncp/${rncp}/`, () => words.rncp) : []),
      ...(isFormation ? link(get(F.url), words.site) : []),
    ]),
    references,
  ];
}

/**
 * Shows one item in the place of the list.
 * @param {HTMLElement} pane
 * @param {object} what
 * @param {Result | null} what.card what the list knows of it already
 * @param {import("./query.js").ItemName} what.item
 * @param {() => Promise<import("../searcher.js").Searcher>} what.open opens the site to read it
 * @param {(error: unknown) => Promise<string | undefined>} what.retry waits after a failure to read it until another try
 *   may work, and gives the page that its card was seen on by then, or rejects
 * @param {() => boolean} what.isCurrent whether nothing else has been opened since
 * @param {() => void} what.close
 * @param {(() => void) | null} what.previous
 * @param {(() => void) | null} what.next
 * @param {Page} what.page
 * @param {Words} [what.words]
 */
export async function showItem(pane, what) {
  const { card, item, open, isCurrent, close, previous, next, page, words = french } = what;
  const title = create("h2", "", card === null ? words.loading : page.titleOf(card));
  title.id = "titre-fiche";
  title.tabIndex = -1;
  const above = create("div");
  const below = create("div");
  const body = create("div", "body");
  const article = create("article", "card fiche", [above, title, below, body]);
  const steps = [
    [words.previous, previous],
    [words.next, next],
  ].map(([label, step]) => {
    const button = createButton(String(label), "quiet", () => typeof step === "function" && step());
    button.disabled = step === null;
    return button;
  });
  const bar = create("p", "bar", [createButton(words.back, "back", close), ...((previous ?? next) ? steps : [])]);
  pane.replaceChildren(bar, article);
  pane.setAttribute("aria-busy", "true");
  await styled;

  /** @param {Result | null} known @param {Node[]} rest */
  const fill = (known, rest) => {
    const tag = known && create("p", "card-head", [page.createTag(known.source)]);
    const distance_m = known?.distance_m ?? card?.distance_m;
    if (typeof distance_m === "number") tag?.append(" ", create("span", "distance", page.strings.distance(distance_m)));
    const company = known && page.companyOf(known);
    // The title stays where it is: it has the focus.
    above.replaceChildren(...(tag ? [tag] : []));
    below.replaceChildren(
      ...(company ? [create("p", "company", company)] : []),
      ...(known ? [create("p", "facts", [create("span", "", page.townOf(known))])] : []),
    );
    body.replaceChildren(...rest);
  };
  fill(card, []);
  title.focus({ preventScroll: true });

  try {
    /** @param {string} [seenOn] */
    const read = async (seenOn) =>
      /** @type {Item | null} */ (await readItem(await open(), item.source, item.id, seenOn));
    const found = await read(card?.page).catch(async (error) => {
      const seenOn = await what.retry(error);
      // A publication since the search may have moved the card.
      return read(seenOn === card?.page ? undefined : seenOn);
    });
    if (!isCurrent()) return;
    if (found === null) {
      title.textContent = words.gone;
      fill(null, [create("p", "", words.goneText)]);
    } else {
      title.textContent = page.titleOf(found);
      fill(found, createBody(found, page, words));
    }
    document.title = title.textContent;
  } catch (error) {
    if (!isCurrent()) return;
    console.warn(error);
    title.textContent = words.failed;
    fill(card, [
      create("p", "", words.failedText),
      create("p", "actions", [createButton(words.retry, "main-action", () => void showItem(pane, what))]),
    ]);
  }
  pane.setAttribute("aria-busy", "false");
}

/** @param {HTMLElement | null} button @param {string} text */
function confirm(button, text) {
  status.textContent = text;
  if (button === null) return;
  const before = button.textContent;
  button.textContent = text;
  setTimeout(() => {
    button.textContent = before;
    status.textContent = "";
  }, COPIED_MS);
}

/**
 * Gives the address of what is shown to the device's own sharing, else to the clipboard, else to be copied by hand.
 * @param {string} title
 * @param {Words} [words]
 */
export async function share(title, words = french) {
  const button = document.activeElement instanceof HTMLButtonElement ? document.activeElement : null;
  const url = location.href;
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ title, url });
      return;
    } catch (error) {
      if (error instanceof Error && error.name === "AbortError") return;
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    confirm(button, words.copied);
  } catch {
    // Frames may not write to the clipboard unless their host lets them.
    const field = create("input", "link-field");
    field.type = "text";
    field.readOnly = true;
    field.value = url;
    field.setAttribute("aria-label", words.copy);
    button?.after(field);
    field.select();
  }
}

/**
 * @param {Result[]} results
 * @param {Page["strings"]} strings
 * @param {Words} [words]
 */
export function exportCsv(results, strings, words = french) {
  const decimal = (1.5).toLocaleString(document.documentElement.lang).charAt(1);
  const blob = new Blob([csvOf(words.csv.columns, results, { kinds: strings.kinds, decimal })], {
    type: "text/csv;charset=utf-8",
  });
  const link = create("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${words.csv.name}-${today()}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), COPIED_MS);
}

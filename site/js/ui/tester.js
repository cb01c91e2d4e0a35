/**
 * /test-widget: a form of the widget's parameters, the code for a partner's page, and the widget itself. The state of the
 * page is its address: that of the widget with `path` in front.
 *
 * @module
 */

import { home } from "../../home.js";
import { words as french } from "../../i18n/tester.fr.js";
import { makeSnippets } from "../snippets.js";
import { PARAMETERS, PATHS } from "../widget.js";
import { attachCombobox } from "./combobox.js";
import { createCopy } from "./copy.js";
import { create, element } from "./dom.js";
import { explain } from "./explain.js";
import { suggestPlaces, suggestTrades } from "./lookup.js";
import { useStrings } from "./text.js";

/** What the guide's own example asks for; it names a logo too, which would be of another site than this. */
const EXAMPLE = {
  radius: "60",
  romes: "F1702,F1705,F1701",
  scope: "all",
  lat: "47",
  lon: "2.2",
  caller: "ID_service_appelant_labonnealternance",
  return_uri: "/",
};
/** The preview waits until nobody has typed for so long. */
const PREVIEW_DELAY_MS = 700;

let words = french;
const form = element("parametres", HTMLFormElement);
const notices = element("avis");
const frames = [element("apercu-telephone", HTMLIFrameElement), element("apercu-large", HTMLIFrameElement)];
const codes = {
  frame: element("code-cadre"),
  element: element("code-element"),
  link: element("code-lien"),
};

/** @param {string} name @returns {HTMLInputElement | HTMLSelectElement | null} */
function field(name) {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found : null;
}

/** @param {string} name @returns {string} "" for a parameter that has no field, too */
function valueOf(name) {
  // The page and its preview speak one language.
  if (name === "lang") return document.documentElement.lang === "en" ? "en" : "";
  const input = field(name);
  if (input instanceof HTMLInputElement && input.type === "checkbox") return input.checked ? input.value : "";
  return input?.value ?? "";
}

/** @param {(name: string) => string} value */
function fill(value) {
  for (const name of ["path", ...PARAMETERS]) {
    const input = field(name);
    if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = value(name) !== "";
    else if (input instanceof HTMLSelectElement)
      input.value = PATHS.includes(value(name)) ? value(name) : (PATHS[0] ?? "");
    else if (input) input.value = value(name);
  }
}

/** Fills in some parameters, and leaves the others. @param {Record<string, string>} values */
function put(values) {
  fill((name) => values[name] ?? valueOf(name));
  show(0);
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** Shows what the form says: remarks, code and address at once, the widget a little later. @param {number} [delay_ms] */
function show(delay_ms = PREVIEW_DELAY_MS) {
  const path = valueOf("path");
  const snippets = makeSnippets(home, path, valueOf, words.widget);
  const { url } = snippets;
  for (const way of /** @type {const} */ (["frame", "element", "link"])) codes[way].textContent = snippets[way];

  const remarks = explain(path, new URL(url).searchParams);
  for (const name of PARAMETERS) {
    const note = document.getElementById(`note-${name}`);
    const remark = remarks.find((one) => one.name === name);
    if (note) note.textContent = remark ? reasonText(remark) : "";
    if (remark?.reason === "value") field(name)?.setAttribute("aria-invalid", "true");
    else field(name)?.removeAttribute("aria-invalid");
  }
  const items = remarks.map((remark) =>
    create("li", "", [create("code", "", remark.name), `\u00a0: ${reasonText(remark)}`]),
  );
  const said = remarks.length === 0 ? words.allRead : words.notices(remarks.length);
  if (notices.textContent !== [said, ...items.map((item) => item.textContent)].join("")) {
    notices.className = remarks.length === 0 ? "summary" : "notice";
    notices.replaceChildren(create("p", "", said), ...(items.length > 0 ? [create("ul", "", items)] : []));
  }

  const query = new URL(url).search.slice(1);
  const state = [path === PATHS[0] ? "" : `path=${path}`, query].filter(Boolean).join("&");
  if (`?${state}` !== location.search) history.replaceState(null, "", state === "" ? location.pathname : `?${state}`);
  linkLanguage();

  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const frame of frames) {
      if (frame.dataset.address === url) continue;
      frame.dataset.address = url;
      // Replaced, so that Back leaves this page.
      if (frame.src !== "" && frame.contentWindow) frame.contentWindow.location.replace(url);
      else frame.src = url;
    }
  }, delay_ms);
}

/** @param {import("./explain.js").Remark} remark */
function reasonText({ name, value, reason }) {
  return reason === "value" ? words.value(name, value) : words.reasons[reason];
}

/** The same state in the other language. */
function linkLanguage() {
  const params = new URLSearchParams(location.search);
  if (document.documentElement.lang === "en") params.delete("lang");
  else params.set("lang", "en");
  element("langue", HTMLAnchorElement).href = `?${params}`;
}

/** @param {Record<string, string>} texts */
function translate(texts) {
  for (const [attribute, put] of /** @type {[string, (node: Element, text: string) => void][]} */ ([
    ["data-t", (node, text) => (node.textContent = text)],
    ["data-t-title", (node, text) => node.setAttribute("title", text)],
    ["data-t-label", (node, text) => node.setAttribute("aria-label", text)],
  ]))
    for (const node of document.querySelectorAll(`[${attribute}]`)) {
      const text = texts[node.getAttribute(attribute) ?? ""];
      if (text !== undefined) put(node, text);
    }
  document.documentElement.lang = "en";
  document.title = `${texts.title} - Balise`;
  const other = element("langue", HTMLAnchorElement);
  other.textContent = "Français";
  other.lang = other.hreflang = "fr";
  for (const link of document.querySelectorAll("a[href$=developpeurs]"))
    link.setAttribute("href", new URL("developers", home).href);
}

async function start() {
  const params = new URLSearchParams(location.search);
  if (params.get("lang") === "en") {
    try {
      const [page, own] = await Promise.all([import("./en.js"), import("./test-widget.en.js")]);
      useStrings(page.strings);
      words = own.words;
      translate(own.template);
    } catch (error) {
      console.warn(error);
    }
  }
  const isBare = [...params.keys()].every((name) => name === "lang");
  const example = new Map(Object.entries(EXAMPLE));
  fill((name) => (isBare ? (example.get(name) ?? "") : (params.get(name) ?? "")));
  for (const code of Object.values(codes)) {
    const section = code.closest("section");
    section
      ?.querySelector(".way-head")
      ?.append(...createCopy(code, () => words, section.querySelector("h3")?.textContent ?? ""));
  }
  const status = element("suggestions");
  attachCombobox(element("metier", HTMLInputElement), status, suggestTrades, ({ label, value }) => {
    put({ romes: value.romes.join(","), job_name: label });
  });
  attachCombobox(element("lieu", HTMLInputElement), status, suggestPlaces, ({ label, value }) => {
    const { center, departement, region } = value;
    put({
      lat: center === null ? "" : String(center.lat),
      lon: center === null ? "" : String(center.lon),
      departement,
      region,
      address: center === null && departement === "" && region === "" ? "" : label,
      zipcode: "",
      insee: "",
    });
  });
  form.addEventListener("input", () => show());
  // Enter changes nothing that is not shown already.
  form.addEventListener("submit", (event) => event.preventDefault());
  element("exemple", HTMLButtonElement).addEventListener("click", () => {
    fill((name) => example.get(name) ?? "");
    show(0);
  });
  element("vider", HTMLButtonElement).addEventListener("click", () => {
    fill(() => "");
    show(0);
  });
  show(0);
}

void start();

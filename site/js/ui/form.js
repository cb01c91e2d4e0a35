/**
 * The search form: what it shows, what it asks for, what it cannot read.
 *
 * @module
 */

import { attachCombobox } from "./combobox.js";
import { element } from "./dom.js";
import { resolvePlace, resolveTrade, suggestPlaces, suggestTrades } from "./lookup.js";
import { FRANCE, isEverywhere, readQuery } from "./query.js";
import { openForm } from "./site.js";
import { strings } from "./text.js";

/** @typedef {import("./query.js").Wanted} Wanted */
/** @typedef {import("./query.js").Typed} Typed */
/** @typedef {import("./query.js").Where} Where */

const form = element("formulaire", HTMLFormElement);
const fields = {
  metier: element("metier", HTMLInputElement),
  lieu: element("lieu", HTMLInputElement),
  radius: element("radius", HTMLSelectElement),
  diploma: element("diploma", HTMLSelectElement),
};
const panel = element("recherche");
const modify = element("modifier", HTMLButtonElement);
const status = element("suggestions");
const position = element("position", HTMLButtonElement);

/** What each text was chosen for: a text that was not changed since keeps its meaning. */
const meaning = {
  metier: { label: "", value: { romes: /** @type {string[]} */ ([]) } },
  lieu: { label: "", value: FRANCE },
};

/** A radius means nothing without a centre: whether there may be one is only known when the place is read. */
function showRadius() {
  const { label, value } = meaning.lieu;
  fields.radius.disabled = label === fields.lieu.value.trim() && value.center === null;
}

/** @param {Wanted} wanted @param {Typed} typed @param {boolean} isFrozen whether the trade cannot be changed */
export function fillForm(wanted, typed, isFrozen) {
  meaning.metier = { label: typed.metier || wanted.romes.join(", "), value: { romes: wanted.romes } };
  const { center, departement, region } = wanted;
  const code = center === null ? departement || region : `${center.lat}, ${center.lon}`;
  meaning.lieu = { label: typed.lieu || code, value: { center, departement, region } };
  fields.metier.value = meaning.metier.label;
  fields.metier.readOnly = isFrozen;
  fields.lieu.value = meaning.lieu.label;
  fields.radius.value = String(wanted.radius_km);
  fields.diploma.value = wanted.diploma;
  for (const radio of form.querySelectorAll("input")) {
    if (radio.name === "scope") radio.checked = radio.value === wanted.scope;
  }
  showRadius();
  showFieldError("metier", "");
  showFieldError("lieu", "");
  const where =
    center === null ? [meaning.lieu.label || strings.everywhere] : [meaning.lieu.label, strings.km(wanted.radius_km)];
  element("rappel").textContent = [meaning.metier.label || strings.anyMetier, ...where].join(" · ");
}

/**
 * @param {"metier" | "lieu"} name
 * @param {string} message "" for none
 */
function showFieldError(name, message) {
  element(`erreur-${name}`).textContent = message;
  if (message === "") fields[name].removeAttribute("aria-invalid");
  else fields[name].setAttribute("aria-invalid", "true");
}

/** On a narrow screen the form gives way to the results; a wide one always shows both. @param {boolean} isFolded */
export function foldForm(isFolded) {
  panel.toggleAttribute("data-replie", isFolded);
  modify.setAttribute("aria-expanded", String(!isFolded));
}

/**
 * What the form asks for, or null after an error has been shown beside its field.
 * @param {import("./query.js").Scope} perimeter
 * @returns {Promise<{ wanted: Wanted, typed: Typed } | null>} without filters and order, which are not in the form
 */
async function readForm(perimeter) {
  const text = { metier: fields.metier.value.trim(), lieu: fields.lieu.value.trim() };
  /** @param {"metier" | "lieu"} name @param {string} message */
  const refuse = (name, message) => {
    showFieldError(name, message);
    fields[name].focus();
    return null;
  };
  showFieldError("metier", "");
  showFieldError("lieu", "");

  let { metier, lieu } = meaning;
  /** @type {"metier" | "lieu"} */
  let reading = "metier";
  try {
    if (text.metier !== metier.label) {
      const found = text.metier === "" ? { label: "", value: { romes: [] } } : await resolveTrade(text.metier);
      if (found === null) return refuse("metier", strings.errors.metier(text.metier));
      metier = found;
    }
    reading = "lieu";
    if (text.lieu !== lieu.label) {
      const found = text.lieu === "" ? { label: "", value: FRANCE } : await resolvePlace(text.lieu);
      if (found === null) return refuse("lieu", strings.errors.lieu(text.lieu));
      lieu = found;
    }
  } catch (error) {
    console.warn(error);
    return refuse(reading, strings.errors.listUnavailable);
  }
  if (metier.value.romes.length === 0 && isEverywhere(lieu.value)) return refuse("metier", strings.errors.nothingAsked);

  const asked = new URLSearchParams({ radius: fields.radius.value, diploma: fields.diploma.value });
  const scope = new FormData(form).get("scope");
  if (typeof scope === "string") asked.set("scope", scope);
  /** @param {{ label: string }} named @param {string} codes what the field shows of itself */
  const labelOf = ({ label }, codes) => (label === codes ? "" : label);
  const { center, departement, region } = lieu.value;
  return {
    wanted: { ...readQuery(asked, perimeter).wanted, romes: metier.value.romes, center, departement, region },
    typed: {
      metier: labelOf(metier, metier.value.romes.join(", ")),
      lieu: isEverywhere(lieu.value)
        ? ""
        : labelOf(lieu, center === null ? departement || region : `${center.lat}, ${center.lon}`),
    },
  };
}

function locate() {
  showFieldError("lieu", "");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      // A kilometre is near enough, and says less of the visitor to whom the link is given.
      const center = { lat: Number(coords.latitude.toFixed(2)), lon: Number(coords.longitude.toFixed(2)) };
      meaning.lieu = { label: strings.position, value: { ...FRANCE, center } };
      fields.lieu.value = strings.position;
      showRadius();
      fields.lieu.focus();
    },
    () => showFieldError("lieu", strings.errors.position),
    { maximumAge: 600_000, timeout: 10_000 },
  );
}

/** Puts a trade into the form, and goes on to the place. @param {string} label @param {string[]} romes */
export function proposeTrade(label, romes) {
  meaning.metier = { label, value: { romes } };
  fields.metier.value = label;
  fields.lieu.focus();
}

/** Sends what an address says that was written by the form itself, before this script ran. @param {Typed} text */
export function sendForm(text) {
  fields.metier.value = text.metier;
  fields.lieu.value = text.lieu;
  form.requestSubmit();
}

/**
 * @param {import("./query.js").Scope} perimeter
 * @param {(wanted: Wanted, typed: Typed) => void} go is called with each search that the form asks for
 */
export function startForm(perimeter, go) {
  element("afficher", HTMLFieldSetElement).hidden = perimeter !== "all";
  modify.hidden = false;
  position.hidden = !("geolocation" in navigator);
  position.addEventListener("click", locate);
  attachCombobox(fields.metier, status, suggestTrades, (option) => (meaning.metier = option));
  attachCombobox(fields.lieu, status, suggestPlaces, (option) => {
    meaning.lieu = option;
    showRadius();
  });
  fields.lieu.addEventListener("input", showRadius);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = await readForm(perimeter);
    if (asked !== null) go(asked.wanted, asked.typed);
  });
  // Has what completes ready while somebody types; what comes of it says what is wrong.
  form.addEventListener("focusin", () => void openForm().catch(() => {}), { once: true });
  modify.addEventListener("click", () => {
    const wasFolded = panel.hasAttribute("data-replie");
    foldForm(!wasFolded);
    if (wasFolded) fields.metier.focus();
  });
}

/**
 * What the attributes of a <balise-widget> say. A module of its own: embed.js has few bytes.
 *
 * @module
 */

/** Attributes that any element may have are none of the page inside, which leaves out what else it does not know. */
const OTHER_ATTRIBUTES = /^(path|class|id|style|title|hidden|(data|aria|on).*)$/;

/**
 * The address that they ask for: by `path`, and parameters by their names, with "-" or "_".
 * @param {URL} base the site's folder
 * @param {Iterable<{ name: string, value: string }>} attributes
 */
export function elementUrl(base, attributes) {
  let path = "recherche-apprentissage";
  const params = new URLSearchParams();
  for (const { name, value } of attributes) {
    const parameter = name.replace(/-/g, "_").replace(/^item_?id$/, "itemId");
    if (name === "path" && /^recherche-(emploi|apprentissage(-formation)?)$/.test(value)) path = value;
    // An attribute without a value says yes, which only frozen-job can mean.
    if (!OTHER_ATTRIBUTES.test(name) && (value || name === "frozen-job")) params.set(parameter, value || "1");
  }
  return new URL(`${path}?${params}`, base).href;
}

// Pages of the site require Trusted Types: one policy, which can be made once, and lets through the scripts that it knows.

/** The root of the site, or of the package: where balise.js stands. */
export const home = new URL("..", import.meta.url);

/** @typedef {"js/worker.js" | "sw.js"} ScriptName */

/** @param {string} name */
function known(name) {
  if (name !== "js/worker.js" && name !== "sw.js") throw new TypeError(`no script of this site: ${name}`);
  return new URL(name, home).href;
}

const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("balise", { createScriptURL: known });

/** @param {ScriptName} name @returns {string} its URL, trusted where that counts */
export function scriptUrl(name) {
  return policy ? policy.createScriptURL(name) : known(name);
}

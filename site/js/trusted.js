// Pages of the site require Trusted Types: one policy, which can be made once, and lets through the one script that it knows.

import { home } from "../home.js";

const SERVICE_WORKER = new URL("sw.js", home).href;

const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("balise", {
  createScriptURL: () => SERVICE_WORKER,
});

/** @returns {string} the URL of the service worker, trusted where that counts */
export function serviceWorkerUrl() {
  return policy ? policy.createScriptURL("") : SERVICE_WORKER;
}

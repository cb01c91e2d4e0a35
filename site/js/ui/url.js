/**
 * Addresses from outside. No DOM here.
 *
 * @module
 */

/**
 * @param {string} text
 * @param {string} [base]
 * @returns {URL | null} null for what is no address
 */
export function parseUrl(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** Only these can name a logo: no word that would be read as a path beside the page. */
export const isLogoAddress = (/** @type {string} */ text) => /^(https?:\/\/|\/)/.test(text);

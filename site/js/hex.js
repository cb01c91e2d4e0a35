/** @param {Uint8Array} bytes @returns {string} two lower-case digits a byte */
export const hexOf = (bytes) => Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");

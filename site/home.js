/**
 * The folder that a script of the site stands in: the root of the site, or of the installed package. Published scripts are
 * bundles at the root, and so is this file, so that the answer is the same in both.
 */
export const home = new URL(".", import.meta.url);

/** English, as the bundle that the page asks for. */
export * from "../../i18n/en.js";

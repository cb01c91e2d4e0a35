/** The map in English, as the bundle that it asks for. */
export * from "../../i18n/map.en.js";

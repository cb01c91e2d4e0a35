/** Keeping areas in English, as the bundle that it asks for. */
export * from "../../i18n/offline.en.js";

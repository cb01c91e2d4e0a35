/** English of /test-widget, as the bundle that the page asks for. */
export * from "../../i18n/tester.en.js";

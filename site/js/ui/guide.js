/**
 * What a script adds to the guide, which needs none: the address of this very site in its examples, and copy buttons.
 *
 * @module
 */

import { home } from "../../home.js";
import { serviceWorkerUrl } from "../trusted.js";
import { createCopy } from "./copy.js";

addEventListener("load", () => {
  // It answers the example requests, which are links.
  navigator.serviceWorker?.register(serviceWorkerUrl()).catch(() => {});
});

const words =
  document.documentElement.lang === "en"
    ? { copy: "Copy", copied: "Copied", selected: "Selected: copy it with Ctrl+C" }
    : { copy: "Copier", copied: "Copié", selected: "Sélectionné\u202f: copiez avec Ctrl+C" };
const placeholder = document.body.dataset.site ?? "";

for (const code of document.querySelectorAll("code"))
  for (const node of code.childNodes)
    if (node.nodeType === Node.TEXT_NODE && placeholder !== "")
      node.nodeValue = (node.nodeValue ?? "").replaceAll(placeholder, home.href);

for (const code of document.querySelectorAll("pre > code")) {
  if (!(code instanceof HTMLElement)) continue;
  const bar = document.createElement("div");
  bar.className = "copy-bar";
  bar.append(...createCopy(code, () => words, code.closest("pre")?.getAttribute("aria-label") ?? ""));
  code.closest("pre")?.before(bar);
}

// <balise-widget>: the search page in a frame that loads when it comes near the screen and is as high as what it shows.
// One classic script, for pages of other sites: nothing global but the element, no style sheet, no style attribute, so
// that it works under a strict Content-Security-Policy. docs/WIDGET.md is its reference.

import { elementUrl } from "./js/element.js";

/** The site is where this script comes from. */
const base = new URL(".", /** @type {HTMLScriptElement} */ (document.currentScript).src);
/** Kept free from the start on, and never less: what is below moves at most once, and never up and down again. */
const RESERVED = "660px";
/** Frames load when they are nearer to the screen than this. */
const NEAR = "300px";

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} style @param {Node[]} content */
function create(tag, style, ...content) {
  const node = document.createElement(tag);
  node.style.cssText = style;
  node.append(...content);
  return node;
}

class Widget extends HTMLElement {
  connectedCallback() {
    // What stands inside the element, or this link, is there until the page answers: without a network, or where a policy
    // forbids the frame, it remains.
    const link = create("a", "");
    const slot = create("slot", "", link);
    const frame = create("iframe", "position:absolute;width:100%;height:100%;border:0;visibility:hidden");
    const box = create("div", `position:relative;min-height:${RESERVED}`, slot);
    frame.allow = "clipboard-write;geolocation";
    // The page inside learns which site it is in, not which page.
    frame.referrerPolicy = "strict-origin";
    // It keeps its own origin, which its messages are checked by, and cannot lead the page around it elsewhere.
    frame.setAttribute(
      "sandbox",
      "allow-downloads allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts",
    );
    // By this name the page knows that its height is asked for.
    frame.name = "balise-widget";

    const update = () => {
      frame.title = link.textContent = this.title || "Formations et emplois en alternance";
      const url = elementUrl(base, this.attributes);
      if (url === link.href) return;
      link.href = url;
      // Replaced, not added to what the visitor's Back button goes through.
      if (frame.contentWindow) frame.contentWindow.location.replace(url);
      else frame.src = url;
    };

    /** @param {MessageEvent} event */
    const listen = ({ data, origin, source }) => {
      if (source !== frame.contentWindow || origin !== base.origin) return;
      if (data.type === "balise-height") {
        box.style.height = `${data.height}px`;
        frame.style.visibility = "";
        slot.remove();
        const top = box.getBoundingClientRect().top + data.top;
        if (top < 0 || top > innerHeight) scrollBy(0, top - 16);
      }
      if (
        data.type === "goToPage" &&
        this.dispatchEvent(new CustomEvent("goToPage", { bubbles: true, cancelable: true, detail: data }))
      ) {
        const page = new URL(data.page, location.href);
        if (page.origin === location.origin) location.assign(page);
      }
    };

    update();
    (this.shadowRoot ?? this.attachShadow({ mode: "open" })).replaceChildren(box);
    const changes = new MutationObserver(update);
    changes.observe(this, { attributes: true });
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        near.disconnect();
        box.append(frame);
      },
      { rootMargin: NEAR },
    );
    near.observe(box);
    addEventListener("message", listen);
    this.end = () => {
      removeEventListener("message", listen);
      changes.disconnect();
      near.disconnect();
    };
  }

  disconnectedCallback() {
    /** @type {() => void} */ (this.end)();
  }
}

if (!customElements.get("balise-widget")) customElements.define("balise-widget", Widget);

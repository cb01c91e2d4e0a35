/**
 * A text field with a list of suggestions: the combobox of WAI-ARIA 1.2 with a list that does not take the focus. Arrows
 * choose, Enter takes, Escape closes and then clears, Tab leaves; typing on is always possible.
 *
 * @module
 */

import { create } from "./dom.js";
import { strings } from "./text.js";

/**
 * @template Value
 * @param {HTMLInputElement} input its list is the element that `aria-controls` names
 * @param {HTMLElement} status says how many suggestions there are
 * @param {(text: string, signal: AbortSignal) => Promise<import("./lookup.js").Option<Value>[]>} suggest
 * @param {(option: import("./lookup.js").Option<Value>) => void} choose
 */
export function attachCombobox(input, status, suggest, choose) {
  const list = /** @type {HTMLElement} */ (document.getElementById(input.getAttribute("aria-controls") ?? ""));
  /** @type {import("./lookup.js").Option<Value>[]} */
  let options = [];
  let active = -1;
  let asking = new AbortController();

  /** @param {number} index -1: none */
  function activate(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const item = list.children[index];
    if (item === undefined) input.removeAttribute("aria-activedescendant");
    else {
      item.setAttribute("aria-selected", "true");
      item.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", item.id);
    }
  }

  function close() {
    asking.abort();
    show([]);
    status.textContent = "";
  }

  /** @param {import("./lookup.js").Option<Value>[]} found */
  function show(found) {
    options = found;
    activate(-1);
    list.replaceChildren(
      ...found.map(({ label, hint }, index) => {
        const item = create("li", "", [create("span", "", label), create("span", "hint", hint)]);
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.addEventListener("click", () => take(index));
        return item;
      }),
    );
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  /** @param {number} index */
  function take(index) {
    const option = options[index];
    if (option === undefined) return;
    input.value = option.label;
    close();
    choose(option);
  }

  async function ask() {
    asking.abort();
    const turn = (asking = new AbortController());
    try {
      const found = await suggest(input.value.trim(), turn.signal);
      if (turn.signal.aborted || document.activeElement !== input) return;
      show(found);
      status.textContent = input.value.trim() === "" ? "" : strings.suggestions(found.length);
    } catch {
      // Suggestions are a comfort: what cannot be understood without them is said when the form is sent.
      if (!turn.signal.aborted) close();
    }
  }

  input.addEventListener("input", () => void ask());
  input.addEventListener("click", () => {
    if (list.hidden && input.value === "") void ask();
  });
  input.addEventListener("blur", close);
  // A press in the list must not take the focus from the field: the list would close before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) void ask();
      else {
        // -1, the text itself, stands between the last and the first.
        const count = options.length + 1;
        activate(((active + 1 + (key === "ArrowDown" ? 1 : count - 1)) % count) - 1);
      }
    } else if (key === "Enter" && active >= 0) {
      event.preventDefault();
      take(active);
    } else if (key === "Escape") {
      if (list.hidden && input.value === "") return;
      event.preventDefault();
      if (list.hidden) input.value = "";
      else close();
    }
  });
}

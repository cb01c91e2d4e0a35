/**
 * Elements, made without any HTML: text enters the page by `textContent` alone.
 *
 * @module
 */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [type]
 * @returns {T}
 */
export function element(id, type = /** @type {any} */ (HTMLElement)) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`page template: #${id} is missing`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {string | (Node | string)[]} [content] text, or what stands inside
 */
export function create(tag, className = "", content = "") {
  const node = document.createElement(tag);
  if (className !== "") node.className = className;
  node.append(...(typeof content === "string" ? [content] : content));
  return node;
}

/**
 * @param {string} text
 * @param {string} className
 * @param {() => void} action
 */
export function createButton(text, className, action) {
  const button = create("button", className, text);
  button.type = "button";
  button.addEventListener("click", action);
  return button;
}

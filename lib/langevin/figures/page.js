/**
 * The part of a figure that a selector names.
 * @template {Element} E
 * @param {Element} root @param {string} selector @param {new () => E} kind @returns {E}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new TypeError(`a figure has no ${kind.name} ${selector}`);
  return found;
}

/** @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D} */
export function penOf(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new TypeError("a figure needs a canvas with a 2d context");
  return pen;
}

/**
 * Draw anew when the page or the system changes between light and dark.
 * @param {() => void} redraw @returns {() => void} ends it
 */
export function watchTheme(redraw) {
  const themes = new MutationObserver(redraw);
  for (const root of [document.documentElement, document.body]) {
    themes.observe(root, { attributeFilter: ["data-theme", "theme", "class", "data-jp-theme-light"] });
  }
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", redraw);
  return () => {
    themes.disconnect();
    scheme.removeEventListener("change", redraw);
  };
}

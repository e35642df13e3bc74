import { find } from "./page.js";

/**
 * A drawing with many states: swaps what changes when an input moves.
 *
 * @typedef {[number, string, number, string[]]} Slot node, attribute ("" for its content), map, texts
 * @typedef {{texts: string[][], maps: number[][], slots: Slot[], alts: string[], told: number[]}} States
 *
 * @param {HTMLElement} figure
 * @param {States} data
 */
export function explore(figure, data) {
  const drawing = find(figure, "svg", SVGElement);
  const status = find(figure, ".lv-said", HTMLElement);
  const controls = [...figure.querySelectorAll(".lv-control")];
  const nodes = [...drawing.querySelectorAll("[data-lv]")];
  const shown = data.slots.map(() => -1);
  let announcement = 0;

  /** @param {Element} control @returns {number} the place of its value */
  const place = (control) => {
    const select = control.querySelector("select");
    if (select) return select.selectedIndex;
    return Number(find(control, "input:checked, input[type=range]", HTMLInputElement).value);
  };

  const draw = () => {
    let state = 0;
    controls.forEach((control, i) => {
      const value = place(control);
      const text = data.texts[i][value];
      const output = control.querySelector("output");
      if (output) {
        output.textContent = text;
        find(control, "input", HTMLInputElement).setAttribute("aria-valuetext", text);
      }
      state = state * data.texts[i].length + value;
    });
    data.slots.forEach(([node, attribute, map, texts], i) => {
      const choice = data.maps[map][state];
      if (choice === shown[i]) return;
      shown[i] = choice;
      if (attribute) nodes[node].setAttribute(attribute, texts[choice]);
      else nodes[node].innerHTML = texts[choice];
    });
    return data.alts[data.told[state]];
  };

  const move = () => {
    const alt = draw();
    if (alt === drawing.getAttribute("aria-label")) return;
    drawing.setAttribute("aria-label", alt);
    clearTimeout(announcement);
    announcement = setTimeout(() => { status.textContent = alt; }, 400);
  };

  figure.addEventListener("input", move);
  drawing.setAttribute("aria-label", draw());
}

import { awaitFingers, obey, offerLink, tell } from "./controls.js";
import { find } from "./page.js";

/**
 * A drawing with many states: swaps what changes when an input moves.
 *
 * @typedef {[number, string, number, string[]]} Slot node, attribute ("" for its content), map, texts
 * @typedef {{texts: string[][], numbers: (number[] | null)[], first: number[],
 *   maps: number[][], slots: Slot[], alts: string[],
 *   told: number[]}} States numbers: values of each control, null for a choice
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

  /** @param {Element} control @param {number} value its place */
  const choose = (control, value) => {
    const select = control.querySelector("select");
    const range = control.querySelector("input[type=range]");
    if (select) select.selectedIndex = value;
    else if (range instanceof HTMLInputElement) range.value = String(value);
    else control.querySelectorAll("input")[value].checked = true;
  };

  /** @param {string} name @param {number | string} value of a slider the nearest is taken */
  const set = (name, value) => {
    const i = controls.findIndex((control) => control.getAttribute("data-name") === name);
    if (i < 0) return;
    const numbers = data.numbers[i];
    const at = numbers ? nearest(numbers, Number(value)) : data.texts[i].indexOf(String(value));
    if (at < 0 || (numbers && !Number.isFinite(Number(value)))) return;
    choose(controls[i], at);
    move();
  };

  const values = () => Object.fromEntries(controls.map((control, i) => [
    control.getAttribute("data-name"), (data.numbers[i] ?? data.texts[i])[place(control)],
  ]));

  const move = () => {
    const alt = draw();
    tell(figure, values());
    if (alt === drawing.getAttribute("aria-label")) return;
    drawing.setAttribute("aria-label", alt);
    clearTimeout(announcement);
    announcement = setTimeout(() => { status.textContent = alt; }, 400);
  };

  awaitFingers(figure);
  figure.addEventListener("input", move);
  find(figure, ".lv-defaults", HTMLElement).addEventListener("click", () => {
    controls.forEach((control, i) => choose(control, data.first[i]));
    move();
  });
  drawing.setAttribute("aria-label", draw());
  obey(figure, set);
  offerLink(figure, status, values, set);
}

/** Place of the number nearest to a value. @param {number[]} numbers @param {number} value */
export function nearest(numbers, value) {
  let best = 0;
  numbers.forEach((number, i) => { if (Math.abs(number - value) < Math.abs(numbers[best] - value)) best = i; });
  return best;
}

/**
 * What the controls of all figures have in common: values that the page may set and learns of,
 * links to a state, scales, and fingers that only scroll.
 *
 * @typedef {{values: number[], fine: number}} Range
 *   of a slider that stops `fine` times from each of its values to the next
 * @typedef {Record<string, number | string>} Values by parameter; of a choice its text
 * @typedef {(name: string, value: number | string) => void} Setter
 */

/**
 * Let the page set values, as the reader does: by the event "lv-set", whose detail has them by name.
 * @param {HTMLElement} figure @param {Setter} set leaves alone what it does not know
 */
export function obey(figure, set) {
  figure.addEventListener("lv-set", (event) => {
    if (event.target !== figure || !(event instanceof CustomEvent)) return;
    for (const [name, value] of Object.entries(event.detail)) set(name, value);
  });
}

/** Tell the page that a value has changed. @param {HTMLElement} figure @param {Values} values all of them */
export function tell(figure, values) {
  figure.dispatchEvent(new CustomEvent("lv-changed", { bubbles: true, detail: values }));
}

/**
 * Offer a link to the state, and follow one.
 * @param {HTMLElement} figure @param {HTMLElement} status @param {() => Values} values @param {Setter} set
 */
export function offerLink(figure, status, values, set) {
  const button = figure.querySelector(".lv-link");
  if (!button) return;
  let again = 0;
  /** @param {string} word @param {string} sentence */
  const say = (word, sentence) => {
    button.textContent = word;
    status.textContent = sentence;
    clearTimeout(again);
    again = setTimeout(() => { button.textContent = "Link"; }, 2000);
  };
  button.addEventListener("click", () => {
    const state = Object.entries(values()).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    history.replaceState(null, "", `#${figure.id}?${state.join("&")}`);
    const copied = () => say("Copied", "The link has been copied.");
    const shown = () => say("See address", "The link is in the address bar.");
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(copied, shown);
    else shown();
  });
  const follow = () => {
    const [id, state] = location.hash.slice(1).split("?");
    if (id === figure.id && state) for (const [name, value] of new URLSearchParams(state)) set(name, value);
  };
  addEventListener("hashchange", follow);
  follow();
}

/** Whether values grow by factors from here to the next. @param {number[]} values @param {number} i */
function isLog(values, i) {
  const gap = values[1] - values[0];
  const isEven = values.every((value, k) => !k || Math.abs(value - values[k - 1] - gap) < 1e-9 * gap);
  return !isEven && values[i] > 0 && values[i + 1] >= 2 * values[i];
}

/** @param {Range} range @param {number} at the slider's stop */
function between({ values, fine }, at) {
  const i = Math.min(Math.floor(at / fine), values.length - 2);
  const [low, high, part] = [values[i], values[i + 1], at / fine - i];
  return isLog(values, i) ? low * (high / low) ** part : low + part * (high - low);
}

/**
 * The value where a slider stands, rounded as far as its neighbours stay apart.
 * @param {Range} range @param {number} at
 */
export function valueAt(range, at) {
  const { values, fine } = range;
  if (at % fine === 0) return values[at / fine];
  const value = between(range, at);
  const gap = Math.min(between(range, at + 1) - value, value - between(range, at - 1));
  const unit = 10 ** Math.floor(Math.log10(gap));
  return Number((Math.round(value / unit) * unit).toPrecision(12));
}

/** Where a slider stands for a value. @param {Range} range @param {number} value */
export function stopOf({ values, fine }, value) {
  let i = values.findIndex((_, k) => value < values[k + 1]);
  if (i < 0) i = values.length - 2;
  if (i < 0) return 0;
  const [low, high] = [values[i], values[i + 1]];
  const part = isLog(values, i) ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.round(fine * (i + Math.min(1, Math.max(0, part))));
}

/**
 * A finger that begins on a slider may want to scroll. The slider waits until it has moved sideways
 * or is lifted where it was put.
 * @param {HTMLElement} figure
 */
export function awaitFingers(figure) {
  /** @type {{slider: HTMLInputElement, x: number, value: string, wanted: string} | null} */
  let finger = null;
  figure.addEventListener("pointerdown", ({ target, pointerType, clientX }) => {
    if (pointerType !== "touch" || !(target instanceof HTMLInputElement) || target.type !== "range") return;
    finger = { slider: target, x: clientX, value: target.value, wanted: target.value };
  });
  figure.addEventListener("input", (event) => {
    if (!finger || event.target !== finger.slider) return;
    event.stopImmediatePropagation();
    finger.wanted = finger.slider.value;
    finger.slider.value = finger.value;
  }, true);
  const release = () => {
    if (!finger) return;
    const { slider, wanted } = finger;
    finger = null;
    if (slider.value === wanted) return;
    slider.value = wanted;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  figure.addEventListener("pointermove", ({ clientX }) => { if (finger && Math.abs(clientX - finger.x) > 6) release(); });
  figure.addEventListener("pointerup", release);
  figure.addEventListener("pointercancel", () => { finger = null; });
}

// Phrases that set a figure's controls. Pressed once they set them, pressed again they put back
// what was there before; when the reader has moved a control that one has set, it is not pressed.
{
  /** @typedef {Record<string, number | string>} Values */
  /** @type {WeakMap<EventTarget, Values>} all controls of a figure, once one has been moved */
  const present = new WeakMap();
  /** @type {(() => void)[]} */
  const looks = [];
  /** @type {Element | null} that a phrase has set, until the reader acts */
  let wanted = null;
  document.addEventListener("lv-changed", (event) => {
    if (!(event instanceof CustomEvent && event.target)) return;
    present.set(event.target, event.detail);
    queueMicrotask(() => looks.forEach((look) => look())); // several may change one after the other
  });

  /** @param {Element} figure scrolls to it if less than half of it is in sight */
  const bringIntoSight = (figure) => {
    const picture = figure.querySelector(".lv-picture") ?? figure;
    const { top, bottom, height } = picture.getBoundingClientRect();
    if (Math.min(bottom, innerHeight) - Math.max(top, 0) > Math.min(height, innerHeight) / 2) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    picture.scrollIntoView({ block: "nearest", behavior: isCalm ? "instant" : "smooth" });
  };
  // It, or a figure between, may grow by its controls when these come.
  const growth = new ResizeObserver(() => wanted && bringIntoSight(wanted));
  for (const type of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(type, () => {
      wanted = null;
      growth.disconnect();
    }, { capture: true, passive: true });

  // By then the figures listen.
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("span.act").forEach((phrase) => {
    if (!(phrase instanceof HTMLElement)) return;
    /** @type {{figure: string, sets: Values, was: Values}} */
    const { figure: id, sets, was } = JSON.parse(phrase.dataset.act ?? "");
    const figure = document.getElementById(id);
    if (!figure) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "act";
    button.setAttribute("aria-label", phrase.dataset.name ?? "");
    button.append(...phrase.childNodes);
    phrase.replaceWith(button);
    /** @type {Values | null} while it is pressed: what the second press restores */
    let before = null;
    const show = () => button.setAttribute("aria-pressed", String(before !== null));
    /** @param {Values} detail */
    const set = (detail) => figure.dispatchEvent(new CustomEvent("lv-set", { detail }));
    looks.push(() => {
      const now = present.get(figure);
      if (before && now && Object.keys(sets).some((name) => now[name] !== sets[name])) before = null;
      show();
    });
    button.addEventListener("click", () => {
      const old = before;
      const now = present.get(figure) ?? was;
      before = old ? null : Object.fromEntries(Object.keys(sets).map((name) => [name, now[name]]));
      show();
      wanted = old ? null : figure;
      set(old ?? sets);
      if (old) return;
      bringIntoSight(figure);
      document.querySelectorAll("article").forEach((article) => growth.observe(article));
    });
    show();
  }));
}

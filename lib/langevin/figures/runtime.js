import { explore } from "./explore.js";
import { live } from "./live.js";
import { movie } from "./movie.js";

/** @type {Record<string, (figure: HTMLElement, data: any, code?: any) => void>} */
const kinds = { explore, live, movie };

/** Start every figure of the page that brings its data and has not been started. */
function scan() {
  /** @type {NodeListOf<HTMLElement>} */
  const holders = document.querySelectorAll(".lv-figure .lv-data");
  for (const holder of holders) {
    /** @type {HTMLElement | null} */
    const figure = holder.closest(".lv-figure");
    if (!figure || figure.dataset.lv) continue;
    figure.dataset.lv = "waiting";
    if (holder.tagName === "SCRIPT") start(figure, JSON.parse(holder.textContent ?? ""));
    else whenNear(figure, holder);
  }
}

/** @param {HTMLElement} figure @param {object} data @param {object} [code] */
function start(figure, data, code) {
  const kind = Object.keys(kinds).find((name) => figure.classList.contains(`lv-${name}`));
  if (!kind) return;
  kinds[kind](figure, data, code);
  figure.dataset.lv = "ready";
  figure.classList.add("lv-ready");
}

/** @type {Map<string, HTMLElement[]>} figures whose side file is on its way, by hash */
const waiting = new Map();

/**
 * A classic script works over file:// too, where fetch does not.
 * @param {HTMLElement} figure @param {HTMLElement} holder
 */
function whenNear(figure, holder) {
  const near = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    near.disconnect();
    const { hash = "", src = "" } = holder.dataset;
    const others = waiting.get(hash);
    if (others) { others.push(figure); return; }
    waiting.set(hash, [figure]);
    const script = document.createElement("script");
    script.src = src;
    document.head.append(script);
  }, { rootMargin: "800px" });
  near.observe(figure);
}

/** @param {string} hash @param {object} payload @param {object} [code] its functions, if any */
function data(hash, payload, code) {
  const figures = waiting.get(hash) ?? [];
  waiting.delete(hash);
  figures.forEach((figure) => start(figure, payload, code));
}

/** A link to a state of a figure names more than its id, so that no browser finds the place. */
function visit() {
  const [id, state] = location.hash.slice(1).split("?");
  if (state) document.getElementById(id)?.scrollIntoView();
}

/** In a notebook an output may join the document after its script has run. */
function watch() {
  if (document.body.dataset.lvWatched) return;
  document.body.dataset.lvWatched = "true";
  new MutationObserver(scan).observe(document.body, { childList: true, subtree: true });
}

if (!globalThis.langevinFigures) {
  globalThis.langevinFigures = { data, scan, watch };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", scan);
  addEventListener("hashchange", visit);
  visit();
}
globalThis.langevinFigures.scan();

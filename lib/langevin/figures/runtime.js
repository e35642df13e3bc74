import { explore } from "./explore.js";
import { movie } from "./movie.js";

/** @type {Object<string, (figure: HTMLElement, data: object) => void>} */
const kinds = { explore, movie };

/** Start every figure of the page that has not been started. */
function scan() {
  for (const figure of document.querySelectorAll(".lv-explore, .lv-movie")) {
    if (figure.dataset.lv) continue;
    figure.dataset.lv = "waiting";
    const holder = figure.querySelector(".lv-data");
    if (holder.tagName === "SCRIPT") start(figure, JSON.parse(holder.textContent));
    else whenNear(figure, holder);
  }
}

/** @param {HTMLElement} figure @param {object} data */
function start(figure, data) {
  const kind = Object.keys(kinds).find((name) => figure.classList.contains(`lv-${name}`));
  kinds[kind](figure, data);
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
    const { hash, src } = holder.dataset;
    const others = waiting.get(hash);
    if (others) { others.push(figure); return; }
    waiting.set(hash, [figure]);
    const script = document.createElement("script");
    script.src = src;
    document.head.append(script);
  }, { rootMargin: "800px" });
  near.observe(figure);
}

/** @param {string} hash @param {object} payload */
function data(hash, payload) {
  const figures = waiting.get(hash) ?? [];
  waiting.delete(hash);
  figures.forEach((figure) => start(figure, payload));
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
}
globalThis.langevinFigures.scan();

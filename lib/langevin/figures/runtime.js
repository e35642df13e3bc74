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
    figure.addEventListener("lv-set", ask);
    if (holder.tagName === "SCRIPT") start(figure, JSON.parse(holder.textContent ?? ""));
    else near.observe(figure);
  }
}

/** @type {Map<Element, object>} values for figures that have not been started */
const asked = new Map();

/** Keep what a figure is told before it has its data, and ask for them. @param {Event} event */
function ask(event) {
  const figure = event.currentTarget;
  if (!(event instanceof CustomEvent && figure instanceof Element)) return;
  asked.set(figure, { ...asked.get(figure), ...event.detail });
  load(figure);
}

/** @param {HTMLElement} figure @param {object} data @param {object} [code] */
function start(figure, data, code) {
  const kind = Object.keys(kinds).find((name) => figure.classList.contains(`lv-${name}`));
  if (!kind) return;
  for (const held of figure.querySelectorAll("template")) held.replaceWith(held.content);
  kinds[kind](figure, data, code);
  figure.dataset.lv = "ready";
  figure.classList.add("lv-ready");
  figure.removeEventListener("lv-set", ask);
  const detail = asked.get(figure);
  if (detail) figure.dispatchEvent(new CustomEvent("lv-set", { detail }));
  asked.delete(figure);
}

/** @type {Map<string, HTMLElement[]>} figures whose side file is on its way, by hash */
const waiting = new Map();

/** Load what comes within reach. */
const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) load(target);
}, { rootMargin: "800px" });

/** A classic script works over file:// too, where fetch does not. @param {Element} figure */
function load(figure) {
  const holder = figure.querySelector("span.lv-data");
  if (!(figure instanceof HTMLElement && holder instanceof HTMLElement) || figure.dataset.lv !== "waiting") return;
  figure.dataset.lv = "loading";
  near.unobserve(figure);
  const { hash = "", src = "" } = holder.dataset;
  const others = waiting.get(hash);
  if (others) { others.push(figure); return; }
  waiting.set(hash, [figure]);
  const script = document.createElement("script");
  script.src = src;
  document.head.append(script);
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

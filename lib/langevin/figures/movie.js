import { awaitFingers, obey, offerLink, tell } from "./controls.js";
import { nearest } from "./explore.js";
import { find, penOf, watchTheme } from "./page.js";
import { ALPHABET, GROUPS } from "./shared.js";

/**
 * A recorded simulation of discs, played in a canvas.
 *
 * @typedef {{frames: number, box: number[], radii: number[], groups: number[], trails: number[],
 *   periodic: boolean, fps: number, every: number, times: string[], labels: string[], films: string[],
 *   alts: string[]}} Movie
 *
 * @param {HTMLElement} figure
 * @param {Movie} data
 */
export function movie(figure, data) {
  const [width, height] = data.box;
  const last = data.frames - 1;
  const moments = data.times.map((_, i) => i * data.every);
  const stage = find(figure, ".lv-picture", HTMLElement);
  const play = find(figure, ".lv-play", HTMLElement);
  const speed = find(figure, ".lv-speed", HTMLSelectElement);
  const seek = find(figure, ".lv-seek input", HTMLInputElement);
  const clock = find(figure, ".lv-seek output", HTMLElement);
  const status = find(figure, ".lv-said", HTMLElement);
  /** @type {HTMLSelectElement | null} */
  const list = figure.querySelector('[data-name="choice"] select');
  /** @type {NodeListOf<HTMLInputElement>} */
  const buttons = figure.querySelectorAll('[data-name="choice"] input');
  /** @type {Int32Array[]} */
  const films = [];

  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.style.aspectRatio = `${width} / ${height}`;
  stage.append(canvas);
  const pen = penOf(canvas);

  let film = decodeOnce(choice());
  let frame = 0; // a fraction stands for a moment between two recorded ones
  let before = 0; // time stamp of the last tick, 0 while at rest

  function choice() {
    if (list) return list.selectedIndex;
    return Math.max(0, [...buttons].findIndex((input) => input.checked));
  }

  /** @param {number} i @returns {Int32Array} */
  function decodeOnce(i) {
    canvas.setAttribute("aria-label", data.alts[i]);
    films[i] ??= decode(data.films[i], data.frames);
    return films[i];
  }

  /** @param {number} disc @param {number} axis @param {number} when */
  function at(disc, axis, when) {
    const from = Math.min(Math.floor(when), last - 1);
    const place = (2 * disc + axis) * data.frames + from;
    return film[place] + (when - from) * (film[place + 1] - film[place]);
  }

  function draw() {
    const ratio = globalThis.devicePixelRatio || 1;
    const across = Math.round(stage.clientWidth * ratio);
    if (!across) return;
    const scale = across / width;
    const down = Math.round(height * scale);
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across;
      canvas.height = down;
    }
    const style = getComputedStyle(figure);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, across, down);
    pen.setTransform(scale, 0, 0, -scale, 0, down);
    GROUPS.forEach((name, group) => {
      pen.fillStyle = style.getPropertyValue(`--lv-${name}`);
      pen.beginPath();
      data.groups.forEach((own, disc) => {
        if (own === group) addDisc(at(disc, 0, frame), at(disc, 1, frame), data.radii[disc]);
      });
      pen.fill();
    });
    pen.strokeStyle = style.color;
    pen.lineJoin = "round";
    pen.lineWidth = 1.5 * ratio / scale;
    data.trails.forEach(drawTrail);
    pen.globalAlpha = 0.6;
    pen.lineWidth = ratio / scale;
    pen.strokeRect(0, 0, width, height);
    pen.globalAlpha = 1;
  }

  /**
   * A disc over the edge of a periodic box is also seen at the other side.
   * @param {number} x @param {number} y @param {number} radius
   */
  function addDisc(x, y, radius) {
    for (const px of images(x, width, radius)) {
      for (const py of images(y, height, radius)) {
        pen.moveTo(px + radius, py);
        pen.arc(px, py, radius, 0, 2 * Math.PI);
      }
    }
  }

  /** @param {number} x @param {number} side @param {number} radius @returns {number[]} */
  function images(x, side, radius) {
    if (!data.periodic) return [x];
    const inside = wrap(x, side);
    const all = [inside];
    if (inside < radius) all.push(inside + side);
    if (inside > side - radius) all.push(inside - side);
    return all;
  }

  /** @param {number} disc */
  function drawTrail(disc) {
    pen.beginPath();
    let cell = "";
    for (let i = 0; i <= Math.ceil(frame); i += 1) {
      const when = Math.min(i, frame);
      let x = at(disc, 0, when);
      let y = at(disc, 1, when);
      const now = data.periodic ? `${Math.floor(x / width)} ${Math.floor(y / height)}` : "here";
      if (data.periodic) [x, y] = [wrap(x, width), wrap(y, height)];
      if (now === cell) pen.lineTo(x, y);
      else pen.moveTo(x, y);
      cell = now;
    }
    pen.stroke();
  }

  function show() {
    const nearest = Math.round(frame);
    if (seek.getAttribute("aria-valuetext") !== data.times[nearest] || +seek.value !== nearest) {
      seek.value = String(nearest);
      seek.setAttribute("aria-valuetext", data.times[nearest]);
      clock.textContent = data.times[nearest];
    }
    figure.classList.toggle("lv-idle", frame === 0 || frame === last);
    draw();
  }

  /** @param {number} now in milliseconds */
  function tick(now) {
    if (!before) return;
    frame += Math.min(now - before, 100) / 1000 * data.fps * Number(speed.value);
    before = now;
    if (frame >= last) {
      frame = last;
      rest();
    } else {
      requestAnimationFrame(tick);
    }
    show();
  }

  function run() {
    if (frame >= last) frame = 0;
    before = performance.now();
    play.textContent = "Pause";
    figure.classList.add("lv-playing");
    requestAnimationFrame(tick);
  }

  function rest() {
    before = 0;
    play.textContent = "Play";
    figure.classList.remove("lv-playing");
  }

  /** @param {string} name @param {number | string} value */
  function set(name, value) {
    const at = name === "time" ? nearest(moments, Number(value)) : data.labels.indexOf(String(value));
    if (name === "time" && Number.isFinite(Number(value))) seek.value = String(at);
    else if (name !== "choice" || at < 0) return;
    else if (list) list.selectedIndex = at;
    else if (buttons.length) buttons[at].checked = true;
    (name === "time" ? seekTime : choose)();
  }

  const values = () => ({
    ...(data.labels.length > 1 ? { choice: data.labels[choice()] } : {}), time: moments[Math.round(frame)],
  });
  const told = () => tell(figure, values());

  function seekTime() {
    frame = Number(seek.value);
    show();
    told();
  }

  function choose() {
    film = decodeOnce(choice());
    status.textContent = data.alts[choice()];
    show();
    told();
  }

  const toggle = () => (before ? rest() : run());
  play.addEventListener("click", toggle);
  canvas.addEventListener("click", toggle);
  seek.addEventListener("input", seekTime);
  [list, ...buttons].forEach((input) => input?.addEventListener("input", choose));
  awaitFingers(figure);
  obey(figure, set);
  offerLink(figure, status, values, set);

  new ResizeObserver(draw).observe(stage);
  new IntersectionObserver(([entry]) => { if (!entry.isIntersecting && before) rest(); }).observe(stage);
  watchTheme(draw);
  show();
}

/** @param {number} x @param {number} side */
const wrap = (x, side) => x - side * Math.floor(x / side);

/**
 * Undo langevin.figures.film.encode: add up the deviations from "as before" twice.
 * @param {string} text @param {number} frames @returns {Int32Array} disc by disc, x before y
 */
function decode(text, frames) {
  const base = ALPHABET.length;
  const digit = new Int16Array(128).fill(-1);
  for (let i = 0; i < base; i += 1) digit[ALPHABET.charCodeAt(i)] = i;
  const numbers = [];
  for (let i = 0; i < text.length; i += 1) {
    let folded = digit[text.charCodeAt(i)];
    if (folded < 0) {
      folded = 0;
      for (const end = i + 3; i < end;) folded = folded * base + digit[text.charCodeAt(i += 1)];
    }
    numbers.push(folded % 2 ? -(folded + 1) / 2 : folded / 2);
  }
  const film = Int32Array.from(numbers);
  for (let start = 0; start < film.length; start += frames) {
    film[start + 1] += film[start];
    for (let i = start + 2; i < start + frames; i += 1) film[i] += 2 * film[i - 1] - film[i - 2];
  }
  return film;
}

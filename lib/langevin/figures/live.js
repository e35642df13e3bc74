import { awaitFingers, obey, offerLink, stopOf, tell, valueAt } from "./controls.js";
import { system } from "./engine.js";
import { lookOf, mix, numberText, paleOf } from "./look.js";
import { find, penOf, watchTheme } from "./page.js";
import { drawAim, drawPanel, drawPotential, drawRings, placeOf } from "./panels.js";
import { Run, WINDOW } from "./run.js";

/**
 * Ensembles that run in the page: draws the systems of engine.js, gives them what the reader changes.
 *
 * @typedef {import("./controls.js").Range & {name: string, texts: string[], first: number, unit: string,
 *   form: string}} Parameter form: of numbers between the given ones, as in Python
 * @typedef {import("./engine.js").Model & {parameters: Parameter[], steps: number, memory: number,
 *   panels: import("./look.js").Panel[], size: [number, number], rings: Ring[]}} Data
 * @typedef {{name: string, x: number}} Ring on the potential's curve; who drags it moves that slider
 * @typedef {{forces: import("./engine.js").Force[], curves: import("./panels.js").Curves}} Code
 * @typedef {{get: (name: string) => any, set: (name: string, value: any) => void,
 *   on: (event: string, callback: () => void) => void, save_changes: () => void}} Bridge
 *   to the notebook's widget, as anywidget has it
 */

const AHEAD = [600, 200_000]; // frames, and steps of particles, that a figure runs ahead at most
const HELP = "Click to put the particles somewhere. With the keyboard: arrow keys choose a place, "
  + "Enter puts the particles there, Space plays and pauses.";
const RING = " A ring on the curve can be dragged; a slider does the same.";
const REACH = 14; // of a pointer to a ring, in points of the picture
/** @type {Record<string, number[]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class Live {
  /** @param {Bridge} model @param {HTMLElement} figure with its poster and its controls */
  constructor(model, figure) {
    this.model = model;
    this.figure = figure;
    /** @type {Data} */
    this.data = model.get("data");
    /** @type {Code} */
    this.code = model.get("code");
    this.runs = this.begin();
    this.isFresh = true; // nothing has happened since the start
    /** @type {Run[] | null} what would happen next: null if not asked, empty until it is known */
    this.ahead = null;
    this.places = this.data.panels.filter((panel) => panel.kind === "particles");
    this.stage = find(figure, ".lv-picture", HTMLElement);
    this.playButton = find(figure, ".lv-play", HTMLElement);
    this.speed = find(figure, ".lv-speed", HTMLSelectElement);
    this.clock = find(figure, ".lv-clock", HTMLElement);
    this.status = find(figure, ".lv-said", HTMLElement);
    this.fault = find(figure, ".lv-error", HTMLElement);
    this.canvases = [0, 1].map(() => this.stage.appendChild(document.createElement("canvas")));
    this.pens = this.canvases.map(penOf); // of the potential, and of all that moves
    /** @type {import("./look.js").Look | null} null: the potential is to be drawn anew */
    this.look = null;
    this.request = 0; // of an animation frame, 0 while nothing moves
    this.isPlaying = false;
    this.isVisible = false;
    this.before = 0; // time stamp of the last tick
    this.due = 0; // steps still to be made, with a fraction
    this.reported = 0; // when the clock was last set
    this.synced = 0; // when the notebook last received the positions
    /** @type {number[] | null} place that the arrow keys have chosen, in units of the axes */
    this.aim = null;
    /** @type {Ring | undefined} the one that is dragged */
    this.held = undefined;
    this.labelFront();
    this.listenToFront();
    this.listenToControls();
    this.listenToModel();
    obey(figure, (name, value) => this.move(name, Number(value)));
    this.end = this.watchPage();
    figure.classList.add("lv-ready");
    this.show();
    offerLink(figure, this.status, () => this.values, (name, value) => this.move(name, Number(value)));
    if (model.get("playing")) this.setPlaying(true);
  }

  begin() { return this.data.systems.map((_, i) => new Run(system(this.data, i, this.code.forces), this.data, i)); }

  /** Run ahead as Play will, so that the first picture shows what there is to see. */
  lookAhead() {
    if (!this.isFresh || !this.isVisible || this.ahead) return; // not for figures further down
    const { data: { n, steps, parameters }, model } = this;
    const runs = this.begin();
    for (const { system } of runs) for (const { name } of parameters) system.set(name, model.get(name));
    const most = this.data.panels.some((panel) => panel.kind === "trajectory") ? WINDOW : AHEAD[0];
    let frames = Math.min(most, Math.ceil(AHEAD[1] / (n * steps * runs.length)));
    /** @type {Run[]} */
    const none = [];
    this.ahead = none;
    const go = () => {
      if (this.ahead !== none) return; // something has been changed
      const end = performance.now() + 8; // milliseconds at a time: the page stays responsive
      for (; frames > 0 && performance.now() < end; frames -= 1) runs.forEach((run) => run.advance(steps));
      if (frames > 0) { setTimeout(go); return; }
      runs.forEach((run, i) => { run.grid = this.runs[i].field; });
      if (!runs.some((run) => run.system.trouble)) this.ahead = runs;
      this.show();
    };
    setTimeout(go);
  }

  // ---- parameters and positions ------------------------------------------------------------------

  /** As the reader does; what is out of range stays as it is. @param {string} name @param {number} value */
  move(name, value) {
    const values = this.data.parameters.find((parameter) => parameter.name === name)?.values ?? [];
    if (!(value >= values[0] && value <= values[values.length - 1])) return;
    this.model.set(name, value);
    this.model.save_changes();
    this.change(name, value);
  }

  get values() {
    return Object.fromEntries(this.data.parameters.map(({ name }) => [name, this.model.get(name)]));
  }

  /** @param {string} name @param {number} value */
  change(name, value) {
    this.runs.forEach((run) => { if (run.system.set(name, value)) run.frames = 0; });
    this.look = this.ahead = null;
    this.showValue(name, value);
    this.show();
    tell(this.figure, this.values);
  }

  /** @param {string} name @param {number} value the slider goes to the nearest of its stops */
  showValue(name, value) {
    const parameter = this.parameter(name);
    const { values, texts, form, unit } = parameter;
    const given = values.findIndex((v) => Math.abs(v - value) <= 1e-9 * Math.abs(value));
    const digits = parseInt(form.slice(1), 10);
    const number = form.endsWith("f") ? value.toFixed(digits).replace("-", "−") : numberText(value, digits || 6);
    const text = texts[given] ?? `${number} ${unit}`.trim();
    const input = find(this.figure, `[data-name="${name}"] input`, HTMLInputElement);
    input.value = String(stopOf(parameter, value));
    input.setAttribute("aria-valuetext", text);
    find(this.figure, `[data-name="${name}"] output`, HTMLElement).textContent = text;
  }

  /** @param {string | null | undefined} name @returns {Parameter} */
  parameter(name) {
    const found = this.data.parameters.find((parameter) => parameter.name === name);
    if (!found) throw new RangeError(`a live figure has no parameter ${name}`);
    return found;
  }

  /** Put the ensemble's middle there. @param {number[]} point */
  drop(point) {
    this.isFresh = false;
    this.runs.forEach((run) => run.drop(point));
    this.show();
    this.sync();
  }

  reset() {
    this.isFresh = true;
    this.runs.forEach((run) => { run.system.reset(); run.begin(); });
    this.show();
    this.sync();
  }

  /** Take positions from the notebook. @param {DataView[]} placed */
  place(placed) {
    this.isFresh = false;
    placed.forEach((view, i) => {
      const x = new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
      this.runs[i].system.restore({ x, k: 0 });
      this.runs[i].begin();
    });
    this.show();
    this.sync();
  }

  /** Send the positions to the notebook. */
  sync() {
    this.synced = performance.now();
    this.model.set("ensembles", this.runs.map((run) => new DataView(run.system.x.slice().buffer)));
    this.model.set("steps_taken", this.runs[0].system.k);
    this.model.save_changes();
  }

  // ---- time --------------------------------------------------------------------------------------

  /** @param {number} now in milliseconds */
  tick(now) {
    this.request = 0;
    const rate = 0.06 * this.data.steps * Number(this.speed.value); // steps a millisecond
    this.due = Math.min(this.due + (now - this.before) * rate, 40 * rate);
    this.before = now;
    const whole = Math.floor(this.due);
    this.due -= whole;
    if (whole) this.advance(whole);
    if (now - this.synced > 1000) this.sync();
    this.wake();
  }

  /** @param {number} count */
  advance(count) {
    this.isFresh = false;
    this.runs.forEach((run) => run.advance(count));
    this.show();
  }

  /** Ask for the next frame if somebody sees it. */
  wake() {
    if (this.isPlaying && this.isVisible && !this.request) {
      this.request = requestAnimationFrame((now) => this.tick(now));
    }
  }

  /** @param {boolean} isPlaying */
  setPlaying(isPlaying) {
    if (isPlaying === this.isPlaying) return;
    this.isPlaying = isPlaying;
    this.playButton.textContent = isPlaying ? "Pause" : "Play";
    this.figure.classList.toggle("lv-playing", isPlaying);
    this.before = performance.now();
    this.due = 0;
    if (isPlaying) this.wake();
    else {
      cancelAnimationFrame(this.request);
      this.request = 0;
      this.report();
      this.status.textContent = this.summary();
      this.sync();
    }
    this.model.set("playing", isPlaying);
    this.model.save_changes();
  }

  step() {
    this.setPlaying(false);
    this.advance(1);
    this.status.textContent = this.summary();
    this.sync();
  }

  // ---- pictures and words ------------------------------------------------------------------------

  show() {
    if (!this.end || !this.resize()) return; // once, when all is set up
    const [back, front] = this.pens;
    if (!this.look) {
      this.look = lookOf(this.figure, this.stage.clientWidth / this.data.size[0]);
      for (const pen of this.pens) pen.font = this.look.tick;
      back.clearRect(0, 0, ...this.data.size);
      this.runs.forEach((run) => run.forget());
      for (const panel of this.places) drawPotential(back, panel, this.runs, this.look);
    }
    front.clearRect(0, 0, ...this.data.size);
    this.lookAhead();
    const ahead = this.isFresh && this.ahead?.length ? this.ahead : null;
    const { curves } = this.code;
    for (const panel of this.data.panels) {
      if (ahead) drawPanel(front, panel, ahead, paleOf(this.look), curves);
      if (!ahead || panel.kind === "particles") drawPanel(front, panel, this.runs, this.look, curves);
    }
    if (ahead) this.clock.dataset.ahead = `pale: until ${this.time(ahead[0])}`;
    this.clock.classList.toggle("lv-past", !ahead);
    for (const panel of this.places) drawRings(front, panel, this.data.rings, this.runs, this.look);
    if (this.aim) for (const panel of this.places) drawAim(front, panel, this.aim, this.runs, this.look);
    this.report();
  }

  /** Fit the canvases to the page. @returns {boolean} whether there is room at all */
  resize() {
    const across = Math.round(this.stage.clientWidth * Math.min(2, devicePixelRatio));
    const scale = across / this.data.size[0];
    const down = Math.round(this.data.size[1] * scale);
    if (!across) return false;
    for (const canvas of this.canvases) {
      if (canvas.width === across && canvas.height === down) continue;
      [canvas.width, canvas.height] = [across, down];
      this.look = null;
    }
    for (const pen of this.pens) {
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      pen.lineJoin = pen.lineCap = "round";
    }
    return true;
  }

  /** The clock, and what is wrong; ten times a second are enough to read. */
  report() {
    if (this.isPlaying && performance.now() - this.reported < 100 && !this.runs[0].system.stopped) return;
    this.reported = performance.now();
    const cooled = this.runs.find((run) => run.cools);
    const heat = cooled ? `, T = ${numberText(cooled.system.temperature() ?? 0, 3)}` : "";
    setText(this.clock, this.time() + heat);
    const faults = this.runs.flatMap(({ system: { trouble, label } }) => {
      if (!trouble) return [];
      return [this.runs.length > 1 ? `${label}: ${trouble}` : trouble];
    });
    setText(this.fault, [...new Set(faults)].join(" "));
    if (this.isPlaying && this.runs.every((run) => run.system.stopped)) this.setPlaying(false);
  }

  time(run = this.runs[0]) {
    const { time, k } = run.system;
    return this.data.clock === "time" ? `t = ${numberText(time, 4)}` : `step ${k}`;
  }

  /** The state in words, for readers who do not see the picture. */
  summary() {
    const words = this.runs.map(({ system: { x: all, dim, n, label } }) => {
      const x = all.filter((_, i) => i % dim === 0);
      const mean = x.reduce((a, b) => a + b, 0) / n;
      const name = this.runs.length > 1 ? `${label}: ` : "";
      if (n === 1) return `${name}x = ${numberText(mean, 3)}`;
      const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
      return `${name}mean of x ${numberText(mean, 3)}, variance ${numberText(variance, 3)}`;
    });
    return `Paused at ${this.time()}: ${words.join("; ")}.`;
  }

  // ---- input -------------------------------------------------------------------------------------

  labelFront() {
    const [, front] = this.canvases;
    const alt = find(this.stage, "svg", SVGElement).getAttribute("aria-label");
    front.setAttribute("role", "application");
    front.setAttribute("aria-label", alt ?? "");
    front.setAttribute("aria-description", HELP + (this.data.rings.length ? RING : ""));
    front.tabIndex = 0;
    front.dataset.lmSuppressShortcuts = "true";
  }

  listenToFront() {
    const [, front] = this.canvases;
    front.addEventListener("pointerdown", (event) => {
      this.held = this.under(event)?.ring;
      if (event.pointerType === "touch" && !this.held) return; // it may be the start of a scroll
      front.setPointerCapture(event.pointerId);
      if (!this.held) this.point(event);
    });
    front.addEventListener("pointermove", (event) => {
      if (!event.buttons) front.style.cursor = this.under(event)?.ring ? "ns-resize" : "";
      else if (event.pointerType !== "touch" || this.held) this.point(event);
    });
    front.addEventListener("touchstart", (event) => {
      if (this.under(event.touches[0])?.ring) event.preventDefault(); // no scroll, and no click
    });
    front.addEventListener("click", (event) => {
      if (event instanceof PointerEvent && event.pointerType === "touch") this.point(event);
    });
    front.addEventListener("keydown", (event) => { if (this.press(event)) event.preventDefault(); });
    front.addEventListener("blur", () => { this.aim = null; this.show(); });
  }

  /**
   * The panel of particles under a pointer, the place there in units of its axes, and the ring near it.
   * @param {{clientX: number, clientY: number}} pointer
   */
  under({ clientX, clientY }) {
    const { left, top, width } = this.canvases[1].getBoundingClientRect();
    const scale = this.data.size[0] / width;
    const [px, py] = [(clientX - left) * scale, (clientY - top) * scale];
    const panel = this.places.find(({ box: [x, y, w, h] }) => px >= x && px <= x + w && py >= y && py <= y + h);
    if (!panel) return null;
    const [x, y, w, h] = panel.box;
    const ring = this.data.rings.find((ring) => {
      const [rx, ry] = placeOf(panel, [ring.x], this.runs);
      return Math.hypot(px - rx, py - ry) < REACH;
    });
    return { panel, ring, point: [mix(panel.x, (px - x) / w), mix(panel.y, 1 - (py - y) / h)] };
  }

  /** Put the particles where the pointer is, or the curve by the ring that is held. @param {PointerEvent} event */
  point(event) {
    const found = this.under(event);
    if (found && this.held) this.drag(this.held, found);
    else if (found) {
      this.aim = null;
      this.drop(found.point.slice(0, this.data.dim));
    }
  }

  /**
   * Move a ring's slider so that the curve comes to the pointer.
   * @param {Ring} ring @param {{panel: import("./look.js").Panel, point: number[]}} under
   */
  drag({ name, x }, { panel, point: [, height] }) {
    const { system } = this.runs[panel.systems[0]];
    const parameter = this.parameter(name);
    const now = this.model.get(name);
    let nearest = now, least = Infinity;
    for (let stop = 0; stop <= parameter.fine * (parameter.values.length - 1); stop += 1) {
      const value = valueAt(parameter, stop);
      system.set(name, value);
      const gap = Math.abs(system.energy(x) - height);
      if (gap < least) [nearest, least] = [value, gap];
    }
    system.set(name, now);
    if (nearest !== now) this.move(name, nearest);
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key means something here */
  press(event) {
    const way = ARROWS[event.key];
    if (way && this.places.length) this.moveAim(way, event.shiftKey ? 0.1 : 0.02);
    else if (event.key === "Enter" && this.aim) this.drop(this.aim);
    else if (event.key === " ") this.setPlaying(!this.isPlaying);
    else return false;
    return true;
  }

  /** @param {number[]} way @param {number} part of the domain */
  moveAim(way, part) {
    const { domain } = this.data;
    const from = this.aim ?? domain.map((range) => mix(range, 0.5));
    const aim = from.map((value, i) => {
      const [low, high] = domain[i];
      return Math.min(high, Math.max(low, value + way[i] * (high - low) * part));
    });
    this.aim = aim;
    this.status.textContent = aim.map((value, i) => `${"xy"[i]} = ${numberText(value, 3)}`).join(", ");
    this.show();
  }

  listenToControls() {
    awaitFingers(this.figure);
    this.figure.addEventListener("input", ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return; // the speed is read at each tick
      const parameter = this.parameter(target.closest("[data-name]")?.getAttribute("data-name"));
      this.move(parameter.name, valueAt(parameter, Number(target.value)));
    });
    this.playButton.addEventListener("click", () => this.setPlaying(!this.isPlaying));
    find(this.figure, ".lv-step", HTMLElement).addEventListener("click", () => this.step());
    find(this.figure, ".lv-again", HTMLElement).addEventListener("click", () => this.reset());
    this.figure.querySelector(".lv-defaults")?.addEventListener("click", () => {
      for (const { name, values, first } of this.data.parameters) this.move(name, values[first]);
    });
  }

  listenToModel() {
    const { model } = this;
    for (const { name } of this.data.parameters) {
      model.on(`change:${name}`, () => this.change(name, model.get(name)));
      this.change(name, model.get(name));
    }
    model.on("change:playing", () => this.setPlaying(model.get("playing")));
    model.on("change:placed", () => this.place(model.get("placed")));
  }

  /** Follow the page's width, scrolling, theme and address. @returns {() => void} ends it */
  watchPage() {
    const sizes = new ResizeObserver(() => this.show());
    sizes.observe(this.stage);
    const sight = new IntersectionObserver((entries) => {
      this.isVisible = entries[entries.length - 1].isIntersecting;
      this.before = performance.now();
      this.wake();
      this.lookAhead();
    });
    sight.observe(this.stage);
    const endTheme = watchTheme(() => { this.look = null; this.show(); });
    return () => {
      cancelAnimationFrame(this.request);
      sizes.disconnect();
      sight.disconnect();
      endTheme();
      this.isPlaying = false;
    };
  }
}

/** @param {HTMLElement} element @param {string} text written only if it is new, for screen readers */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * The built page has no kernel: a plain object stands for its model.
 * @param {HTMLElement} figure @param {Data} data @param {Code} code
 */
export function live(figure, data, code) {
  /** @type {Record<string, any>} */
  const state = { data, code, playing: false };
  for (const { name, values, first } of data.parameters) state[name] = values[first];
  /** @type {Bridge} */
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    on: () => {},
    save_changes: () => {},
  };
  Object.assign(figure, { model }); // to be read from the browser's console
  new Live(model, figure);
}

/**
 * In a notebook the widget brings the figure's markup.
 * @param {{model: Bridge, el: HTMLElement}} place @param {Code} code
 */
export function renderWidget({ model, el }, code) {
  el.innerHTML = model.get("markup");
  /** @type {Bridge} */
  const bridge = {
    get: (name) => (name === "code" ? code : model.get(name)),
    set: (name, value) => model.set(name, value),
    on: (event, callback) => model.on(event, callback),
    save_changes: () => model.save_changes(),
  };
  return new Live(bridge, find(el, ".lv-live", HTMLElement)).end;
}

import { system } from "./engine.js";

/**
 * Ensembles that run in the page: draws the systems of engine.js, hands them what the reader moves.
 *
 * @typedef {{kind: string, box: number[], x: number[] | null, y: number[] | null, labels: string[],
 *   systems: number[], log: boolean[]}} Panel box: left, top, width, height in points
 * @typedef {{get: (name: string) => any, set: (name: string, value: any) => void,
 *   on: (event: string, told: Function) => void, save_changes: () => void}} Model as anywidget has it
 *
 * @param {{model: Model, el: HTMLElement}} place el is the figure, with its poster and its controls
 */
export function render({ model, el: figure }) {
  const data = model.get("data");
  const { forces, curves } = model.get("code");
  const find = (selector) => figure.querySelector(selector);
  const stage = find(".lv-picture");
  const [play, oneStep, again, link] = ["play", "step", "again", "link"].map((b) => find(`.lv-${b}`));
  const [speed, clock, said, complaint] = [".lv-speed", ".lv-clock", ".lv-said", ".lv-error"].map(find);
  const places = data.panels.filter((panel) => panel.kind === "particles");
  const runs = data.systems.map((_, i) => new Run(system(data, i, forces), data, i));

  const [back, front] = [0, 1].map(() => stage.appendChild(document.createElement("canvas")));
  front.setAttribute("role", "application");
  front.setAttribute("aria-label", stage.querySelector("svg").getAttribute("aria-label"));
  front.setAttribute("aria-description", HELP);
  front.tabIndex = 0;
  front.dataset.lmSuppressShortcuts = "true";
  const pens = [back, front].map((canvas) => canvas.getContext("2d"));

  let look = null; // colours of the page; null: back canvas to be drawn anew
  let request = 0; // of an animation frame, 0 while nothing moves
  let playing = false;
  let awake = false; // seen by the reader
  let before = 0; // time stamp of the last tick
  let due = 0; // steps still to be made, with a fraction
  let reported = 0; // when the clock was last set
  let told = 0; // when the notebook last heard of the positions
  let aim = null; // where the arrow keys have led, in units of the axes

  // ---- the reader's and the notebook's changes -------------------------------------------------

  /** @param {string} name @param {number} value */
  function change(name, value) {
    runs.forEach((run) => { if (run.own.set(name, value)) run.frames = 0; });
    look = null;
    showValue(name, value);
    show();
  }

  /** @param {string} name @param {number} value the slider goes to the nearest of its values */
  function showValue(name, value) {
    const { values, texts } = data.parameters.find((parameter) => parameter.name === name);
    let nearest = 0;
    values.forEach((v, i) => { if (Math.abs(v - value) < Math.abs(values[nearest] - value)) nearest = i; });
    const exact = Math.abs(values[nearest] - value) <= 1e-9 * Math.abs(value);
    const control = inputOf(name).closest(".lv-control");
    inputOf(name).value = nearest;
    const text = exact ? texts[nearest] : written(value);
    inputOf(name).setAttribute("aria-valuetext", text);
    control.querySelector("output").textContent = text;
  }

  const inputOf = (name) => find(`[data-name="${name}"] input`);

  function share() {
    const values = data.parameters.map(({ name }) => `${name}=${model.get(name)}`);
    const state = `#${figure.id}?${values.join("&")}`;
    history.replaceState(null, "", state);
    const done = () => { said.textContent = "The link to this state is in the address bar."; };
    const copied = () => { said.textContent = "The link to this state has been copied."; };
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(copied, done);
    else done();
  }

  /** Take the parameters from an address that names this figure. */
  function restore() {
    const [id, query] = location.hash.slice(1).split("?");
    if (id !== figure.id || !query) return;
    const asked = new URLSearchParams(query);
    for (const { name, values } of data.parameters) {
      const value = asked.has(name) ? Number(asked.get(name)) : NaN;
      if (value >= values[0] && value <= values.at(-1)) {
        model.set(name, value);
        change(name, value);
      }
    }
  }

  /** Put the ensemble's middle there. @param {number[]} point */
  function drop(point) {
    runs.forEach((run) => run.drop(point));
    show();
    tellNotebook();
  }

  function restart() {
    runs.forEach((run) => { run.own.reset(); run.begin(); });
    show();
    tellNotebook();
  }

  function tellNotebook() {
    told = performance.now();
    model.set("ensembles", runs.map(({ own }) => new DataView(own.x.slice().buffer)));
    model.set("steps_taken", runs[0].own.k);
    model.save_changes();
  }

  // ---- time --------------------------------------------------------------------------------------

  /** @param {number} now in milliseconds */
  function tick(now) {
    request = 0;
    const rate = 0.06 * data.steps * Number(speed.value); // steps a millisecond
    due = Math.min(due + (now - before) * rate, 40 * rate);
    before = now;
    const whole = Math.floor(due);
    due -= whole;
    if (whole) advance(whole);
    if (now - told > 1000) tellNotebook();
    wake();
  }

  /** @param {number} count */
  function advance(count) {
    runs.forEach((run) => run.advance(count));
    show();
  }

  /** Ask for the next frame if somebody sees it. */
  function wake() {
    if (playing && awake && !request) request = requestAnimationFrame(tick);
  }

  /** @param {boolean} goes */
  function run(goes) {
    if (goes === playing) return;
    playing = goes;
    play.textContent = goes ? "Pause" : "Play";
    figure.classList.toggle("lv-playing", goes);
    before = performance.now();
    due = 0;
    if (goes) wake();
    else {
      cancelAnimationFrame(request);
      request = 0;
      report();
      said.textContent = summary();
      tellNotebook();
    }
    model.set("playing", goes);
    model.save_changes();
  }

  const when = ({ own }) => (data.clock === "time" ? `t = ${written(own.time, 4)}` : `step ${own.k}`);

  /** What a reader who cannot see the picture is told when it stops. */
  function summary() {
    const words = runs.map(({ own }) => {
      const x = own.x.filter((_, i) => i % own.dim === 0);
      const mean = x.reduce((a, b) => a + b, 0) / own.n;
      const name = runs.length > 1 ? `${own.label}: ` : "";
      if (own.n === 1) return `${name}x = ${written(mean, 3)}`;
      const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / own.n;
      return `${name}mean of x ${written(mean, 3)}, variance ${written(variance, 3)}`;
    });
    return `Paused at ${when(runs[0])}: ${words.join("; ")}.`;
  }

  // ---- drawing -----------------------------------------------------------------------------------

  function colours() {
    const style = getComputedStyle(figure);
    const hues = HUES.map((name) => style.getPropertyValue(`--lv-${name}`));
    return { ink: style.color, paper: style.getPropertyValue("--lv-paper"), hues };
  }

  function show() {
    const across = Math.round(stage.clientWidth * (Math.min(2, globalThis.devicePixelRatio || 1)));
    if (!across) return;
    const scale = across / data.size[0];
    const down = Math.round(data.size[1] * scale);
    if (front.width !== across || front.height !== down) {
      for (const canvas of [back, front]) [canvas.width, canvas.height] = [across, down];
      look = null;
    }
    pens.forEach((pen) => {
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      pen.font = FONT.tick;
      pen.lineJoin = pen.lineCap = "round";
    });
    if (!look) {
      look = colours();
      const [pen] = pens;
      pen.clearRect(0, 0, ...data.size);
      runs.forEach((run) => run.forget());
      places.forEach((panel) => (data.dim === 1 ? drawCurve : drawMap)(pen, panel, runs, look));
    }
    const [, pen] = pens;
    pen.clearRect(0, 0, ...data.size);
    for (const panel of data.panels) DRAW[panel.kind](pen, panel, runs, look, curves);
    if (aim) places.forEach((panel) => drawAim(pen, panel, aim, runs, look));
    report();
  }

  /** The clock, and what is wrong; ten times a second are enough to read. */
  function report() {
    if (playing && performance.now() - reported < 100 && !runs[0].own.stopped) return;
    reported = performance.now();
    const cooled = runs.find(({ cools }) => cools);
    const heat = cooled ? `, T = ${written(cooled.own.temperature() ?? 0, 3)}` : "";
    const now = when(runs[0]) + heat;
    if (clock.textContent !== now) clock.textContent = now;
    const words = runs.filter(({ own }) => own.trouble)
      .map(({ own }) => (runs.length > 1 ? `${own.label}: ${own.trouble}` : own.trouble));
    const text = [...new Set(words)].join(" ");
    if (complaint.textContent !== text) complaint.textContent = text;
    if (playing && runs.every(({ own }) => own.stopped)) run(false);
  }

  // ---- hands and keys ------------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  function pointed(event) {
    const { left, top, width } = front.getBoundingClientRect();
    const scale = data.size[0] / width;
    const [px, py] = [(event.clientX - left) * scale, (event.clientY - top) * scale];
    const panel = places.find(({ box: [x, y, w, h] }) => px >= x && px <= x + w && py >= y && py <= y + h);
    if (!panel) return;
    const [x, y, w, h] = panel.box;
    const point = [mix(panel.x, (px - x) / w), mix(panel.y, 1 - (py - y) / h)];
    aim = null;
    drop(point.slice(0, data.dim));
  }

  front.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") return; // it may be the start of a scroll
    front.setPointerCapture(event.pointerId);
    pointed(event);
  });
  front.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch" && event.buttons) pointed(event);
  });
  front.addEventListener("click", (event) => { if (event.pointerType === "touch") pointed(event); });

  front.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (way && places.length) {
      aim ??= data.domain.map((range) => mix(range, 0.5));
      aim = aim.map((value, i) => {
        const [low, high] = data.domain[i];
        return Math.min(high, Math.max(low, value + way[i] * (high - low) * (event.shiftKey ? 0.1 : 0.02)));
      });
      said.textContent = data.domain.map((_, i) => `${"xy"[i]} = ${written(aim[i], 3)}`).join(", ");
      show();
    } else if (event.key === "Enter" && aim) drop(aim);
    else if (event.key === " ") run(!playing);
    else return;
    event.preventDefault();
  });
  front.addEventListener("blur", () => { aim = null; show(); });

  figure.addEventListener("input", (event) => {
    const name = event.target.closest(".lv-control")?.dataset.name;
    if (!name) return;
    const value = data.parameters.find((p) => p.name === name).values[Number(event.target.value)];
    model.set(name, value);
    model.save_changes();
    change(name, value);
  });
  play.addEventListener("click", () => run(!playing));
  oneStep.addEventListener("click", () => { run(false); advance(1); said.textContent = summary(); tellNotebook(); });
  again.addEventListener("click", restart);
  link?.addEventListener("click", share);
  if (link) globalThis.addEventListener("hashchange", restore);
  for (const { name } of data.parameters) {
    model.on(`change:${name}`, () => change(name, model.get(name)));
    change(name, model.get(name));
  }
  model.on("change:playing", () => run(model.get("playing")));
  model.on("change:placed", () => {
    model.get("placed").forEach((view, i) => runs[i].own.restore({ x: new Float64Array(view.buffer.slice(0)), k: 0 }));
    runs.forEach((each) => each.begin());
    show();
    tellNotebook();
  });

  // ---- what the page does around it ------------------------------------------------------------------

  const anew = () => { look = null; show(); };
  const sizes = new ResizeObserver(anew);
  sizes.observe(stage);
  const sight = new IntersectionObserver((entries) => {
    awake = entries.at(-1).isIntersecting;
    before = performance.now();
    wake();
  });
  sight.observe(stage);
  const themes = new MutationObserver(anew);
  for (const root of [document.documentElement, document.body]) {
    themes.observe(root, { attributeFilter: ["data-theme", "theme", "class", "data-jp-theme-light"] });
  }
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", anew);
  figure.classList.add("lv-ready");
  show();
  if (link) restore();
  else if (model.get("playing")) run(true);

  return () => {
    cancelAnimationFrame(request);
    [sizes, sight, themes].forEach((observer) => observer.disconnect());
    scheme.removeEventListener("change", anew);
    globalThis.removeEventListener("hashchange", restore);
    playing = false;
  };
}

/**
 * The built page has no kernel: this stands for its model.
 * @param {HTMLElement} figure @param {object} data @param {{forces: object[], curves: object}} code
 */
export function live(figure, data, code) {
  const state = { data, code, playing: false };
  for (const { name, values, first } of data.parameters) state[name] = values[first];
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    on: () => {},
    save_changes: () => {},
  };
  figure.model = model; // to be read from the browser's console
  render({ model, el: figure });
}

/** In a notebook the widget brings the figure's markup. @param {{model: Model, el: HTMLElement}} place */
export function renderWidget({ model, el }, code) {
  el.innerHTML = model.get("markup");
  const bridge = {
    get: (name) => (name === "code" ? code : model.get(name)),
    set: (name, value) => model.set(name, value),
    on: (event, told) => model.on(event, told),
    save_changes: () => model.save_changes(),
  };
  return render({ model: bridge, el: el.firstElementChild });
}

const HUES = ["blue", "vermilion", "green", "purple", "amber", "grey"];
// The systems of a race differ without their colours too, as the legend of ensemble.py shows:
const DASHES = [[], [6, 4], [0.1, 3.2], [6, 3.5, 0.1, 3.5], [12, 4], [6, 3.5, 0.1, 3.5, 0.1, 3.5]];
const CORNERS = [[0, 0], [4, 0.25], [3, 0.5], [4, 0], [3, 0], [5, 0.5]]; // how many, turned by which part of π
const LARGER = 1.3; // a corner is farther out than the rim of a disc of about the same area
const FACE = '"DejaVu Sans", Verdana, sans-serif';
const FONT = { tick: `9px ${FACE}`, label: `10px ${FACE}` };
const HELP = "Click to put the particles somewhere. With the keyboard: arrow keys choose a place, "
  + "Enter puts the particles there, Space plays and pauses.";
const NODES = [401, 161]; // of the grid for the energy, by dimension: along each axis
const BINS = 60;
const TRAIL = 4000; // points of all trails of a system together
const FEW = 20; // particles that are drawn one by one, with long trails
const CROWD = 1000; // so many dots are squares of their size, which are drawn four times faster
const HEAP = 14; // height in points of many particles on a curve
const WINDOW = 300; // frames that a time series shows

const mix = ([low, high], part) => low + part * (high - low);

/** One system with what is remembered of its past for the picture. */
class Run {
  constructor(own, data, index) {
    this.own = own;
    this.domain = data.domain;
    this.memory = data.memory;
    this.cools = data.systems[index].schedules.temperature !== undefined;
    this.kinds = new Set(data.panels.map((panel) => panel.kind));
    this.bars = new Float64Array(BINS);
    this.counts = new Float64Array(BINS);
    this.length = own.n > FEW ? Math.min(6, Math.floor(TRAIL / own.n)) : Math.min(600, Math.floor(TRAIL / own.n));
    this.trail = new Float32Array(2 * own.n * this.length);
    const first = own.x.slice();
    const middle = [...Array(own.dim).keys()].map((j) => average(own, (i) => first[i * own.dim + j]));
    this.cloud = first.map((value, i) => value - middle[i % own.dim]);
    this.begin();
  }

  /** Forget the past: the particles have been put where they are. */
  begin() {
    this.frames = this.trailed = 0;
    this.origin = { x: this.own.x.slice(), k: this.own.k, time: this.own.time };
    this.next = this.own.k;
    this.series = { time: [], msd: [], energy: [] };
    this.window = [];
    this.sample();
    this.remember();
  }

  /** @param {number[]} point */
  drop(point) {
    const { own, cloud } = this;
    for (let i = 0; i < own.n; i += 1) own.place(i, ...point.map((value, j) => value + cloud[i * own.dim + j]));
    this.begin();
  }

  /** Samples of the series grow sparser as time goes on, so that a long run stays light. */
  advance(count) {
    const { own } = this;
    for (let left = count; left > 0 && !own.stopped;) {
      const part = Math.min(left, Math.max(1, this.next - own.k));
      own.step(part);
      left -= part;
      if (own.k >= this.next) this.sample();
    }
    this.remember();
  }

  sample() {
    const { own, origin, series, kinds } = this;
    this.next = own.k + 1 + Math.floor((own.k - origin.k) / 150);
    if (!kinds.has("msd") && !kinds.has("energy")) { this.next = Infinity; return; }
    series.time.push(own.time - origin.time);
    if (kinds.has("msd")) {
      let sum = 0;
      for (let i = 0; i < own.x.length; i += 1) sum += (own.x[i] - origin.x[i]) ** 2;
      series.msd.push(sum / own.n);
    }
    if (kinds.has("energy")) series.energy.push(average(own, (i) => energyAt(own, i)));
  }

  /** Once a frame: the histogram, the trails, the window of the time series. */
  remember() {
    const { own, bars, counts, domain: [[low, high]] } = this;
    const { x, n, dim } = own;
    if (own.stopped) return;
    this.frames += 1;
    counts.fill(0);
    for (let i = 0; i < n; i += 1) {
      const bin = Math.floor((x[i * dim] - low) / (high - low) * BINS);
      if (bin >= 0 && bin < BINS) counts[bin] += 1;
    }
    // newer frames weigh more, so that the start is forgotten, until the memory is full
    const weight = Math.max(Math.min(1, 2 / this.frames), 1 / this.memory);
    const unit = BINS / (n * (high - low));
    for (let b = 0; b < BINS; b += 1) bars[b] += weight * (counts[b] * unit - bars[b]);
    if (this.length > 1) {
      const at = 2 * n * (this.trailed % this.length);
      for (let i = 0; i < n; i += 1) {
        this.trail[at + 2 * i] = x[i * dim];
        this.trail[at + 2 * i + 1] = dim === 1 ? energyAt(own, i) : x[i * dim + 1];
      }
      this.trailed += 1;
    }
    if (this.kinds.has("trajectory")) {
      this.window.push([own.time - this.origin.time, ...Array.from({ length: Math.min(n, 4) }, (_, i) => x[i * dim])]);
      if (this.window.length > WINDOW) this.window.shift();
    }
  }

  forget() { this.grid = this.profile = null; }

  /** Energies on a grid over the domain, x fastest. */
  get field() {
    if (this.grid) return this.grid;
    const { own, domain } = this;
    const nodes = NODES[own.dim - 1];
    this.grid = new Float64Array(nodes ** own.dim);
    const at = (j, k) => mix(domain[j], k / (nodes - 1));
    this.grid.forEach((_, g) => {
      const [i, j] = [g % nodes, Math.floor(g / nodes)];
      this.grid[g] = own.dim === 1 ? own.energy(at(0, i)) : own.energy(at(0, i), at(1, j));
    });
    return this.grid;
  }

  /**
   * Boltzmann's density of x at the nodes, by quadrature over the domain;
   * null without a temperature, or where the domain cuts off more than a trace of it.
   */
  get density() {
    const T = this.own.temperature();
    if (!(T > 0)) return null;
    if (this.profile && this.profileAt === T) return this.profile;
    const { field, own, domain: [[low, high]] } = this;
    const nodes = NODES[own.dim - 1];
    const least = field.reduce((a, b) => Math.min(a, b));
    const density = new Float64Array(nodes);
    let [rim, peak] = [0, 0]; // 2-D: of the weights along the lower and upper edge, and of all
    field.forEach((energy, g) => {
      const weight = Math.exp((least - energy) / T);
      density[g % nodes] += weight;
      if (own.dim === 2 && (g < nodes || g >= nodes * (nodes - 1))) rim = Math.max(rim, weight);
    });
    let sum = -(density[0] + density[nodes - 1]) / 2;
    for (const value of density) { sum += value; peak = Math.max(peak, value); }
    const cut = Math.max(density[0], density[nodes - 1]) > 0.03 * peak || rim > 0.03;
    sum *= (high - low) / (nodes - 1);
    this.profileAt = T;
    this.profile = cut ? null : density.map((value) => value / sum);
    return this.profile;
  }
}

function average(own, value) {
  let sum = 0;
  for (let i = 0; i < own.n; i += 1) sum += value(i);
  return sum / own.n;
}

const energyAt = ({ x, dim, energy }, i) => (dim === 1 ? energy(x[i]) : energy(x[2 * i], x[2 * i + 1]));

// ---- pictures ----------------------------------------------------------------------------------------

const DRAW = { particles: drawParticles, histogram: drawHistogram, trajectory: drawTrajectory, msd: drawSeries, energy: drawSeries };

/** A number from the axes to points. @param {Panel} panel */
function scales({ box: [left, top, width, height], log }, [x0, x1], [y0, y1]) {
  const part = (value, low, high, isLog) => (isLog
    ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
  return [
    (value) => left + width * part(value, x0, x1, log[0]),
    (value) => top + height * (1 - part(value, y0, y1, log[1])),
  ];
}

/** Spines, ticks and labels. @returns {Function[]} the scales */
function drawAxes(pen, panel, xs, ys, { ink, hues }) {
  const { box: [left, top, width, height], labels: [xLabel, yLabel], log, title } = panel;
  const [X, Y] = scales(panel, xs, ys);
  pen.strokeStyle = pen.fillStyle = ink;
  pen.lineWidth = 0.8;
  pen.beginPath();
  pen.moveTo(left, top);
  pen.lineTo(left, top + height);
  pen.lineTo(left + width, top + height);
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of ticksOf(xs, width / 48, log[0])) {
    pen.moveTo(X(tick), top + height);
    pen.lineTo(X(tick), top + height + 3.5);
    if (xLabel) pen.fillText(written(tick), X(tick), top + height + 6);
  }
  pen.font = FONT.label;
  if (xLabel) pen.fillText(xLabel, left + width / 2, top + height + 17);
  pen.font = FONT.tick;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const tick of yLabel ? ticksOf(ys, height / 18, log[1]) : []) {
    pen.moveTo(left, Y(tick));
    pen.lineTo(left - 3.5, Y(tick));
    pen.fillText(written(tick), left - 6, Y(tick));
  }
  pen.stroke();
  pen.font = FONT.label;
  if (title) {
    pen.fillStyle = hues[panel.systems[0] % hues.length];
    pen.textAlign = "left";
    pen.fillText(title, left, top - 8);
    pen.fillStyle = ink;
  }
  if (yLabel) {
    pen.save();
    pen.translate(left - 35, top + height / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(yLabel, 0, 0);
    pen.restore();
  }
  pen.font = FONT.tick;
  return [X, Y];
}

/** Round numbers between the ends, about `room` of them. */
function ticksOf([low, high], room, isLog) {
  const ticks = [];
  if (isLog) {
    const every = Math.max(1, Math.ceil(Math.log10(high / low) / Math.max(1, room)));
    for (let p = Math.ceil(Math.log10(low) - 1e-9); p <= Math.log10(high) + 1e-9; p += every) ticks.push(10 ** p);
    return ticks;
  }
  const step = roundUp((high - low) / Math.max(1, room));
  for (let i = Math.ceil(low / step - 1e-9); i <= high / step + 1e-9; i += 1) ticks.push(i * step);
  return ticks;
}

/** The next of 1, 2, 5, 10, 20 … */
function roundUp(value) {
  const ten = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return ten * [1, 2, 5, 10].find((m) => m * ten >= value * (1 - 1e-9));
}

/** @param {number} value @param {number} digits */
function written(value, digits = 6) {
  const [number, power] = Math.abs(value) >= 1e5 || (value && Math.abs(value) < 1e-3 - 1e-12)
    ? value.toExponential(digits - 1).split("e") : [value.toPrecision(digits)];
  const text = String(Number(number));
  const raised = power && `10${[...String(Number(power))].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("")}`;
  return (raised ? (text === "1" ? raised : `${text}·${raised}`) : text).replace("-", "−");
}

/** Keep to a panel while something is drawn. */
function inside(pen, { box }, draw, slack = 0) {
  pen.save();
  pen.beginPath();
  pen.rect(box[0] - slack, box[1] - slack, box[2] + 2 * slack, box[3] + 2 * slack);
  pen.clip();
  draw();
  pen.restore();
}

/** A line through points given one by one; what is not finite breaks it. */
function drawLine(pen, count, X, Y) {
  pen.beginPath();
  let gap = true;
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [X(i), Y(i)];
    if (!Number.isFinite(y)) { gap = true; continue; }
    if (gap) pen.moveTo(x, y);
    else pen.lineTo(x, y);
    gap = false;
  }
  pen.stroke();
}

function drawCurve(pen, panel, runs, look) {
  const [X, Y] = drawAxes(pen, panel, panel.x, panel.y, look);
  const { field } = runs[panel.systems[0]];
  pen.lineWidth = 1.2;
  inside(pen, panel, () => drawLine(
    pen, field.length, (i) => X(mix(panel.x, i / (field.length - 1))), (i) => Y(field[i]),
  ));
}

/** Hills are shaded, with lines of equal energy, closer to each other at the bottom. */
function drawMap(pen, panel, runs, look) {
  const { field } = runs[panel.systems[0]];
  const nodes = NODES[1];
  const [low, high] = panel.heights;
  const picture = document.createElement("canvas");
  picture.width = picture.height = nodes;
  const brush = picture.getContext("2d");
  const pixels = brush.createImageData(nodes, nodes);
  field.forEach((energy, g) => {
    const at = 4 * ((nodes - 1 - Math.floor(g / nodes)) * nodes + (g % nodes));
    pixels.data.fill(128, at, at + 3);
    pixels.data[at + 3] = 90 * Math.sqrt(Math.min(1, Math.max(0, (energy - low) / (high - low))));
  });
  brush.putImageData(pixels, 0, 0);
  const [X, Y] = scales(panel, panel.x, panel.y);
  inside(pen, panel, () => {
    pen.drawImage(picture, ...panel.box);
    pen.strokeStyle = look.ink;
    pen.lineWidth = 0.6;
    pen.globalAlpha = 0.45;
    pen.beginPath();
    for (let i = 1; i <= LEVELS; i += 1) contour(field, nodes, low + (high - low) * (i / LEVELS) ** 2, (i, j, isPen) => {
      const [x, y] = [X(mix(panel.x, i / (nodes - 1))), Y(mix(panel.y, j / (nodes - 1)))];
      if (isPen) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    pen.stroke();
  });
  drawAxes(pen, panel, panel.x, panel.y, look);
}

const LEVELS = 10;

/** Pieces of the line of equal height through each cell of a grid (marching squares). */
function contour(field, nodes, level, draw) {
  for (let j = 0; j < nodes - 1; j += 1) {
    for (let i = 0; i < nodes - 1; i += 1) {
      const g = j * nodes + i;
      const [a, b, c, d] = [field[g] - level, field[g + 1] - level, field[g + nodes + 1] - level, field[g + nodes] - level];
      if (a > 0 === b > 0 && b > 0 === c > 0 && c > 0 === d > 0) continue;
      let count = 0;
      const cross = (u, v, x, y, dx, dy) => {
        if (u > 0 === v > 0) return;
        draw(x + dx * u / (u - v), y + dy * u / (u - v), count % 2 === 1);
        count += 1;
      };
      cross(a, b, i, j, 1, 0);
      cross(b, c, i + 1, j, 0, 1);
      cross(d, c, i, j + 1, 1, 0);
      cross(a, d, i, j, 0, 1);
    }
  }
}

function drawParticles(pen, panel, runs, look) {
  const [X, Y] = scales(panel, panel.x, panel.y);
  inside(pen, panel, () => panel.systems.forEach((s) => drawEnsemble(pen, runs[s], X, Y, look, s)), 4);
}

function drawEnsemble(pen, run, X, Y, look, s) {
  const { own, trail, trailed, length } = run;
  const { x, n, dim } = own;
  pen.fillStyle = pen.strokeStyle = look.hues[s % HUES.length];
  const past = Math.min(trailed, length);
  if (past > 1 && (dim === 2 || n <= FEW)) {
    pen.globalAlpha = n > FEW ? 0.3 : 0.6;
    pen.lineWidth = n > FEW ? 0.7 : 1.2;
    pen.lineJoin = n > FEW ? "bevel" : "round";
    pen.beginPath();
    for (let i = 0; i < n; i += 1) {
      for (let f = trailed - past; f < trailed; f += 1) {
        const at = 2 * (n * (f % length) + i);
        if (f === trailed - past) pen.moveTo(X(trail[at]), Y(trail[at + 1]));
        else pen.lineTo(X(trail[at]), Y(trail[at + 1]));
      }
    }
    pen.stroke();
  }
  const radius = n < CROWD ? Math.max(1.1, 4.5 / n ** 0.2) : 0.9;
  pen.globalAlpha = n > FEW ? 0.75 : 1;
  pen.beginPath();
  for (let i = 0; i < n; i += 1) {
    const px = X(x[i * dim]);
    // many are heaped up on the curve, or they would hide each other
    const py = dim === 2 ? Y(x[2 * i + 1]) : Y(own.energy(x[i])) - (n > FEW ? 1 + HEAP * ((i * 0.618034) % 1) : 0);
    if (!Number.isFinite(px + py)) continue;
    if (n < CROWD) addMark(pen, px, py, radius, s);
    else pen.fillRect(px - radius, py - radius, 2 * radius, 2 * radius);
  }
  pen.fill();
  if (n <= FEW) {
    pen.strokeStyle = look.paper;
    pen.lineWidth = 0.8;
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/** A disc, or the polygon of a later system of a race. */
function addMark(pen, px, py, radius, s) {
  const [corners, turn] = CORNERS[s % CORNERS.length];
  pen.moveTo(px + radius, py);
  if (!corners) pen.arc(px, py, radius, 0, 2 * Math.PI);
  for (let i = 0; i < corners; i += 1) {
    const angle = (turn + 2 * i / corners) * Math.PI;
    const [x, y] = [px + LARGER * radius * Math.cos(angle), py + LARGER * radius * Math.sin(angle)];
    if (i) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  }
  pen.closePath();
}

/** Where the arrow keys have led. */
function drawAim(pen, panel, aim, runs, { ink }) {
  const [X, Y] = scales(panel, panel.x, panel.y);
  const px = X(aim[0]);
  const py = Y(aim[1] ?? runs[panel.systems[0]].own.energy(aim[0]));
  pen.strokeStyle = ink;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.arc(px, py, 7, 0, 2 * Math.PI);
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    pen.moveTo(px + 4 * dx, py + 4 * dy);
    pen.lineTo(px + 11 * dx, py + 11 * dy);
  }
  pen.stroke();
}

function drawHistogram(pen, panel, runs, look) {
  const shown = panel.systems.map((s) => runs[s]);
  const densities = shown.map((run) => run.density);
  const highest = (rows) => rows.reduce((top, row) => Math.max(top, ...(row ?? [0])), 0);
  const ys = [0, 1.3 * highest(densities) || roundUp(1.05 * highest(shown.map(({ bars }) => bars)) || 1)];
  const [X, Y] = scales(panel, panel.x, ys);
  inside(pen, panel, () => {
    shown.forEach(({ bars }, i) => drawBars(pen, bars, panel, X, Y, look, panel.systems[i], shown.length > 1));
    pen.lineWidth = 1.8;
    const drawn = new Set();
    densities.forEach((density, i) => {
      if (!density || drawn.has(String(shown[i].profileAt))) return;
      drawn.add(String(shown[i].profileAt));
      pen.strokeStyle = look.ink;
      drawLine(pen, density.length, (k) => X(mix(panel.x, k / (density.length - 1))), (k) => Y(density[k]));
    });
  });
  drawAxes(pen, panel, panel.x, ys, look);
  if (densities.some(Boolean) && panel.labels[1]) key(pen, panel, look);
}

/** Says what the line in a histogram is; bars make room for the words. */
function key(pen, { box: [left, top, width] }, { ink }) {
  const words = "exp(−U/T) / Z";
  const end = left + width - pen.measureText(words).width - 4;
  pen.clearRect(end - 16, top - 3, left + width - end + 17, 14);
  pen.strokeStyle = pen.fillStyle = ink;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.fillText(words, left + width, top + 4);
  pen.lineWidth = 1.8;
  pen.beginPath();
  pen.moveTo(end - 14, top + 4);
  pen.lineTo(end, top + 4);
  pen.stroke();
}

function drawBars(pen, bars, panel, X, Y, look, s, outlined) {
  pen.fillStyle = pen.strokeStyle = look.hues[s % HUES.length];
  const edge = (b) => X(mix(panel.x, b / bars.length));
  pen.beginPath();
  pen.moveTo(edge(0), Y(0));
  bars.forEach((value, b) => { pen.lineTo(edge(b), Y(value)); pen.lineTo(edge(b + 1), Y(value)); });
  pen.lineTo(edge(bars.length), Y(0));
  pen.lineWidth = outlined ? 1.4 : 0.6;
  pen.globalAlpha = outlined ? 0.15 : 0.4;
  pen.fill();
  pen.globalAlpha = outlined ? 1 : 0.6;
  if (outlined) dash(pen, s);
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

function dash(pen, s) { pen.setLineDash(DASHES[s % DASHES.length]); }

function drawTrajectory(pen, panel, runs, look) {
  const { window } = runs[panel.systems[0]];
  const first = window[0][0];
  const frame = (window.at(-1)[0] - first) / Math.max(1, window.length - 1);
  const [X, Y] = drawAxes(pen, panel, [first, first + (WINDOW * frame || 1)], panel.y, look);
  pen.lineWidth = 1.2;
  inside(pen, panel, () => panel.systems.forEach((s) => {
    const { window } = runs[s];
    pen.strokeStyle = look.hues[s % HUES.length];
    dash(pen, s);
    for (let i = 1; i < window[0].length; i += 1) {
      pen.globalAlpha = i === 1 ? 1 : 0.45;
      drawLine(pen, window.length, (f) => X(window[f][0]), (f) => Y(window[f][i]));
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }));
}

/** Mean square displacement or mean energy since the particles were put where they started. */
function drawSeries(pen, panel, runs, look, curves) {
  const shown = panel.systems.map((s) => runs[s]);
  const [isLogX, isLogY] = panel.log;
  let [t0, t1, low, high] = [Infinity, 0, Infinity, -Infinity];
  for (const { series } of shown) {
    t1 = Math.max(t1, series.time.at(-1));
    if (series.time.length > 1) t0 = Math.min(t0, series.time[1]);
    for (const value of series[panel.kind]) {
      if (!Number.isFinite(value) || (isLogY && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) [low, high] = [isLogY ? 0.1 : 0, 1];
  if (isLogY) [low, high] = [Math.max(10 ** Math.floor(Math.log10(low)), high * 1e-12), 10 ** Math.ceil(Math.log10(high) + 1e-9)];
  else {
    if (panel.kind === "msd") low = 0;
    const step = roundUp((high - low) / 4 || Math.abs(high) / 4 || 1);
    [low, high] = [Math.floor(low / step) * step, (Math.floor(high / step) + 1) * step];
  }
  const xs = isLogX ? [10 ** Math.floor(Math.log10(Math.min(t0, 1e9))), 10 ** Math.ceil(Math.log10(Math.max(t1, 1e-9)))] : [0, roundUp(t1 || 1)];
  if (!(xs[0] < xs[1])) xs.splice(0, 2, ...(isLogX ? [0.1, 1] : [0, 1]));
  const [X, Y] = drawAxes(pen, panel, xs, [low, high], look);
  inside(pen, panel, () => {
    shown.forEach(({ series }, i) => {
      pen.strokeStyle = look.hues[panel.systems[i] % HUES.length];
      pen.lineWidth = 1.6;
      dash(pen, panel.systems[i]);
      const values = series[panel.kind];
      drawLine(pen, values.length, (k) => X(series.time[k]), (k) => Y(values[k]));
    });
    pen.setLineDash([]);
    const exact = curves[panel.kind];
    if (!exact) return;
    pen.strokeStyle = look.ink;
    pen.lineWidth = 1.2;
    pen.setLineDash([4, 3]);
    const at = (k) => (isLogX ? xs[0] * (xs[1] / xs[0]) ** (k / 200) : mix(xs, k / 200));
    drawLine(pen, 201, (k) => X(at(k)), (k) => Y(exact(at(k), shown[0].own.values)));
    pen.setLineDash([]);
  }, 1);
}

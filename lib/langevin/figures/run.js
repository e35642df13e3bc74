import { mix } from "./look.js";
import { BINS, CUT, FEW } from "./shared.js";

/**
 * @typedef {import("./engine.js").System} System
 * @typedef {import("./live.js").Data} Data
 */

export const NODES = [401, 121]; // of the grid for the energy, by dimension: along each axis
const TRAIL = 4000, CROWDED = 1000; // points of all trails of a system together, of few and of many
export const WINDOW = 300; // frames that a trajectory shows

/** One system with what is remembered of its past for the picture. */
export class Run {
  frames = 0; // in the histogram's mean
  trailed = 0; // in the trails
  next = 0; // step at which the series are sampled
  origin = { x: new Float64Array(0), k: 0, time: 0 };
  /** @type {{time: number[], msd: number[], energy: number[]}} */
  series = { time: [], msd: [], energy: [] };
  /** @type {number[][]} time and x of the first particles, frame by frame */
  window = [];
  /** @type {Float64Array | null} */
  grid = null;
  /** @type {Float64Array | null} */
  profile = null;
  profileAt = NaN; // its temperature

  /** @param {System} system @param {Data} data @param {number} index */
  constructor(system, data, index) {
    this.system = system;
    this.domain = data.domain;
    this.memory = data.memory;
    this.cools = data.systems[index].schedules.temperature !== undefined;
    this.kinds = new Set(data.panels.map((panel) => panel.kind));
    this.bars = new Float64Array(BINS);
    this.counts = new Float64Array(BINS);
    this.length = system.n > FEW ? Math.min(6, Math.floor(CROWDED / system.n)) : Math.min(600, Math.floor(TRAIL / system.n));
    this.trail = new Float32Array(2 * system.n * this.length);
    const { x, dim } = system;
    const middle = data.domain.map((_, j) => average(system, (i) => x[i * dim + j]));
    this.cloud = x.map((value, i) => value - middle[i % dim]);
    this.begin();
  }

  /** Forget the past: the particles have been put where they are. */
  begin() {
    const { x, k, time } = this.system;
    this.frames = this.trailed = 0;
    this.origin = { x: x.slice(), k, time };
    this.next = k;
    this.series = { time: [], msd: [], energy: [] };
    this.window = [];
    this.sample();
    this.remember();
  }

  /** @param {number[]} point */
  drop(point) {
    const { system, cloud } = this;
    for (let i = 0; i < system.n; i += 1) system.place(i, ...point.map((value, j) => value + cloud[i * system.dim + j]));
    this.begin();
  }

  /** Samples of the series grow sparser as time goes on. @param {number} count */
  advance(count) {
    const { system } = this;
    for (let left = count; left > 0 && !system.stopped;) {
      const part = Math.min(left, Math.max(1, this.next - system.k));
      system.step(part);
      left -= part;
      if (system.k >= this.next) this.sample();
    }
    this.remember();
  }

  sample() {
    const { system, origin, series, kinds } = this;
    this.next = system.k + 1 + Math.floor((system.k - origin.k) / 150);
    if (!kinds.has("msd") && !kinds.has("energy")) { this.next = Infinity; return; }
    series.time.push(system.time - origin.time);
    if (kinds.has("msd")) {
      let sum = 0;
      for (let i = 0; i < system.x.length; i += 1) sum += (system.x[i] - origin.x[i]) ** 2;
      series.msd.push(sum / system.n);
    }
    if (kinds.has("energy")) series.energy.push(average(system, (i) => energyAt(system, i)));
  }

  /** Once a frame: the histogram, the trails, the window of the trajectory. */
  remember() {
    if (this.system.stopped) return;
    this.frames += 1;
    this.count();
    if (this.length > 1) this.follow();
    if (!this.kinds.has("trajectory")) return;
    const { x, dim, n, time } = this.system;
    this.window.push([time - this.origin.time, ...Array.from({ length: Math.min(n, 4) }, (_, i) => x[i * dim])]);
    if (this.window.length > WINDOW) this.window.shift();
  }

  /** Add to the histogram's mean over the last frames. */
  count() {
    const { system: { x, n, dim }, bars, counts, domain: [[low, high]] } = this;
    counts.fill(0);
    for (let i = 0; i < n; i += 1) {
      const bin = Math.floor((x[i * dim] - low) / (high - low) * BINS);
      if (bin >= 0 && bin < BINS) counts[bin] += 1;
    }
    // newer frames weigh more, so that the start is forgotten, until the memory is full
    const weight = Math.max(Math.min(1, 2 / this.frames), 1 / this.memory);
    const unit = BINS / (n * (high - low));
    for (let b = 0; b < BINS; b += 1) bars[b] += weight * (counts[b] * unit - bars[b]);
  }

  /** Add to the trails, each a ring of points. */
  follow() {
    const { system, system: { x, n, dim }, trail } = this;
    const at = 2 * n * (this.trailed % this.length);
    for (let i = 0; i < n; i += 1) {
      trail[at + 2 * i] = x[i * dim];
      trail[at + 2 * i + 1] = dim === 1 ? energyAt(system, i) : x[i * dim + 1];
    }
    this.trailed += 1;
  }

  /** The potential has changed. */
  forget() { this.grid = this.profile = null; }

  /** Energies on a grid over the domain, x fastest. */
  get field() {
    if (this.grid) return this.grid;
    const { system: { dim, energy }, domain } = this;
    const nodes = NODES[dim - 1];
    /** @param {number} j @param {number} k */
    const at = (j, k) => mix(domain[j], k / (nodes - 1));
    const grid = this.grid = new Float64Array(nodes ** dim);
    grid.forEach((_, g) => {
      grid[g] = dim === 1 ? energy(at(0, g)) : energy(at(0, g % nodes), at(1, Math.floor(g / nodes)));
    });
    return grid;
  }

  /**
   * Boltzmann's density of x at the nodes, by quadrature over the domain;
   * null without a temperature, or where the domain cuts off more than a trace of it.
   */
  get density() {
    const T = this.system.temperature();
    if (!T) return null;
    if (this.profile && this.profileAt === T) return this.profile;
    const { field, system: { dim }, domain: [[low, high]] } = this;
    const nodes = NODES[dim - 1];
    const least = field.reduce((a, b) => Math.min(a, b));
    const density = new Float64Array(nodes);
    let [rim, peak] = [0, 0]; // 2-D: of the weights along the lower and upper edge, and of all
    field.forEach((energy, g) => {
      const weight = Math.exp((least - energy) / T);
      density[g % nodes] += weight;
      if (dim === 2 && (g < nodes || g >= nodes * (nodes - 1))) rim = Math.max(rim, weight);
    });
    let sum = -(density[0] + density[nodes - 1]) / 2;
    for (const value of density) { sum += value; peak = Math.max(peak, value); }
    const isCut = Math.max(density[0], density[nodes - 1]) > CUT * peak || rim > CUT;
    sum *= (high - low) / (nodes - 1);
    this.profileAt = T;
    this.profile = isCut ? null : density.map((value) => value / sum);
    return this.profile;
  }
}

/** Mean over the particles. @param {System} system @param {(i: number) => number} value */
function average({ n }, value) {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += value(i);
  return sum / n;
}

/** @param {System} system @param {number} i */
const energyAt = ({ x, dim, energy }, i) => (dim === 1 ? energy(x[i]) : energy(x[2 * i], x[2 * i + 1]));

/**
 * What moves in a live figure: the kernels of the library, step by step. No drawing, no page.
 *
 * @typedef {{energy: (...at: any[]) => number, gradient: (...at: any[]) => number[]}} Force
 *   what Potential.javascript() writes; the last argument holds the parameters' values
 * @typedef {(into: Float64Array) => void} Noise fills an array with independent normals
 * @typedef {Record<string, number>} Values of parameters by name
 * @typedef {{n: number, dim: number, seed: number, domain: number[][], start: number[],
 *   same_noise?: boolean, clock: string, systems: {label: string, kernel: string, word?: string, force: number,
 *   values: Values, schedules: Values, sets: Record<string, string>, limit: string | null,
 *   temperature: boolean}[]}} Model what langevin.figures.systems.model returns as data
 * @typedef {"p" | "v" | "m" | "xi"} Memory
 * @typedef {(name: string) => number} Now
 * @typedef {{label: string, n: number, dim: number, word: string, values: Values, now: Now,
 *   gradient: (at: Float64Array) => Float64Array, normals: () => Float64Array,
 *   age: (i: number) => number, x: Float64Array, ahead: Float64Array, k: number, time: number,
 *   known: boolean, step: (count?: number) => void, set: (name: string, value: number) => boolean,
 *   place: (i: number, ...at: number[]) => void, reset: () => void, state: () => State,
 *   restore: (state: State) => void, energy: (...at: number[]) => number,
 *   temperature: () => number | null, stopped: boolean, trouble: string | null}
 *   & Record<Memory, Float64Array>} System
 * @typedef {{x: ArrayLike<number>, k: number} & {[name in Memory]?: ArrayLike<number>}} State
 * @typedef {(...at: any[]) => number} Energy
 * @typedef {(...at: any[]) => number[]} Slopes
 */

/**
 * Seeded normals: the bits of sfc32 (Chris Doty-Humphrey, PractRand), made normal by Marsaglia's
 * polar method. The streams of a seed are independent of each other.
 * @param {number} seed @param {number} stream @returns {Noise}
 */
export function generator(seed, stream = 0) {
  let a = 0, b = seed | 0, c = stream | 0, counter = 1;
  let spare = NaN;

  /** A number from -1 to 1, never 0, with 32 bits. */
  function side() {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum + 0.5) / 2147483648;
  }

  for (let i = 0; i < 15; i += 1) side();
  return (into) => {
    for (let i = 0; i < into.length; i += 1) {
      if (spare === spare) {
        into[i] = spare;
        spare = NaN;
        continue;
      }
      let u, v, square;
      do {
        u = side();
        v = side();
        square = u * u + v * v;
      } while (square >= 1);
      const stretch = Math.sqrt(-2 * Math.log(square) / square);
      into[i] = u * stretch;
      spare = v * stretch;
    }
  };
}

/**
 * One step of each kernel, on all particles. `now` reads a parameter at this step, `gradient` asks
 * the oracle, `normals` draws one number for each coordinate; x and the memories (p, v, m, xi) are
 * changed in place. The operations come in the order in which the library makes them.
 * @type {Record<string, (system: System) => void>}
 */
export const KERNELS = {
  // x ← x − τ ∇U(x) + √(2 τ T) ε
  langevin({ x, now, gradient, normals }) {
    const tau = now("step_size"), T = now("temperature");
    const g = gradient(x);
    for (let i = 0; i < x.length; i += 1) x[i] = x[i] - tau * g[i];
    if (T === 0) return;
    const width = Math.sqrt(2 * tau * T), eps = normals();
    for (let i = 0; i < x.length; i += 1) x[i] = x[i] + width * eps[i];
  },

  // x ← x − τ ∇U(x) + √(2 τ T) (ε_last + ε) / 2
  leimkuhler_matthews({ x, xi, now, gradient, normals }) {
    const tau = now("step_size"), T = now("temperature");
    const g = gradient(x);
    for (let i = 0; i < x.length; i += 1) x[i] = x[i] - tau * g[i];
    if (T === 0 || tau === 0) return;
    if (xi.some(Number.isNaN)) { // no last noise yet
      const first = normals();
      for (let i = 0; i < x.length; i += 1) if (Number.isNaN(xi[i])) xi[i] = first[i];
    }
    const width = Math.sqrt(2 * tau * T), eps = normals();
    for (let i = 0; i < x.length; i += 1) {
      x[i] = x[i] + width * (xi[i] + eps[i]) / 2;
      xi[i] = eps[i];
    }
  },

  // A: x ← x + h p/m    B: p ← p − h ∇U(x)    O: p ← c p + √((1 − c²) m T) ε
  splitting(system) {
    const { x, p, word, now, gradient, normals } = system;
    const dt = now("step_size"), T = now("temperature"), m = now("mass");
    /** @param {string} letter */
    const share = (letter) => dt / (word.split(letter).length - 1);
    for (const letter of word) {
      if (letter === "A") {
        const h = share("A") / m;
        for (let i = 0; i < x.length; i += 1) x[i] = x[i] + h * p[i];
        system.known = false;
      } else if (letter === "B") {
        const h = share("B"), g = gradient(x);
        for (let i = 0; i < x.length; i += 1) p[i] = p[i] - h * g[i];
        system.known = true;
      } else {
        const decay = now("friction") * share("O") / m;
        const c = Math.exp(-decay), width = Math.sqrt(-Math.expm1(-2 * decay) * m * T);
        for (let i = 0; i < x.length; i += 1) p[i] = c * p[i];
        if (T === 0) continue;
        const eps = normals();
        for (let i = 0; i < x.length; i += 1) p[i] = p[i] + width * eps[i];
      }
    }
  },

  // p ← β p − η ∇U(x),  x ← x + p
  heavy_ball({ x, p, now, gradient }) {
    const eta = now("step_size"), beta = now("momentum");
    const g = gradient(x);
    for (let i = 0; i < x.length; i += 1) {
      p[i] = beta * p[i] - eta * g[i];
      x[i] = x[i] + p[i];
    }
  },

  // v ← β v − η ∇U(x + β v),  x ← x + v
  nesterov({ x, v, ahead, now, gradient }) {
    const eta = now("step_size"), beta = now("momentum");
    for (let i = 0; i < x.length; i += 1) ahead[i] = x[i] + beta * v[i];
    const g = gradient(ahead);
    for (let i = 0; i < x.length; i += 1) {
      v[i] = beta * v[i] - eta * g[i];
      x[i] = x[i] + v[i];
    }
  },

  // v ← v + g²,  x ← x − η g / (√v + ϵ)
  adagrad({ x, v, now, gradient }) {
    const eta = now("step_size"), epsilon = now("epsilon");
    const g = gradient(x);
    for (let i = 0; i < x.length; i += 1) {
      v[i] = v[i] + g[i] * g[i];
      x[i] = x[i] - eta * g[i] / (Math.sqrt(v[i]) + epsilon);
    }
  },

  // v ← β v + (1 − β) g²,  x ← x − η g / (√v + ϵ)
  rmsprop({ x, v, now, gradient }) {
    const eta = now("step_size"), beta = now("decay"), epsilon = now("epsilon");
    const g = gradient(x);
    for (let i = 0; i < x.length; i += 1) {
      v[i] = beta * v[i] + (1 - beta) * g[i] * g[i];
      x[i] = x[i] - eta * g[i] / (Math.sqrt(v[i]) + epsilon);
    }
  },

  // m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  x ← (1 − η λ) x − η m̂ / (√v̂ + ϵ)
  adam({ x, m, v, dim, now, gradient, age }) {
    const eta = now("step_size"), epsilon = now("epsilon");
    const beta1 = now("beta1"), beta2 = now("beta2"), decay = now("weight_decay");
    const g = gradient(x);
    let last = NaN, bias1 = 0, bias2 = 0;
    for (let i = 0; i < x.length; i += 1) {
      const taken = age(Math.floor(i / dim)) + 1; // a particle put down by hand starts anew
      if (taken !== last) {
        bias1 = 1 - beta1 ** taken;
        bias2 = 1 - beta2 ** taken;
        last = taken;
      }
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      x[i] = (1 - eta * decay) * x[i] - eta * (m[i] / bias1) / (Math.sqrt(v[i] / bias2) + epsilon);
    }
  },
};

/** What a kernel remembers beside the positions. @type {Record<string, Memory[]>} */
const MEMORIES = {
  langevin: [], leimkuhler_matthews: ["xi"], splitting: ["p"], heavy_ball: ["p"],
  nesterov: ["v"], adagrad: ["v"], rmsprop: ["v"], adam: ["m", "v"],
};

/**
 * The longest step that is stable at a bottom of a curvature, where it is known.
 * @type {Record<string, [string, (curvature: number, now: Now) => number]>}
 */
const LIMITS = {
  langevin: ["2/curvature", (curvature) => 2 / curvature],
  heavy_ball: ["2 (1 + momentum)/curvature",
    (curvature, now) => 2 * (1 + now("momentum")) / curvature],
  nesterov: ["2 (1 + momentum)/(1 + 2 momentum)/curvature",
    (curvature, now) => 2 * (1 + now("momentum")) / (1 + 2 * now("momentum")) / curvature],
  verlet: ["2 √(mass/curvature)", (curvature, now) => 2 * Math.sqrt(now("mass") / curvature)],
};

const FAR = 1000; // widths of the picture from which nobody comes back

/**
 * One ensemble of a live figure.
 * @param {Model} model @param {number} index which of its systems
 * @param {Force[]} forces @param {Noise} [noise] by default its own stream of the model's seed
 * @returns {System}
 */
export function system(model, index, forces, noise) {
  const { n, dim, seed, domain, start } = model;
  const { label, kernel, word = "", force, schedules, sets, limit, temperature } = model.systems[index];
  const { energy, gradient: slopes } = forces[force];
  const values = { ...model.systems[index].values };
  const step = KERNELS[kernel];
  const born = new Float64Array(n);
  const forgotten = new Float64Array(0);
  const g = new Float64Array(n * dim), eps = new Float64Array(n * dim);
  /** @type {Noise} */
  let source;
  /** @type {ReturnType<typeof flattest> | undefined} undefined: to be found */
  let bottom;
  /** @type {string | null} */
  let crashed;

  /** @type {Now} */
  const now = (name) => (name in schedules
    ? forces[schedules[name]].energy(self.k, values) : values[name]);
  const normals = () => {
    source(eps);
    return eps;
  };
  /** @param {number} i */
  const age = (i) => self.k - born[i];

  /** The oracle: the gradient at each particle, seen through noise of width sigma. @param {Float64Array} at */
  function gradient(at) {
    if (self.known) return g;
    if (dim === 1) for (let i = 0; i < n; i += 1) g[i] = slopes(at[i], values)[0];
    else {
      for (let i = 0; i < 2 * n; i += 2) {
        const slope = slopes(at[i], at[i + 1], values);
        g[i] = slope[0];
        g[i + 1] = slope[1];
      }
    }
    const sigma = values.sigma;
    if (!(sigma > 0)) return g;
    normals();
    for (let i = 0; i < g.length; i += 1) g[i] = g[i] - sigma * eps[i];
    return g;
  }

  /** Forget what was found out about the potential and the last gradient. */
  function moved() {
    self.known = false;
    crashed = null;
  }

  /** @type {System} */
  const self = {
    label, n, dim, word, values, now, gradient, normals, age,
    x: new Float64Array(n * dim),
    ahead: new Float64Array(n * dim),
    p: forgotten,
    v: forgotten,
    m: forgotten,
    xi: forgotten,
    k: 0,
    time: 0,
    known: false,

    /** Take some steps, or none once it has come to grief. */
    step(count = 1) {
      for (let i = 0; i < count && !crashed; i += 1) {
        const tau = now("step_size");
        step(self);
        self.k += 1;
        self.time = model.clock === "time" ? self.time + tau : self.k;
      }
      if (!crashed) crashed = lost(self.x, domain);
    },

    /** Set what a slider moves; tell whether this system has it. */
    set(name, value) {
      if (!Object.hasOwn(sets, name)) return false;
      values[sets[name]] = value;
      self.known = false;
      bottom = undefined;
      return true;
    },

    /** Put one particle down, at rest and with nothing in mind. */
    place(i, ...at) {
      at.forEach((value, axis) => { self.x[i * dim + axis] = value; });
      for (const name of MEMORIES[kernel]) {
        self[name].fill(name === "xi" ? NaN : 0, i * dim, (i + 1) * dim);
      }
      born[i] = self.k;
      moved();
    },

    /** Start again with the same random numbers; the parameters stay. */
    reset() {
      source = noise ?? generator(seed, model.same_noise ? 0 : index);
      self.time = 0;
      const all = start.length === n * dim;
      self.restore({ x: Array.from(self.x, (_, i) => start[all ? i : i % dim]), k: 0 });
    },

    /** Where everything is: numbers that `restore` takes back. */
    state() {
      /** @type {("x" | Memory)[]} */
      const names = ["x", ...MEMORIES[kernel]];
      const kept = names.map((name) => [name, Array.from(self[name])]);
      return { ...Object.fromEntries(kept), k: self.k };
    },

    /** Take back a state, with the memories if it has any. */
    restore(state) {
      self.x.set(state.x);
      for (const name of MEMORIES[kernel]) {
        const kept = state[name];
        if (kept) self[name].set(kept);
        else self[name].fill(name === "xi" ? NaN : 0);
      }
      self.k = state.k;
      born.fill(0);
      moved();
    },

    energy: (...at) => energy(...at, values),

    /** That of the Boltzmann distribution it samples, or null. */
    temperature() {
      if (!temperature || values.friction === 0) return null;
      const heat = now("temperature") + now("step_size") * (values.sigma ?? 0) ** 2 / 2;
      return heat > 0 ? heat : null;
    },

    get stopped() { return Boolean(crashed); },

    /** What is wrong, in a sentence, or null. */
    get trouble() {
      if (crashed) return crashed;
      if (!limit) return null;
      if (bottom === undefined) bottom = flattest(energy, slopes, values, domain);
      if (!bottom || !(bottom.curvature > 0)) return null;
      const [formula, longest] = LIMITS[limit];
      const most = longest(bottom.curvature, now);
      if (now("step_size") < most) return null;
      return `The step size ${short(now("step_size"))} is not below ${formula} = ${short(most)}: `
        + (bottom.everywhere ? "the iteration diverges."
          : "the iteration cannot settle in any well shown here.");
    },
  };
  for (const name of MEMORIES[kernel]) self[name] = new Float64Array(n * dim);
  self.reset();
  return self;
}

/** @param {number} value */
const short = (value) => String(Number(value.toPrecision(3)));

/**
 * A sentence if a particle is where no picture of it makes sense.
 * @param {Float64Array} x @param {number[][]} domain
 */
function lost(x, domain) {
  const inside = domain.map(([low, high]) => [low - FAR * (high - low), high + FAR * (high - low)]);
  for (let i = 0; i < x.length; i += 1) {
    const [low, high] = inside[i % domain.length];
    if (!(x[i] > low && x[i] < high)) {
      return "Particles have run away, too far to come back: press Restart; "
        + "a smaller step size may hold them.";
    }
  }
  return null;
}

/**
 * The bottom with the smallest of the steepest curvatures, among the bottoms in the picture: a step
 * too long for it is too long for all of them.
 * @param {Energy} energy @param {Slopes} slopes @param {Values} values @param {number[][]} domain
 * @returns {{curvature: number, everywhere: boolean} | null} everywhere: the potential is a bowl
 */
function flattest(energy, slopes, values, domain) {
  const cells = domain.length === 1 ? 400 : 64; // a side
  /** @param {number} cell @returns {number[]} */
  const place = (cell) => domain.map(([low, high], axis) => (
    low + (high - low) * (Math.floor(cell / cells ** axis) % cells + 0.5) / cells));
  /** @param {number[]} at */
  const curved = (at) => curvatures(at, slopes, values, domain)[0];
  const U = Float64Array.from({ length: cells ** domain.length },
    (_, cell) => energy(...place(cell), values));
  /** @type {number[]} */
  const found = [];
  U.forEach((u, cell) => {
    const isLow = domain.every((_, axis) => {
      const stride = cells ** axis, i = Math.floor(cell / stride) % cells;
      return i > 0 && i < cells - 1 && u < U[cell - stride] && u <= U[cell + stride];
    });
    if (isLow) found.push(curved(settle(place(cell), energy, slopes, values, domain)));
  });
  if (!found.length) return null;
  const curvature = Math.min(...found);
  const elsewhere = [0.1, 0.3, 0.8].map((part) => (
    curved(domain.map(([low, high]) => low + part * (high - low)))));
  return {
    curvature,
    everywhere: elsewhere.every((other) => Math.abs(other - curvature) < 1e-4 * curvature),
  };
}

/**
 * Largest and smallest curvature at a place, and the matrix (from slopes nearby).
 * @param {number[]} place @param {Slopes} slopes @param {Values} values @param {number[][]} domain
 * @returns {[number, number, number[][]]}
 */
function curvatures(place, slopes, values, domain) {
  const rows = place.map((_, axis) => {
    const h = 1e-4 * (domain[axis][1] - domain[axis][0]);
    /** @param {number} by */
    const slope = (by) => slopes(...place.map((c, i) => (i === axis ? c + by : c)), values);
    const above = slope(h), below = slope(-h);
    return above.map((s, i) => (s - below[i]) / (2 * h));
  });
  if (rows.length === 1) return [rows[0][0], rows[0][0], rows];
  const [[a, b], [c, d]] = rows;
  const middle = (a + d) / 2, half = Math.hypot((a - d) / 2, (b + c) / 2);
  return [middle + half, middle - half, rows];
}

/**
 * Newton's method down to the bottom nearby.
 * @param {number[]} place @param {Energy} energy @param {Slopes} slopes @param {Values} values
 * @param {number[][]} domain
 */
function settle(place, energy, slopes, values, domain) {
  for (let i = 0; i < 50; i += 1) {
    const [top, low, [[a, b = 0], [c = 0, d = 1] = []]] = curvatures(place, slopes, values, domain);
    const slope = slopes(...place, values);
    const lift = Math.max(0, 1e-3 * top - low); // downhill, where it is not a bowl
    const det = (a + lift) * (d + lift) - b * c;
    let step = place.length === 1 ? [slope[0] / (a + lift)]
      : [((d + lift) * slope[0] - b * slope[1]) / det, ((a + lift) * slope[1] - c * slope[0]) / det];
    const from = energy(...place, values);
    const next = () => place.map((x, axis) => x - step[axis]);
    const falls = () => energy(...next(), values) < from;
    for (let j = 0; j < 30 && !falls(); j += 1) step = step.map((part) => part / 2);
    if (!falls()) break;
    place = next();
  }
  return place;
}

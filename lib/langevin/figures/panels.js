import {
  addMark, dash, drawAxes, drawLine, hueOf, inside, mix, roundUp, scales,
} from "./look.js";
import { penOf } from "./page.js";
import { NODES, WINDOW } from "./run.js";
import {
  FEW, HEADROOM, HEAP, HEAP_STEP, LEVELS, MAX_RADIUS, MIN_RADIUS, RADIUS_POWER,
} from "./shared.js";

/**
 * What each kind of panel shows of the runs.
 *
 * @typedef {import("./look.js").Pen} Pen
 * @typedef {import("./look.js").Look} Look
 * @typedef {import("./look.js").Panel} Panel
 * @typedef {import("./look.js").Scale} Scale
 * @typedef {import("./run.js").Run} Run
 * @typedef {Record<string, (t: number, values: Record<string, number>) => number>} Curves by view
 * @typedef {(pen: Pen, panel: Panel, runs: Run[], look: Look, curves: Curves) => void} Draw
 */

const CROWD = 1000; // so many dots are squares of their size, which are drawn four times faster

/** @type {Record<string, Draw>} */
const DRAW = { particles: drawParticles, histogram: drawHistogram, trajectory: drawTrajectory, msd: drawSeries, energy: drawSeries };

/** What changes from frame to frame. @type {Draw} */
export const drawPanel = (pen, panel, ...rest) => DRAW[panel.kind](pen, panel, ...rest);

/** The potential, under its particles. @param {Pen} pen @param {Panel} panel @param {Run[]} runs @param {Look} look */
export function drawPotential(pen, panel, runs, look) {
  const { field, system } = runs[panel.systems[0]];
  if (system.dim === 1) drawCurve(pen, panel, field, look);
  else drawMap(pen, panel, field, look);
}

/** @param {Pen} pen @param {Panel} panel @param {Float64Array} field @param {Look} look */
function drawCurve(pen, panel, field, look) {
  const [X, Y] = drawAxes(pen, panel, panel.x, panel.y, look);
  pen.lineWidth = 1.2;
  inside(pen, panel, () => drawLine(
    pen, field.length, (i) => X(mix(panel.x, i / (field.length - 1))), (i) => Y(field[i]),
  ));
}

/**
 * Hills are shaded, with lines of equal energy, closer to each other at the bottom.
 * @param {Pen} pen @param {Panel} panel @param {Float64Array} field @param {Look} look
 */
function drawMap(pen, panel, field, look) {
  const nodes = NODES[1];
  const [low, high] = panel.heights;
  const [X, Y] = scales(panel, [0, nodes - 1], [0, nodes - 1]);
  const ranks = field.map((energy) => LEVELS * Math.sqrt(Math.max(0, (energy - low) / (high - low))));
  inside(pen, panel, () => {
    pen.drawImage(shades(ranks, nodes), ...panel.box);
    pen.strokeStyle = look.ink;
    pen.lineWidth = 0.6;
    pen.globalAlpha = 0.45;
    pen.beginPath();
    contours(ranks, nodes, (i, j, isPen) => {
      if (isPen) pen.lineTo(X(i), Y(j));
      else pen.moveTo(X(i), Y(j));
    });
    pen.stroke();
  });
  drawAxes(pen, panel, panel.x, panel.y, look);
}

/** @param {Float64Array} ranks @param {number} nodes */
function shades(ranks, nodes) {
  const picture = document.createElement("canvas");
  picture.width = picture.height = nodes;
  const pen = penOf(picture);
  const pixels = pen.createImageData(nodes, nodes);
  pixels.data.fill(128);
  ranks.forEach((rank, g) => {
    const row = nodes - 1 - Math.floor(g / nodes);
    pixels.data[4 * (row * nodes + (g % nodes)) + 3] = 90 * Math.min(1, rank / LEVELS);
  });
  pen.putImageData(pixels, 0, 0);
  return picture;
}

/**
 * Pieces of the lines through each cell of a grid on which a rank is a whole number (marching squares).
 * @param {Float64Array} ranks @param {number} nodes
 * @param {(i: number, j: number, isPen: boolean) => void} draw isPen: a line to here, else a move
 */
function contours(ranks, nodes, draw) {
  for (let j = 0; j < nodes - 1; j += 1) {
    for (let i = 0; i < nodes - 1; i += 1) {
      const g = j * nodes + i;
      const a = ranks[g], b = ranks[g + 1], c = ranks[g + nodes + 1], d = ranks[g + nodes];
      const first = Math.ceil(Math.min(a, b, c, d)), most = Math.max(a, b, c, d);
      for (let level = Math.max(1, first); level <= LEVELS && level < most; level += 1) {
        let isPen = false;
        /** @param {number} u @param {number} v ranks at the ends of a side @param {number} x @param {number} y its beginning */
        const cross = (u, v, x, y, isUp = false) => {
          if (u > level === v > level) return;
          const way = (level - u) / (v - u);
          draw(isUp ? x : x + way, isUp ? y + way : y, isPen);
          isPen = !isPen;
        };
        cross(a, b, i, j);
        cross(b, c, i + 1, j, true);
        cross(d, c, i, j + 1);
        cross(a, d, i, j, true);
      }
    }
  }
}

/** @type {Draw} */
function drawParticles(pen, panel, runs, look) {
  const [X, Y] = scales(panel, panel.x, panel.y);
  inside(pen, panel, () => panel.systems.forEach((s) => {
    pen.strokeStyle = hueOf(look, s);
    drawTrails(pen, runs[s], X, Y);
  }));
  inside(pen, panel, () => panel.systems.forEach((s) => {
    pen.fillStyle = pen.strokeStyle = hueOf(look, s);
    drawMarks(pen, runs[s], X, Y, s, look.paper);
  }), runs[0].system.n > FEW ? 1 : 4);
}

/** @param {Pen} pen @param {Run} run @param {Scale} X @param {Scale} Y */
function drawTrails(pen, { system: { n, dim }, trail, trailed, length }, X, Y) {
  const past = Math.min(trailed, length);
  if (past < 2 || (dim === 1 && n > FEW)) return;
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

/**
 * Many particles are heaped on the curve, or they would hide each other.
 * @param {Pen} pen @param {Run} run @param {Scale} X @param {Scale} Y
 * @param {number} s @param {string} paper
 */
function drawMarks(pen, { system: { x, n, dim, energy } }, X, Y, s, paper) {
  const radius = n < CROWD ? Math.max(MIN_RADIUS, MAX_RADIUS / n ** RADIUS_POWER) : 0.9;
  pen.globalAlpha = n > FEW ? 0.75 : 1;
  pen.beginPath();
  for (let i = 0; i < n; i += 1) {
    const px = X(x[i * dim]);
    const py = dim === 2 ? Y(x[2 * i + 1]) : Y(energy(x[i])) - (n > FEW ? 1 + HEAP * ((i * HEAP_STEP) % 1) : 0);
    if (!Number.isFinite(px + py)) continue;
    if (n < CROWD) addMark(pen, px, py, radius, s);
    else pen.fillRect(px - radius, py - radius, 2 * radius, 2 * radius);
  }
  pen.fill();
  if (n <= FEW) {
    pen.strokeStyle = paper;
    pen.lineWidth = 0.8;
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/**
 * The place that the arrow keys have chosen.
 * @param {Pen} pen @param {Panel} panel @param {number[]} aim @param {Run[]} runs @param {Look} look
 */
export function drawAim(pen, panel, aim, runs, { ink }) {
  const [px, py] = placeOf(panel, aim, runs);
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

/**
 * Rings on the curve of the potential, for a hand to take hold of.
 * @param {Pen} pen @param {Panel} panel @param {{x: number}[]} rings @param {Run[]} runs @param {Look} look
 */
export function drawRings(pen, panel, rings, runs, { ink, paper }) {
  pen.strokeStyle = ink;
  pen.fillStyle = paper;
  pen.lineWidth = 1.5;
  for (const { x } of rings) {
    pen.beginPath();
    pen.arc(...placeOf(panel, [x], runs), 5, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }
}

/**
 * Where a point of the potential's curve, or of its map, is drawn.
 * @param {Panel} panel @param {number[]} point @param {Run[]} runs @returns {[number, number]}
 */
export function placeOf(panel, [x, y], runs) {
  const [X, Y] = scales(panel, panel.x, panel.y);
  return [X(x), Y(y ?? runs[panel.systems[0]].system.energy(x))];
}

/** @type {Draw} */
function drawHistogram(pen, panel, runs, look) {
  const shown = panel.systems.map((s) => runs[s]);
  const densities = shown.map((run) => run.density);
  /** @param {(Float64Array | null)[]} rows */
  const highest = (rows) => rows.reduce((top, row) => Math.max(top, ...(row ?? [0])), 0);
  const ys = [0, HEADROOM * highest(densities) || roundUp(1.05 * highest(shown.map(({ bars }) => bars)) || 1)];
  const [X, Y] = scales(panel, panel.x, ys);
  inside(pen, panel, () => {
    shown.forEach(({ bars }, i) => {
      pen.fillStyle = pen.strokeStyle = hueOf(look, panel.systems[i]);
      if (shown.length > 1) dash(pen, panel.systems[i]);
      drawBars(pen, bars, (b) => X(mix(panel.x, b / bars.length)), Y, shown.length > 1);
    });
    pen.lineWidth = 1.8;
    pen.strokeStyle = look.ink;
    const drawn = new Set();
    densities.forEach((density, i) => {
      if (!density || drawn.has(shown[i].profileAt)) return;
      drawn.add(shown[i].profileAt);
      drawLine(pen, density.length, (k) => X(mix(panel.x, k / (density.length - 1))), (k) => Y(density[k]));
    });
  });
  drawAxes(pen, panel, panel.x, ys, look);
  if (densities.some(Boolean) && panel.labels[1]) drawKey(pen, panel, look);
}

/**
 * What the line in a histogram is; bars make room for the words.
 * @param {Pen} pen @param {Panel} panel @param {Look} look
 */
function drawKey(pen, { box: [left, top, width] }, { ink }) {
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

/**
 * @param {Pen} pen @param {Float64Array} bars @param {Scale} edge left end of a bar
 * @param {Scale} Y @param {boolean} isOutlined
 */
function drawBars(pen, bars, edge, Y, isOutlined) {
  pen.beginPath();
  pen.moveTo(edge(0), Y(0));
  bars.forEach((value, b) => { pen.lineTo(edge(b), Y(value)); pen.lineTo(edge(b + 1), Y(value)); });
  pen.lineTo(edge(bars.length), Y(0));
  pen.lineWidth = isOutlined ? 1.4 : 0.6;
  pen.globalAlpha = isOutlined ? 0.15 : 0.4;
  pen.fill();
  pen.globalAlpha = isOutlined ? 1 : 0.6;
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** @type {Draw} */
function drawTrajectory(pen, panel, runs, look) {
  const { window } = runs[panel.systems[0]];
  const [first, last] = [window[0][0], window[window.length - 1][0]];
  const frame = (last - first) / Math.max(1, window.length - 1);
  const [X, Y] = drawAxes(pen, panel, [first, first + (WINDOW * frame || 1)], panel.y, look);
  pen.lineWidth = 1.2;
  inside(pen, panel, () => panel.systems.forEach((s) => {
    const { window } = runs[s];
    pen.strokeStyle = hueOf(look, s);
    dash(pen, s);
    for (let i = 1; i < window[0].length; i += 1) {
      pen.globalAlpha = i === 1 ? 1 : 0.45;
      drawLine(pen, window.length, (f) => X(window[f][0]), (f) => Y(window[f][i]));
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }));
}

/**
 * Mean square displacement or mean energy since the particles were put where they started.
 * @type {Draw}
 */
function drawSeries(pen, panel, runs, look, curves) {
  const shown = panel.systems.map((s) => runs[s]);
  const view = panel.kind === "msd" ? "msd" : "energy";
  const [xs, ys] = seriesRanges(shown, view, panel.log);
  const [X, Y] = drawAxes(pen, panel, xs, ys, look);
  inside(pen, panel, () => {
    shown.forEach(({ series }, i) => {
      pen.strokeStyle = hueOf(look, panel.systems[i]);
      pen.lineWidth = 1.6;
      dash(pen, panel.systems[i]);
      drawLine(pen, series[view].length, (k) => X(series.time[k]), (k) => Y(series[view][k]));
    });
    pen.setLineDash([]);
    const exact = curves[view];
    if (!exact) return;
    pen.strokeStyle = look.ink;
    pen.lineWidth = 1.2;
    pen.setLineDash([4, 3]);
    /** @param {number} k */
    const at = (k) => (panel.log[0] ? xs[0] * (xs[1] / xs[0]) ** (k / 200) : mix(xs, k / 200));
    drawLine(pen, 201, (k) => X(at(k)), (k) => Y(exact(at(k), shown[0].system.values)));
    pen.setLineDash([]);
  }, 1);
}

/**
 * Ranges of time and of value that hold all series, from round number to round number.
 * @param {Run[]} runs @param {"msd" | "energy"} view @param {boolean[]} log @returns {number[][]}
 */
function seriesRanges(runs, view, [isLogX, isLogY]) {
  let [t0, t1, low, high] = [Infinity, 0, Infinity, -Infinity];
  for (const { series } of runs) {
    t1 = Math.max(t1, series.time[series.time.length - 1]);
    if (series.time.length > 1) t0 = Math.min(t0, series.time[1]);
    for (const value of series[view]) {
      if (!Number.isFinite(value) || (isLogY && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) [low, high] = [isLogY ? 0.1 : 0, 1];
  if (isLogY) [low, high] = [Math.max(10 ** Math.floor(Math.log10(low)), high * 1e-12), 10 ** Math.ceil(Math.log10(high) + 1e-9)];
  else {
    if (view === "msd") low = 0;
    const step = roundUp((high - low) / 4 || Math.abs(high) / 4 || 1);
    [low, high] = [Math.floor(low / step) * step, (Math.floor(high / step) + 1) * step];
  }
  let xs = isLogX ? [10 ** Math.floor(Math.log10(Math.min(t0, 1e9))), 10 ** Math.ceil(Math.log10(Math.max(t1, 1e-9)))] : [0, roundUp(t1 || 1)];
  if (!(xs[0] < xs[1])) xs = isLogX ? [0.1, 1] : [0, 1];
  return [xs, [low, high]];
}

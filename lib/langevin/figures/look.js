import { CORNERS, CORNER_RADIUS, DASHES, HUES } from "./shared.js";

/**
 * How panels look: colours of the page, axes, numbers, lines and marks.
 *
 * @typedef {CanvasRenderingContext2D} Pen
 * @typedef {{ink: string, paper: string, hues: string[], names: string[], tick: string, label: string}} Look
 *   names: colours of titles; tick, label: fonts
 * @typedef {(value: number) => number} Scale from an axis to points
 * @typedef {{kind: string, box: [number, number, number, number], x: number[], y: number[],
 *   heights: number[], labels: string[], systems: number[], log: boolean[], title?: string}} Panel
 *   box: left, top, width and height in points; x, y: ranges of the axes; heights: of energies
 */

const FACE = '"DejaVu Sans", Verdana, sans-serif';
const SMALLEST = 11; // letters on the screen, in its pixels

/**
 * Colours of the page, as they are now, and letters that can be read.
 * @param {Element} figure @param {number} scale pixels in a point @returns {Look}
 */
export function lookOf(figure, scale) {
  const style = getComputedStyle(figure);
  const hues = HUES.map((name) => style.getPropertyValue(`--lv-${name}`));
  /** @param {number} points */
  const font = (points) => `${Math.max(points, SMALLEST / scale)}px ${FACE}`;
  const paper = style.getPropertyValue("--lv-paper");
  return { ink: style.color, paper, hues, names: hues, tick: font(9), label: font(10) };
}

/** The look of what has not happened yet. @param {Look} look @returns {Look} */
export const paleOf = (look) => ({
  ...look, hues: look.hues.map((hue) => `color-mix(in srgb, ${hue} 45%, ${look.paper})`),
});

/** @template T @param {T[]} choices @param {number} i @returns {T} */
const cycled = (choices, i) => choices[i % choices.length];

/** @param {Look} look @param {number} s which system @returns {string} */
export const hueOf = (look, s) => cycled(look.hues, s);

/** @param {Pen} pen @param {number} s */
export const dash = (pen, s) => pen.setLineDash(cycled(DASHES, s));

/** @param {number[]} range @param {number} part */
export const mix = ([low, high], part) => low + part * (high - low);

/** @param {Panel} panel @param {number[]} xs @param {number[]} ys @returns {[Scale, Scale]} */
export function scales({ box: [left, top, width, height], log }, [x0, x1], [y0, y1]) {
  /** @param {number} value @param {number} low @param {number} high @param {boolean} isLog */
  const part = (value, low, high, isLog) => (isLog
    ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
  return [
    (value) => left + width * part(value, x0, x1, log[0]),
    (value) => top + height * (1 - part(value, y0, y1, log[1])),
  ];
}

/**
 * Spines, ticks and labels.
 * @param {Pen} pen @param {Panel} panel @param {number[]} xs @param {number[]} ys
 * @param {Look} look @returns {[Scale, Scale]}
 */
export function drawAxes(pen, panel, xs, ys, look) {
  const { box: [left, top, width, height], labels: [xLabel, yLabel], title } = panel;
  const [X, Y] = scales(panel, xs, ys);
  pen.strokeStyle = pen.fillStyle = look.ink;
  pen.lineWidth = 0.8;
  pen.beginPath();
  pen.moveTo(left, top);
  pen.lineTo(left, top + height);
  pen.lineTo(left + width, top + height);
  drawTicks(pen, panel, xs, ys, X, Y);
  pen.stroke();
  pen.font = look.label;
  if (title) {
    pen.fillStyle = cycled(look.names, panel.systems[0]);
    pen.textAlign = "left";
    pen.fillText(title, left, top - 8);
    pen.fillStyle = look.ink;
  }
  pen.textAlign = "center";
  if (xLabel) {
    pen.textBaseline = "top";
    pen.fillText(xLabel, left + width / 2, top + height + 17);
  }
  if (yLabel) {
    pen.save();
    pen.translate(Math.max(6, left - 43), top + height / 2);
    pen.rotate(-Math.PI / 2);
    pen.textBaseline = "middle";
    pen.fillText(yLabel, 0, 0);
    pen.restore();
  }
  pen.font = look.tick;
  return [X, Y];
}

/**
 * @param {Pen} pen @param {Panel} panel @param {number[]} xs @param {number[]} ys
 * @param {Scale} X @param {Scale} Y
 */
function drawTicks(pen, { box: [left, top, width, height], labels, log }, xs, ys, X, Y) {
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of ticksOf(xs, width / 48, log[0])) {
    pen.moveTo(X(tick), top + height);
    pen.lineTo(X(tick), top + height + 3.5);
    if (!labels[0]) continue;
    const [text, at, edge] = [numberText(tick), X(tick), left + width + 7]; // of the picture
    const beyond = at > edge - 25 ? at + pen.measureText(text).width / 2 - edge : 0;
    pen.fillText(text, at - Math.max(0, beyond), top + height + 6);
  }
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const tick of labels[1] ? ticksOf(ys, height / 18, log[1]) : []) {
    pen.moveTo(left, Y(tick));
    pen.lineTo(left - 3.5, Y(tick));
    pen.fillText(numberText(tick), left - 6, Y(tick));
  }
}

/**
 * Round numbers between the ends, about `room` of them.
 * @param {number[]} ends @param {number} room @param {boolean} isLog
 */
function ticksOf([low, high], room, isLog) {
  const ticks = [];
  if (isLog) {
    const every = Math.max(1, Math.ceil(Math.log10(high / low) / Math.max(1, room)));
    for (let p = Math.ceil(Math.log10(low) - 1e-9); p <= Math.log10(high) + 1e-9; p += every) ticks.push(10 ** p);
    return ticks;
  }
  for (let part = Math.max(1, room), end = 3 * part; ticks.length < 2 && part < end; part *= 1.5) { // one tells no scale
    const step = roundUp((high - low) / part);
    ticks.length = 0;
    for (let i = Math.ceil(low / step - 1e-9); i <= high / step + 1e-9; i += 1) ticks.push(i * step);
  }
  return ticks;
}

/** The next of 1, 2, 5, 10, 20 … @param {number} value */
export function roundUp(value) {
  const ten = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return ten * ([1, 2, 5].find((m) => m * ten >= value * (1 - 1e-9)) ?? 10);
}

/** @param {number} value @param {number} digits */
export function numberText(value, digits = 6) {
  const [number, power] = Math.abs(value) >= 1e5 || (value && Math.abs(value) < 1e-3 - 1e-12)
    ? value.toExponential(digits - 1).split("e") : [value.toPrecision(digits)];
  const text = String(Number(number));
  const raised = power && `10${[...String(Number(power))].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)] ?? "⁻").join("")}`;
  return (raised ? (text === "1" ? raised : `${text}·${raised}`) : text).replace("-", "−");
}

/**
 * Keep to a panel while something is drawn.
 * @param {Pen} pen @param {Panel} panel @param {() => void} draw @param {number} slack in points
 */
export function inside(pen, { box }, draw, slack = 0) {
  pen.save();
  pen.beginPath();
  pen.rect(box[0] - slack, box[1] - slack, box[2] + 2 * slack, box[3] + 2 * slack);
  pen.clip();
  draw();
  pen.restore();
}

/**
 * A line through points given one by one; what is not finite breaks it.
 * @param {Pen} pen @param {number} count @param {Scale} X @param {Scale} Y of the point's number
 */
export function drawLine(pen, count, X, Y) {
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

/**
 * A disc, or the polygon of a later system of a race.
 * @param {Pen} pen @param {number} px @param {number} py @param {number} radius @param {number} s
 */
export function addMark(pen, px, py, radius, s) {
  const [corners, turn] = cycled(CORNERS, s);
  pen.moveTo(px + radius, py);
  if (!corners) pen.arc(px, py, radius, 0, 2 * Math.PI);
  for (let i = 0; i < corners; i += 1) {
    const angle = (turn + 2 * i / corners) * Math.PI;
    const [x, y] = [px + CORNER_RADIUS * radius * Math.cos(angle), py + CORNER_RADIUS * radius * Math.sin(angle)];
    if (i) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  }
  pen.closePath();
}

// The curves beside the plane: small pictures with axes, each with a text that says the
// same.

import { short } from './figures.js';

/** Measures in CSS pixels, so that words have the size that the style sheet says. */
const least = 160;
const margin = 34; // room for five digits on the left
const digit = 6.5;
const bottom = 16;

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function made(name, attributes, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** @param {number[][]} points */
function line(points) {
  return points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

/**
 * @typedef {object} Drawing
 * @property {number[][]} curve pairs of shares
 * @property {number[][]} [faint] a second curve, behind it
 * @property {[number, string][]} across places and names on the axis
 * @property {[number, string][]} up
 * @property {number} [cursor]
 * @property {string} text what it shows, in words
 */

export class Chart {
  /** @param {Element} svg @param {number} height in CSS pixels */
  constructor(svg, height) {
    this.svg = svg;
    this.height = height;
    this.width = least;
    new ResizeObserver(() => this.#fit()).observe(svg);
  }

  /** What was drawn last. @type {Drawing | undefined} */
  #last;

  /** A wider chart has more room, and words of the same size. */
  #fit() {
    const width = Math.max(least, this.svg.clientWidth);
    if (width === this.width) return;
    this.width = width;
    if (this.#last) this.draw(this.#last);
  }

  /** What the names on the axis leave free on the left. */
  #left = margin;

  /** From a share of the width to its place. @param {number} share */
  x(share) {
    return this.#left + share * (this.width - this.#left - 6);
  }

  /** @param {number} share from the bottom */
  y(share) {
    return 6 + (1 - share) * (this.height - bottom - 6);
  }

  /** @param {Drawing} drawing */
  draw(drawing) {
    this.#last = drawing;
    const { curve, faint = [], across, up, cursor, text } = drawing;
    this.#left = margin + digit * Math.max(0, ...up.map(([, name]) => name.length - 5));
    this.svg.setAttribute('viewBox', `0 0 ${this.width} ${this.height}`);
    const at = (/** @type {number[][]} */ points) => line(points.map(([x, y]) => [this.x(x), this.y(y)]));
    const parts = [
      ...up.flatMap(([y, name]) => [
        made('path', { class: 'rule', d: `M${this.#left} ${this.y(y)}H${this.width - 6}` }),
        made('text', { x: this.#left - 5, y: this.y(y) + 3.5, 'text-anchor': 'end' }, name),
      ]),
      ...across.map(([x, name]) => made('text', { x: this.x(x), y: this.height - 3, 'text-anchor': x === 0 ? 'start' : x === 1 ? 'end' : 'middle' }, name)),
      made('path', { class: 'faint', d: at(faint) }),
      made('path', { class: 'curve', d: at(curve) }),
    ];
    if (cursor !== undefined) parts.push(made('path', { class: 'cursor', d: `M${this.x(cursor).toFixed(1)} ${this.y(1)}V${this.y(0)}` }));
    this.svg.replaceChildren(...parts);
    this.svg.setAttribute('aria-label', text);
  }
}

/** The columns that losses are put together in. */
const columns = 120;

/**
 * The loss of every training step, on a logarithmic axis; of losses that can be negative, as those
 * of densities are, on one that is nearly linear about 0.
 * @param {ArrayLike<number>} losses @param {number} steps in all
 */
export function lossCurve(losses, steps) {
  const size = Math.max(1, Math.ceil(steps / columns));
  /** @type {[number, number][]} */
  const means = [];
  for (let from = 0; from < losses.length; from += size) {
    const to = Math.min(losses.length, from + size);
    let sum = 0;
    for (let i = from; i < to; i++) sum += losses[i];
    if (Number.isFinite(sum)) means.push([(from + to) / 2 / steps, sum / (to - from)]);
  }
  const signed = means.some(([, mean]) => mean <= 0);
  const scale = signed ? Math.asinh : Math.log10;
  const values = means.map(([, mean]) => scale(mean));
  const low = Math.min(...(values.length > 0 ? values : [-0.5])) - 0.05;
  const high = Math.max(...values, low + 0.5) + 0.05;
  const share = (/** @type {number} */ y) => (y - low) / (high - low);
  let smooth = values[0] ?? 0;
  const curve = means.map(([x], i) => [x, share((smooth += 0.25 * (values[i] - smooth)))]);
  const up = ticks(signed, high - low < 1.2)
    .filter((tick) => scale(tick) >= low && scale(tick) <= high)
    .map((tick) => /** @type {[number, string]} */ ([share(scale(tick)), short(tick)]));
  return { curve, faint: means.map(([x], i) => [x, share(values[i])]), up, across: /** @type {[number, string][]} */ ([[0, '0'], [1, short(steps)]]) };
}

/** What may stand on the axis of losses. @param {boolean} signed @param {boolean} close whether between powers of ten, too */
function ticks(signed, close) {
  const powers = Array.from({ length: 12 }, (_, i) => 10 ** (i - 6));
  const positive = close && !signed ? powers.flatMap((power) => [power, 2 * power, 5 * power]) : powers;
  if (!signed) return positive;
  const large = positive.filter((tick) => tick >= 1);
  return [...large.map((tick) => -tick), 0, ...large];
}

/** The share of the signal at each timestep, noise on the left as on the slider of time. @param {Float32Array} alphaBar */
export function scheduleCurve(alphaBar) {
  const last = alphaBar.length - 1;
  const curve = [];
  for (let t = last; t >= 0; t -= 8) curve.push([1 - t / last, alphaBar[t]]);
  return { curve, up: /** @type {[number, string][]} */ ([[0, '0'], [1, '1']]), across: /** @type {[number, string][]} */ ([[0, short(last)], [1, '0']]) };
}

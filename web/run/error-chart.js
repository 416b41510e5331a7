// How far the pictures of a ladder are from that of very many steps, over their steps,
// both on scales of logarithms: of a solver of order p the error falls as steps⁻ᵖ.

import { foreign, language, say, text } from '../text/i18n.js';

const svg = 'http://www.w3.org/2000/svg';
const width = 560;
const height = 220;
const [left, right, top, bottom] = [48, 150, 12, 34];
/** Errors of less than half a step of a byte are not told apart. */
const least = 1 / 510;

/** @typedef {{title: string, points: {steps: number, error: number}[]}} Line */

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [words] */
function shape(name, attributes, words = '') {
  const element = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = words;
  return element;
}

/**
 * Where labels may stand so that none covers another, in the order of the places that they mean.
 * @param {number[]} places @param {number} apart @param {number} most
 */
export function spread(places, apart, most) {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const at = [...places];
  order.forEach((i, k) => k > 0 && (at[i] = Math.max(at[i], at[order[k - 1]] + apart)));
  order.reverse().forEach((i, k) => (at[i] = Math.min(at[i], k === 0 ? most : at[order[k - 1]] - apart)));
  return at;
}

export class ErrorChart {
  constructor() {
    this.figure = document.createElement('figure');
    this.figure.className = 'errors';
    this.box = shape('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img' });
    const caption = document.createElement('figcaption');
    say(caption, 'ladder.chart');
    this.figure.append(this.box, caption);
    this.show([]);
  }

  /** @param {Line[]} lines none hide it */
  show(lines) {
    const drawn = lines.filter(({ points }) => points.length > 1);
    this.figure.hidden = drawn.length === 0;
    if (drawn.length === 0) return;
    const all = drawn.flatMap(({ points }) => points);
    const logs = (/** @type {number[]} */ of) => [Math.log(Math.min(...of)), Math.log(Math.max(...of))];
    const error = (/** @type {number} */ value) => Math.max(least, value);
    const [x0, x1] = logs(all.map(({ steps }) => steps));
    const [y0, y1] = [Math.log(least), Math.max(Math.log(1), logs(all.map((point) => error(point.error)))[1])];
    const x = (/** @type {number} */ steps) => left + ((Math.log(steps) - x0) / (x1 - x0)) * (width - left - right);
    const y = (/** @type {number} */ value) => height - bottom - ((Math.log(error(value)) - y0) / (y1 - y0)) * (height - top - bottom);
    const number = (/** @type {number} */ n) => n.toLocaleString(language());
    const parts = [0.01, 0.1, 1].flatMap((value) => [shape('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }), shape('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, number(value))]);
    const steps = [...new Set(all.map((point) => point.steps))];
    for (const at of steps) parts.push(shape('text', { x: x(at), y: height - bottom + 16, 'text-anchor': 'middle' }, number(at)));
    parts.push(shape('text', { x: left + (width - left - right) / 2, y: height - 2, 'text-anchor': 'middle' }, text('ladder.axis')));
    const ends = drawn.map(({ points }) => y(points[points.length - 1].error));
    const labels = spread(ends, 14, height - bottom);
    drawn.forEach(({ title, points }, i) => {
      parts.push(shape('polyline', { class: `line line-${i % 4}`, points: points.map((point) => `${x(point.steps).toFixed(1)},${y(point.error).toFixed(1)}`).join(' ') }));
      parts.push(shape('text', { class: `name name-${i % 4}`, x: width - right + 8, y: labels[i] + 4 }, foreign(title)));
    });
    this.box.replaceChildren(...parts);
    this.box.setAttribute('aria-label', text('ladder.chart'));
  }
}

// How an estimate adds up, as a line from noise at the left to the picture at
// the right.

/** @import { Measuring, Term } from '../types.js' */
import { language, say } from '../text/i18n.js';

const svg = 'http://www.w3.org/2000/svg';
const width = 320;
const height = 150;
/** Room for the numbers. */
const left = 36;
const bottom = 20;
const top = 8;

/** @param {string} name @param {Record<string, string | number>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

export class Chart {
  /** @type {number[]} */
  #totals = [];
  /** @type {number[]} */
  #ts = [];
  #terms = 1;
  #drawing = false;

  /** @param {Element} box an svg element */
  constructor(box) {
    this.box = box;
    box.setAttribute('viewBox', `0 0 ${width} ${height}`);
  }

  /** @param {Measuring} message */
  begin({ total, terms }) {
    this.#totals = [total];
    this.#ts = [];
    this.#terms = terms;
    this.#show();
  }

  /** @param {Term} message */
  add({ t, total }) {
    this.#totals.push(total);
    this.#ts.push(t);
    this.#show();
  }

  /** Draws at the next frame. */
  #show() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw() {
    const totals = this.#totals;
    const high = Math.max(...totals, 0);
    const low = Math.min(...totals, 0);
    const unit = tick(high - low || 1);
    const ceiling = Math.ceil(high / unit) * unit || unit;
    const floor = Math.floor(low / unit) * unit;
    const x = (/** @type {number} */ i) => left + ((width - left - 6) * i) / this.#terms;
    const y = (/** @type {number} */ v) => top + ((height - top - bottom) * (ceiling - v)) / (ceiling - floor);
    const format = new Intl.NumberFormat(language(), { maximumSignificantDigits: 4 });
    const parts = [];
    for (let n = 0; floor + n * unit <= ceiling + unit / 2; n++) {
      const at = y(floor + n * unit);
      const label = shape('text', { x: left - 6, y: at + 4, 'text-anchor': 'end' });
      label.textContent = format.format(Number((floor + n * unit).toPrecision(6)));
      parts.push(shape('line', { x1: left, x2: width - 6, y1: at, y2: at, class: 'rule' }), label);
    }
    for (const i of [0, this.#ts.length - 1]) {
      if (i < 0 || (i > 0 && i < this.#terms / 4)) continue;
      const label = shape('text', { x: i === 0 ? left : x(i + 1), y: height - 5, 'text-anchor': i === 0 ? 'start' : 'end' });
      label.textContent = `t = ${this.#ts[i] ?? ''}`;
      if (this.#ts.length > 0) parts.push(label);
    }
    const points = totals.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`);
    const base = y(Math.max(floor, Math.min(0, ceiling))).toFixed(1);
    parts.push(shape('polygon', { points: [`${left},${base}`, ...points, `${x(totals.length - 1).toFixed(1)},${base}`].join(' '), class: 'area' }));
    parts.push(shape('polyline', { points: points.join(' '), class: 'curve' }));
    this.box.replaceChildren(...parts);
    say(this.box, 'bound.chart', { from: format.format(totals[0]), to: format.format(totals[totals.length - 1]), terms: totals.length - 1 }, 'aria-label');
  }
}

/** A round distance that leaves two to five lines. @param {number} range */
export function tick(range) {
  const power = 10 ** Math.floor(Math.log10(range));
  const parts = range / power;
  return parts <= 2 ? power / 2 : parts <= 5 ? power : 2 * power;
}

// Where the bits of an estimate come from, over log SNR: those of each step by its
// length as a line with its scale at the left, so that the area below it is their sum
// however the steps are spread; and as a thin line the sum so far. Noise is at the left,
// the picture at the right; a mark stands at the noise level of the stage.

/** @import { Measuring, Term } from '../types.js' */
import { language, say } from '../text/i18n.js';

const svg = 'http://www.w3.org/2000/svg';
const width = 320;
const height = 160;
/** Room for the numbers. */
const left = 44;
const right = 8;
const bottom = 32;
const top = 14;

/** @param {string} name @param {Record<string, string | number>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** @param {number} x @param {number} y @param {'start' | 'middle' | 'end'} anchor @param {string} words */
function label(x, y, anchor, words) {
  const element = shape('text', { x, y, 'text-anchor': anchor });
  element.textContent = words;
  return element;
}

/** @param {number} alphaBar */
export function logSNR(alphaBar) {
  return Math.log(alphaBar / (1 - alphaBar));
}

/**
 * Over log SNR: the bits of each step by the change of log SNR in it, at the step's
 * middle, and the sum so far. The term of a bound is of the step to the next, and the
 * last is no step but the reconstruction; the term of a flow is of the step before.
 * @param {string} form @param {Pick<Term, 'alphaBar' | 'bits' | 'total'>[]} terms
 * @returns {{bits: [number, number][], sums: [number, number][]}}
 */
export function curves(form, terms) {
  const levels = terms.map(({ alphaBar }) => logSNR(alphaBar));
  const steps = levels.slice(1).map((level, i) => {
    const { bits } = terms[form === 'flow' ? i + 1 : i];
    return /** @type {[number, number]} */ ([(level + levels[i]) / 2, bits / Math.abs(level - levels[i])]);
  });
  return { bits: steps.filter((step) => step.every(Number.isFinite)), sums: terms.map(({ total }, i) => [levels[i], total]) };
}

export class Chart {
  /** @type {Measuring | undefined} */
  #begun;
  /** @type {Term[]} */
  #terms = [];
  /** Of the stage. */
  #at = { t: -1, alphaBar: NaN };
  #drawing = false;

  /** @param {Element} box an svg element */
  constructor(box) {
    this.box = box;
    box.setAttribute('viewBox', `0 0 ${width} ${height}`);
  }

  /** @param {Measuring} message */
  begin(message) {
    this.#begun = message;
    this.#terms = [];
    this.#show();
  }

  /** @param {Term} message */
  add(message) {
    this.#terms.push(message);
    this.#show();
  }

  /** The stage shows another noise level. @param {{t: number, alphaBar: number} | undefined} facts */
  mark(facts) {
    this.#at = facts ?? { t: -1, alphaBar: NaN };
    this.#show();
  }

  /** Draws at the next frame. */
  #show() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      if (this.#begun) this.#draw(this.#begun);
    });
  }

  /** @param {Measuring} begun */
  #draw(begun) {
    const { bits, sums } = curves(begun.form, this.#terms);
    const levels = sums.map(([level]) => level).filter(Number.isFinite);
    const [from, to] = [Math.min(...levels), Math.max(...levels)];
    const x = (/** @type {number} */ level) => {
      const part = to > from ? (level - from) / (to - from) : 0.5;
      return left + (width - left - right) * Math.max(0, Math.min(1, part));
    };
    const scale = scaled(bits.map(([, value]) => value));
    const sum = scaled([begun.total, ...sums.map(([, value]) => value)]);
    const format = new Intl.NumberFormat(language(), { maximumSignificantDigits: 4 });
    const parts = [];
    for (const value of scale.lines) {
      const at = scale.y(value);
      parts.push(shape('line', { x1: left, x2: width - right, y1: at, y2: at, class: 'rule' }), label(left - 6, at + 4, 'end', format.format(value)));
    }
    if (to > from) {
      const unit = tick(to - from);
      for (let n = Math.ceil(from / unit); n * unit <= to; n++) parts.push(label(x(n * unit), height - bottom + 14, 'middle', format.format(n * unit)));
    }
    parts.push(label((left + width - right) / 2, height - 3, 'middle', 'log SNR'));
    const line = (/** @type {[number, number][]} */ of, /** @type {(value: number) => number} */ y) =>
      of.map(([level, value]) => `${x(level).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    parts.push(shape('polyline', { points: line(sums, sum.y), class: 'sum' }), shape('polyline', { points: line(bits, scale.y), class: 'curve' }));
    const level = logSNR(this.#at.alphaBar);
    if (level >= from && level <= to) {
      const at = x(level);
      const anchor = at > width / 2 ? 'end' : 'start';
      parts.push(shape('line', { x1: at, x2: at, y1: top - 4, y2: height - bottom, class: 'mark' }));
      parts.push(label(at + (anchor === 'end' ? -4 : 4), top - 4, anchor, `t = ${this.#at.t}`));
    }
    this.box.replaceChildren(...parts);
    say(this.box, 'bound.chart', { from: format.format(begun.total), to: format.format(this.#terms.at(-1)?.total ?? begun.total), terms: this.#terms.length }, 'aria-label');
  }
}

/** A scale of round numbers from the lowest to the highest value, with 0. @param {number[]} values */
function scaled(values) {
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const unit = tick(high - low || 1);
  const ceiling = Math.ceil(high / unit) * unit || unit;
  const floor = Math.floor(low / unit) * unit;
  const count = Math.round((ceiling - floor) / unit);
  return {
    y: (/** @type {number} */ value) => top + ((height - top - bottom) * (ceiling - value)) / (ceiling - floor),
    lines: Array.from({ length: count + 1 }, (_, n) => Number((floor + n * unit).toPrecision(6))),
  };
}

/** A round distance that leaves two to five lines. @param {number} range */
export function tick(range) {
  const power = 10 ** Math.floor(Math.log10(range));
  const parts = range / power;
  return parts <= 2 ? power / 2 : parts <= 5 ? power : 2 * power;
}

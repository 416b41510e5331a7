// A derivation of the paper, line by line on the numbers of the step that is shown.
// Formulas, values and verdicts are the sampler's; here they are set out, and a
// coefficient can be given another value.

/** @import { Key } from '../text/i18n.js' */
/** @import { Derived, DerivedLine } from '../types.js' */
import { language, say, text } from '../text/i18n.js';

const paper = 'https://arxiv.org/abs/2208.11970';

/** @type {Record<string, Key>} */
export const names = {
  'closed-form': 'derive.closed',
  posterior: 'derive.posterior',
  loss: 'derive.loss',
  predictions: 'derive.predictions',
  bound: 'derive.bound',
};

/** @type {Record<string, Key>} */
const reasons = {
  clean: 'derive.no.clean',
  noise: 'derive.no.noise',
  guess: 'derive.no.guess',
  same: 'derive.no.same',
  schedule: 'derive.no.schedule',
  timestep: 'derive.no.timestep',
  edit: 'derive.no.edit',
};

/** A value of a side, which may be very small or large. @param {number} value */
function number(value) {
  const size = Math.abs(value);
  const notation = size !== 0 && (size < 1e-3 || size >= 1e6) ? 'scientific' : 'standard';
  return value.toLocaleString(language(), { maximumSignificantDigits: 7, notation }).replace('-', '−');
}

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @param {string} [className] */
function made(name, className = '') {
  const element = document.createElement(name);
  if (className) element.className = className;
  return element;
}

export class Derivation {
  /** The coefficients that are changed, by line and index. @type {Record<string, string>} */
  edits = {};
  #name = '';

  /** @param {HTMLElement} list an ol @param {() => void} edited */
  constructor(list, edited) {
    this.list = list;
    this.edited = edited;
  }

  /** Chooses a derivation; the changes of another are forgotten. @param {string} name */
  choose(name) {
    if (name === this.#name) return;
    this.#name = name;
    this.edits = {};
    this.list.replaceChildren();
  }

  /** @param {Derived} derived */
  show({ lines }) {
    // What is open stays open, and what is typed in keeps the focus.
    if (this.list.children.length !== lines.length) this.list.replaceChildren(...lines.map((line, i) => this.#item(line, i)));
    lines.forEach((line, i) => this.#fill(/** @type {HTMLElement} */ (this.list.children[i]), line, i));
  }

  /** @param {DerivedLine} line @param {number} i */
  #item({ equation, coefficients }, i) {
    const item = made('li', 'derived');
    const head = made('p', 'what');
    const link = made('a');
    link.href = paper;
    link.textContent = /^\d/.test(equation) ? text('derive.luo', { equation }) : equation;
    head.append(link, made('span', 'verdict'));
    const formula = made('div', 'formula');
    const values = made('p', 'values');
    item.append(head, formula, values);
    if (coefficients.length === 0) return item;
    const details = made('details');
    const summary = made('summary');
    say(summary, 'derive.coefficients');
    const fields = made('div', 'fields');
    for (const { index, symbol } of coefficients) {
      const label = made('label');
      const field = made('input');
      Object.assign(field, { type: 'number', step: 'any', inputMode: 'decimal', autocomplete: 'off' });
      field.dataset.index = String(index);
      field.addEventListener('change', () => {
        const at = `${i}.${index}`;
        if (field.value === '') delete this.edits[at];
        else this.edits[at] = field.value;
        this.edited();
      });
      label.append(symbol, field);
      fields.append(label);
    }
    details.append(summary, fields);
    item.append(details);
    return item;
  }

  /** @param {HTMLElement} item @param {DerivedLine} line @param {number} i */
  #fill(item, line, i) {
    const [formula, values, verdict] = ['.formula', '.values', '.verdict'].map((part) => /** @type {HTMLElement} */ (item.querySelector(part)));
    const math = document.createElementNS('http://www.w3.org/1998/Math/MathML', 'math');
    math.setAttribute('display', 'block');
    math.innerHTML = `${line.continued ? '' : line.left}<mo>=</mo>${line.right}`;
    formula.replaceChildren(math);
    formula.setAttribute('role', 'group');
    formula.setAttribute('aria-label', text('derive.luo', { equation: line.equation }));
    // One that is wider than its place is scrolled, also by keys.
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute('tabindex');
    const wrong = !line.undefined && !line.holds;
    item.toggleAttribute('data-wrong', wrong);
    for (const at of Object.keys(this.edits)) {
      const [of, index] = at.split('.');
      if (Number(of) === i) math.querySelector(`[data-coefficient="${index}"]`)?.classList.add('edited');
    }
    values.hidden = line.undefined !== '';
    values.textContent = `${number(line.leftValue)} = ${number(line.rightValue)}`;
    if (wrong) values.textContent = values.textContent.replace(' = ', ' ≠ ');
    if (line.undefined) say(verdict, reasons[line.undefined]);
    else if (wrong) say(verdict, 'derive.wrong', { by: () => number(line.difference) });
    else say(verdict, 'derive.holds');
    for (const field of item.querySelectorAll('input')) {
      const coefficient = line.coefficients.find(({ index }) => String(index) === field.dataset.index);
      if (coefficient && document.activeElement !== field) field.value = String(coefficient.value);
    }
  }
}

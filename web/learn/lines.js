// The lines of a working as formulas: which are shown, the symbol of each, and the
// same as text with all digits.

/** @import { Product, Worked, WorkLine } from '../types.js' */

/** The field's letters of what networks predict. @type {Record<string, string>} */
const predictions = { epsilon: 'epsilon', sample: 'x0', v_prediction: 'v', score: 'score', flow_prediction: 'v' };

/**
 * What stands for a line: a letter, what is written below it, and how many primes it has.
 * @typedef {{letter: string, index: string, primes: number}} Symbol
 */

/** Whether a line says no more than another: one times its value. @param {WorkLine} line */
function isCopy({ rule, over, terms }) {
  return rule === 'sum' && over === 1 && terms.length === 1 && terms[0].factor === 1 && terms[0].by < 0 && terms[0].line >= 0;
}

export class Lines {
  /** @param {Worked} worked */
  constructor(worked) {
    this.worked = worked;
    const { lines } = worked;
    /** The state after the step. */
    this.after = lines.map(({ of }) => of).lastIndexOf('x');
    /** The line that each is a copy of, or itself: the step itself is shown, also where it copies. @type {number[]} */
    this.same = [];
    lines.forEach((line, i) => this.same.push(isCopy(line) && i !== this.after ? this.same[line.terms[0].line] : i));
    /** The lines that are shown: those that compute something. */
    this.shown = lines.flatMap(({ rule }, i) => (rule === 'given' || this.same[i] !== i ? [] : [i]));
    /** @type {Symbol[]} */
    this.symbols = lines.map((_, i) => this.#symbol(i));
  }

  /** @param {number} i @returns {Symbol} */
  #symbol(i) {
    const { lines, predicts } = this.worked;
    if (this.same[i] !== i) return this.symbolOf(this.same[i]);
    const { of, back } = lines[i];
    const letter = ['class', 'without', 'output'].includes(of) ? (predictions[predicts] ?? 'output') : of;
    const before = lines.filter((line, k) => k < i && this.same[k] === k && line.of === of && line.back === back).length;
    if (i === this.after && lines[i].rule !== 'given') return { letter: 'x', index: 'next', primes: 0 };
    return { letter, index: of === letter ? '' : of, primes: back > 0 ? 0 : before };
  }

  /** @param {number} i */
  symbolOf(i) {
    return this.#symbol(this.same[i]);
  }

  /** What a line does, as the last part of a key of its sentence. @param {number} i */
  does(i) {
    const { lines } = this.worked;
    const { of, rule, terms } = lines[i];
    const uses = (/** @type {string} */ other) => terms.some(({ line }) => line >= 0 && lines[line].of === other);
    if (of === 'output') return uses('gradient') ? 'steered' : uses('class') || uses('without') ? 'output' : 'reading';
    if (of === 'x0' && rule !== 'sum') return `x0.${rule}`;
    if (of === 'x' && uses('known')) return 'known';
    return i === this.after ? 'next' : of;
  }

  /** The lines as text, with all digits. */
  text() {
    const { lines, recipe, picture, step, steps, row, column, channel, channels } = this.worked;
    const colour = channels === 3 ? `, channel ${channel}` : '';
    const names = this.symbols.map((symbol, i) => plain(symbol, lines[i]));
    const head = [recipe, `picture ${picture + 1}, step ${step} of ${steps}, column ${column}, row ${row}${colour}`, ''];
    const body = lines.flatMap((line, i) => {
      if (this.same[i] !== i || line.of === 'mask') return [];
      if (line.left) return [];
      return line.rule === 'given' ? [`${names[i]} = ${line.value}${line.deep > 0 ? ` with the deep features of ${line.deep} evaluations before` : ''}`] : [`${names[i]} = ${written(line, names)} = ${line.value}`];
    });
    return [...head, ...body, ''].join('\n');
  }
}

/** A symbol in plain text. @param {Symbol} symbol @param {WorkLine} line */
function plain({ letter, index, primes }, { back }) {
  const below = index && `_${index}`;
  return `${letter}${below}${'′'.repeat(primes)}${back > 0 ? `[${back} before]` : ''}`;
}

/** What a line computes, in plain text. @param {WorkLine} line @param {string[]} names */
function written({ rule, over, terms }, names) {
  const sum = terms.map((term) => product(term, names)).join(' + ') || '0';
  switch (rule) {
    case 'clip':
      return `clip(${sum}, ±${over})`;
    case 'scale':
      return `clip(${sum}, ±${over}) / ${over}`;
    case 'exp':
      return `exp((${sum}) / 2)`;
    case 'root':
      return `sqrt(${sum})`;
    case 'round':
      return `round(${sum})`;
  }
  return over === 1 ? sum : `(${sum}) / ${over}`;
}

/** @param {Product} term @param {string[]} names */
function product({ factor, line, by }, names) {
  return [String(factor), ...[by, line].flatMap((at) => (at >= 0 ? [names[at]] : []))].join('·');
}

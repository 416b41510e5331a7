// The formulas of the lab's cards, by their names in web/learn/lessons: each in letters, and
// with the values of the lab's stage.

/** @import { Read } from './lessons.js' */
import { close, divergence, hat, is, lines, log, mi, minus, mn, mo, nabla, one, open, over, plus, root, row, space, squared, stacked, sub, times, two, word } from '../learn/mathml.js';
import { text } from '../text/i18n.js';
import { measured, valueOf } from './lesson-stage.js';

/** @typedef {{letters: string, values: (read: Read) => string | undefined}} Formula */

const [x, t, c, p, q] = ['x', 't', 'c', 'p', 'q'].map(mi);
const i = mi('i');
const xt = sub(x, t);
const prev = sub(x, row(t, minus, one));
const xi = sub(x, i);
const next = sub(x, row(i, plus, one));
const half = over(one, two);
const comma = mo(',');
const score = row(nabla, log, p);
const [first, second] = [sub(p, one), sub(p, two)];
const d = (/** @type {string} */ of) => row('<mi mathvariant="normal">d</mi>', of);
const noise = d(`<mover accent="true">${mi('w')}<mo stretchy="false">¯</mo></mover>`);
const square = (/** @type {string} */ of) => `<msup>${of}${two}</msup>`;
const bracketed = (/** @type {string[]} */ ...of) => row('<mo stretchy="false">[</mo>', ...of, '<mo stretchy="false">]</mo>');

/** A Langevin step. @param {string[]} at what the score is asked of */
const langevin = (...at) => row(next, is, xi, plus, c, hat('s'), open, ...at, close, plus, root(two, c), mi('z'));

/** What a step's size comes to. @param {number} size */
const sized = (size) => row(c, is, mn(size), comma, root(two, c), is, mn(Math.sqrt(2 * size)));

/** Half of the step size by the rule `scaled`, as sampler/solver's Langevin steps have it. @param {Read} read @param {number} sigma */
function sizeOf({ started }, sigma) {
  if (!started || valueOf(started, 'rule') !== 'scaled') return undefined;
  return 0.5 * Number(valueOf(started, 'stepsize')) * sigma ** 2;
}

/** ᾱ and β of the training timestep that is shown, and its σ. @param {Read} read */
export function levelOf({ alphaBar, t }) {
  if (alphaBar.length === 0) return undefined;
  const [bar, before] = [alphaBar[t], t > 0 ? alphaBar[t - 1] : 1];
  return { bar, beta: 1 - bar / before, sigma: Math.sqrt(1 / bar - 1) };
}

/** A formula of the noise level that is shown. @param {(level: NonNullable<ReturnType<typeof levelOf>>) => string} values @returns {Formula['values']} */
const atLevel = (values) => (read) => {
  const level = levelOf(read);
  return level && values(level);
};

/** @type {Record<string, Formula>} */
export const formulas = {
  langevin: {
    letters: langevin(xi),
    values: (read) => {
      const size = sizeOf(read, Number(read.started && valueOf(read.started, 'at')));
      return size ? sized(size) : undefined;
    },
  },
  fisher: {
    letters: row(sub(mi('E'), row(x, mo('∼'), p)), bracketed(squared(row(hat('s'), open, x, close, minus, score, open, x, close)))),
    values: ({ models: [model] }) => {
      const [usual, rare] = ['score', 'rare'].map((name) => measured(model, name)?.value);
      if (usual === undefined || rare === undefined) return undefined;
      const line = (/** @type {string} */ words, /** @type {number} */ value) => `<mtr><mtd>${word(words)}</mtd><mtd>${mn(value)}</mtd></mtr>`;
      return `<mtable>${line(text('lab.lesson.data'), usual)}${line(text('lab.lesson.rare'), rare)}</mtable>`;
    },
  },
  modes: {
    letters: row(nabla, log, open, sub(mi('π'), one), first, plus, sub(mi('π'), two), second, close, mo('≈'), nabla, log, first),
    values: ({ models: [model] }) => {
      const weights = model.measures?.filter(({ name }) => name === 'mode').map(({ real }) => real) ?? [];
      if (weights.length !== 2) return undefined;
      return row(nabla, log, open, mn(weights[0]), times, first, plus, mn(weights[1]), times, second, close, mo('≈'), nabla, log, first);
    },
  },
  annealed: {
    letters: lines(langevin(xi, comma, mi('σ')), row(c, mo('∝'), square(mi('σ')))),
    values: (read) => {
      const level = levelOf(read);
      const size = level && sizeOf(read, level.sigma);
      return size ? lines(row(mi('σ'), is, mn(level.sigma), mo(':')), sized(size)) : undefined;
    },
  },
  flow: {
    letters: stacked(
      row(d(x), is, bracketed(mi('f'), minus, square(mi('g')), score), space, d(t), plus, mi('g'), space, noise),
      row(d(x), is, bracketed(mi('f'), minus, half, square(mi('g')), score), space, d(t)),
    ),
    // Of the variance preserving SDE, in the time of training.
    values: atLevel(({ beta }) => row(mi('f'), is, mn(-beta / 2), times, x, comma, mi('g'), is, mn(Math.sqrt(beta)))),
  },
  evidence: {
    letters: lines(
      row(mi('log'), space, p, open, x, close, mo('≥'), mi('E'), bracketed(mi('log'), space, p, open, row(x, mo('|'), mi('z')), close)),
      row(minus, divergence(row(q, open, row(mi('z'), mo('|'), x), close), row(p, open, mi('z'), close))),
    ),
    values: ({ models: [model] }) => {
      const [bound, reconstruction, divergence] = ['bound', 'reconstruction', 'divergence'].map((name) => measured(model, name)?.value);
      if (bound === undefined || reconstruction === undefined || divergence === undefined) return undefined;
      return row(mi('log'), space, p, open, x, close, mo('≥'), mn(reconstruction), minus, mn(divergence), is, mn(bound));
    },
  },
  chain: {
    letters: row(q, open, row(xt, mo('|'), prev), close, is, mi('N'), open, root(sub(mi('α'), t)), prev, comma, row(one, minus, sub(mi('α'), t)), close),
    values: atLevel(({ beta }) => row(q, open, row(xt, mo('|'), prev), close, is, mi('N'), open, mn(Math.sqrt(1 - beta)), times, prev, comma, mn(beta), close)),
  },
};

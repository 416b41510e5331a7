// The formulas of the cards, by their names in web/learn/lessons: each in letters, and
// with the values of the step that the stage shows.

/** @import { Film } from '../stage/film.js' */
/** @import { Worked } from '../types.js' */
import { language, text } from '../text/i18n.js';
import { decidedAt, missedAt, squaredOf } from './film.js';
import { guidanceOf, noiseOf, steeringOf, valueOf } from './numbers.js';
import { levelsOf, priorBits, snrOf, stepOf, weightsOf } from './levels.js';
import { bars, close, divergence, factor, hat, is, lines, log, mi, minus, mn, mo, nabla, one, open, over, plus, root, row, space, squared, stacked, sub, times, two, word, zero } from './mathml.js';

/**
 * What a formula has its values from.
 * @typedef {object} Shown
 * @property {Film} film
 * @property {number} step
 * @property {Worked} [worked] the numbers of a pixel
 */

/** @typedef {{letters: string, values: (shown: Shown) => string | undefined, pixel?: boolean}} Formula */

const bar = `<mover accent="true">${mi('α')}<mo stretchy="false">¯</mo></mover>`;
const before = row(mi('t'), minus, one);

const xt = sub(mi('x'), mi('t'));
const prev = sub(mi('x'), before);
const x0 = sub(mi('x'), zero);
const guess = sub(hat('x'), zero);
const noise = mi('ε');
const estimate = hat('ε');
const alpha = sub(mi('α'), mi('t'));
const bart = sub(bar, mi('t'));
const barPrev = sub(bar, before);
const square = `<msubsup>${mi('σ')}${mi('q')}<mn>2</mn></msubsup>`;
const left = (/** @type {string} */ of) => row(one, minus, of);

const xT = sub(mi('x'), mi('T'));
const sum = '<mo>∑</mo>';
/** @param {string} of */
const powered = (of) => `<msup>${row(open, of, close)}${two}</msup>`;
/** @param {string} of */
const scoreOf = (of) => row(nabla, log, mi('p'), open, of, close);

const score = scoreOf(xt);

const gain = row(mi('SNR'), open, before, close, minus, mi('SNR'), open, mi('t'), close);
/** @param {string} [what] is equal to it */
const lossOfGuess = (what = '') => lines(row(what, over(one, two), open, gain, close), row(times, squared(row(guess, minus, x0))));

/** A formula of the level alone. @param {(bar: number) => string | undefined} values @returns {Formula['values']} */
const atLevel = (values) => ({ film, step }) => {
  const levels = levelsOf(film, step);
  return levels && values(levels.bar);
};

/** A formula of the step between two levels. @param {(of: ReturnType<typeof stepOf>, bar: number, before: number) => string} values @returns {Formula['values']} */
const atStep = (values) => ({ film, step }) => {
  const levels = levelsOf(film, step);
  if (levels?.before === undefined || levels.bar >= levels.before) return undefined;
  return values(stepOf(levels.bar, levels.before), levels.bar, levels.before);
};

/** A formula of the weights of a step in the bound. @param {(weights: ReturnType<typeof weightsOf>, film: Film, step: number) => string | undefined} values @returns {Formula['values']} */
const weighed = (values) => ({ film, step }) => {
  const levels = levelsOf(film, step);
  if (levels?.before === undefined || levels.bar >= levels.before || levels.before === 1) return undefined;
  return values(weightsOf(levels.bar, levels.before), film, step);
};

/** @type {Record<string, Formula>} */
export const formulas = {
  jump: {
    letters: row(xt, is, root(bart), x0, plus, root(left(bart)), noise),
    values: atLevel((bar) => stacked(
      row(xt, is, mn(Math.sqrt(bar)), times, x0, plus, mn(Math.sqrt(1 - bar)), times, noise),
      row(bart, is, mn(bar)),
    )),
  },
  link: {
    letters: row(xt, is, root(alpha), prev, plus, root(left(alpha)), noise),
    values: atStep(({ alpha, beta }) => row(xt, is, mn(Math.sqrt(alpha)), times, prev, plus, mn(Math.sqrt(beta)), times, noise)),
  },
  moments: {
    letters: row(xt, minus, root(bart), x0, mo('∼'), mi('N'), open, zero, mo(','), left(bart), close),
    values: ({ film, step }) => {
      const facts = film.facts.get(step);
      if (!facts || !film.noised || facts.noise.length < 2) return undefined;
      const cell = (/** @type {string} */ inside) => `<mtd>${inside}</mtd>`;
      const line = (/** @type {string[]} */ ...cells) => `<mtr>${cells.map(cell).join('')}</mtr>`;
      const fixed = (/** @type {number} */ value) => {
        const digits = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
        return `<mn>${value.toLocaleString(language(), digits).replace('-', '−')}</mn>`;
      };
      const of = (/** @type {string} */ name, /** @type {{mean: number, stdDev: number}} */ { mean, stdDev }) => line(word(name), fixed(mean), fixed(stdDev));
      const theory = { mean: 0, stdDev: Math.sqrt(1 - facts.alphaBar) };
      const head = line('', word(text('lessons.mean')), word(text('lessons.deviation')));
      return `<mtable>${head}${of(text('lessons.jump'), facts.noise[0])}${of(text('lessons.chain'), facts.noise[1])}${of(text('lessons.theory'), theory)}</mtable>`;
    },
  },
  sum: {
    letters: row(alpha, open, left(barPrev), close, plus, left(alpha), is, left(bart)),
    values: atStep(({ alpha, beta }, bar, before) => row(mn(alpha), times, mn(1 - before), plus, mn(beta), is, mn(1 - bar))),
  },
  snr: {
    letters: row(mi('SNR'), open, mi('t'), close, is, over(bart, left(bart))),
    values: atLevel((bar) => row(mi('SNR'), is, over(mn(bar), mn(1 - bar)), is, bar < 1 ? mn(bar / (1 - bar)) : mi('∞'))),
  },
  guess: {
    letters: row(guess, is, over(row(xt, minus, root(left(bart)), estimate), root(bart))),
    values: atLevel((bar) => row(guess, is, over(row(xt, minus, mn(Math.sqrt(1 - bar)), times, estimate), mn(Math.sqrt(bar))))),
  },
  decided: {
    letters: row(guess, is, mi('E'), mo('['), x0, mo('|'), xt, mo(']')),
    values: ({ film, step }) => {
      const part = decidedAt(film, step);
      return part === undefined ? undefined : row(word(text('lessons.decided')), is, `<mn>${Math.round(100 * part)}</mn>`, word(' %'));
    },
  },
  tweedie: {
    letters: row(guess, is, over(row(xt, plus, open, left(bart), close, score), root(bart))),
    values: atLevel((bar) => row(guess, is, over(row(xt, plus, mn(1 - bar), times, score), mn(Math.sqrt(bar))))),
  },
  pixel: {
    letters: row(guess, is, over(row(xt, minus, root(left(bart)), estimate), root(bart))),
    pixel: true,
    values: ({ film, step, worked }) => {
      const levels = levelsOf(film, step);
      const [x, output] = worked ? [worked.lines.find(({ of }) => of === 'x')?.value, valueOf(worked, 'output') ?? valueOf(worked, 'class')] : [];
      if (!levels || x === undefined || output === undefined || worked?.predicts !== 'epsilon') return undefined;
      const [signal, rest] = [Math.sqrt(levels.bar), Math.sqrt(1 - levels.bar)];
      return lines(row(guess, is, over(row(mn(x), minus, mn(rest), times, factor(output)), mn(signal))), row(is, mn((x - rest * output) / signal)));
    },
  },
  precision: {
    letters: row(over(one, square), is, over(alpha, left(alpha)), plus, over(one, left(barPrev))),
    values: atStep(({ link, jump }, _, before) => row(over(one, square), is, mn(link), plus, before < 1 ? mn(jump) : mi('∞'))),
  },
  posterior: {
    letters: lines(
      row(mi('μ'), is, over(row(root(alpha), open, left(barPrev), close), left(bart)), xt),
      row(plus, over(row(root(barPrev), open, left(alpha), close), left(bart)), guess),
    ),
    values: atStep(({ xt: ofX, x0: ofGuess }) => row(mi('μ'), is, mn(ofX), times, xt, plus, mn(ofGuess), times, guess)),
  },
  variance: {
    letters: row(square, is, over(left(barPrev), left(bart)), open, left(alpha), close),
    values: atStep(({ share, beta, variance }) => row(square, is, mn(share), times, mn(beta), is, mn(variance))),
  },
  ancestral: {
    letters: row(prev, is, mi('μ'), plus, sub(mi('σ'), mi('q')), mi('z')),
    values: atStep(({ variance }) => row(prev, is, mi('μ'), plus, mn(Math.sqrt(variance)), times, mi('z'))),
  },
  ddim: {
    letters: row(prev, is, root(barPrev), guess, plus, root(left(barPrev)), estimate),
    values: atStep((_, __, before) => row(prev, is, mn(Math.sqrt(before)), times, guess, plus, mn(Math.sqrt(1 - before)), times, estimate)),
  },
  last: {
    letters: row(barPrev, is, one, mo('⇒'), x0, is, guess),
    values: atStep(({ xt: ofX, x0: ofGuess, variance }) => row(prev, is, mn(ofX), times, xt, plus, mn(ofGuess), times, guess, plus, mn(Math.sqrt(variance)), times, mi('z'))),
  },
  parts: {
    letters: row(xt, is, root(bart), guess, plus, root(left(bart)), estimate),
    values: atLevel((bar) => row(xt, is, mn(Math.sqrt(bar)), times, guess, plus, mn(Math.sqrt(1 - bar)), times, estimate)),
  },
  errors: {
    letters: row(guess, minus, x0, is, mo('−'), over(root(left(bart)), root(bart)), open, estimate, minus, noise, close),
    values: atLevel((bar) => row(guess, minus, x0, is, mn(-Math.sqrt(1 / snrOf(bar))), times, open, estimate, minus, noise, close)),
  },
  score: {
    letters: row(score, is, mo('−'), over(one, root(left(bart))), estimate),
    values: atLevel((bar) => (bar < 1 ? row(score, is, mn(-1 / Math.sqrt(1 - bar)), times, estimate) : undefined)),
  },
  velocity: {
    letters: row(mi('v'), is, root(bart), noise, minus, root(left(bart)), x0),
    values: atLevel((bar) => row(mi('v'), is, mn(Math.sqrt(bar)), times, noise, minus, mn(Math.sqrt(1 - bar)), times, x0)),
  },
  hand: {
    letters: lines(score, row(is, mo('−'), over(estimate, root(left(bart))))),
    pixel: true,
    values: ({ film, step, worked }) => {
      const levels = levelsOf(film, step);
      const answer = worked && noiseOf(worked);
      if (!levels || answer === undefined) return undefined;
      return lines(score, row(is, mo('−'), over(row(factor(answer)), root(row(one, minus, mn(levels.bar))))));
    },
  },
  logsnr: {
    letters: row(mi('log'), space, mi('SNR'), open, mi('t'), close, is, mi('log'), over(bart, left(bart))),
    values: atLevel((bar) => (bar < 1 ? row(mi('log'), over(mn(bar), mn(1 - bar)), is, mn(Math.log(snrOf(bar)))) : undefined)),
  },
  worth: {
    letters: lossOfGuess(),
    values: weighed(({ guess: weight }) => row(mn(weight), times, squared(row(guess, minus, x0)))),
  },
  learned: {
    letters: row(mi('SNR'), open, mi('t'), close, is, mi('exp'), open, mo('−'), sub(mi('ω'), mi('η')), open, mi('t'), close, close),
    values: atLevel((bar) => (bar < 1 ? row(sub(mi('ω'), mi('η')), open, mi('t'), close, is, mn(-Math.log(snrOf(bar)))) : undefined)),
  },
  bound: {
    letters: lines(
      row(mi('log'), mi('p'), open, x0, close, mo('≥')),
      row(mi('E'), mo('['), mi('log'), mi('p'), open, row(x0, mo('|'), sub(mi('x'), one)), close, mo(']')),
      row(minus, divergence(row(mi('q'), open, xT, mo('|'), x0, close), row(mi('p'), open, xT, close))),
      row(minus, sum, mi('E'), mo('['), mi('KL'), open, mi('q'), open, prev, mo('|'), xt, mo(','), x0, close),
      row('<mspace width="2em"/>', bars, mi('p'), open, prev, mo('|'), xt, close, close, mo(']')),
    ),
    values: ({ film }) => (film.current ? row(mi('T'), is, mn(film.shape.steps)) : undefined),
  },
  prior: {
    letters: row(divergence(row(mi('q'), open, xT, mo('|'), x0, close), row(mi('N'), open, zero, mo(','), mi('I'), close))),
    values: ({ film }) => {
      const [levels, end] = [levelsOf(film, 1), squaredOf(film)];
      if (!levels || !end) return undefined;
      return row(mn(priorBits(levels.bar, end.square, end.values)), '<mspace width="0.4em"/>', word(text('lessons.bits')));
    },
  },
  matching: {
    letters: row(divergence(mi('q'), mi('p')), is, over(one, row(two, square)), squared(row(hat('μ'), minus, mi('μ')))),
    values: atStep(({ variance }, _, before) => (before < 1 ? row(mn(1 / (2 * variance)), times, squared(row(hat('μ'), minus, mi('μ')))) : row(mo('∞')))),
  },
  costs: {
    letters: lossOfGuess(row(mi('KL'), is)),
    values: weighed(({ guess: weight }, film, step) => {
      const missed = missedAt(film, step);
      return missed === undefined ? undefined : row(mi('KL'), is, mn(weight), times, mn(missed), is, mn(weight * missed));
    }),
  },
  simple: {
    letters: lines(row(over(powered(left(alpha)), row(two, square, alpha, open, left(bart), close)), squared(row(noise, minus, estimate))), row(mo('→'), squared(row(noise, minus, estimate)))),
    values: weighed(({ noise: weight }) => lines(row(mn(weight), times, squared(row(noise, minus, estimate))), row(mo('→'), mn(1), times, squared(row(noise, minus, estimate))))),
  },
  given: {
    letters: lines(scoreOf(row(xt, mo('|'), mi('c'))), row(is, scoreOf(xt)), row(plus, nabla, mi('log'), space, mi('p'), open, mi('c'), mo('|'), xt, close)),
    values: atLevel((bar) => {
      const [over, with_, without] = [1 / Math.sqrt(1 - bar), sub(estimate, mi('c')), sub(estimate, mi('∅'))];
      if (bar >= 1) return undefined;
      return lines(row(mn(-over), times, with_), row(is, mn(-over), times, without), row(minus, mn(over), times, open, with_, minus, without, close));
    }),
  },
  guided: {
    letters: row(estimate, is, sub(estimate, mi('∅')), plus, mi('g'), open, sub(estimate, mi('c')), minus, sub(estimate, mi('∅')), close),
    pixel: true,
    values: ({ worked }) => {
      const [none, of] = worked ? [valueOf(worked, 'without'), valueOf(worked, 'class')] : [];
      const weight = worked && guidanceOf(worked);
      if (none === undefined || of === undefined || weight === undefined) return undefined;
      return lines(row(estimate, is, mn(none)), row(plus, mn(weight), times, open, mn(of), minus, factor(none), close));
    },
  },
  steered: {
    letters: lines(row(sub(estimate, mi('γ')), is, estimate), row(minus, mi('γ'), root(left(bart)), nabla, mi('log'), space, mi('p'), open, mi('c'), mo('|'), xt, close)),
    pixel: true,
    values: ({ film, step, worked }) => {
      const levels = levelsOf(film, step);
      const pushed = worked && steeringOf(worked);
      if (!levels || !pushed) return undefined;
      const rest = Math.sqrt(1 - levels.bar);
      return lines(row(sub(estimate, mi('γ')), is, mn(pushed.answer)), row(minus, mn(pushed.factor / rest), times, mn(rest), times, factor(pushed.gradient)));
    },
  },
  stride: {
    letters: row(mi('λ'), is, over(one, two), mi('log'), space, mi('SNR'), mo(','), mi('h'), is, sub(mi('λ'), before), minus, sub(mi('λ'), mi('t'))),
    values: ({ film, step }) => {
      const levels = levelsOf(film, step);
      if (levels?.before === undefined || levels.before >= 1) return undefined;
      return row(mi('h'), is, mn(Math.log(snrOf(levels.before) / snrOf(levels.bar)) / 2));
    },
  },
  passes: {
    letters: row(prev, is, mi('f'), open, xt, mo(','), estimate, open, xt, mo(','), mi('t'), close, close),
    values: ({ film }) => (film.current ? row(mn(film.shape.steps), space, mo('×'), space, estimate) : undefined),
  },
  jumps: {
    letters: row(prev, is, root(barPrev), guess, plus, root(left(barPrev)), noise),
    values: ({ film, step }) => {
      const [missed, end] = [missedAt(film, step), squaredOf(film)];
      return missed === undefined || !end ? undefined : row(mo('|'), guess, minus, x0, mo('|'), is, mn(Math.sqrt(missed / end.values)));
    },
  },
};

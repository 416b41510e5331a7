// The noise levels of a step, and what follows from them: of the step back from level t
// to the one before it, which the stage has taken, or of the step forward to t.

/** @import { Film } from '../stage/film.js' */

/**
 * @typedef {object} Levels
 * @property {number} bar ᾱ of level t
 * @property {number | undefined} before ᾱ of the level with less noise next to it, once it is known
 */

/** @param {Pick<Film, 'facts' | 'noised' | 'shape'>} film @param {number} step @returns {Levels | undefined} */
export function levelsOf({ facts, noised, shape }, step) {
  const bar = facts.get(step)?.alphaBar;
  if (bar === undefined) return undefined;
  const beside = noised ? step - 1 : step + 1;
  // The last step of a run leads to the clean picture.
  const before = !noised && step === shape.steps ? 1 : facts.get(beside)?.alphaBar;
  return { bar, before };
}

/**
 * The step between two levels: what the chain keeps, and the posterior of the level
 * before, as in sampler/schedule.
 * @param {number} bar @param {number} before
 */
export function stepOf(bar, before) {
  const alpha = bar / before;
  const beta = 1 - alpha;
  return {
    alpha,
    beta,
    /** What the chain and the jump know of the level before: one over the variance. */
    link: alpha / beta,
    jump: 1 / (1 - before),
    /** The mean of the posterior is x0·x_0 + xt·x_t. */
    x0: (Math.sqrt(before) * beta) / (1 - bar),
    xt: (Math.sqrt(alpha) * (1 - before)) / (1 - bar),
    share: (1 - before) / (1 - bar),
    variance: ((1 - before) / (1 - bar)) * beta,
  };
}

/** SNR(t) of a level (Luo 109); without noise there is no bound. @param {number} bar */
export function snrOf(bar) {
  return bar < 1 ? bar / (1 - bar) : Infinity;
}

/**
 * What an error of the guess weighs in the bound's term of a step (Luo 110), and one of the
 * noise (Luo 130).
 * @param {number} bar @param {number} before
 */
export function weightsOf(bar, before) {
  const { alpha, beta, variance } = stepOf(bar, before);
  return { guess: (snrOf(before) - snrOf(bar)) / 2, noise: beta ** 2 / (2 * variance * alpha * (1 - bar)) };
}

/**
 * KL(q(x_T|x_0) ‖ N(0, 1)) in bits for each value (Luo 58, 86).
 * @param {number} bar of level T @param {number} square ‖x_0‖² @param {number} values
 */
export function priorBits(bar, square, values) {
  return (bar * (square / values - 1) - Math.log(1 - bar)) / (2 * Math.LN2);
}

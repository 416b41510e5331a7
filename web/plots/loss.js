// The denoising matching terms of the bound (Luo 99) along a run, where the picture that it
// ended in is taken for x_0.

/** @import { Film } from '../stage/film.js' */
/** @import { Point } from './course.js' */
import { missedAt } from '../learn/film.js';
import { levelsOf, weightsOf } from '../learn/levels.js';

/** The term of a step, in nats; NaN where it is not known, and of the last step, whose term is the reconstruction. @param {Film | undefined} film @param {number} step */
export function lossAt(film, step) {
  const levels = film && step < film.shape.steps ? levelsOf(film, step) : undefined;
  if (!film || levels?.before === undefined || levels.bar >= levels.before) return NaN;
  return weightsOf(levels.bar, levels.before).guess * (missedAt(film, step) ?? NaN);
}

/** The terms of all steps that are kept. @param {Film | undefined} film @returns {Point[]} */
export function losses(film) {
  const steps = [...(film?.kept.keys() ?? [])].sort((a, b) => a - b);
  return steps.map((step) => /** @type {Point} */ ([step, lossAt(film, step)])).filter(([, value]) => Number.isFinite(value));
}

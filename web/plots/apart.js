// How far two runs are apart, step by step, as what is seen tells it.

/** @import { Film } from '../stage/film.js' */
/** @import { Point } from './course.js' */

/** Bytes for one unit of the network's pictures, which go from −1 to 1. */
const unit = 127.5;

/** Whether two runs can be compared step by step. @param {Pick<Film, 'shape'>[]} films */
export function inStep([one, other]) {
  const same = /** @type {const} */ (['steps', 'images', 'channels', 'height', 'width']);
  return one !== undefined && other !== undefined && same.every((key) => one.shape[key] === other.shape[key]);
}

/** The root mean square of the difference of x_t, over all pictures; NaN where a step is not kept. @param {Pick<Film, 'kept'>[]} films @param {number} step */
export function apartAt([one, other], step) {
  const [own, its] = [one?.kept.get(step), other?.kept.get(step)];
  let [sum, count] = [0, 0];
  for (const [image, frame] of (own ?? []).entries()) {
    const beside = its?.[image]?.xt;
    if (!frame || !beside) return NaN;
    count += beside.length;
    frame.xt.forEach((byte, i) => (sum += (byte - beside[i]) ** 2));
  }
  return Math.sqrt(sum / count) / unit;
}

/** The same at all steps that are kept. @param {Pick<Film, 'kept'>[]} films @returns {Point[]} */
export function apart(films) {
  const steps = [...(films[0]?.kept.keys() ?? [])].sort((a, b) => a - b);
  return steps.map((step) => /** @type {Point} */ ([step, apartAt(films, step)])).filter(([, value]) => Number.isFinite(value));
}

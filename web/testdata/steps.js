// Runs for tests: the messages that a worker would send.

/** @import { Started, Step } from '../types.js' */

/**
 * The beginning of a run.
 * @param {Partial<Started>} [with_]
 * @returns {Started}
 */
export function started(with_ = {}) {
  return { type: 'started', id: 1, recipe: 'm=x', subject: 'none', steps: 3, first: 0, images: 1, channels: 1, height: 2, width: 2, columns: 0, shares: 1, again: false, ...with_ };
}

/**
 * One picture of one step, whose pixels tell what they are of.
 * @param {number} number of the step
 * @param {Partial<Step> & {size?: number}} [with_]
 * @returns {Step}
 */
export function step(number, { size = 4, ...with_ } = {}) {
  const image = with_.image ?? 0;
  const plane = (/** @type {number} */ of) => new Uint8Array(size).fill((31 * number + 7 * image + 50 * of) & 255);
  return {
    ...{ type: 'step', id: 1, step: number, steps: 3, image, images: 1, t: 1000 - number, alphaBar: 0.5, ms: 1, largest: 1, rms: 1 },
    ...{ xt: plane(0), x0: plane(1), epsilon: plane(2), change: plane(3) },
    ...with_,
  };
}

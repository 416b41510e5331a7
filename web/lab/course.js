// How one model has come along: the loss of every training step, and what it was worth at moments
// of its training.

/** @import { Measure, Measured, Progress } from './messages.js' */
import { numbers } from './film.js';

/** @typedef {{step: number, measures: Measure[], whole?: boolean}} Judgement whole of all that the recipe draws */

/** Training steps that a loss is the mean of. */
const recent = 50;

export class Course {
  /** Of the steps that were taken here. @type {number[]} */
  losses = [];
  /** In the order of training. @type {Judgement[]} */
  #judged = [];
  #renewed = false;

  /** A recipe begins: what is known of the one before stays until this one is judged. @param {number} step that it begins at */
  begin(step) {
    if (step === 0) this.losses = [];
    this.#renewed = true;
  }

  /** What the recipe that was begun last came to, once that is known. @returns {Judgement | undefined} */
  get end() {
    const last = this.#renewed ? undefined : this.#judged.at(-1);
    return last?.whole ? last : undefined;
  }

  /** What was known of it is of another model. */
  forget() {
    this.#judged = [];
  }

  /** @param {Pick<Progress, 'step' | 'losses'>} message */
  progress({ step, losses }) {
    const since = numbers(losses);
    this.losses.length = step - since.length;
    this.losses.push(...since);
  }

  /** @param {Pick<Measured, 'step' | 'measures'> & {whole?: boolean}} message a newer one of the same step takes its place */
  judge({ step, measures, whole }) {
    this.#judged = this.#renewed ? [] : this.#judged.filter((before) => before.step < step);
    this.#renewed = false;
    this.#judged.push({ step, measures, whole });
  }

  /** What was last known at a training step. @param {number} step @returns {Judgement | undefined} */
  judgedAt(step) {
    return this.#judged.filter((one) => one.step <= step).at(-1);
  }

  /** What is known of the moment nearest to a training step. @param {number} step @returns {Judgement | undefined} */
  judgedNear(step) {
    const far = (/** @type {Judgement} */ one) => Math.abs(one.step - step);
    return this.#judged.reduce((/** @type {Judgement | undefined} */ best, one) => (best && far(best) < far(one) ? best : one), undefined);
  }

  /** The mean loss of the last steps up to one, NaN where none was taken. @param {number} step */
  lossAt(step) {
    const last = this.losses.slice(0, step).slice(-recent);
    return last.reduce((sum, loss) => sum + loss, 0) / last.length;
  }
}

/**
 * What models are worth after as much training: a slow one is judged more rarely, and another is
 * shown as it was then. Of those that came to their ends it is what each came to.
 * @param {Course[]} courses @param {number} step up to which they are shown, Infinity for their ends
 */
export function judgedAlike(courses, step) {
  const judged = courses.map((course) => course.judgedAt(step));
  if (step === Infinity) return judged;
  const least = Math.min(...judged.map((one) => one?.step ?? Infinity));
  return courses.map((course, i) => judged[i] && course.judgedNear(least));
}

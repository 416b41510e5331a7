// The questions of the lab's cards, by their names in web/learn/lessons: each is answered from
// what is on the lab's stage.

/** @import { Answer } from '../learn/right.js' */
/** @import { Model, Read } from './lessons.js' */
import { wayOf } from './compose.js';
import { measured } from './lesson-stage.js';

/** Of a bound that a model maximises, by the name that it has for this kind of model. @param {Model | undefined} model */
const boundOf = (model) => (measured(model, 'bound') ?? measured(model, 'denoising'))?.value;

/** Which of two models has more of something. @param {Model[]} models @param {(model: Model) => number | undefined} of @returns {Answer | undefined} */
function greater([one, other], of) {
  const [a, b] = [one && of(one), other && of(other)];
  return a === undefined || b === undefined ? undefined : a > b ? 'first' : 'second';
}

/** @type {Record<string, (read: Read) => Answer | undefined>} */
export const checks = {
  far: ({ models: [model] }) => {
    const off = measured(model, 'off');
    return off && (off.value < 0.05 ? 'few' : 'many');
  },
  times: ({ models: [model] }) => {
    const [usual, rare] = [measured(model, 'score'), measured(model, 'rare')];
    // Whoever divides has three digits of each.
    return usual && rare && { value: rare.value / usual.value, within: (0.05 * rare.value) / usual.value };
  },
  share: ({ models: [model] }) => {
    const modes = model.measures?.filter(({ name }) => name === 'mode') ?? [];
    if (modes.length !== 2) return undefined;
    const [{ value, real }] = modes.sort((one, other) => one.real - other.real);
    return Math.abs(value - real) < Math.abs(value - 0.5) ? 'fifth' : 'half';
  },
  longer: ({ models }) => greater(models, ({ take }) => take && wayOf(take)),
  higher: ({ models }) => greater(models, boundOf),
};

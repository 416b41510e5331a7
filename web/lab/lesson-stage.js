// What cards read from the lab's stage.

/** @import { Started } from './messages.js' */
/** @import { Model } from './lessons.js' */

/** The value of a key of the recipe that is carried out. @param {Started} started @param {string} key */
export function valueOf({ fields }, key) {
  return fields.find((field) => field.key === key)?.value ?? '';
}

/** The first measure of a name: of the weakest noise, where there are several. @param {Model | undefined} model @param {string} name */
export function measured(model, name) {
  return model?.measures?.find((measure) => measure.name === name);
}

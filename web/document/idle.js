// What has no effect is disabled and says why. Whether it has one, and why not, is
// the worker's to say: here are the words.

/** @import { Field } from '../types.js' */
/** @import { Key } from '../text/i18n.js' */
import { knows } from '../text/i18n.js';

/** The sentence that says why a key has no effect, '' for one that has. @param {Field | undefined} field @returns {Key | ''} */
export function reason(field) {
  if (!field?.idle) return '';
  const own = `idle.${field.idle}.${field.key}`;
  return /** @type {Key} */ (knows(own) ? own : `idle.${field.idle}`);
}

/**
 * Has a control stay as it is, or be free again. It can still be reached by the
 * keyboard, where its hint is read; but for a slider, which has a field beside it.
 * @param {HTMLInputElement | HTMLSelectElement} control @param {boolean} held
 */
export function hold(control, held) {
  control.setAttribute('aria-disabled', String(held));
  if (control instanceof HTMLSelectElement) for (const option of control.options) option.disabled = held && !option.selected;
  else if (control.type === 'range') control.disabled = held;
  else control.readOnly = held;
}

// Says why a recipe is refused: in the page's words where it has some for the
// reason, or else as the sampler says it, in English.

/** @import { Failed } from '../types.js' */
/** @import { Key, Values } from './i18n.js' */
import { knows, learn, say, text } from './i18n.js';

/** What a refusal says; the lab has reasons of its own. @typedef {Pick<Failed, 'key' | 'message' | 'values'> & {reason?: string}} Refused */

let asked = /** @type {Promise<void> | undefined} */ (undefined);

/** Brings the sentences; without them the sampler's own will do. */
export function sentences() {
  asked ??= import('./refused.js').then(
    ({ en, zh }) => learn(en, zh),
    () => void (asked = undefined),
  );
  return asked;
}

/**
 * @param {Element} element @param {Refused} refused
 * @param {Values['label']} [label] of the control that has the key
 * @param {{min: number, max: number}} [field] limits of the model and the sampler, which are narrower than the key's own
 */
export function explain(element, { key = '', message, reason, values = {} }, label = key, field) {
  const limits = field && values.max !== undefined && { min: Math.max(field.min, Number(values.min)), max: Math.min(field.max, Number(values.max)) };
  // A field for numbers tells nothing of what else was written into it.
  // A key that is changed on the way is at fault where the fork is.
  const { of = key, after } = values;
  const closer = [values.value === '' ? `refused.${reason}.none` : '', `refused.${reason}.${of}`];
  const own = /** @type {Key} */ (closer.find(knows) ?? `refused.${reason}`);
  const told = { label: label === key ? of : label, ...values, ...limits };
  if (reason && knows(own)) return after === undefined ? say(element, own, told) : say(element, /** @type {Key} */ ('refused.after'), { step: after, what: () => text(own, told) });
  say(element, '');
  const quoted = document.createElement('span');
  quoted.lang = 'en';
  quoted.textContent = message.charAt(0).toUpperCase() + message.slice(1).replace(/\.?$/, '.');
  element.append(quoted);
}

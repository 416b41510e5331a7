// What can be turned between two runs: the recipe's keys, with the values that are
// offered for the second run and what the two are called.

/** @import { Key } from '../text/i18n.js' */
/** @import { Sentence } from '../stage/captions.js' */
/** @import { Name } from '../stage/headings.js' */
/** @import { Described, Model } from '../types.js' */
import { valueOf } from '../engine/fields.js';
import { foreign, text } from '../text/i18n.js';

/** By the recipe's key; the first is offered first. @type {Record<string, Key>} */
export const knobs = {
  k: 'controls.sampler',
  steps: 'controls.steps',
  g: 'controls.guidance',
  c: 'controls.class',
  eta: 'compare.eta',
  s: 'controls.seed',
  m: 'models.title',
  weights: 'compare.weights',
  fork: 'compare.fork',
};

/** Whether the second run has a network of its own: another one, or the same with other weights. @param {string} key */
export function isOfNetwork(key) {
  return key === 'm' || key === 'weights';
}

/** The only value of the weights beside those of the file. */
export const eight = 'int8';

/** Whether a knob has a menu of values, and not a field. @param {string} key */
export function hasMenu(key) {
  return key === 'c' || key === 'k' || key === 'fork' || isOfNetwork(key);
}

/**
 * What a side is called by the value of the knob.
 * @param {string} key @param {string} value @param {Model | undefined} model @param {(name: string) => string} title of a model
 * @returns {Name}
 */
export function nameOf(key, value, model, title) {
  if (key === 'm') return { knob: '', value: () => title(value) };
  if (key === 'k') return { knob: '', value: () => foreign(model?.samplers.find(({ name }) => name === value)?.title ?? value) };
  if (key === 'weights' && value === eight) return { knob: '', value: () => text('compare.weights.eight') };
  if (key === 'weights' && value === '…') return { knob: '', value: () => text('compare.weights.file') };
  if (key === 'steps') return { knob: '', value: () => text(...stepsIn(value)) };
  if (key === 'fork' && !/\d/.test(value)) return { knob: '', value: () => text('compare.unforked') };
  const shown = () => (key !== 'c' ? value : value === 'none' ? text('controls.class.none') : foreign(value));
  return { knob: () => text(knobs[key]), value: shown };
}

/** A number of steps, in words. @param {string | number} n @returns {Sentence} */
export function stepsIn(n) {
  return [Number(n) === 1 ? 'compare.step' : 'compare.steps', { n }];
}

/** A name as one text. @param {Name} name */
export function textOf({ knob, value }) {
  return text('compare.side', { knob, value }).trim();
}

/**
 * The values of a knob's menu.
 * @param {string} key @param {Model | undefined} model @param {{name: string, title: string}[]} others models beside it
 */
export function valuesOf(key, model, others) {
  const { classes = [], samplers = [] } = model ?? {};
  if (key === 'c') return classOptions(classes);
  if (key === 'fork') return [option('', 'compare.unforked')];
  if (key === 'weights') return [option(eight, 'compare.weights.eight')];
  const options = (key === 'k' ? samplers : others).map(({ name, title }) => option(name, () => foreign(title)));
  samplers.forEach(({ idle }, at) => key === 'k' && (options[at].disabled = Boolean(idle)));
  return options;
}

/**
 * A value that is worth comparing with.
 * @param {string} key @param {Described['fields']} fields @param {string[]} values of the menu, if there is one
 */
export function worthy(key, fields, values) {
  const now = valueOf(fields, key);
  if (key === 'k') return now === 'ddpm' ? 'ddim' : 'ddpm';
  if (hasMenu(key)) return values[(values.indexOf(now) + 1) % values.length] ?? '';
  return another(key, Number(now), fields[key]?.max ?? Infinity);
}

/** @param {string} value @param {Key | (() => string)} name */
export function option(value, name) {
  const item = document.createElement('option');
  item.value = value;
  if (typeof name === 'string') item.dataset.i18n = name;
  item.textContent = typeof name === 'string' ? text(name) : name();
  return item;
}

/** @param {string[]} classes */
function classOptions(classes) {
  return [option('none', 'controls.class.none'), ...classes.map((name) => option(name, () => foreign(name)))];
}

/** A value worth comparing with. @param {string} key @param {number} now @param {number} most that the key allows */
function another(key, now, most) {
  if (key === 'g') return String(now > 0 ? Math.min(most, now * 3) : 2);
  if (key === 'steps') return String(Math.max(1, now > 5 ? Math.round(now / 5) : now * 10));
  if (key === 'eta') return now > 0 ? '0' : '1';
  return String(now + 1);
}

// Recipes worth a look, each a change of the model's own.

/** @import { Key } from '../text/i18n.js' */
/** @import { Model } from '../types.js' */
/** @import { Mode } from './modes.js' */
import { recipeText } from '../engine/fields.js';
import { say } from '../text/i18n.js';
import { element } from '../document/elements.js';

/** The class of a preset that is a model's last. */
const last = '{last}';
/** How the model is called that was distilled from another, after that one's name. */
const distilled = '-few';

/**
 * Keys with values, besides the model's own, and how the stage is used then; of that which was distilled from it,
 * if there is one; beside the model itself; for any model but one that was distilled.
 * @typedef {{title: Key, set: Record<string, string>, mode?: Mode, quick?: boolean, beside?: boolean, whole?: boolean}} Preset
 * @type {Preset[]}
 */
const presets = [
  { title: 'presets.each', set: { c: 'all' } },
  { title: 'presets.plane', set: { c: last, plane: '2,3,4', at: '0.5,0.5' }, mode: 'draw', quick: true },
  { title: 'presets.word', set: { w: 'HELLO' } },
  { title: 'presets.few', set: { c: 'all', steps: '4' }, quick: true, beside: true, whole: true },
  { title: 'presets.ddpm', set: { c: last, k: 'ddpm' }, whole: true },
  { title: 'presets.free', set: { n: '16', g: '0' }, whole: true },
  { title: 'presets.strong', set: { c: last, n: '16', g: '5' }, whole: true },
  { title: 'presets.interval', set: { c: 'all', g: '1.5', glow: '1' }, whole: true },
  { title: 'presets.classifier', set: { c: 'all', g: '0', cg: '10' } },
];

/** What is run, how the stage is used then, and what with: as in the address. @typedef {{recipe: string, mode?: Mode, against?: string}} Try */

/**
 * Whether a model can do what a preset asks for.
 * @param {Model} model @param {boolean} guided @param {Preset} preset
 */
function can({ classes, model }, guided, { set: { c, g, cg, w = '' }, whole }) {
  if (whole && model.endsWith(distilled)) return false;
  return (classes.length > 0 || !(c || g)) && (guided || !cg) && [...w].every((letter) => classes.includes(letter));
}

/**
 * What a model can do; models without classes can do less.
 * @param {Model} model
 * @param {boolean} guided whether there is a classifier that can guide it
 * @param {(name: string) => boolean} has whether there is a model of that name
 * @returns {(Try & {title: Key})[]}
 */
export function presetsFor(model, guided, has) {
  const named = (/** @type {string} */ value) => (value === last ? (model.classes.at(-1) ?? '') : value);
  const few = `${model.model}${distilled}`;
  return presets
    .filter((preset) => can(model, guided, preset))
    .map(({ title, set, mode, quick, beside }) => {
      const entries = Object.entries(set).map(([key, value]) => /** @type {[string, string]} */ ([key, named(value)]));
      if (!quick || !has(few)) return { title, mode, recipe: `${model.defaults}&${recipeText(entries)}` };
      const recipe = `m=${few}&${recipeText(entries.filter(([key]) => key !== 'steps'))}`; // which is few by itself
      return { title, recipe, ...(beside ? { mode: 'compare', against: `m:${model.model}` } : { mode }) };
    });
}

/**
 * Offers what a model can do.
 * @param {Model} model @param {boolean} guided @param {(name: string) => boolean} has @param {(what: Try) => void} open
 */
export function offerPresets(model, guided, has, open) {
  const offered = presetsFor(model, guided, has);
  element('presets').closest('.field')?.toggleAttribute('hidden', offered.length === 0);
  element('presets').replaceChildren(
    ...offered.map(({ title, ...what }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button pill';
      say(button, title);
      button.addEventListener('click', () => open(what));
      return button;
    }),
  );
}

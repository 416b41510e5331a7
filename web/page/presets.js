// Recipes worth a look, each a change of the model's own.

/** @import { Key } from '../text/i18n.js' */
/** @import { Model } from '../types.js' */
/** @import { Mode } from './modes.js' */
import { recipeText } from '../engine/fields.js';
import { say } from '../text/i18n.js';
import { element } from '../document/elements.js';

/** The class of a preset that is a model's last. */
const last = '{last}';

/** Keys with values, besides the model's own, and how the stage is used then. @type {{title: Key, set: Record<string, string>, mode?: Mode}[]} */
const presets = [
  { title: 'presets.each', set: { c: 'all' } },
  { title: 'presets.plane', set: { c: last, plane: '2,3,4', at: '0.5,0.5' }, mode: 'draw' },
  { title: 'presets.word', set: { w: 'HELLO' } },
  { title: 'presets.few', set: { c: 'all', steps: '4' } },
  { title: 'presets.ddpm', set: { c: last, k: 'ddpm' } },
  { title: 'presets.free', set: { n: '16', g: '0' } },
  { title: 'presets.strong', set: { c: last, n: '16', g: '5' } },
  { title: 'presets.classifier', set: { c: 'all', g: '0', cg: '10' } },
];

/**
 * Whether a model can do what a preset asks for.
 * @param {Model} model @param {boolean} guided @param {Record<string, string>} set
 */
function can({ classes }, guided, { c, g, cg, w = '' }) {
  return (classes.length > 0 || !(c || g)) && (guided || !cg) && [...w].every((letter) => classes.includes(letter));
}

/**
 * What a model can do; models without classes can do less.
 * @param {Model} model
 * @param {boolean} guided whether there is a classifier that can guide it
 */
export function presetsFor(model, guided) {
  const named = (/** @type {string} */ value) => (value === last ? (model.classes.at(-1) ?? '') : value);
  return presets
    .filter(({ set }) => can(model, guided, set))
    .map(({ title, set, mode }) => {
      const entries = Object.entries(set).map(([key, value]) => /** @type {[string, string]} */ ([key, named(value)]));
      return { title, mode, recipe: `${model.defaults}&${recipeText(entries)}` };
    });
}

/**
 * Offers what a model can do.
 * @param {Model} model @param {boolean} guided @param {(recipe: string, mode?: Mode) => void} open
 */
export function offerPresets(model, guided, open) {
  const offered = presetsFor(model, guided);
  element('presets').closest('.field')?.toggleAttribute('hidden', offered.length === 0);
  element('presets').replaceChildren(
    ...offered.map(({ title, recipe, mode }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button pill';
      say(button, title);
      button.addEventListener('click', () => open(recipe, mode));
      return button;
    }),
  );
}

// Recipes worth a look, each a change of the model's own.

/** @import { Key } from '../text/i18n.js' */
/** @import { Model } from '../types.js' */
import { say } from '../text/i18n.js';
import { element } from '../document/elements.js';

/** @type {{title: Key, recipe: string}[]} */
const presets = [
  { title: 'presets.each', recipe: 'c=all' },
  { title: 'presets.word', recipe: 'w=HELLO' },
  { title: 'presets.few', recipe: 'c=all&steps=4' },
  { title: 'presets.ddpm', recipe: 'c={last}&k=ddpm' },
  { title: 'presets.free', recipe: 'n=16&g=0' },
  { title: 'presets.strong', recipe: 'c={last}&n=16&g=5' },
  { title: 'presets.classifier', recipe: 'c=all&g=0&cg=10' },
];

/** Whether a model has the letters of a recipe's word, if there is one. @param {Model} model @param {string} recipe */
function spells(model, recipe) {
  return [...(new URLSearchParams(recipe).get('w') ?? '')].every((letter) => model.classes.includes(letter));
}

/**
 * What a model can do; models without classes can do less.
 * @param {Model} model
 * @param {boolean} guided whether there is a classifier that can guide it
 */
export function presetsFor(model, guided) {
  const last = encodeURIComponent(model.classes.at(-1) ?? '');
  return presets
    .filter(({ recipe }) => (model.classes.length > 0 || !/[cg]=/.test(recipe)) && (guided || !recipe.includes('cg=')) && spells(model, recipe))
    .map(({ title, recipe }) => ({ title, recipe: `${model.defaults}&${recipe.replace('{last}', last)}` }));
}

/**
 * Offers what a model can do.
 * @param {Model} model @param {boolean} guided @param {(recipe: string) => void} open
 */
export function offerPresets(model, guided, open) {
  element('presets').replaceChildren(
    ...presetsFor(model, guided).map(({ title, recipe }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button pill';
      say(button, title);
      button.addEventListener('click', () => open(recipe));
      return button;
    }),
  );
}

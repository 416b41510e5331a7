import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presetsFor } from './presets.js';

/** @import { Model } from '../types.js' */

/** @param {string[]} classes */
const model = (classes) => /** @type {Model} */ ({ model: 'x', defaults: 'm=x', classes });
/** @param {string[]} classes @param {boolean} [guided] */
const offered = (classes, guided = false) => presetsFor(model(classes), guided, () => false).map(({ recipe }) => recipe);

test('a model without classes is offered none, and no guidance', () => {
  assert.deepEqual(offered([]), []);
});

test('the last class stands for one that is chosen', () => {
  assert.deepEqual(offered(['a', 'b & c']), ['m=x&c=all', 'm=x&c=b%20%26%20c&plane=2%2C3%2C4&at=0.5%2C0.5', 'm=x&c=all&steps=4', 'm=x&c=b%20%26%20c&k=ddpm', 'm=x&n=16&g=0', 'm=x&c=b%20%26%20c&n=16&g=5', 'm=x&c=all&g=1.5&glow=1']);
});

test('a word is for models that have its letters, a classifier for those that have one', () => {
  assert.ok(offered([...'HELO']).includes('m=x&w=HELLO'));
  assert.ok(!offered([...'HEO']).includes('m=x&w=HELLO'));
  assert.ok(offered(['1'], true).includes('m=x&c=all&g=0&cg=10'));
});

test('few steps are those of the distilled model, if there is one, beside the model itself', () => {
  const tries = presetsFor(model(['a']), false, (name) => name === 'x-few');
  assert.deepEqual(tries.find(({ title }) => title === 'presets.few'), { title: 'presets.few', recipe: 'm=x-few&c=all', mode: 'compare', against: 'm:x' });
  assert.deepEqual(tries.find(({ title }) => title === 'presets.plane'), { title: 'presets.plane', recipe: 'm=x-few&c=a&plane=2%2C3%2C4&at=0.5%2C0.5', mode: 'draw' });
  const itself = presetsFor({ ...model(['a']), model: 'x-few', defaults: 'm=x-few' }, false, () => false);
  assert.deepEqual(itself.map(({ title }) => title), ['presets.each', 'presets.plane']);
});

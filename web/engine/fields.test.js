import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipeText, valueOf, written } from './fields.js';

/** @import { Field } from '../types.js' */

/** @param {string} key @param {string} value @param {string} standard @returns {Field} */
const field = (key, value, standard) => ({ key, value, standard, kind: 'text', group: 'picture', min: 0, max: 0, open: false, choices: [], idle: '' });

test('a key that means nothing has no value', () => {
  const fields = { s: field('s', '7', '1'), w: field('w', '', '') };
  assert.deepEqual([valueOf(fields, 's'), valueOf(fields, 'w'), valueOf(fields, 'order')], ['7', '', '']);
});

test('what is not as it would be unwritten is written', () => {
  const fields = { s: field('s', '7', '1'), n: field('n', '1', '1'), to: field('to', '', '3') };
  assert.deepEqual(written(fields).map(({ key }) => key), ['s']);
});

test('the text of a recipe can hold any value', () => {
  assert.equal(recipeText([['m', 'x'], ['c', 'b & c=é']]), 'm=x&c=b%20%26%20c%3D%C3%A9');
});

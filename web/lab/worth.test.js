import assert from 'node:assert/strict';
import { test } from 'node:test';
import { best, rowsOf } from './worth.js';

const measure = (/** @type {string} */ name, /** @type {number} */ value, real = 0, of = '') => ({ name, at: -1, of, value, real });

test('measures of two models stand side by side, and what one has alone beside nothing', () => {
  const rows = rowsOf([
    [measure('off', 0.5), measure('mode', 0.25, 0.5, 'inner')],
    [measure('off', 0.75, 0.125), measure('mode', 1, 0.5, 'outer')],
  ]);
  assert.deepEqual(rows.map(({ name, of, values, real }) => [name, of, values, real]), [
    ['off', '', [0.5, 0.75], [0, 0.125]],
    ['mode', 'inner', [0.25, NaN], [0.5, NaN]],
    ['mode', 'outer', [NaN, 1], [NaN, 0.5]],
  ]);
  assert.deepEqual(rowsOf([[], []]), []);
  const bounds = rowsOf([[measure('denoising', 1.5), measure('consistency', 1.25)], [measure('bound', 0.5)]]);
  assert.deepEqual(bounds.map(({ name, values }) => [name, values]), [['bound', [1.5, 0.5]], ['consistency', [1.25, NaN]]]);
  assert.deepEqual(rowsOf([[measure('denoising', 1.5)], [measure('denoising', 0.5)]]).map(({ name }) => name), ['denoising']);
});

test('the best of both is said once where it is the same', () => {
  assert.deepEqual([[-0.5], [0.5, 0.5], [0.5, NaN], [NaN], [0.5, 0.25]].map(best), ['−0.500', '0.500', '0.500', '–', '0.500\u202f/ 0.250']);
});

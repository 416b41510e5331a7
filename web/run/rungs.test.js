import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridOf } from '../stage/layout.js';
import { rungsOf } from './rungs.js';

test('a ladder goes as far as the model allows, and names no number twice', () => {
  for (const [most, steps] of /** @type {[number, number[]][]} */ ([
    [1000, [4, 8, 16, 50, 250]],
    [200, [4, 8, 16, 50, 200]],
    [50, [4, 8, 16, 50]],
    [10, [4, 8, 10]],
    [1, [1]],
    [Infinity, [4, 8, 16, 50, 250]],
  ])) assert.deepEqual(rungsOf(most), steps, String(most));
});

test('pictures of a rung stand in a square, letters in a row', () => {
  for (const [images, columns, cols, rows] of [[1, 0, 1, 1], [10, 0, 4, 3], [5, 5, 5, 1], [10, 5, 5, 2]]) {
    assert.deepEqual(gridOf({ images, columns }), { cols, rows });
  }
});

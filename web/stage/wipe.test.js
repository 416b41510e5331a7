import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halves, middle, partOf, percentOf } from './wipe.js';

test('a line parts a picture without a gap', () => {
  const panel = { x: 7, y: 3, w: 101, h: 50 };
  for (const [part, cut] of [[0, 0], [0.25, 25], [0.5, 51], [1, 101], [-1, 0], [2, 101]]) {
    assert.deepEqual(halves(panel, part), [{ x: 7, y: 3, w: cut, h: 50 }, { x: 7 + cut, y: 3, w: 101 - cut, h: 50 }], String(part));
  }
});

test('the place of a line is in the address in per cent, unless it is the middle', () => {
  for (const percent of [0, 1, 29, 57, 100]) assert.equal(percentOf(partOf(String(percent))), String(percent));
  assert.deepEqual([percentOf(middle), partOf('')], ['', middle]);
  for (const wrong of ['-1', '101', 'half', 'NaN']) assert.equal(partOf(wrong), middle, wrong);
});

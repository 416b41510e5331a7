import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spread } from './error-chart.js';
import { errorOf } from './rungs.js';

test('labels stand apart, in the order of what they mean, and in the box', () => {
  for (const [places, wanted] of /** @type {[number[], number[]][]} */ ([
    [[10, 50], [10, 50]],
    [[50, 52, 51], [50, 78, 64]],
    [[99, 100], [86, 100]],
    [[100, 100, 100], [72, 86, 100]],
  ])) assert.deepEqual(spread(places, 14, 100), wanted);
});

test('an error is the root mean square over all pictures, in the range from −1 to 1', () => {
  const bytes = (/** @type {number[]} */ ...values) => ({ xt: Uint8Array.from(values) });
  assert.equal(errorOf([bytes(0, 255)], [bytes(0, 255)]), 0);
  assert.equal(errorOf([bytes(0), bytes(0)], [bytes(255), bytes(0)]), Math.sqrt(2));
  assert.equal(errorOf([bytes(0)], []), undefined);
  assert.equal(errorOf([], []), undefined);
});

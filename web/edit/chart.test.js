import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tick } from './chart.js';

test('lines are a round distance apart, and two to five of them', () => {
  for (let range = 1e-4; range < 1e5; range *= 1.13) {
    const distance = tick(range);
    assert.match(distance.toExponential(3), /^[125]\.000e/, `${range}`);
    const lines = range / distance;
    assert.ok(lines >= 1.99 && lines <= 5.01, `${range} has ${lines}`);
  }
});

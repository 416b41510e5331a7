import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed, lossText, short } from './figures.js';

test('digits come in groups of three, and a minus is no hyphen', () => {
  assert.deepEqual([0.5, -0.25, -0.001, 1234.567].map((value) => fixed(value)), ['0.50', '−0.25', '0.00', '1,234.57']);
  assert.equal(fixed(0.0462, 3), '0.046');
  assert.deepEqual([0, 1, -10, 2000, 1e5, 0.000001, 0.02].map(short), ['0', '1', '−10', '2,000', '100,000', '0.000001', '0.02']);
});

test('a loss has few digits, and no powers of ten where it is large', () => {
  assert.deepEqual([0.4, 0.0123, 9.87, 684.2, -12.34, 54321.9].map(lossText), ['0.40', '0.012', '9.9', '684', '−12', '54,322']);
});

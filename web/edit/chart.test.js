import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curves, logSNR, tick } from './chart.js';

test('lines are a round distance apart, and two to five of them', () => {
  for (let range = 1e-4; range < 1e5; range *= 1.13) {
    const distance = tick(range);
    assert.match(distance.toExponential(3), /^[125]\.000e/, `${range}`);
    const lines = range / distance;
    assert.ok(lines >= 1.99 && lines <= 5.01, `${range} has ${lines}`);
  }
});

test('log SNR is 0 where signal and noise are alike, and the same on both sides of that', () => {
  assert.equal(logSNR(0.5), 0);
  assert.equal(logSNR(0), -Infinity);
  for (const alphaBar of [1e-4, 0.1, 0.3]) assert.ok(Math.abs(logSNR(alphaBar) + logSNR(1 - alphaBar)) < 1e-9);
});

/** Terms of a bound, from noise to the picture. */
const terms = [
  { alphaBar: 0.01, bits: 0.1, total: 0.6 },
  { alphaBar: 0.5, bits: 0.2, total: 0.8 },
  { alphaBar: 0.9, bits: 3, total: 3.8 },
];
const levels = terms.map(({ alphaBar }) => logSNR(alphaBar));

test('the area below the line is the bits of the steps, without the reconstruction', () => {
  const { bits, sums } = curves('denoising', terms);
  assert.deepEqual(sums, [0.6, 0.8, 3.8].map((value, i) => [levels[i], value]));
  assert.deepEqual(bits.map(([level]) => level), [(levels[0] + levels[1]) / 2, (levels[1] + levels[2]) / 2]);
  for (const [i, want] of [0.1, 0.2].entries()) assert.ok(Math.abs(bits[i][1] * (levels[i + 1] - levels[i]) - want) < 1e-12);
});

test('a flow goes from the picture to noise, and its term is of the step before', () => {
  const { bits } = curves('flow', [...terms].reverse());
  for (const [i, want] of [0.2, 0.1].entries()) assert.ok(Math.abs(bits[i][1] * (levels[2 - i] - levels[1 - i]) - want) < 1e-12);
});

test('a level without signal has no place, and its step no length', () => {
  assert.deepEqual(curves('denoising', [{ alphaBar: 0, bits: 1, total: 1 }, terms[1]]).bits, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from '../testdata/steps.js';
import { follow, partner } from './align.js';
import { Film } from './film.js';

/** A film whose step n was asked at timestep t(n). @param {number} steps @param {number} made @param {(n: number) => number} t */
function film(steps, made, t) {
  const made_ = new Film({ steps, images: 1, channels: 1, height: 2, width: 2, columns: 0 });
  for (let n = 1; n <= made; n++) made_.add(step(n, { steps, t: t(n) }));
  return made_;
}

/** @param {number} steps @param {number} [made] */
const even = (steps, made = steps) => film(steps, made, (n) => 1000 - Math.round((1000 * n) / (steps + 1)));

test('the last step belongs to the last', () => {
  assert.equal(partner(even(12), 12, even(4)), 4);
  assert.equal(partner(even(4), 4, even(12)), 12);
});

test('a step belongs to the one of the nearest noise, the later of two', () => {
  const long = film(12, 12, (n) => 913 - 83 * (n - 1));
  const short = film(4, 4, (n) => 750 - 250 * (n - 1));
  assert.deepEqual([1, 3, 6, 9, 11].map((n) => partner(long, n, short)), [1, 1, 2, 3, 4]);
  const [a, b] = [film(2, 1, () => 500), film(3, 3, (n) => [0, 400, 600, 100][n])];
  assert.equal(partner(a, 1, b), 2);
});

test('runs of the same timesteps go step by step', () => {
  assert.deepEqual([1, 2, 3, 4, 5].map((n) => partner(even(5), n, even(5))), [1, 2, 3, 4, 5]);
});

test('the one that is behind is followed', () => {
  const [a, b] = [even(10, 8), even(10, 3)];
  follow([a, b]);
  assert.deepEqual([a.current, b.current], [3, 3]);
  b.add(step(4, { steps: 10, t: b.facts.get(3)?.t }));
  follow([b, a]);
  assert.deepEqual([a.current, b.current], [3, 4]);
});

test('before the second has begun, nothing of the first is gone to', () => {
  const [a, b] = [even(10, 8), even(10, 0)];
  follow([a, b]);
  assert.deepEqual([a.shown, b.current], [0, 0]);
});

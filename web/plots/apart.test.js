import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Film } from '../stage/film.js';
import { apart, apartAt, inStep } from './apart.js';

/** A film of one picture of four values at each step. @param {number[]} values @param {number} [steps] */
function filmOf(values, steps = values.length) {
  const film = new Film({ steps, images: 1, channels: 1, height: 1, width: 4, columns: 0 });
  values.forEach((value, i) => {
    const bytes = Uint8Array.of(value, value, 100, 100);
    film.add({ type: 'step', id: 1, step: i + 1, steps, image: 0, images: 1, t: 0, alphaBar: 0.5, ms: 1, largest: 1, rms: 1, xt: bytes, x0: bytes, epsilon: bytes, change: bytes });
  });
  return film;
}

test('two runs are apart by the root mean square of their difference', () => {
  const films = [filmOf([10, 20, 30]), filmOf([10, 71, 30])];
  assert.ok(inStep(films));
  assert.deepEqual(apart(films), [[1, 0], [2, Math.sqrt((2 * 51 ** 2) / 4) / 127.5], [3, 0]]);
  assert.equal(apartAt(films, 4), NaN);
});

test('a step that only one of them has is not compared, and neither are runs of other lengths', () => {
  assert.deepEqual(apart([filmOf([10, 20]), filmOf([10], 2)]), [[1, 0]]);
  assert.ok(!inStep([filmOf([1]), filmOf([1, 2])]));
  assert.ok(!inStep([filmOf([1])]));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Film } from '../stage/film.js';
import { lossAt, losses } from './loss.js';

test('a term of the bound is the squared error of the guess, with what it weighs', () => {
  const film = new Film({ steps: 3, images: 1, channels: 1, height: 1, width: 2, columns: 0 });
  const bars = [0.1, 0.5, 0.9];
  const guess = [0, 51, 0];
  bars.forEach((alphaBar, i) => {
    assert.deepEqual(losses(film), [], 'nothing is known of a run before its end');
    const [xt, x0] = [Uint8Array.of(0, 255), Uint8Array.of(guess[i], 255)];
    film.add({ type: 'step', id: 1, step: i + 1, steps: 3, image: 0, images: 1, t: 0, alphaBar, ms: 1, largest: 1, rms: 1, xt, x0, epsilon: x0, change: x0 });
  });
  // (0.9/0.1 − 0.5/0.5)/2 times (51/127.5)²; the last step has the reconstruction in its place.
  assert.equal(losses(film).map(([step, value]) => `${step}: ${value.toFixed(9)}`).join(', '), '1: 0.000000000, 2: 0.640000000');
  assert.equal(lossAt(film, 3), NaN);
  assert.equal(lossAt(undefined, 1), NaN);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countSpots, covers, painted, shades, textOfSpots } from './spots.js';

test('spots have one text', () => {
  const spots = [{ x: 14, y: 12, radius: 3, colour: 'ff' }, { x: 9, y: 20, radius: 0, colour: 'ff8000' }];
  assert.equal(textOfSpots(spots), '14-12-3-ff_9-20-0-ff8000');
  assert.equal(countSpots(textOfSpots(spots)), 2);
  assert.equal(countSpots(''), 0);
});

test('a spot covers the pixels that Go paints', () => {
  // The numbers of pixels within r² + r, which sampler/recipe.Dab.Covers has as well.
  for (const [radius, want] of [[0, 1], [1, 9], [2, 21], [3, 37], [4, 69]]) {
    let n = 0;
    for (let y = 0; y < 32; y++) for (let x = 0; x < 32; x++) if (covers({ x: 16, y: 16, radius, colour: '' }, x, y)) n++;
    assert.equal(n, want, `radius ${radius}`);
  }
});

test('a grey has the same shade three times, and a later spot lies over an earlier one', () => {
  assert.deepEqual(shades('80'), [128, 128, 128]);
  assert.deepEqual(shades('ff8000'), [255, 128, 0]);
  const picture = /** @type {any} */ ({ width: 3, height: 2, data: new Uint8ClampedArray(24).fill(7) });
  painted(picture, [{ x: 0, y: 0, radius: 0, colour: 'ff' }, { x: 2, y: 1, radius: 0, colour: '10' }, { x: 2, y: 1, radius: 0, colour: '0a0b0c' }]);
  assert.deepEqual([...picture.data], [255, 255, 255, 7, ...new Array(16).fill(7), 10, 11, 12, 7]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asPlace, inMap, stride, walked } from './place.js';

test('a place is read from a recipe', () => {
  assert.deepEqual(asPlace('0.25,1'), { x: 0.25, y: 1 });
});

test('the first and the last small picture have their centres at the ends of the plane', () => {
  assert.equal(inMap(0, 8), 1 / 16);
  assert.equal(inMap(1, 8), 15 / 16);
  for (const part of [0, 0.3, 1]) assert.ok(Math.abs(inMap(inMap(part, 8), 8, true) - part) < 1e-12);
});

test('a walk begins where it is and stays within the plane', () => {
  for (const [x, y] of [[0, 0], [0.5, 0.25], [1, 1]]) {
    const begin = walked(x, y, 0);
    assert.ok(Math.abs(begin.x - x) < 1e-9 && Math.abs(begin.y - y) < 1e-9);
    for (let s = 0; s < 60; s += 0.7) {
      const at = walked(x, y, s);
      assert.ok(at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1);
    }
  }
  assert.ok(Math.abs(walked(0.5, 0.5, 0.1).x - 0.5) < 0.1, 'it walks slowly');
});

test('with Shift a key goes further', () => {
  assert.ok(stride(true) > stride(false));
});

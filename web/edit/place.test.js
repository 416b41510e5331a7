import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asPlace, inMap, neighbour, round, spread, stride, walked } from './place.js';

test('a place is read from a recipe', () => {
  assert.deepEqual(asPlace('0.25,1'), { x: 0.25, y: 1 });
});

test('the first and the last small picture have their centres at the ends of the plane', () => {
  assert.equal(inMap(0, 8), 1 / 16);
  assert.equal(inMap(1, 8), 15 / 16);
  for (const part of [0, 0.3, 1]) assert.ok(Math.abs(inMap(inMap(part, 8), 8, true) - part) < 1e-12);
});

test('a small picture has its centre at its place, also where there are few', () => {
  for (const row of [4, 6, 8]) {
    const { from, size } = spread(row, 8);
    for (let i = 0; i < row; i++) assert.ok(Math.abs((from(i) + size / 2) / 8 - inMap(i / (row - 1), 8)) < 1e-12, `${i} of ${row}`);
    assert.ok(from(0) + size <= from(1) + 1e-12, 'none lies over another');
  }
  assert.equal(spread(8, 8).from(3), 3);
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

test('an arrow key leads from a corner to the next, and not off the square', () => {
  assert.deepEqual(['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'Enter'].map((key) => neighbour(0, key, 4)), [1, 2, undefined, undefined, undefined]);
  assert.deepEqual(['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'].map((key) => neighbour(3, key, 4)), [undefined, undefined, 2, 1]);
});

test('of three corners the last is below both others', () => {
  assert.deepEqual([0, 1].map((corner) => neighbour(corner, 'ArrowDown', 3)), [2, 2]);
  assert.deepEqual(['ArrowUp', 'ArrowRight', 'ArrowLeft', 'ArrowDown'].map((key) => neighbour(2, key, 3)), [0, undefined, undefined, undefined]);
});

test('a walk that is saved goes round the corners in equal strides, and ends before its beginning', () => {
  for (const n of [24, 48, 96]) {
    const walk = round(4, n);
    assert.equal(walk.length, n);
    assert.deepEqual([0, 1, 2, 3].map((edge) => walk[(edge * n) / 4]), [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }]);
    walk.forEach(({ x, y }, i) => {
      const next = walk[(i + 1) % n];
      assert.ok(Math.abs(Math.hypot(next.x - x, next.y - y) - 4 / n) < 0.002, `stride ${i}`);
    });
  }
});

test('a walk round three corners leaves out the edge that is one picture', () => {
  const walk = round(3, 48);
  assert.deepEqual([0, 16, 32].map((i) => walk[i]), [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }]);
  assert.ok(walk.every(({ x, y }) => y === 0 || x === 0 || x === 1));
  assert.deepEqual(walk[47], { x: 0, y: 0.063 });
});

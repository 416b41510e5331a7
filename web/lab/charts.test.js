import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossCurve, scheduleCurve } from './charts.js';

test('a curve of losses falls where they fall, and its axes say so', () => {
  const losses = Float32Array.from({ length: 1000 }, (_, i) => 10 ** (-i / 500));
  const { curve, up, across } = lossCurve(losses, 2000);
  assert.ok(curve.length > 50 && curve.length <= 120, `${curve.length} columns`);
  assert.ok(curve[curve.length - 1][0] < 0.51, 'half of the training is half of the width');
  assert.ok(curve[0][1] > curve[curve.length - 1][1]);
  assert.deepEqual(up.map(([, name]) => name), ['0.01', '0.1', '1']);
  assert.deepEqual(across, [[0, '0'], [1, '2,000']]);
});

test('losses that are no numbers, and none, draw no line through nothing', () => {
  assert.deepEqual(lossCurve([], 100).curve, []);
  const { curve } = lossCurve([1, NaN, Infinity, 0.5], 4);
  assert.ok(curve.length === 2 && curve.flat().every(Number.isFinite), `${curve}`);
});

test('losses below zero have an axis with both signs', () => {
  const { curve, up } = lossCurve(Float32Array.from({ length: 500 }, (_, i) => 20 - i / 20), 500);
  assert.deepEqual(up.map(([, name]) => name), ['−1', '0', '1', '10']);
  assert.ok(curve.length > 90 && curve[0][1] > curve[curve.length - 1][1]);
});

test('signal rises from noise on the left', () => {
  const { curve } = scheduleCurve(Float32Array.from({ length: 1000 }, (_, t) => 1 - t / 999));
  assert.deepEqual(curve[0], [0, 0]);
  assert.ok(curve[curve.length - 1][1] > 0.99);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { across, warmed } from './ribbon.js';

const bytes = (/** @type {number[]} */ values) => new Uint8Array(new Float32Array(values).buffer);

test('each time has its own largest density', () => {
  assert.deepEqual([...warmed({ columns: 2, rows: 2, values: bytes([4, 0, 1, 9]) })], [1, 0, 0.5, 1]);
  assert.deepEqual([...warmed({ columns: 1, rows: 2, values: bytes([0, 0]) })], [0, 0], 'nothing is nowhere hot');
});

test('points are seen on their way, some of each cloud', () => {
  const frame = (/** @type {number} */ by) => [Float32Array.from({ length: 400 }, (_, i) => i + by), new Float32Array([by, -by])];
  const lines = across({ times: new Float32Array([999, 400, 0]), states: [frame(0), frame(1000), frame(2000)] }, 1);
  assert.deepEqual(lines.map(({ cloud }) => cloud), [...Array(15).fill(0), 1]);
  assert.deepEqual(lines[1].points, [[999, 27], [400, 1027], [0, 2027]]);
  assert.deepEqual(lines[15].points, [[999, -0], [400, -1000], [0, -2000]]);
});

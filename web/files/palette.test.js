import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantised } from './palette.js';

/** RGBA of colours. @param {number[][]} colours */
const rgba = (colours) => Uint8Array.from(colours.flatMap(([r, g, b]) => [r, g, b, 255]));

/** What a picture looks like with its palette. @param {number[][]} colours */
function seen(colours) {
  const { palette, indices } = quantised(rgba(colours));
  return [...indices].map((place) => [...palette.subarray(3 * place, 3 * place + 3)]);
}

/** Fixed colours that are like noise. @param {number} n */
function noise(n) {
  let state = 5;
  const next = () => (state = (state * 1664525 + 1013904223) >>> 0) >>> 24;
  return Array.from({ length: n }, () => [next(), next(), next()]);
}

test('few colours stay as they are', () => {
  const colours = [[0, 0, 0], [255, 255, 255], [188, 234, 247], [241, 194, 125], [0, 0, 0], [141, 85, 36]];
  assert.deepEqual(seen(colours), colours);
  assert.deepEqual(seen([[7, 8, 9]]), [[7, 8, 9]]);
  const many = Array.from({ length: 256 }, (_, i) => [8 * (i & 31), 32 * (i >> 5), 77]);
  assert.deepEqual(seen(many), many);
});

test('colours of an area stay near among noise, and noise stays noise', () => {
  const flat = [188, 234, 247];
  const colours = [...noise(2000), ...Array.from({ length: 1500 }, () => flat)];
  const got = seen(colours);
  assert.equal(new Set(got.map(String)).size, 256);
  const off = (/** @type {number} */ i) => Math.max(...got[i].map((v, c) => Math.abs(v - colours[i][c])));
  assert.ok(off(2000) <= 2, `the area is ${got[2000]}`);
  const mean = Array.from({ length: 2000 }, (_, i) => off(i)).reduce((a, b) => a + b) / 2000;
  assert.ok(mean < 16, `noise is off by ${mean}, and by 19 with six levels of each component`);
});

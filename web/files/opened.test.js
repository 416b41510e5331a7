import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden } from '../testdata/golden.js';
import { fitted, isLight, opened } from './opened.js';

/** An opaque picture of greys. @param {number} width @param {number} height @param {(x: number, y: number) => number} of */
const grey = (width, height, of) => ({
  ...{ width, height },
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : of((i >> 2) % width, Math.floor((i >> 2) / width)))),
});

test('a pixel becomes what the command line makes of it', () => {
  const cases = golden('levels.json', import.meta.url);
  assert.equal(cases.length, 300);
  for (const { RGBA, Grey, RGB } of cases) {
    const picture = { width: 1, height: 1, data: Uint8ClampedArray.from(RGBA) };
    const of = (/** @type {number} */ channels) => [...fitted(picture, { width: 1, height: 1, channels }, false)];
    assert.deepEqual([of(1), of(3)], [[Grey], RGB], `${RGBA}`);
  }
});

test('areas are averaged exactly, whatever the sizes', () => {
  const clear = grey(2, 2, () => 200);
  clear.data[3] = 0;
  for (const { picture, shape, inverted = false, want } of [
    { picture: grey(4, 4, (x, y) => 16 * (4 * y + x)), shape: [4, 4, 1], want: Array.from({ length: 16 }, (_, i) => 16 * i) },
    { picture: grey(3, 3, (x) => 90 * x), shape: [2, 2, 3], inverted: true, want: [225, 225, 225, 105, 105, 105, 225, 225, 225, 105, 105, 105] },
    { picture: grey(1, 1, () => 77), shape: [4, 2, 1], want: new Array(8).fill(77) },
    { picture: grey(400, 300, (x) => (x < 200 ? 0 : 201)), shape: [4, 4, 1], want: [0, 0, 201, 201, 0, 0, 201, 201, 0, 0, 201, 201, 0, 0, 201, 201] },
    { picture: clear, shape: [1, 1, 1], want: [150] },
  ]) {
    const [width, height, channels] = shape;
    assert.deepEqual([...fitted(picture, { width, height, channels }, inverted)], want);
  }
});

test('a grey picture keeps its mean', () => {
  const picture = grey(37, 37, (x, y) => (x * 7 + y * 13) & 255);
  const mean = (/** @type {ArrayLike<number>} */ values) => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
  const all = mean(picture.data.filter((_, i) => i % 4 === 0));
  for (const side of [1, 5, 32, 64]) {
    const got = mean(fitted(picture, { width: side, height: side, channels: 1 }, false));
    assert.ok(Math.abs(got - all) < 0.6, `${side} × ${side}: ${got}, want about ${all}`);
  }
});

test('the middle is taken of a picture of another shape', () => {
  const wide = grey(30, 10, (x) => (x >= 10 && x < 20 ? 255 : 0));
  assert.deepEqual([...fitted(wide, { width: 2, height: 2, channels: 1 }, false)], [255, 255, 255, 255]);
  const tall = grey(10, 30, (_, y) => (y >= 10 && y < 20 ? 255 : 0));
  assert.deepEqual([...fitted(tall, { width: 2, height: 2, channels: 1 }, false)], [255, 255, 255, 255]);
});

test('the edge tells what is dark on light', () => {
  const pixels = new Uint8Array(25).fill(255);
  pixels[12] = 0;
  assert.equal(isLight(pixels, 5, 5), true);
  assert.equal(isLight(pixels.map((v) => 255 - v), 5, 5), false);
});

test('what is no picture, or too large a one, is none', async () => {
  const file = new Blob(['no picture']);
  globalThis.createImageBitmap = () => Promise.reject(new Error('no picture'));
  assert.equal(await opened(file), undefined);
  globalThis.createImageBitmap = async () => ({ width: 8000, height: 8000, close() {} });
  assert.equal(await opened(file), undefined);
});

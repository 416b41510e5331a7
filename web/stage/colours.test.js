import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colour } from './colours.js';

/** @param {Uint8Array} pixels @param {number} channels @param {import('./views.js').View} view */
const coloured = (pixels, channels, view) => {
  const to = new Uint8ClampedArray((4 * pixels.length) / channels);
  colour(to, pixels, channels, view);
  return [...to];
};

test('pixels are shown as they are, or in two colours where they are signed', () => {
  for (const [view, channels, pixels, want] of /** @type {const} */ ([
    ['xt', 1, [1, 200], [1, 1, 1, 255, 200, 200, 200, 255]],
    ['x0', 3, [1, 2, 3, 4, 5, 6], [1, 2, 3, 255, 4, 5, 6, 255]],
    ['epsilon', 1, [0, 255], [0x5f, 0xb4, 0xff, 255, 0xff, 0xb2, 0x4a, 255]],
    ['score', 1, [0, 255], [0xff, 0xb2, 0x4a, 255, 0x5f, 0xb4, 0xff, 255]],
    ['change', 1, [127, 128], [0x12, 0x16, 0x1c, 255, 0x13, 0x16, 0x1b, 255]],
    ['change', 3, [1, 2, 3], [1, 2, 3, 255]],
    ['score', 3, [1, 2, 3], [254, 253, 252, 255]],
  ])) {
    assert.deepEqual(coloured(Uint8Array.from(pixels), channels, view), want, `${view} of ${channels} channels`);
  }
});

test('the score has the colours of the noise, turned round', () => {
  const pixels = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(coloured(pixels.slice().reverse(), 1, 'score'), coloured(pixels, 1, 'epsilon'));
});

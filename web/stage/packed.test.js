import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Packer } from './packed.js';

const to = { x: 1, y: 2, w: 3, h: 4 };
const within = { x: 5, y: 6, w: 7, h: 8 };

/**
 * A drawing of pictures of one pixel, each by its place, its value and what it
 * comes from.
 * @param {[number, number, unknown[]][]} pictures @param {number} [width]
 * @returns {import('./drawing.js').Drawing}
 */
const drawing = (pictures, width = 1) => ({
  background: '#000000',
  size: { height: 1, width, channels: 1 },
  marks: pictures.map(([place, value, of]) => {
    const pixels = new Uint8Array(width).fill(value);
    return { to, within, picture: { place, pixels, view: /** @type {const} */ ('xt'), smooth: place === 2, of } };
  }),
});

test('a mark is eleven numbers', () => {
  const { marks, pixels } = new Packer().pack({
    ...drawing([[2, 9, ['a']]]),
    marks: [{ to, within, colour: '#0a0b0c' }, ...drawing([[2, 9, ['a']]]).marks],
  });
  assert.deepEqual([...marks], [
    ...[1, 2, 3, 4, 5, 6, 7, 8, -1, 0x0a0b0c, 0],
    ...[1, 2, 3, 4, 5, 6, 7, 8, 2, 1, 1],
  ]);
  assert.deepEqual([...pixels], [9, 9, 9, 255]);
});

test('pixels are given once, until they come from something else', () => {
  const packer = new Packer();
  const given = (/** @type {[number, number, unknown[]][]} */ pictures, width = 1) =>
    [...packer.pack(drawing(pictures, width)).pixels].filter((_, i) => i % (4 * width) === 0);
  const [a, b] = [{}, {}];
  assert.deepEqual(given([[0, 1, [a]], [1, 2, [b]]]), [1, 2]);
  assert.deepEqual(given([[0, 1, [a]], [1, 2, [b]]]), []);
  assert.deepEqual(given([[0, 1, [a]], [1, 3, [a]]]), [3]);
  assert.deepEqual(given([[0, 4, [a, 'x0']], [1, 3, [a]]]), [4], 'another view of the same');
  assert.deepEqual(given([[0, 5, []]]), [5], 'of what may differ, always');
  assert.deepEqual(given([[0, 5, []]]), [5]);
  assert.deepEqual(given([[0, 4, [a, 'x0']]]), [4], 'what was there before a mixture is gone');
  assert.deepEqual(given([[0, 4, [a, 'x0']]], 2), [4], 'of another size, everything');
});

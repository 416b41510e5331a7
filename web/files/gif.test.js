import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gif } from './gif.js';
import { ungif } from './testdata/ungif.js';

const palette = Uint8Array.from({ length: 768 }, (_, i) => (i * 7) & 255);

/** What a reader gets of frames. @param {number} width @param {number} height @param {Uint8Array[]} frames @param {string} [comment] */
async function read(width, height, frames, comment = 'm=x') {
  const gif = new Gif(width, height, palette, comment);
  frames.forEach((indices, i) => gif.add(indices, 10 + i));
  const file = gif.finish();
  assert.equal(file.type, 'image/gif');
  return ungif(new Uint8Array(await file.arrayBuffer()));
}

/** A fixed sequence of bytes. @param {number} length @param {number} seed */
function noise(length, seed) {
  let state = seed;
  return Uint8Array.from({ length }, () => (state = (state * 1664525 + 1013904223) >>> 0) >>> 24);
}

test('frames come out as they went in', async () => {
  const frames = [
    new Uint8Array(48 * 40),
    Uint8Array.from({ length: 48 * 40 }, (_, i) => i & 255),
    Uint8Array.from({ length: 48 * 40 }, (_, i) => (i >> 5) & 1),
    noise(48 * 40, 1),
  ];
  const gif = await read(48, 40, frames);
  assert.deepEqual([gif.width, gif.height, gif.loops], [48, 40, 0]);
  assert.deepEqual(gif.palette, palette);
  assert.deepEqual(gif.frames.map(({ delay }) => delay), [10, 11, 12, 13]);
  for (const [i, frame] of frames.entries()) assert.deepEqual(gif.frames[i].indices, frame, `frame ${i}`);
});

test('the table of codes is emptied when it is full', async () => {
  // Noise makes a code of nearly every pixel: 4096 are used up many times.
  const pixels = noise(200 * 200, 7);
  const gif = await read(200, 200, [pixels]);
  assert.deepEqual(gif.frames[0].indices, pixels);
});

test('every length comes out whole', async () => {
  for (let length = 1; length < 600; length += length < 70 ? 1 : 37) {
    const pixels = noise(length, length);
    assert.deepEqual((await read(length, 1, [pixels])).frames[0].indices, pixels, `${length} pixels`);
  }
});

test('the recipe is the comment, whole, in blocks of at most 255 bytes', async () => {
  for (const length of [0, 12, 254, 255, 256, 278, 510, 2000]) {
    const recipe = 'm=digits&seeds=0123456789abcdef&h='.repeat(60).slice(0, length);
    assert.equal((await read(1, 1, [Uint8Array.of(3)], recipe)).comment, recipe, `${length} characters`);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwebm } from './testdata/unwebm.js';
import { webm } from './webm.js';

/** @import { Chunk } from './webm.js' */

const film = { width: 528, height: 256, duration: 1900, title: 'm=digits&c=6' };

/** Frames of different bytes. @param {[time: number, length: number, key?: boolean][]} frames @returns {Chunk[]} */
const chunks = (frames) => frames.map(([time, length, key = false], i) => ({ data: new Uint8Array(length).fill(i + 1), time, key }));

/** As many as the page makes of five steps. */
const five = chunks([[0, 900, true], [100, 20], [200, 0x1234], [300, 1], [400, 70000], [1899, 3]]);

/** @param {Chunk[]} frames @param {Partial<typeof film>} [more] */
const read = (frames, more) => unwebm(webm(frames, { ...film, ...more }));

test('what players need stands first', () => {
  const { order, kind, codec, scale } = read(five);
  assert.deepEqual(order, ['Info', 'Tracks', 'Cues', 'Cluster']);
  assert.deepEqual([kind, codec, scale], ['webm', 'V_VP8', 1e6]);
});

test('frames come out as they went in, at their times', () => {
  assert.deepEqual(read(five).blocks, five);
});

test('the film has its size, its length and its title', () => {
  const { size, duration, title } = read(five, { width: 32, height: 70000, duration: 12345.5, title: 'c=七&s=1' });
  assert.deepEqual(size, [32, 70000]);
  assert.equal(duration, 12345.5);
  assert.equal(title, 'c=七&s=1');
});

test('one can go to each frame that stands alone, in a long film too', () => {
  // A hundred steps, and the last once more at the end: seven minutes if they were slow.
  const long = chunks(Array.from({ length: 101 }, (_, i) => [4321 * i, 100 + i, i % 7 === 0]));
  const { cues, clusters, blocks, order } = read(long, { duration: 101 * 4321 });
  assert.deepEqual(blocks, long);
  assert.equal(order.filter((name) => name === 'Cluster').length, 15);
  assert.deepEqual(clusters.map(({ from }) => from), Array.from({ length: 15 }, (_, i) => 7 * 4321 * i));
  for (const { blocks } of clusters) assert.deepEqual(blocks.map(({ key }) => key), blocks.map((_, i) => i === 0));
  assert.deepEqual(cues, clusters.map(({ from }, i) => ({ time: from, cluster: i })));
});

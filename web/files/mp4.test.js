import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mp4 } from './mp4.js';
import { unmp4 } from './testdata/unmp4.js';

/** @import { Chunk } from './webm.js' */

const description = Uint8Array.of(1, 0x64, 0, 0x28, 0xff);
const film = { width: 528, height: 256, duration: 1900, title: 'm=digits&c=6', description };

/** Frames of different bytes. @param {[time: number, length: number, key?: boolean][]} frames @returns {Chunk[]} */
const chunks = (frames) => frames.map(([time, length, key = false], i) => ({ data: new Uint8Array(length).fill(i + 1), time, key }));

/** As many as the page makes of five steps. */
const five = chunks([[0, 900, true], [100, 20], [200, 0x1234], [300, 1], [400, 70000], [1899, 3]]);

/** @param {Chunk[]} frames @param {Partial<Parameters<typeof mp4>[1]>} [more] */
const read = (frames, more) => unmp4(mp4(frames, { ...film, ...more }));

test('what players need stands first, and every frame is where the tables say', () => {
  const file = read(five);
  assert.deepEqual(file.order, ['ftyp', 'moov', 'mdat']);
  assert.equal(file.brand, 'isom');
  assert.equal(file.handler, 'vide');
  assert.deepEqual(file.samples.map(({ data }) => data), five.map(({ data }) => data));
  const inside = five.reduce((sum, { data }) => sum + data.length, 0);
  assert.equal(file.content('mdat').length, inside, 'nothing lies between the frames');
});

test('frames are shown at their times, and the last until the end', () => {
  const { samples, seconds } = read(five);
  assert.deepEqual(samples.map(({ shown }) => shown), [0, 0.1, 0.2, 0.3, 0.4, 1.899]);
  assert.deepEqual(samples.map(({ key }) => key), [true, false, false, false, false, false]);
  assert.deepEqual(seconds, { movie: 1.9, track: 1.9, media: 1.9 });
  assert.equal(Math.round(1000 * samples.reduce((sum, { lasts }) => sum + lasts, 0)), 1900);
});

test('frames that are decoded early are shown late', () => {
  const order = chunks([[0, 9, true], [300, 8], [100, 7], [200, 6], [400, 5, true]]);
  const { samples, has } = read(order, { duration: 500 });
  assert.deepEqual(samples.map(({ decoded }) => decoded), [0, 0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(samples.map(({ shown }) => shown), [0, 0.3, 0.1, 0.2, 0.4]);
  assert.deepEqual(samples.map(({ key }) => key), [true, false, false, false, true]);
  assert.ok(has('moov/trak/mdia/minf/stbl/ctts'));
  assert.ok(!read(five).has('moov/trak/mdia/minf/stbl/ctts'), 'there is no table of delays without any');
});

test('the film has its size, its title and the description of its frames', () => {
  const { size, title, content } = read(five, { title: 'c=七&s=1' });
  assert.deepEqual(size, { shown: [528, 256], coded: [528, 256] });
  assert.equal(title, 'c=七&s=1');
  assert.deepEqual(content('moov/trak/mdia/minf/stbl/stsd/avc1/avcC'), description);
});

test('a description may be a buffer, or a part of one', () => {
  const whole = Uint8Array.of(0, 0, ...description, 0).buffer;
  for (const given of [description.slice().buffer, new Uint8Array(whole, 2, 5), new DataView(whole, 2, 5)]) {
    assert.deepEqual(read(five, { description: given }).content('moov/trak/mdia/minf/stbl/stsd/avc1/avcC'), description);
  }
});

test('colours are told by their numbers where all of them are known', () => {
  const colr = 'moov/trak/mdia/minf/stbl/stsd/avc1/colr';
  const told = (/** @type {VideoColorSpaceInit} */ colours) => {
    const { has, content } = read(five, { colours });
    return has(colr) && [...content(colr)];
  };
  const nclx = [...'nclx'].map((letter) => letter.charCodeAt(0));
  assert.deepEqual(told({ primaries: 'bt709', transfer: 'iec61966-2-1', matrix: 'smpte170m', fullRange: true }), [...nclx, 0, 1, 0, 13, 0, 6, 0x80]);
  assert.deepEqual(told({ primaries: 'smpte170m', transfer: 'bt709', matrix: 'rgb', fullRange: false }), [...nclx, 0, 6, 0, 1, 0, 0, 0]);
  const strange = /** @type {VideoColorSpaceInit} */ (/** @type {unknown} */ ({ primaries: 'new', transfer: 'new', matrix: 'new' }));
  assert.deepEqual(told(strange), [...nclx, 0, 2, 0, 2, 0, 2, 0], 'names that are not known are unspecified');
  assert.equal(told({ primaries: 'bt709', transfer: 'bt709' }), false);
  assert.equal(told({}), false);
});

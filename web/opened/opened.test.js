import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden, unbase64 } from '../testdata/golden.js';
import { Fitter } from './fit.js';
import { isPicture, opened } from './opened.js';

const { Cases, Broken } = golden('opened.json', import.meta.url);

/** @param {{Channels: number, Height: number, Width: number}} shape */
const shapeOf = ({ Channels, Height, Width }) => ({ channels: Channels, height: Height, width: Width });
/** @param {BlobPart} bytes @param {string} [name] */
const fileOf = (bytes, name = 'picture.png') => new File([bytes], name);

/** @param {Promise<unknown>} opening @param {string} key of the sentence @param {Record<string, unknown>} [values] in it */
async function refused(opening, key, values = {}) {
  await assert.rejects(opening, (/** @type {import('../load/loader.js').Trouble} */ error) => {
    assert.equal(error.key, key);
    for (const [name, value] of Object.entries(values)) assert.equal(error.values[name], value, name);
    return true;
  });
}

test('a PNG becomes what the command line makes of it', async () => {
  assert.ok(Cases.length > 90, `${Cases.length} cases`);
  for (const { Name, File: file, Shape, Inverted, Pixels } of Cases) {
    const got = await opened(fileOf(unbase64(file)), shapeOf(Shape));
    assert.deepEqual([Name, got?.inverted, [...(got?.pixels ?? [])]], [Name, Inverted, [...unbase64(Pixels)]]);
  }
});

test('a PNG that is damaged is refused, and so is every beginning of one', async () => {
  assert.ok(Broken.length > 10);
  const shape = { channels: 1, height: 8, width: 8 };
  const [whole] = Cases.map((/** @type {{File: string}} */ { File: file }) => unbase64(file)).sort((/** @type {Uint8Array} */ a, /** @type {Uint8Array} */ b) => a.length - b.length);
  const parts = Array.from({ length: whole.length - 8 }, (_, n) => whole.subarray(0, 8 + n));
  for (const file of [...Broken.map(unbase64), ...parts]) await refused(opened(fileOf(file), shape), 'opened.damaged', { file: 'picture.png' });
});

test('whatever is changed in a PNG, it is opened or refused', async () => {
  // A generator of whole numbers, the same on every run (Lehmer).
  let state = 3;
  const random = (/** @type {number} */ most) => (state = (state * 48271) % 2147483647) % most;
  const shape = { channels: 1, height: 4, width: 4 };
  for (const { File: file } of Cases.filter((/** @type {unknown} */ _, /** @type {number} */ i) => i % 5 === 0)) {
    for (let round = 0; round < 20; round++) {
      const bytes = unbase64(file);
      bytes[8 + random(bytes.length - 8)] = random(256);
      const got = await opened(fileOf(bytes), shape).catch(({ key }) => assert.match(key, /^opened\.(damaged|large|memory)$/));
      assert.ok(!got || got.pixels.length === 16);
    }
  }
});

/** A PNG of a size without samples. @param {number} width @param {number} height */
function sized(width, height) {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, ...Array.from('PNG\r\n\x1a\n\0\0\0\rIHDR', (c) => c.charCodeAt(0))]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 0], 24);
  let crc = -1;
  for (const byte of bytes.subarray(12, 29)) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  view.setUint32(29, ~crc >>> 0);
  return fileOf(bytes);
}

test('what is too large is refused with its numbers, and not read', async () => {
  const shape = { channels: 1, height: 8, width: 8 };
  await refused(opened(sized(8193, 8192), shape), 'opened.large', { file: 'picture.png', width: 8193, height: 8192, most: 67, side: 65535 });
  await refused(opened(sized(70000, 1), shape), 'opened.large', { width: 70000, height: 1 });
  await refused(opened(sized(8192, 8192), shape), 'opened.damaged'); // 67 megapixels are taken, and are not there
  const heavy = { name: 'film.png', size: 3e9, slice: () => new Blob([Uint8Array.of(0x89, 80, 78, 71, 13, 10, 26, 10)]) };
  await refused(opened(/** @type {File} */ (/** @type {unknown} */ (heavy)), shape), 'opened.heavy', { file: 'film.png' });
});

test('a file that is gone is said to be', async () => {
  const gone = { name: 'gone.png', size: 9, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) }) };
  await refused(opened(/** @type {File} */ (/** @type {unknown} */ (gone)), { channels: 1, height: 8, width: 8 }), 'opened.lost', { file: 'gone.png' });
});

test('what begins as no picture does is none, and no decoder sees it', async () => {
  globalThis.createImageBitmap = () => assert.fail('it was decoded');
  for (const text of ['', 'no picture', 'PNG', '<svg', '%PDF-1.7', 'PK\x03\x04', '\0\0\0\x20ftypisom']) {
    assert.equal(await opened(fileOf(Uint8Array.from(text, (c) => c.charCodeAt(0))), { channels: 1, height: 8, width: 8 }), undefined, text);
  }
  for (const text of ['\xff\xd8\xff\xe0', 'GIF89a', 'RIFF\x01\x02\x03\x04WEBPVP8 ', '\0\0\0\x20ftypavif', 'BM', '\x89PNG\r\n\x1a\n']) {
    assert.equal(await isPicture(fileOf(Uint8Array.from(text, (c) => c.charCodeAt(0)))), true, text);
  }
});

test('sums stay whole for the longest sides and the largest samples', () => {
  for (const [width, height] of [[65535, 3], [3, 65535]]) {
    const fitter = new Fitter(width, height, { channels: 1, height: 28, width: 28 }, 65535);
    const row = new Uint16Array(4 * width).fill(65535);
    for (let y = 0; y < height; y++) fitter.take(row);
    assert.deepEqual(new Set(fitter.pixels()), new Set([255]));
  }
});

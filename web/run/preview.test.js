import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pack } from '../share/preview.js';
import { limits, unpack } from './preview.js';

/** @param {number} width @param {number} height @param {(x: number, y: number, c: number) => number} level */
function picture(width, height, level) {
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = (i & 3) === 3 ? 255 : level((i >> 2) % width, Math.floor(i / 4 / width), i & 3);
  return { width, height, data };
}

test('a picture that fits comes back in four levels', async () => {
  const small = picture(32, 32, (x, y) => ((x + y) % 4) * 85);
  assert.deepEqual(await unpack(await pack(small)), small);
  const coloured = picture(17, 20, (x, y, c) => ((x * y + c) % 4) * 85);
  assert.deepEqual(await unpack(await pack(coloured)), coloured);
});

test('a larger one comes back smaller, with the means of its parts', async () => {
  const back = await unpack(await pack(picture(138, 104, (x) => (x < 69 ? 0 : 255))));
  assert.deepEqual([back?.width, back?.height], [36, 27]);
  assert.deepEqual([...(back?.data ?? [])].filter((_, i) => i % 4 === 0).slice(0, 36), [...new Array(18).fill(0), ...new Array(18).fill(255)]);
});

test('whatever is drawn, the text stays short', async () => {
  let seed = 1;
  const noise = () => (seed = (seed * 48271) % 2147483647) & 255;
  for (const [width, height] of [[1, 1], [32, 32], [2178, 36], [36, 2178], [272, 272], [1, 70_000], [70_000, 1]]) {
    for (const colours of [false, true]) {
      let last = 0;
      const drawn = picture(width, height, (_x, _y, c) => (colours || c === 0 ? (last = noise()) : last));
      const text = await pack(drawn);
      const back = await unpack(text);
      assert.ok(text.length <= limits.text && back, `${width}×${height}: ${text.length} characters`);
      assert.ok(back.width * back.height * (colours && width * height > 1 ? 3 : 1) <= limits.samples);
    }
  }
});

test('what is no such picture is none', async () => {
  const text = await pack(picture(32, 32, (x, y) => ((x + y) % 4) * 85));
  const raw = async (/** @type {number[]} */ bytes) => {
    const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    return btoa(String.fromCharCode(...new Uint8Array(await new Response(stream).arrayBuffer()))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };
  for (const wrong of ['', '!', '%3Cscript%3E', 'A', text.slice(0, -4), text.slice(4), 'x'.repeat(limits.text + 1), '__________']) {
    assert.equal(await unpack(wrong), undefined, wrong);
  }
  const samples = (/** @type {number} */ n) => new Array(n).fill(0);
  assert.ok(await unpack(await raw([2, 2, 1, 0])));
  for (const bytes of [[0, 4, 1], [4, 0, 1], [2, 2, 2, 0, 0], [2, 2, 1], [2, 2, 1, 0, 0], [2, 2], [255, 255, 1, ...samples(250)], [255, 255, 3, ...samples(70_000)], samples(3_000_000)]) {
    assert.equal(await unpack(await raw(bytes)), undefined, bytes.slice(0, 5).join());
  }
});

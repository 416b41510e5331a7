import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden, unbase64 } from '../testdata/golden.js';
import { labelled, png, recipeOf } from './png.js';

const { Recipe, Pixels, Plain, One, Both } = golden('png.json', import.meta.url);
const [plain, one, both] = [Plain, One, Both].map(unbase64);

/** @param {string} whole */
const written = async (whole) => new Uint8Array(await new Blob(labelled(plain, whole)).arrayBuffer());

test('a recipe is put into a PNG as tools/pngtext does', async () => {
  assert.deepEqual(await written(Recipe), one);
  assert.deepEqual(await written(`${Recipe}&pixels=${Pixels}`), both);
});

test('a recipe is found again, with its pixels', () => {
  assert.equal(recipeOf(one), Recipe);
  assert.equal(recipeOf(both), `${Recipe}&pixels=${Pixels}`);
  assert.equal(recipeOf(plain), undefined);
});

test('of a file that did not arrive whole there is no recipe, and no error', () => {
  const end = 33 + 12 + 'tweedie'.length + 1 + Recipe.length;
  for (let length = 0; length < one.length; length++) {
    assert.equal(recipeOf(one.subarray(0, length)), length < end ? undefined : Recipe, `${length} bytes`);
  }
  for (let i = 33 + 4; i < end; i++) {
    const changed = one.slice();
    changed[i] ^= 1;
    assert.notEqual(recipeOf(changed), Recipe, `byte ${i}`);
  }
});

test('what is no PNG has no recipe', () => {
  for (const text of ['', 'GIF89a', 'PNG', '\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt', 'x'.repeat(500)]) {
    assert.equal(recipeOf(Uint8Array.from(text, (c) => c.charCodeAt(0))), undefined, text);
  }
});

test('a canvas becomes a PNG with its recipe', async () => {
  const canvas = (/** @type {Blob | null} */ blob) =>
    /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ ({ toBlob: (/** @type {BlobCallback} */ take) => take(blob) }));
  const file = await png(canvas(new Blob([plain])), Recipe);
  assert.equal(file.type, 'image/png');
  assert.deepEqual(new Uint8Array(await file.arrayBuffer()), one);
  await assert.rejects(png(canvas(null), Recipe), { message: 'the canvas is too large for a PNG' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden, unbase64 } from '../testdata/golden.js';
import { read } from '../opened/samples.js';
import { heaviest, labelled, png, recipeIn } from './png.js';

const { Recipe, Pixels, Plain, One, Both, Others, Wrong } = golden('png.json', import.meta.url);
const [plain, one, both] = [Plain, One, Both].map(unbase64);

/** @param {Uint8Array<ArrayBuffer>} bytes */
const recipeOf = (bytes) => recipeIn(new Blob([bytes]));
/** @param {string} whole */
const written = async (whole) => new Uint8Array(await new Blob(labelled(plain, whole)).arrayBuffer());

test('a recipe is put into a PNG as tools/pngtext does', async () => {
  assert.deepEqual(await written(Recipe), one);
  assert.deepEqual(await written(`${Recipe}&pixels=${Pixels}`), both);
});

test('a recipe is found again, with its pixels', async () => {
  assert.equal(await recipeOf(one), Recipe);
  assert.equal(await recipeOf(both), `${Recipe}&pixels=${Pixels}`);
  assert.equal(await recipeOf(plain), undefined);
});

test('a recipe is found where another program has saved the picture again', async () => {
  assert.ok(Others.length > 2);
  for (const file of Others) assert.equal(await recipeOf(unbase64(file)), Recipe);
});

test('a text that is broken, or unpacks to more than it may, is none', async () => {
  assert.ok(Wrong.length > 4);
  for (const [i, file] of Wrong.entries()) assert.equal(await recipeOf(unbase64(file)), undefined, `file ${i}`);
});

test('of a file that did not arrive whole there is no recipe, and no error', async () => {
  const end = 33 + 12 + 'tweedie'.length + 1 + Recipe.length;
  for (let length = 0; length < one.length; length++) {
    assert.equal(await recipeOf(one.slice(0, length)), length < end ? undefined : Recipe, `${length} bytes`);
  }
  for (let i = 33 + 4; i < end; i++) {
    const changed = one.slice();
    changed[i] ^= 1;
    assert.notEqual(await recipeOf(changed), Recipe, `byte ${i}`);
  }
});

test('a file that is damaged anywhere has a recipe or none, and no error', async () => {
  // A generator of whole numbers, the same on every run (Lehmer).
  let state = 1;
  const random = (/** @type {number} */ most) => (state = (state * 48271) % 2147483647) % most;
  for (const file of [both, ...Others.map(unbase64), ...Wrong.map(unbase64)].filter(({ length }) => length < 5000)) {
    for (let round = 0; round < 200; round++) {
      const changed = file.slice();
      for (let n = 1 + random(4); n > 0; n--) changed[random(changed.length)] = random(256);
      const recipe = await recipeOf(changed);
      assert.ok(recipe === undefined || recipe.length <= 4 << 20, `round ${round}`);
    }
  }
});

test('what is no PNG has no recipe', async () => {
  for (const text of ['', 'GIF89a', 'PNG', '\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt', 'x'.repeat(500)]) {
    assert.equal(await recipeOf(Uint8Array.from(text, (c) => c.charCodeAt(0))), undefined, text);
  }
});

test('a file that is too large to be a saved picture is not read', async () => {
  const large = { size: heaviest + 1, slice: () => assert.fail('it was read') };
  assert.equal(await recipeIn(/** @type {Blob} */ (/** @type {unknown} */ (large))), undefined);
});

test('a picture becomes a PNG of the same pixels, with its recipe', async () => {
  const [width, height] = [5, 3];
  const grey = Uint8Array.from({ length: 4 * width * height }, (_, i) => ((i & 3) === 3 ? 255 : (i >> 2) * 17));
  const colour = grey.map((v, i) => ((i & 3) === 1 ? 255 - v : v));
  for (const [data, type] of /** @type {const} */ ([[grey, 0], [colour, 2]])) {
    const file = await png({ width, height, data }, `${Recipe}&pixels=${Pixels}`);
    assert.equal(file.type, 'image/png');
    assert.equal(await recipeIn(file), `${Recipe}&pixels=${Pixels}`);
    /** @type {number[]} */
    const got = [];
    await read(file, (header) => {
      assert.deepEqual([header.width, header.height, header.depth, header.type], [width, height, 8, type]);
      return (row) => void got.push(...row);
    });
    assert.deepEqual(got, [...data]);
  }
});

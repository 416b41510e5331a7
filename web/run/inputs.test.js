import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf } from '../testdata/golden.js';
import { bare } from '../document/fragment.js';
import { Inputs, alike } from './inputs.js';

/** @import { Engine } from '../engine/engine.js' */

/** A drawing of README.md, packed by the page. */
const drawn =
  'm=digits&c=2&steps=20&image=951e9481dd7ab947&strength=0.6&pixels=3dMxDYBADEbhCwowgAIMoID9EgwwMGMABRhAwSnAAAowgAIMsD5WCMlLGOFfv7RpmjaEfyR218QHc0986bf-sNooM7TCFWxWnqAXLmHPxCcYhAs4cvERRuH8gEJ8gEk426EU7yHZbjaohFuYrXyF2m4IluDe-BHGz_3NCQ';

/** An engine that names pictures as the sampler does. */
const engine = /** @type {Engine} */ (
  /** @type {unknown} */ ({
    describe: async (/** @type {string} */ recipe, /** @type {Record<string, Uint8Array<ArrayBuffer>>} */ pictures) => {
      const fields = Object.fromEntries(await Promise.all(Object.entries(pictures).map(async ([key, pixels]) => [key, await hashOf(pixels)])));
      const names = Object.entries(fields).map(([key, name]) => `${key}=${name}`);
      const values = Object.entries(fields).map(([key, value]) => [key, { key, value }]);
      return { recipe: [recipe, ...names].join('&'), fields: Object.fromEntries(values) };
    },
  })
);

test('the pixels of an address are those that the recipe names', async () => {
  const inputs = new Inputs();
  const recipe = await inputs.read(drawn);
  assert.equal(recipe, bare(drawn));
  const { image, mask } = inputs.of(recipe);
  assert.equal(image?.length, 32 * 32);
  assert.equal(mask, undefined);
  assert.equal(await hashOf(image?.slice() ?? new Uint8Array()), '951e9481dd7ab947');
  assert.equal(inputs.whole(recipe), drawn);
  assert.equal(inputs.link(recipe), drawn);
});

test('a picture and its mask travel in one address', async () => {
  const [image, mask] = [Uint8Array.from({ length: 300 }, (_, i) => i % 7), new Uint8Array(100).fill(255, 40)];
  const inputs = new Inputs();
  const { recipe } = await inputs.name(engine, 'm=x', { image, mask });
  const whole = inputs.whole(recipe);
  const other = new Inputs();
  assert.equal(await other.read(whole), recipe);
  assert.deepEqual(other.of(recipe), { image, mask });
  assert.match(whole, /&pixels=[\w-]+\.[\w-]+$/);
});

test('a link begins with the address that its model came from', async () => {
  const inputs = new Inputs();
  inputs.addresses.set('x', 'https://a.test/x.pt?a=1&b=#%');
  const link = inputs.link('m=x&c=7&h=1');
  assert.equal(link, 'model=https%3A%2F%2Fa.test%2Fx.pt%3Fa%3D1%26b%3D%23%25&m=x&c=7&h=1');
  assert.equal(inputs.link('m=y&c=7'), 'm=y&c=7');
  assert.equal(inputs.whole('m=x&c=7'), 'm=x&c=7', 'a file has the recipe alone');
  assert.equal(bare(link), 'm=x&c=7&h=1');
});

test('a picture that does not pack small is in a file, and not in an address', async () => {
  const image = crypto.getRandomValues(new Uint8Array(3072));
  const inputs = new Inputs();
  const { recipe } = await inputs.name(engine, 'm=x', { image });
  assert.equal(inputs.link(recipe), recipe);
  const other = new Inputs();
  await other.read(inputs.whole(recipe));
  assert.deepEqual(other.of(recipe).image, image);
});

test('pixels that cannot be read are as if they were not there', async () => {
  const recipe = 'm=x&image=0123456789abcdef';
  for (const pixels of ['', '****', 'A'.repeat(40), '..', 'é']) {
    const inputs = new Inputs();
    assert.equal(await inputs.read(`${recipe}&pixels=${pixels}`), recipe, pixels);
    assert.equal(inputs.of(recipe).image?.length ?? 0, 0, pixels);
  }
});

test('an address that would unpack to more than any model has is not read', async () => {
  const huge = new Response(new Blob([new Uint8Array(2 << 20)]).stream().pipeThrough(new CompressionStream('deflate-raw')));
  const packed = new Uint8Array(await huge.arrayBuffer());
  const text = btoa(String.fromCharCode(...packed)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const inputs = new Inputs();
  await inputs.read(`m=x&image=0123456789abcdef&pixels=${text}`);
  assert.deepEqual(inputs.of('m=x&image=0123456789abcdef'), {});
});

test('a recipe without a picture has none, and loses nothing', async () => {
  const inputs = new Inputs();
  assert.equal(await inputs.read('m=x&c=7'), 'm=x&c=7');
  assert.deepEqual(inputs.of('m=x&c=7'), {});
  assert.equal(inputs.link('m=x&c=7'), 'm=x&c=7');
  // Its pixels are known nowhere.
  assert.equal(inputs.whole('m=x&image=0123456789abcdef'), 'm=x&image=0123456789abcdef');
});

test('pictures are alike that have the same pixels', () => {
  assert.equal(alike(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true);
  assert.equal(alike(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
  assert.equal(alike(Uint8Array.of(1, 2), Uint8Array.of(1)), false);
  assert.equal(alike(Uint8Array.of(1, 2), undefined), false);
});

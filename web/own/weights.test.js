import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fitName, freeName, metadataOf } from './weights.js';

/** A safetensors file with a header. @param {string} header @param {number} [length] that it claims */
function file(header, length = new TextEncoder().encode(header).length) {
  const start = new ArrayBuffer(8);
  new DataView(start).setBigUint64(0, BigInt(length), true);
  return new Blob([start, header, 'tensors']);
}

test('weights of this program have a config among their metadata', async () => {
  const metadata = { config: '{}', licence: 'CC0' };
  assert.deepEqual(await metadataOf(file(JSON.stringify({ __metadata__: metadata }))), metadata);
  const own = readFileSync(new URL('../../weights/digits-small.safetensors', import.meta.url));
  assert.match((await metadataOf(new Blob([own])))?.config ?? '', /^\{/);
});

test('other files have none', async () => {
  const good = JSON.stringify({ __metadata__: { config: '{}' } });
  for (const [name, other] of /** @type {const} */ ([
    ['empty', new Blob([])],
    ['short', new Blob(['12345678'])],
    ['no config', file('{"__metadata__":{"format":"pt"}}')],
    ['no metadata', file('{"a":{"dtype":"F32"}}')],
    ['a config that is no text', file('{"__metadata__":{"config":{}}}')],
    ['no object', file('null')],
    ['broken', file(good.slice(0, -1))],
    ['cut off', file(good, 1000)],
    ['too long', file(good, 2 ** 40)],
    ['a zip', new Blob(['PK\x03\x04 and so on'])],
  ])) {
    assert.equal(await metadataOf(other), undefined, name);
  }
});

test('a name is made fit for recipes', () => {
  for (const [from, to] of [
    ['digits.safetensors', 'digits'],
    ['unet/diffusion_pytorch_model.bin', 'diffusion_pytorch_model'],
    ['my model (1).CKPT', 'my-model-1'],
    ['.-_x.pt', '_x'],
    ['猫.pth', 'model'],
    ['a&b=c#d.npz', 'a-b-c-d'],
    [`${'x'.repeat(99)}.pt`, 'x'.repeat(63)],
    ['v1.5', 'v1.5'],
  ]) {
    assert.equal(fitName(from), to);
    assert.match(fitName(from), /^\w[\w.-]{0,62}$/);
  }
});

test('a name that is taken gets a number', () => {
  const taken = new Set(['digits', 'digits-2', 'x'.repeat(63)]);
  assert.equal(freeName('tiles', (name) => taken.has(name)), 'tiles');
  assert.equal(freeName('digits', (name) => taken.has(name)), 'digits-3');
  assert.equal(freeName('x'.repeat(63), (name) => taken.has(name)), `${'x'.repeat(61)}-2`);
});

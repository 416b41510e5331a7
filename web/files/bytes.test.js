import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joined, through } from './bytes.js';

test('parts become one', () => {
  assert.deepEqual(joined([]), new Uint8Array(0));
  assert.deepEqual(joined([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]), Uint8Array.of(1, 2, 3));
});

test('what was packed comes out again, up to a limit', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) & 255);
  for (const format of /** @type {const} */ (['gzip', 'deflate-raw'])) {
    const packed = await through(new CompressionStream(format), bytes);
    assert.ok(packed.length < bytes.length);
    assert.deepEqual(await through(new DecompressionStream(format), packed, bytes.length), bytes);
    await assert.rejects(through(new DecompressionStream(format), packed, bytes.length - 1), { name: 'RangeError' });
  }
});

test('what was not packed is an error', async () => {
  await assert.rejects(through(new DecompressionStream('gzip'), Uint8Array.of(1, 2, 3, 4, 5)));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprint, fingerprinted } from './fingerprint.js';
import { ModelFile, large } from './model-file.js';

test('of a small file each worker is given a copy', async () => {
  const bytes = await fingerprinted(Uint8Array.from([1, 2, 3]).buffer);
  const file = ModelFile.of(bytes);
  const { bytes: given, over } = file.give();
  assert.ok(given instanceof Uint8Array && given.buffer !== bytes);
  assert.deepEqual(over, [given.buffer]);
  assert.deepEqual([[...given], file.size, file.hash, bytes.byteLength], [[1, 2, 3], 3, fingerprint(bytes), 3]);
  assert.equal(fingerprint(await file.bytes()), file.hash);
  assert.equal(ModelFile.of(file), file);
});

test('the bytes of a large one go, and what is left can be read', async () => {
  const bytes = new Uint8Array(large);
  bytes[large - 1] = 7;
  const { buffer } = bytes;
  const file = ModelFile.of(await fingerprinted(buffer));
  assert.equal(ModelFile.of(buffer), file, 'it is known by them');
  const first = file.give();
  assert.ok(first.bytes instanceof Uint8Array);
  assert.deepEqual([first.bytes.buffer, ...first.over], [buffer, buffer], 'the first worker has them');
  const { bytes: given, over } = file.give();
  assert.ok(given instanceof Blob && over.length === 0, 'the next one reads them itself');
  const read = await file.bytes();
  assert.deepEqual([file.size, given.size, read.byteLength, new Uint8Array(read)[large - 1]], [large, large, large, 7]);
  assert.ok(file.hash);
  assert.equal(fingerprint(read), file.hash);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprint, fingerprinted } from './fingerprint.js';

test('weights have the first sixteen digits of their SHA-256', async () => {
  // Of the text abc, as FIPS 180-4 has it.
  const bytes = new TextEncoder().encode('abc').buffer;
  assert.equal(fingerprint(bytes), '');
  assert.equal(await fingerprinted(bytes), bytes);
  assert.equal(fingerprint(bytes), 'ba7816bf8f01cfea');
  assert.equal(fingerprint(bytes.slice(0)), '', 'a copy is not known');
});

test('where the browser cannot, the sampler has to', async () => {
  const { digest } = crypto.subtle;
  crypto.subtle.digest = () => Promise.reject(new Error('no secure origin'));
  try {
    const bytes = new ArrayBuffer(3);
    assert.equal(await fingerprinted(bytes), bytes);
    assert.equal(fingerprint(bytes), '');
  } finally {
    crypto.subtle.digest = digest;
  }
});

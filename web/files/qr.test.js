import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { longest, qr } from './qr.js';

// The codes are those of ZXing's encoder (github.com/makiuchi-d/gozxing 0.1.1,
// level M), which chooses the same masks for these texts.
test('codes are those of ZXing, module by module', () => {
  const codes = readFileSync(new URL('testdata/qr.txt', import.meta.url), 'utf8').trim().split('\n\n');
  assert.equal(codes.length, 2);
  for (const code of codes) {
    const [text, ...rows] = code.split('\n');
    assert.deepEqual(qr(text).map((row) => row.join('')), rows, text);
  }
});

test('a text of every length has a code as small as it may be', () => {
  let before = 0;
  for (let length = 0; length <= longest; length += 9) {
    const { length: size } = qr('x'.repeat(length), 0);
    assert.ok(size >= before && (size - 17) % 4 === 0, `${length} bytes: ${size}`);
    before = size;
  }
  assert.equal(qr('x'.repeat(longest), 0).length, 4 * 20 + 17);
  assert.equal(qr('ü'.repeat(longest / 2), 0).length, 4 * 20 + 17);
});

test('a text that is too long is refused', () => {
  assert.throws(() => qr('x'.repeat(667)), { message: 'qr: want at most 666 bytes, got 667' });
});

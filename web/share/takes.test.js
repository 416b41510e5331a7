import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learn } from '../text/i18n.js';
import { en, zh } from '../text/save.js';
import { kinds, sized } from './takes.js';

test('bytes are said as people say them, with two digits where they are an estimate', () => {
  learn(en, zh);
  assert.deepEqual([84, 1540, 9949, 9950, 41_999, 999_499, 999_500, 1_840_000].map((n) => sized(n)), ['0.1 KB', '1.5 KB', '9.9 KB', '10 KB', '42 KB', '999 KB', '1 MB', '1.8 MB']);
  assert.deepEqual([1540, 227_800, 996_000, 8_630_000, 12_400_000].map((n) => sized(n, true)), ['1.5 KB', '230 KB', '1 MB', '8.6 MB', '12 MB']);
});

test('each file has its own row, and what can be chosen is said once', () => {
  assert.equal(new Set(kinds.map(({ kind }) => kind)).size, kinds.length);
  for (const { kind, name, hint, choices = [] } of kinds) {
    assert.deepEqual([name, hint], [`save.${kind}`, `save.${kind}.hint`]);
    assert.equal(new Set(choices).size, choices.length, kind);
  }
});

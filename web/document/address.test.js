import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressed } from '../testdata/address.js';
import { asked, note } from './address.js';

test('a key has a value, or none, or is missing', () => {
  addressed('https://a.test/x/?step=12&smooth#m=digits');
  assert.deepEqual([asked('step'), asked('smooth'), asked('fade')], ['12', '', null]);
});

test('keys are written, and what else is there stays', () => {
  const entries = addressed('https://a.test/x/?other=a%20b&smooth#m=digits&c=7');
  note({ views: 'xt,score', smooth: null, fade: '', against: 'g:5' });
  assert.equal(entries[0].href, 'https://a.test/x/?other=a%20b&views=xt,score&fade&against=g:5#m=digits&c=7');
  note({ views: null, fade: null, against: null, other: null });
  assert.equal(entries[0].href, 'https://a.test/x/#m=digits&c=7');
  assert.equal(entries.length, 1, 'no entry of the history');
});

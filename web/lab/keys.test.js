import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortcuts } from './keys.js';

const keys = shortcuts().flatMap(({ acts }) => Object.keys(acts));

test('no key of the lab does two things', () => {
  assert.ok(keys.length > 20, `${keys.length} keys`);
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) < i), []);
});

test('a letter is written as it is looked up', () => {
  assert.deepEqual(keys.filter((key) => key.length === 1 && key !== key.toLowerCase()), []);
});

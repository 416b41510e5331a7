import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortcuts } from './shortcuts.js';

const nothing = /** @type {any} */ ({}); // no key is pressed here
const keys = shortcuts(nothing, nothing, nothing, nothing).flatMap(({ acts }) => Object.keys(acts));

test('no key does two things', () => {
  assert.ok(keys.length > 30, `${keys.length} keys`);
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) < i), []);
});

test('a letter is written as it is looked up', () => {
  assert.deepEqual(keys.filter((key) => key.length === 1 && key !== key.toLowerCase()), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from './surface.js';

test('lengths meet device pixels, and are no more than a little shorter', () => {
  for (const ratio of [1, 1.25, 1.5, 1.75, 2, 2.625, 3]) {
    for (const css of [300, 301, 911, 1000]) {
      const length = whole(css, ratio);
      assert.ok(length <= css && length > css - 20, `${css} at ${ratio} is ${length}`);
      if (ratio !== 2.625 || length !== css) assert.ok(Math.abs(length * ratio - Math.round(length * ratio)) < 1e-6);
    }
  }
  assert.equal(whole(301, 1.5), 300);
});

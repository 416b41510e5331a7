import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressed } from '../testdata/address.js';
import { linkOf } from './share.js';

/** @import { Stage } from '../stage/stage.js' */

/** @param {number} shown */
const stage = (shown) => /** @type {Stage} */ ({ film: { shown, latest: 9 } });

test('a link has what the address has, and the recipe', () => {
  addressed('https://a.test/x/?views=x0&fade#m=old');
  assert.equal(linkOf(stage(0), 'm=x&c=7'), 'https://a.test/x/?views=x0&fade#m=x&c=7');
});

test('the step that is shown is part of it, unless it is the last', () => {
  addressed('https://a.test/?step=3&fade#m=x');
  assert.equal(linkOf(stage(5), 'm=x'), 'https://a.test/?fade&step=5#m=x');
  assert.equal(linkOf(stage(9), 'm=x'), 'https://a.test/?fade#m=x');
  assert.equal(linkOf(stage(0), 'm=x'), 'https://a.test/?fade#m=x');
});

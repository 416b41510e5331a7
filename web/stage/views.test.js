import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressed } from '../testdata/address.js';
import { step } from '../testdata/steps.js';
import { isSigned, pixelsOf, views, wished } from './views.js';

test('views are asked for in the order of the stage, and unknown ones left out', () => {
  for (const [query, want] of [
    ['', 'xt,x0'],
    ['?views=', 'xt,x0'],
    ['?views=x0', 'x0'],
    ['?views=score,xt,banana', 'xt,score'],
    ['?views=constructor,toString', 'xt,x0'],
  ]) {
    addressed(`https://a.test/${query}`);
    assert.equal(wished().join(), want, query);
  }
});

test('the score shows the noise, and every view is signed that can be below nothing', () => {
  const frame = step(1);
  assert.equal(pixelsOf(frame, 'score'), frame.epsilon);
  assert.deepEqual(views.filter(isSigned), ['epsilon', 'score', 'change']);
  for (const view of views) assert.equal(pixelsOf(undefined, view), undefined);
});

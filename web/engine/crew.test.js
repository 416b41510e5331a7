import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hires, made, started } from '../testdata/hired.js';

hires();

test('how far a load is is heard until it is over', async () => {
  const { engine } = await started();
  /** @type {number[]} */
  const heard = [];
  const loaded = engine.load('x', new ArrayBuffer(1), false, (done, total) => heard.push(done / total));
  const says = (/** @type {number} */ done) => made.all[0].say({ type: 'preparing', model: 'x', done, total: 4 });
  says(1);
  says(2);
  await loaded;
  says(3);
  assert.deepEqual(heard, [0.25, 0.5]);
});

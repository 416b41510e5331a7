import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { workers } from '../testdata/workers.js';
import { Converter, NoConverter } from './converter.js';

/** @type {ReturnType<typeof workers>} */
let started;
beforeEach(() => {
  started = workers();
});
afterEach(() => started.restore());

const asked = { files: [{ path: 'x.pt', file: new File(['x'], 'x.pt') }], options: /** @type {[string, string][]} */ ([['size', '32']]) };
const refused = { type: 'refused', message: 'No.', id: '', values: {}, family: '', needs: [], asks: [] };

/** @param {number} i @param {object} message */
const say = (i, message) => started.all[i].say(/** @type {any} */ (message));

test('a conversion has a worker of its own, which is let go after it', async () => {
  const converter = new Converter();
  assert.equal(started.all.length, 0, 'none before it is needed');
  /** @type {object[]} */
  const heard = [];
  const end = converter.convert(asked, (message) => heard.push(message));
  const [worker] = started.all;
  assert.match(worker.script, /web\/own\/worker\.js$/);
  assert.deepEqual(worker.sent, [{ type: 'convert', ...asked }]);
  const lines = [{ type: 'loading', done: 1, total: 2 }, { type: 'said', text: 'read x.pt' }];
  for (const line of lines) say(0, line);
  say(0, refused);
  assert.deepEqual(await end, refused);
  assert.deepEqual(heard, lines);
  assert.equal(worker.alive, false);
  say(0, { type: 'said', text: 'late' });
  assert.equal(heard.length, 2);
});

test('another takes the place of the one that is under way', async () => {
  const converter = new Converter();
  const first = converter.convert(asked, () => {});
  const second = converter.convert(asked, () => {});
  assert.equal(await first, undefined);
  assert.deepEqual(started.all.map(({ alive }) => alive), [false, true]);
  say(1, { type: 'converted', name: 'x' });
  assert.equal((await second)?.type, 'converted');
  converter.cancel(); // nothing is under way
});

test('a cancelled one ends without a result', async () => {
  const converter = new Converter();
  const end = converter.convert(asked, () => {});
  converter.cancel();
  assert.equal(await end, undefined);
  assert.equal(started.all[0].alive, false);
});

test('a worker that dies is an error', async () => {
  const end = new Converter().convert(asked, () => {});
  started.all[0].die();
  await assert.rejects(end, NoConverter);
  assert.equal(started.all[0].alive, false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Twin } from './twin.js';

/** @import { Engine } from '../engine/engine.js' */

/** An engine that notes what is asked of it, and of its twins. */
function first() {
  /** @type {string[]} */
  const log = [];
  /** Weights that are on their way. @type {((bytes: ArrayBuffer) => void)[]} */
  const coming = [];
  let twins = 0;
  const engine = /** @type {Engine} */ (
    /** @type {unknown} */ ({
      supply: (/** @type {string} */ name) => {
        log.push(`fetch ${name}`);
        return new Promise((resolve) => coming.push(resolve));
      },
      alone: () => log.push('alone'),
      twin: (/** @type {unknown} */ _, empty = false) => {
        const n = ++twins;
        log.push(`twin ${n}${empty ? ' empty' : ''}`);
        return {
          weights: [`of ${n}`],
          run: (/** @type {string} */ recipe) => log.push(`${n} runs ${recipe}`),
          load: async (/** @type {string} */ model) => {
            if (model === 'bad') throw new Error('refused');
            return { model };
          },
          steer: (/** @type {string} */ type) => log.push(`${n} ${type}`),
          cancel: () => log.push(`${n} cancel`),
          end: () => log.push(`${n} ends`),
        };
      },
    })
  );
  const arrive = () => coming.splice(0).forEach((resolve) => resolve(new ArrayBuffer(0)));
  return { engine, log, arrive };
}

test('a recipe of the same model is run by one engine, again and again', () => {
  const { engine, log } = first();
  const twin = new Twin(engine, () => {});
  twin.run('a', false, {});
  twin.run('b', false, {});
  twin.steer('pause');
  twin.cancel();
  assert.deepEqual(twin.weights, ['of 1']);
  twin.end();
  twin.end();
  assert.deepEqual(twin.weights, []);
  assert.deepEqual(log, ['twin 1', '1 runs a', '1 runs b', '1 pause', '1 cancel', 'alone', '1 ends']);
});

test('another model has its own engine, and is brought once, and so are other weights of it', async () => {
  const { engine, log, arrive } = first();
  const twin = new Twin(engine, () => {});
  const brought = twin.bring('other', false);
  assert.equal(twin.loading, true);
  arrive();
  assert.equal((await brought)?.model, 'other');
  assert.equal(twin.loading, false);
  twin.runOwn('m=other', false, {});
  assert.equal((await twin.bring('other', false))?.model, 'other');
  const eight = twin.bring('other', true);
  arrive();
  await eight;
  twin.run('m=first', false, {});
  assert.deepEqual(log, ['fetch other', 'twin 1 empty', '1 runs m=other', 'alone', '1 ends', 'fetch other', 'twin 2 empty', 'alone', '2 ends', 'twin 3', '3 runs m=first']);
});

test('weights that come late start nothing', async () => {
  const { engine, log, arrive } = first();
  const twin = new Twin(engine, () => {});
  const late = twin.bring('late', false);
  twin.forget();
  assert.equal(twin.loading, false);
  arrive();
  assert.equal(await late, undefined);
  assert.deepEqual(log, ['fetch late']);
});

test('a model that is being built goes with the wish for it, and so does one that is refused', async () => {
  const { engine, log, arrive } = first();
  const twin = new Twin(engine, () => {});
  const slow = twin.bring('slow', false);
  arrive();
  await Promise.resolve();
  twin.forget();
  assert.equal(await slow, undefined);
  twin.run('m=first', false, {});
  const refused = twin.bring('bad', false);
  arrive();
  await assert.rejects(refused);
  twin.run('m=first', false, {});
  const gone = ['fetch slow', 'twin 1 empty', 'alone', '1 ends', 'twin 2', '2 runs m=first', 'alone', '2 ends'];
  assert.deepEqual(log, [...gone, 'fetch bad', 'twin 3 empty', 'alone', '3 ends', 'twin 4', '4 runs m=first']);
});

test('of two wishes the newer counts', async () => {
  const { engine, log, arrive } = first();
  const twin = new Twin(engine, () => {});
  const [one, other] = [twin.bring('one', false), twin.bring('other', false)];
  arrive();
  assert.deepEqual([await one, (await other)?.model], [undefined, 'other']);
  assert.deepEqual(log, ['fetch one', 'fetch other', 'twin 1 empty']);
});

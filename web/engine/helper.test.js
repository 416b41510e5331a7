import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, hires, long, made, processors, started, until } from '../testdata/hired.js';
import { ends } from '../testdata/sampler.js';

/** @import { FakeWorker } from '../testdata/workers.js' */

hires();

const recipe = 'm=x&passes=2&steps=6';

/** What a worker was told of help, in its order: + where it has a port. @param {FakeWorker} worker */
const told = ({ sent }) => sent.flatMap(({ type, port }) => (type.startsWith('help') ? [type + (port ? '+' : '')] : []));

/** @param {import('../testdata/hired.js').Hired} run @param {number} [n] of its end */
async function whole(run, n = 1) {
  await until(() => run.over().length === n);
  const { message } = run.over()[n - 1];
  assert.equal(message.type === 'done' && message.hash, ends(recipe));
  assert.deepEqual(run.steps().slice(-6), run.order(6, 1));
}

test('a worker helps one with a picture where steps have several passes and a processor is idle', async () => {
  for (const { count, text, want } of [
    { count: 2, text: recipe, want: [['helped+'], ['helps+']] },
    { count: 4, text: recipe, want: [['helped+'], ['helps+']] },
    { count: 4, text: `${recipe}&n=2`, want: [['helped+'], ['helped+'], ['helps+'], ['helps+']] },
    { count: 2, text: `${recipe}&n=2`, want: [[], []] },
    { count: 1, text: recipe, want: [[]] },
    { count: 4, text: 'm=x', want: [[]] },
  ]) {
    made.all.length = 0;
    processors(count);
    const { engine, over, steps } = await started();
    engine.run(text);
    await until(() => steps().includes('2.0'));
    assert.deepEqual(made.all.map(told).sort(), want, `${text} on ${count}`);
    await until(() => over().length);
  }
});

test('a worker whose pictures are done helps one whose are not', async () => {
  processors(2);
  const { engine, over } = await started();
  engine.run(`${recipe}&n=3`);
  await until(() => over().length);
  assert.deepEqual(made.all.map(told), [['helped+'], ['helps+']]);
});

test('a worker whose pictures are done, and its helper, help the others', async () => {
  processors(4);
  const { engine, over, steps } = await started();
  engine.run(`${recipe}&n=3&steps=90`);
  await until(() => steps().includes('2.0'));
  assert.deepEqual(made.all.map(told), [['helped+'], [], [], ['helps+']]);
  const { id } = made.all[0].sent.find(({ type }) => type === 'run');
  made.all[0].say({ type: 'part', id, ms: 1 });
  assert.deepEqual(made.all.map(told), [['helped+', 'helps+', 'helped'], ['helped+'], ['helped+'], ['helps+', 'helps+']]);
  engine.cancel();
  await until(() => over().length);
});

test('a helper stays one for the next picture, and leaves for pictures of its own', async () => {
  processors(2);
  const run = await started();
  run.engine.run(recipe);
  await whole(run);
  run.engine.run(recipe);
  await whole(run, 2);
  assert.deepEqual(made.all.map(told), [['helped+'], ['helps+']]);
  run.engine.run('m=x&n=2');
  await until(() => run.over().length === 3);
  assert.deepEqual(made.all.map(told), [['helped+', 'helped'], ['helps+']]);
});

test('beside another engine a picture has no helper', async () => {
  processors(2);
  const run = await started();
  run.engine.run(recipe);
  await whole(run);
  run.engine.twin(() => {});
  run.engine.run(recipe);
  await whole(run, 2);
  assert.deepEqual(made.all.map(told), [['helped+', 'helped'], ['helps+']]);
  run.engine.alone();
  run.engine.run(recipe);
  await whole(run, 3);
  assert.deepEqual(made.all.map(told), [['helped+', 'helped', 'helped+'], ['helps+', 'helps+']]);
});

test('the picture is made, whichever of the two workers is lost', async () => {
  for (const lost of [0, 1]) {
    made.all.length = 0;
    processors(2);
    const run = await started();
    run.engine.run(recipe);
    await until(() => run.steps().includes('2.0'));
    made.all[lost].die();
    await whole(run);
    assert.equal(run.alive(), 2);
    // The one that is left has another helper, or helps another that is new.
    const [left, another] = [made.all[1 - lost], made.all[2]];
    assert.deepEqual([told(left), told(another)], lost ? [['helped+', 'helped', 'helped+'], ['helps+']] : [['helps+', 'helped+'], ['helps+']]);
    run.engine.end();
  }
});

test('a picture whose workers are lost one after another fails in the end', async () => {
  processors(2);
  const { engine, over, steps } = await started();
  engine.run(`${recipe}&steps=90`);
  const working = () => made.all.find((worker) => worker.alive && worker.sent.some(({ type }) => type === 'run'));
  for (let n = 1; over().length === 0; n++) {
    await until(() => over().length || working());
    const before = steps().length;
    await until(() => over().length || steps().length > before || !working()?.alive || n > 1);
    working()?.die();
    assert.ok(n < 8);
  }
  assert.equal(over()[0].message.type, 'failed');
});

test('a helper that cannot make a pass is lost', async () => {
  processors(2);
  const run = await started();
  run.engine.run(recipe);
  await until(() => run.steps().includes('2.0'));
  made.all[1].say({ type: 'failed', message: 'a fault' });
  assert.equal(made.all[1].alive, false);
  assert.equal(told(made.all[0]).at(-1), 'helped+', 'and another comes');
  await whole(run);
});

test('who does not answer a cancel goes, with the helper that it may wait for', async () => {
  processors(2);
  const { engine, over, steps, alive } = await started();
  engine.run(recipe);
  await until(() => steps().includes('2.0'));
  faults.silent = true;
  engine.cancel();
  await until(() => long.has(2000));
  long.get(2000)?.();
  assert.equal(over()[0].message.type, 'cancelled');
  assert.deepEqual([made.all[0].alive, made.all[1].alive, alive()], [false, false, 1]);
});

test('a helper that nothing has needed for a while is let go', async () => {
  processors(2);
  const run = await started();
  run.engine.run(recipe);
  await whole(run);
  run.engine.forward('m=x', new Uint8Array(4)); // nothing is remembered any more
  await until(() => run.over().length === 2);
  long.get(30_000)?.();
  assert.equal(run.alive(), 1);
  assert.deepEqual(told(made.all[0]), ['helped+', 'helped']);
  run.engine.run(recipe);
  await whole(run, 3);
  assert.deepEqual([run.alive(), told(made.all[0]).at(-1)], [2, 'helped+']);
});

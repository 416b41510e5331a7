import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, hires, long, made, processors, started, until } from '../testdata/hired.js';
import { ends } from '../testdata/sampler.js';
import { Refusal, StartError } from './crew.js';
import { Engine } from './engine.js';

const { setTimeout: after } = globalThis;
hires();

const recipe = 'm=x&n=5&steps=4';

for (const { count, want } of [{ count: 1, want: 1 }, { count: 2, want: 2 }, { count: 3, want: 3 }, { count: 64, want: 4 }]) {
  test(`on ${count} processors the pictures are the same, in the same order`, async () => {
    processors(count);
    const { engine, heard, over, steps, order, alive } = await started();
    engine.run(recipe);
    await until(() => over().length);
    const { message } = over()[0];
    assert.equal(message.type === 'done' && message.hash, ends(recipe));
    assert.deepEqual(steps(), order(4, 5));
    assert.equal(alive(), want);
    assert.deepEqual([heard[0].message.type, heard.length], ['started', 1 + 20 + 1]);
  });
}

test('one picture has one worker; more come when pictures need them, and stay', async () => {
  const { engine, over } = await started();
  engine.run('m=x');
  await until(() => over().length === 1);
  assert.equal(made.all.length, 1);
  for (const n of [2, 3]) {
    engine.run('m=x&n=2');
    await until(() => over().length === n);
    assert.equal(made.all.length, 2);
  }
});

test('workers that nothing has needed for a while are let go, and come back', async () => {
  const { engine, over, alive } = await started();
  engine.run(recipe);
  await until(() => over().length);
  // It would be remembered how steps are made again; a run that is not ends that.
  engine.forward('m=x', new Uint8Array(4));
  await until(() => over().length === 2);
  assert.equal(alive(), 3);
  long.get(30_000)?.();
  assert.equal(alive(), 1);
  engine.run(recipe);
  await until(() => over().length === 3);
  assert.deepEqual([alive(), made.all.length], [3, 5]);
});

/** Whom a run loses at its second step. @type {Record<string, number[]>} */
const losses = { 'the first': [0], another: [1], two: [2, 1], 'all of them': [0, 1, 2], 'one and its heir': [1, -1] };
for (const [name, lost] of Object.entries(losses)) {
  test(`a run that loses ${name} makes the same pictures, each once`, async () => {
    const { engine, over, steps, order } = await started();
    engine.run(recipe);
    await until(() => steps().includes('2.0'));
    for (const i of lost) made.all.at(i)?.die();
    await until(() => over().length);
    const { message } = over()[0];
    assert.equal(message.type === 'done' && message.hash, ends(recipe));
    assert.deepEqual(steps(), order(4, 5));
    assert.equal(over().length, 1);
  });
}

test('a worker that is ended from outside is found out', async () => {
  const { engine, over, steps, order } = await started();
  engine.run(recipe);
  await until(() => steps().includes('1.4'));
  const [, second] = made.all;
  second.answer = () => {};
  second.onmessage = null; // it says nothing any more
  for (let i = 0; i < 60 && second.alive; i++) long.get(1000)?.();
  assert.equal(second.alive, false);
  await until(() => over().length);
  const { message } = over()[0];
  assert.equal(message.type === 'done' && message.hash, ends(recipe));
  assert.deepEqual(steps(), order(4, 5));
});

test('a run whose only worker dies fails, and the next finds another', async () => {
  const { engine, over, steps } = await started();
  engine.run('m=x&steps=50');
  await until(() => steps().length > 2);
  made.all[0].die();
  assert.deepEqual([over()[0].message.type, over()[0].crashed], ['failed', true]);
  engine.run('m=x');
  await until(() => over().length === 2);
  assert.equal(over()[1].message.type, 'done');
  assert.equal(made.all.length, 2);
});

test('a run that loses one worker after another fails in the end', async () => {
  const { engine, over, steps } = await started();
  engine.run('m=x&n=2&steps=500');
  for (let losses = 0; over().length === 0 && losses < 20; losses++) {
    const before = steps().length;
    await until(() => steps().length > before || over().length);
    made.all.filter((worker) => worker.alive).at(-1)?.die();
  }
  assert.deepEqual(over().map(({ message }) => message.type), ['failed']);
});

test('a cancel ends a run once', async () => {
  const { engine, over, steps } = await started();
  engine.run('m=x&n=3&steps=900');
  await until(() => steps().length > 5);
  engine.cancel();
  engine.cancel();
  await until(() => over().length);
  engine.cancel();
  long.get(2000)?.();
  assert.deepEqual(over().map(({ message, crashed }) => [message.type, crashed]), [['cancelled', false]]);
});

test('a worker that hangs is replaced when its run is cancelled', async () => {
  const { engine, over, alive } = await started();
  faults.hangs = true;
  engine.run('m=x');
  engine.cancel();
  await until(() => long.has(2000));
  assert.equal(over().length, 0);
  long.get(2000)?.();
  assert.deepEqual(over().map(({ message, crashed }) => [message.type, crashed]), [['cancelled', true]]);
  faults.hangs = false;
  engine.run('m=x');
  await until(() => over().length === 2);
  assert.deepEqual([over()[1].message.type, alive()], ['done', 1]);
});

test('of runs that come while a worker is busy with one, the last is begun, once', async () => {
  const { engine, over } = await started();
  const begun = () => made.all.flatMap(({ sent }) => sent.filter(({ type }) => type === 'run').map(({ recipe }) => recipe));
  faults.hangs = true;
  engine.run('m=x&s=1');
  for (const s of [2, 3, 4]) {
    engine.run(`m=x&s=${s}`);
    await new Promise((resolve) => after(resolve));
  }
  assert.deepEqual(begun(), ['m=x&s=1']);
  faults.hangs = false;
  long.get(2000)?.(); // the one that builds for long is ended
  await until(() => over().length);
  const { message } = over()[0];
  assert.equal(message.type === 'done' && message.recipe, 'm=x&s=4&by=1&h=1');
  assert.deepEqual([begun(), made.all.map(({ alive }) => alive)], [['m=x&s=1', 'm=x&s=4'], [false, true]]);
});

test('of recipes that are to follow a run, the last does, and the end is its own', async () => {
  const { engine, heard, over } = await started();
  assert.equal(engine.follow('m=x&s=0'), false, 'there is no run yet');
  engine.run('m=x&s=1');
  await until(() => heard.some(({ message }) => message.type === 'step'));
  assert.ok(engine.follow('m=x&s=2') && engine.follow('m=x&s=3'));
  await until(() => over().length);
  const said = heard.map(({ message }) => (message.type === 'started' ? message.recipe : message.type));
  assert.deepEqual(said, ['m=x&s=1&by=1', 'step', 'step', 'step', 'followed', 'm=x&s=3&by=1', 'step', 'step', 'step', 'done']);
  assert.equal(engine.running, false);
});

test('what is to follow a run that was over before it heard of it follows all the same', async () => {
  const { engine, heard, over } = await started();
  engine.run('m=x&steps=1');
  await until(() => heard.some(({ message }) => message.type === 'step'));
  const { answer } = made.all[0];
  made.all[0].answer = (message) => message.type !== 'follow' && answer(message);
  assert.ok(engine.follow('m=x&s=2'));
  await until(() => over().length);
  const types = heard.map(({ message: { type } }) => type);
  assert.deepEqual(types, ['started', 'step', 'followed', 'started', 'step', 'step', 'step', 'done']);
});

test('nothing follows a run of several workers, nor one that begins with a picture', async () => {
  const { engine, heard, over } = await started();
  engine.run(recipe);
  await until(() => heard.some(({ message }) => message.type === 'step'));
  assert.equal(engine.follow('m=x'), false);
  engine.run('m=x', false, { image: new Uint8Array(4) });
  await until(() => heard.filter(({ message }) => message.type === 'started').length === 2);
  assert.equal(engine.follow('m=x'), false);
  await until(() => over().length === 2 || over().at(-1)?.message.type === 'done');
});

test('a run that waits for a worker can be cancelled, and begins elsewhere if that worker dies', async () => {
  const { engine, over } = await started();
  faults.hangs = true;
  engine.run('m=x&s=1');
  engine.run('m=x&s=2');
  engine.cancel();
  assert.deepEqual(over().map(({ message }) => message.type), ['cancelled']);
  engine.run('m=x&s=3');
  faults.hangs = false;
  made.all[0].die();
  await until(() => over().length === 2);
  const { message } = over()[1];
  assert.equal(message.type === 'done' && message.recipe, 'm=x&s=3&by=1&h=1');
});

test('a run of one picture whose worker is ended from outside fails, once it is known how long a picture takes', async () => {
  const { engine, over, steps } = await started();
  faults.silent = true;
  engine.run('m=x&steps=50');
  await new Promise((resolve) => after(resolve, 5));
  for (let i = 0; i < 500; i++) long.get(1000)?.();
  assert.equal(over().length, 0); // it may build for long
  faults.silent = false;
  engine.run('m=x&steps=50');
  await until(() => steps().length > 2);
  made.all[0].onmessage = null; // it says nothing any more
  for (let i = 0; i < 60; i++) long.get(1000)?.();
  assert.deepEqual(over().map(({ message, crashed }) => [message.type, crashed]), [['failed', true]]);
});

test('what is to run next does not wait for a run that gives no answer', async () => {
  const { engine, over } = await started();
  faults.hangs = faults.mute = true;
  engine.run('m=x&s=1');
  await new Promise((resolve) => after(resolve, 5));
  /** @type {string[]} */
  const told = [];
  const patient = engine.describe('m=x&s=2').then(({ recipe }) => told.push(recipe), () => told.push('refused'));
  const next = engine.describe('m=x&s=3', {}, {}, true).then(({ recipe }) => told.push(recipe));
  await new Promise((resolve) => after(resolve, 5));
  assert.deepEqual(told, []);
  faults.hangs = faults.mute = false;
  long.get(2000)?.();
  await next;
  await patient;
  assert.deepEqual(told, ['refused', 'm=x&s=3']);
  assert.deepEqual(over().map(({ message, crashed }) => [message.type, crashed]), [['cancelled', true]]);
});

test('an estimate whose worker gives no answer is cancelled all the same', async () => {
  const { engine } = await started();
  const heard = /** @type {string[]} */ ([]);
  const { steer } = engine.measure({ recipe: 'm=x', image: new Uint8Array(4), form: 'flow', draws: 100 }, ({ type }) => heard.push(type));
  await until(() => heard.length > 1);
  made.all[0].answer = () => {};
  made.all[0].onmessage = null;
  steer('cancel');
  long.get(2000)?.();
  assert.deepEqual([heard.at(-1), heard.filter((type) => type === 'cancelled').length, made.all[0].alive], ['cancelled', 1, false]);
});

test('a run takes the place of the one before, of which nothing is heard any more', async () => {
  const { engine, heard, over } = await started();
  for (let i = 0; i < 20; i++) {
    engine.run(`m=x&n=${1 + (i % 5)}&steps=60`, i % 4 === 3);
    for (let turns = i % 3; turns > 0; turns--) await new Promise((resolve) => after(resolve));
    if (i % 3 === 0) engine.steer('pause');
  }
  heard.length = 0;
  engine.run(recipe);
  await until(() => over().length);
  assert.deepEqual(over().map(({ message }) => message.type === 'done' && message.hash), [ends(recipe)]);
  assert.equal(heard.length, 1 + 20 + 1);
});

test('of runs that are cancelled or replaced in any order each cancel is one end', async () => {
  const { engine, heard, over } = await started();
  for (let i = 0; i < 40; i++) {
    engine.run(`m=x&n=${1 + (i % 7)}&steps=50`, i % 5 === 4);
    for (let turns = i % 4; turns > 0; turns--) await new Promise((resolve) => after(resolve));
    if (i % 3 === 0) engine.steer('pause');
    if (i % 6 === 0) engine.steer('step');
    if (i % 2 === 0) continue; // the next run takes its place
    const ended = over().length;
    engine.cancel();
    engine.cancel();
    await until(() => over().length > ended);
  }
  assert.deepEqual(over().map(({ message, crashed }) => [message.type, crashed]), new Array(20).fill(['cancelled', false]));
  heard.length = 0;
  engine.run(recipe);
  await until(() => over().length);
  assert.deepEqual(over().map(({ message }) => message.type === 'done' && message.hash), [ends(recipe)]);
});

test('a run pauses as a whole, goes a step, and goes on', async () => {
  const { engine, heard, over, steps, order } = await started();
  engine.run('m=x&n=3&steps=30', true);
  const rests = () => heard.filter(({ message }) => message.type === 'paused').length;
  await until(() => rests() === 1);
  assert.deepEqual(steps(), order(1, 3));
  engine.steer('step');
  await until(() => rests() === 2);
  assert.deepEqual(steps(), order(2, 3));
  engine.steer('resume');
  await until(() => over().length);
  assert.deepEqual(steps(), order(30, 3));
});

test('a recipe that is refused ends once, before more workers are started', async () => {
  const { engine, over } = await started();
  engine.run('m=x&n=5&c=bad');
  await until(() => over().length);
  assert.deepEqual(over().map(({ message }) => [message.type, message.type === 'failed' && message.key]), [['failed', 'c']]);
  assert.equal(made.all.length, 1);
  await assert.rejects(engine.describe('c=bad'), (/** @type {Refusal} */ error) => error instanceof Refusal && error.key === 'c');
});

test('a network that only serves others is refused in the place of a model', async () => {
  const { engine } = await started();
  faults.guides = 'guide';
  const twin = engine.twin(() => {}, true);
  await assert.rejects(twin.load('guide', new ArrayBuffer(1)), (/** @type {Refusal} */ error) => error instanceof Refusal && error.key === 'companion');
  twin.end();
});

test('weights that a recipe needs are brought, and it is asked again', async () => {
  const { engine, over } = await started();
  /** @type {string[]} */
  const supplied = [];
  engine.supply = async (name) => {
    supplied.push(name);
    return new ArrayBuffer(1);
  };
  faults.needs = ['guide', 'second'];
  assert.equal((await engine.describe('m=x')).recipe, 'm=x');
  assert.deepEqual(supplied, ['guide', 'second']);
  assert.deepEqual(engine.weights, ['x', 'guide', 'second']);
  faults.needs = ['third'];
  engine.run('m=x');
  await until(() => over().length);
  assert.deepEqual([over()[0].message.type, supplied.at(-1)], ['done', 'third']);
});

test('where the weights cannot be had, the refusal says what is missing', async () => {
  const { engine, over } = await started();
  engine.supply = () => Promise.reject(new Error('404'));
  faults.needs = ['guide'];
  await assert.rejects(engine.describe('m=x'), { message: 'Weights are missing.' });
  engine.run('m=x');
  await until(() => over().length);
  assert.deepEqual(over().map(({ message }) => message.type), ['failed']);
});

test('another model ends the run and has a new worker', async () => {
  const { engine, over, steps, alive } = await started();
  engine.run('m=x&n=3&steps=900');
  await until(() => steps().length > 3);
  await engine.load('y', new ArrayBuffer(1));
  assert.deepEqual(over().map(({ message }) => message.type), ['cancelled']);
  assert.deepEqual([engine.has('x'), engine.has('y'), alive()], [false, true, 1]);
});

for (const turns of [0, 1, 2, 3, 4, 6, 9]) {
  test(`of loads ${turns} turns apart the last one wins, and each ends`, async () => {
    const { engine, over, alive } = await started();
    /** @type {Promise<string>[]} */
    const loads = [];
    for (const name of ['y', 'z', 'y', 'y', 'x', 'z']) {
      loads.push(engine.load(name, new ArrayBuffer(1)).then(({ model }) => model, (error) => (error instanceof StartError ? 'ended' : String(error))));
      for (let i = 0; i < turns; i++) await new Promise((resolve) => after(resolve));
    }
    const ends = await Promise.all(loads);
    ends.forEach((end, i) => assert.ok(['ended', ['y', 'z', 'y', 'y', 'x', 'z'][i]].includes(end), ends.join()));
    assert.equal(ends.at(-1), 'z');
    assert.deepEqual([engine.weights, alive()], [['z'], 1]);
    engine.run('m=z');
    await until(() => over().length);
    assert.equal(over()[0].message.type, 'done');
  });
}

test('weights that were brought for one model are not given to the next', async () => {
  const { engine } = await started();
  /** @type {(bytes: ArrayBuffer) => void} */
  let bring = () => {};
  engine.supply = () => new Promise((resolve) => (bring = resolve));
  faults.needs = ['guide'];
  const asked = engine.describe('m=x').catch(({ message }) => message);
  await until(() => bring.length);
  faults.needs = [];
  await engine.load('y', new ArrayBuffer(1));
  bring(new ArrayBuffer(1));
  assert.equal(await asked, 'Weights are missing.');
  assert.deepEqual(engine.weights, ['y']);
});

test('steps of the last run are made again, also by workers that did not make them', async () => {
  const { engine, over } = await started();
  engine.run('m=x&n=3&steps=9');
  await until(() => over().length);
  /** @type {string[]} */
  const again = [];
  assert.equal(await engine.recall('m=x&n=3&steps=9', { from: 4, to: 5 }, ({ step, image }) => again.push(`${step}.${image}`)), true);
  assert.deepEqual(again, ['4.0', '4.1', '4.2', '5.0', '5.1', '5.2']);
  const late = engine.recall('m=x&n=3&steps=9', { from: 4, to: 5 }, () => {});
  engine.run('m=x');
  assert.equal(await late, false);
  await until(() => over().length === 2);
  assert.equal(await engine.recall('m=x', { from: 1, to: 1 }, () => {}), true);
});

test('pictures that a recipe begins with go to every worker, without their names in it', async () => {
  const { engine, over, steps, order } = await started();
  const pictures = { image: Uint8Array.of(1, 2, 3, 4), mask: Uint8Array.of(0, 0, 255, 255) };
  assert.equal((await engine.describe(recipe, pictures)).recipe, `${recipe}&image=1`);
  engine.run(recipe, false, pictures);
  await until(() => over().length);
  const runs = made.all.map(({ sent }) => sent.find(({ type }) => type === 'run'));
  assert.deepEqual(runs.map(({ image, mask }) => ({ image, mask })), [pictures, pictures, pictures]);
  assert.deepEqual([runs[0].recipe, engine.inputs, steps()], [recipe, pictures, order(4, 5)]);
});

test('no steps are made again while a run goes on', async () => {
  const { engine, steps } = await started();
  engine.run('m=x&steps=900');
  await until(() => steps().length > 1);
  assert.equal(await engine.recall('m=x', { from: 1, to: 1 }, () => assert.fail('a step')), false);
  engine.cancel();
});

test('a picture that is noised ends without a hash', async () => {
  const { engine, over, steps } = await started();
  engine.forward('m=x', new Uint8Array(4));
  await until(() => over().length);
  const { message } = over()[0];
  assert.deepEqual([message.type === 'done' && message.hash, steps().length], ['', 4]);
});

test('an estimate ends once: by itself, by a cancel, by another, by a run, by its worker\'s death, by a refusal', async () => {
  const { engine, over } = await started();
  const estimate = (draws = 1, recipe = 'm=x') => {
    const heard = /** @type {string[]} */ ([]);
    const what = { recipe, image: new Uint8Array(4), form: /** @type {const} */ ('denoising'), draws };
    const { steer } = engine.measure(what, ({ type }) => heard.push(type));
    return { heard, steer };
  };
  const last = (/** @type {{heard: string[]}} */ { heard }) => heard.filter((type) => ['measured', 'cancelled', 'failed'].includes(type)).join();
  const whole = estimate();
  await until(() => last(whole));
  assert.deepEqual(whole.heard, ['measuring', 'term', 'term', 'term', 'measured']);
  const cancelled = estimate(100);
  await until(() => cancelled.heard.length > 2);
  cancelled.steer('cancel');
  await until(() => last(cancelled));
  const replaced = estimate(100);
  const byRun = estimate(100);
  engine.run('m=x');
  await until(() => last(byRun) && over().length);
  const dead = estimate(100);
  await until(() => dead.heard.length > 1);
  made.all[0].die();
  await until(() => last(dead));
  const refused = estimate(1, 'm=x&c=bad');
  await until(() => last(refused));
  const next = estimate();
  await until(() => last(next));
  assert.deepEqual(
    [whole, cancelled, replaced, byRun, dead, refused, next].map(last),
    ['measured', 'cancelled', 'cancelled', 'cancelled', 'failed', 'failed', 'measured'],
  );
  assert.deepEqual(over().map(({ message }) => message.type), ['done']);
});

test('another model ends an estimate, which has not failed', async () => {
  const { engine } = await started();
  const heard = /** @type {string[]} */ ([]);
  engine.measure({ recipe: 'm=x', image: new Uint8Array(4), form: 'flow', draws: 100 }, ({ type }) => heard.push(type));
  await until(() => heard.length > 2);
  await engine.load('y', new ArrayBuffer(1));
  assert.equal(heard.at(-1), 'cancelled');
});

test('an estimate ends a run', async () => {
  const { engine, over, steps } = await started();
  engine.run('m=x&steps=900');
  await until(() => steps().length > 1);
  engine.measure({ recipe: 'm=x', image: new Uint8Array(4), form: 'flow' }, () => {});
  assert.deepEqual(over().map(({ message }) => message.type), ['cancelled']);
});

test('two engines share the processors, until one is let go', async () => {
  processors(4);
  const { engine, over } = await started();
  const heard = /** @type {string[]} */ ([]);
  const twin = engine.twin(({ type }) => heard.push(type));
  twin.run('m=x&n=4');
  engine.run('m=x&n=4');
  await until(() => heard.includes('done') && over().length);
  assert.equal(made.all.length, 4);
  assert.deepEqual(twin.weights, ['x']);
  twin.end();
  engine.alone();
  engine.run('m=x&n=4');
  await until(() => over().length === 2);
  assert.equal(made.all.filter(({ alive }) => alive).length, 4);
});

test('the processors are one engine’s again when its last twin has ended', async () => {
  const { engine } = await started();
  const all = engine.workers;
  const twins = [engine.twin(() => {}), engine.twin(() => {})];
  for (const twin of twins) {
    assert.ok(engine.workers < all);
    twin.end();
    engine.alone();
  }
  assert.equal(engine.workers, all);
});

test('a sampler that does not come up is said, and can be tried again', async () => {
  faults.unready = true;
  const engine = new Engine('worker.js', () => assert.fail('a run'));
  const starting = engine.start(/** @type {WebAssembly.Module} */ ({}));
  await until(() => made.all.length === 1);
  made.all[0].die();
  await assert.rejects(starting, (/** @type {unknown} */ error) => error instanceof StartError);
  faults.unready = false;
  await engine.start(/** @type {WebAssembly.Module} */ ({}));
  assert.equal((await engine.load('x', new ArrayBuffer(1))).model, 'x');
});

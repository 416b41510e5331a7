import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, Refusal } from './engine.js';

/** A worker that only notes what it is told. */
class FakeWorker {
  /** @type {FakeWorker[]} */
  static all = [];
  /** @type {any[]} */
  told = [];
  ended = false;
  /** @type {(event: {data: object}) => void} */
  onmessage = () => {};

  constructor() {
    FakeWorker.all.push(this);
  }

  /** @param {object} message */
  postMessage(message) {
    this.told.push(message);
  }

  terminate() {
    this.ended = true;
  }

  /** @param {object} data */
  says(data) {
    this.onmessage({ data });
  }
}
Object.assign(globalThis, { Worker: FakeWorker });

function begun() {
  FakeWorker.all = [];
  /** @type {any[]} */
  const heard = [];
  const engine = new Engine((message) => heard.push(message));
  return { engine, heard, worker: () => FakeWorker.all[FakeWorker.all.length - 1] };
}

test('questions are answered by their numbers, each once', async () => {
  const { engine, heard, worker } = begun();
  const [first, second] = [engine.ask({ type: 'describe' }), engine.ask({ type: 'path', x: 1, y: 2, t: 3 })];
  const [{ id: one }, { id: two }] = worker().told;
  worker().says({ type: 'traced', id: two });
  worker().says({ type: 'failed', id: one, message: 'no' });
  assert.equal(/** @type {any} */ (await second).type, 'traced');
  await assert.rejects(first, (/** @type {unknown} */ error) => error instanceof Refusal && error.failure.message === 'no');
  assert.deepEqual(heard, []);
});

test('of a recipe that another has taken the place of nothing is heard, and one that is refused takes none', () => {
  const { engine, heard, worker } = begun();
  engine.train('d=moons');
  const { id: moons } = worker().told[0];
  worker().says({ type: 'started', id: moons });
  engine.train('d=squares');
  const { id: squares } = worker().told[1];
  worker().says({ type: 'failed', id: squares, key: 'd', message: 'no' });
  worker().says({ type: 'progress', id: moons, step: 5 });
  engine.steer('pause');
  assert.equal(worker().told[2].id, moons, 'the run that goes on is steered');
  engine.train('d=rings');
  const { id: rings } = worker().told[3];
  engine.steer('pause');
  assert.equal(worker().told[4].id, rings, 'what is turned and paused at once waits');
  worker().says({ type: 'started', id: rings });
  worker().says({ type: 'cancelled', id: moons });
  assert.deepEqual(heard.map(({ type, id }) => `${type} ${id}`), [`started ${moons}`, `failed ${squares}`, `progress ${moons}`, `started ${rings}`]);
});

test('with a worker that is lost every question ends, and the next one has another', async () => {
  const { engine, heard, worker } = begun();
  const asked = engine.ask({ type: 'describe' });
  const lost = worker();
  lost.says({ type: 'failed', message: 'gone', gone: true });
  await assert.rejects(asked, Refusal);
  assert.ok(lost.ended);
  assert.deepEqual(heard.map(({ gone }) => gone), [true]);
  engine.train('d=moons');
  assert.equal(FakeWorker.all.length, 2);
  assert.equal(worker().told[0].recipe, 'd=moons');
});

test('one that is ended is heard no more, and begins again when it is asked', async () => {
  const { engine, heard, worker } = begun();
  const asked = engine.ask({ type: 'describe' });
  const ended = worker();
  engine.end();
  await assert.rejects(asked, Refusal);
  assert.ok(ended.ended);
  assert.deepEqual(heard, []);
  engine.train('d=moons');
  assert.notEqual(worker(), ended);
});

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Film } from '../stage/film.js';
import { step } from '../testdata/steps.js';
import { Replay, picture } from './replay.js';

/** @import { Stage } from '../stage/stage.js' */

/** @type {((now: number) => void)[]} */
let frames = [];
beforeEach(() => {
  frames = [];
  globalThis.requestAnimationFrame = (act) => frames.push(act);
});

/** A stage with a run that is over. @param {number} steps */
function over(steps) {
  const film = new Film({ steps, images: 1, channels: 1, height: 2, width: 2, columns: 0 });
  for (let n = 1; n <= steps; n++) film.add(step(n, { steps }));
  const stage = { film, seek: (/** @type {number} */ n) => film.show(n) };
  let changes = 0;
  const replay = new Replay(/** @type {Stage} */ (/** @type {unknown} */ (stage)), () => {});
  replay.changed = () => changes++;
  let now = performance.now();
  /** Lets time pass. @param {number} ms */
  const pass = (ms) => {
    now += ms;
    frames.splice(0).forEach((act) => act(now));
    return film.current;
  };
  return { film, replay, pass, changes: () => changes };
}

test('a run is played once from its first step, and holds at its last', () => {
  const { film, replay, pass, changes } = over(4);
  replay.start();
  assert.deepEqual([film.current, replay.playing, changes()], [1, true, 1]);
  assert.deepEqual([pass(100), pass(100), pass(100), pass(100)], [2, 3, 4, 4]);
  assert.deepEqual([replay.playing, changes()], [false, 2]);
});

test('it goes on from where it is', () => {
  const { film, replay, pass } = over(9);
  film.show(6);
  replay.start();
  assert.deepEqual([film.current, pass(100)], [6, 7]);
});

test('in a loop the last step stays a while', () => {
  const { film, replay, pass } = over(3);
  replay.start(true);
  assert.equal(pass(100), 3);
  assert.equal(pass(1600), 1);
  assert.deepEqual([pass(100), pass(100), pass(100)], [2, 3, 3]);
  pass(1600);
  assert.deepEqual([film.current, replay.playing], [1, true]);
});

test('while it is held time stands still', () => {
  const { replay, pass } = over(5);
  replay.start();
  replay.held = true;
  assert.deepEqual([pass(1000), replay.playing], [1, true]);
  replay.held = false;
  assert.equal(pass(100), 2);
  replay.hold();
  assert.equal(pass(100), 2);
  assert.equal(frames.length, 0);
});

test('before there are pictures there is no PNG', async () => {
  assert.equal(await picture(new Film({ steps: 2, images: 1, channels: 1, height: 2, width: 2, columns: 0 }), 'm=x'), null);
});

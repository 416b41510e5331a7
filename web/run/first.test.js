import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Film } from '../stage/film.js';
import { golden, unbase64 } from '../testdata/golden.js';
import { started } from '../testdata/steps.js';
import { First } from './first.js';

/** @import { Stage } from '../stage/stage.js' */
/** @import { Step } from '../types.js' */

const [{ Recording }] = golden('recordings.json', import.meta.url);

/** Frames that were asked for. @type {((now: number) => void)[]} */
let frames = [];
/** What the page does not fetch. */
let missing = false;
const { fetch: kept } = globalThis;

beforeEach(() => {
  frames = [];
  missing = false;
  globalThis.requestAnimationFrame = (act) => frames.push(act);
  globalThis.fetch = async () => {
    return missing ? new Response('', { status: 404 }) : new Response(unbase64(Recording));
  };
});
afterEach(() => {
  globalThis.fetch = kept;
});

/** A stage that only keeps films. */
function staged() {
  let film = new Film({ ...started(), columns: 0 });
  const state = { begun: 0, marked: false, sought: 0 };
  const stage = /** @type {Stage} */ (
    /** @type {unknown} */ ({
      views: ['xt', 'x0'],
      get film() {
        return film;
      },
      parts: { box: { toggleAttribute: (/** @type {string} */ _, /** @type {boolean} */ on) => (state.marked = on) } },
      begin: (/** @type {any} */ shape) => {
        state.begun++;
        film = new Film(shape);
      },
      add: (/** @type {Step} */ step) => film.add(step),
      seek: (/** @type {number} */ step) => (state.sought = film.show(step)),
    })
  );
  return { stage, state };
}

/** Plays n steps. @param {number} n */
function tick(n) {
  const now = performance.now();
  for (let i = 0; i < n; i++) frames.shift()?.(now + 100 * i);
}

/** A recorded picture as the live run sends it. @param {Film} film @param {number} n @param {number} image @returns {Step} */
const live = (film, n, image) => {
  const frame = /** @type {import('../stage/film.js').Frame} */ (film.kept.get(n)?.[image]);
  const facts = /** @type {import('../stage/film.js').Facts} */ (film.facts.get(n));
  const { xt, x0 } = frame;
  return { ...{ type: 'step', id: 1, step: n, steps: 4, image, images: 2, ms: 1 }, ...facts, xt, x0, epsilon: xt.map((v) => v ^ 255), change: xt };
};

test('a recording is played step by step', async () => {
  const { stage, state } = staged();
  /** @type {number[]} */
  const told = [];
  await new First(stage, 'web/first.bin', ({ step }) => told.push(step)).play();
  assert.deepEqual([state.begun, state.marked], [1, true]);
  tick(2);
  assert.deepEqual([told, stage.film.latest], [[1, 2], 2]);
  tick(9);
  assert.deepEqual([told, stage.film.latest], [[1, 2, 3, 4], 4]);
  assert.equal(frames.length, 0);
});

test('who wants no motion sees its last step at once', async () => {
  const { stage } = staged();
  await new First(stage, 'web/first.bin', () => {}).play(true);
  assert.deepEqual([[...stage.film.kept.keys()], frames.length], [[1, 2, 3, 4], 0]);
});

/** A recording with n steps on the stage, and its run. @param {number} n */
async function playing(n) {
  const { stage, state } = staged();
  const first = new First(stage, 'web/first.bin', () => {});
  await first.play();
  tick(n);
  const recorded = [];
  const whole = staged();
  const other = new First(whole.stage, 'web/first.bin', () => {});
  const waiting = frames;
  frames = [];
  await other.play();
  tick(9);
  for (let i = 1; i <= 4; i++) for (const image of [0, 1]) recorded.push(live(whole.stage.film, i, image));
  frames = waiting;
  const text = new TextDecoder().decode(unbase64(Recording));
  const recipe = /"recipe":"([^"]+)"/.exec(text)?.[1].replaceAll('\\u0026', '&') ?? '';
  return { stage, state, first, recorded, run: started({ recipe, steps: 4, images: 2, height: stage.film.shape.height, width: stage.film.shape.width }) };
}

test('the live run goes on where the recording is', async () => {
  const { stage, state, first, recorded, run } = await playing(2);
  assert.equal(first.continues(run), true);
  const { begun } = state;
  for (const picture of recorded.slice(0, 4)) assert.equal(first.covers(picture), true);
  assert.equal(state.begun, begun, 'nothing begins again while the bytes are the same');
  // Ahead of the recording, its own steps take the place of the recorded ones.
  assert.equal(first.covers(recorded[4]), true);
  assert.deepEqual([state.begun, state.marked, stage.film.latest], [begun + 1, false, 3]);
  assert.deepEqual(stage.film.kept.get(1)?.[0]?.epsilon.slice(), recorded[0].epsilon);
  assert.equal(first.covers(recorded[5]), false, 'the rest is the page\'s');
  tick(5);
  assert.equal(stage.film.latest, 3, 'the recording does not go on');
});

test('a run that makes other bytes is right', async () => {
  const { stage, first, recorded, run } = await playing(3);
  first.continues(run);
  first.covers(recorded[0]);
  first.covers(recorded[1]);
  const other = { ...recorded[2], xt: recorded[2].xt.map((v) => v ^ 1) };
  assert.equal(first.covers(other), true);
  assert.equal(stage.film.latest, 2);
  assert.deepEqual(stage.film.kept.get(2)?.[0]?.xt.slice(), other.xt);
});

test('another run than the recorded one starts at its first step', async () => {
  const { state, first, recorded, run } = await playing(2);
  assert.equal(first.continues({ ...run, recipe: `${run.recipe}&s=2` }), false);
  assert.equal(first.continues({ ...run, images: 3 }), false);
  assert.equal(state.marked, false);
  assert.equal(first.covers(recorded[0]), false);
});

test('a step that a person has gone to stays', async () => {
  const { stage, state, first, recorded, run } = await playing(3);
  first.continues(run);
  stage.seek(1);
  for (const step of recorded) first.covers(step) || stage.add(step);
  assert.equal(state.sought, 1);
});

test('without a recording the page begins with the live run', async () => {
  missing = true;
  const { stage, state } = staged();
  const first = new First(stage, 'web/first.bin', () => assert.fail('a step'));
  await first.play();
  assert.deepEqual([state.begun, frames.length, first.continues(started())], [0, 0, false]);
});

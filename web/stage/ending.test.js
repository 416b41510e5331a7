import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { step } from '../testdata/steps.js';
import { Film } from './film.js';

/** Frames that are asked for. @type {(() => void)[]} */
const frames = [];
let still = false;
Object.assign(globalThis, {
  matchMedia: () => ({ get matches() { return still; } }),
  requestAnimationFrame: (/** @type {() => void} */ act) => frames.push(act),
});
const { Ending, isFinished, isPair, repeats } = await import('./ending.js');

let now = 0;
const clock = performance.now;
beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  performance.now = () => now;
  frames.length = 0;
  still = false;
});
afterEach(() => {
  mock.timers.reset();
  performance.now = clock;
});

/** An end, and what is told of it. */
function watched() {
  let turns = 0;
  /** @type {number[]} */
  const parts = [];
  const ending = new Ending(() => turns++, () => parts.push(ending.part));
  const pass = (/** @type {number} */ ms) => {
    for (let i = 0; i < ms; i += 20) {
      now += 20;
      mock.timers.tick(20);
      for (const act of frames.splice(0)) act();
    }
  };
  return { ending, parts, pass, turns: () => turns };
}

test('what is finished grows step by step, and goes back in the same way', () => {
  const { ending, parts, pass, turns } = watched();
  ending.see(true, false);
  assert.equal(ending.part, 0);
  pass(1000);
  assert.deepEqual([ending.part, ending.grown, turns()], [1, true, 1]);
  assert.ok(parts.length > 10 && parts.every((part, i) => i === 0 || (part >= parts[i - 1] && part - parts[i - 1] < 0.15)), String(parts));
  ending.see(false, false);
  assert.deepEqual([ending.grown, ending.part], [false, 1], 'it is on its way at once, from where it was');
  pass(100);
  const there = ending.part;
  assert.ok(there > 0 && there < 1);
  ending.see(true, false);
  pass(160);
  assert.ok(!ending.grown && ending.part < there, 'who goes over the end does not stop there');
  pass(1000);
  assert.deepEqual([ending.part, ending.grown], [1, true]);
});

test('short runs one after the other change nothing', () => {
  const { ending, pass, turns } = watched();
  ending.see(true, false);
  pass(1000);
  for (let i = 0; i < 5; i++) {
    ending.see(false, true);
    pass(300);
    ending.see(true, false);
    pass(20);
  }
  assert.deepEqual([ending.part, turns()], [1, 1]);
  ending.see(false, true);
  pass(1000);
  assert.deepEqual([ending.part, turns()], [0, 2]);
  for (let i = 0; i < 5; i++) {
    ending.see(true, false);
    pass(20);
    ending.see(false, true);
    pass(600);
  }
  assert.deepEqual([ending.part, turns()], [0, 2]);
});

test('nothing moves for those who do not want it, and nothing is left of it elsewhere', () => {
  const { ending, parts, pass } = watched();
  still = true;
  ending.see(true, false);
  assert.deepEqual([ending.part, ending.grown, parts], [1, true, [1]]);
  ending.leave();
  pass(1000);
  assert.deepEqual([ending.part, ending.grown, parts], [0, false, [1]]);
});

test('only what stands twice steps back', () => {
  const shape = { steps: 3, images: 1, channels: 1, height: 2, width: 2, columns: 0 };
  const same = Uint8Array.of(1, 100, 200, 255);
  const film = (/** @type {number} */ steps, /** @type {Uint8Array<ArrayBuffer>} */ x0) => {
    const made = new Film({ ...shape, steps });
    for (let n = 1; n <= steps; n++) made.add(step(n, { steps, xt: same, x0 }));
    return made;
  };
  const over = film(3, same);
  assert.deepEqual([isFinished(over), repeats(over), isPair(['xt', 'x0'])], [true, true, true]);
  over.show(2);
  assert.equal(isFinished(over), false);
  assert.equal(repeats(film(3, Uint8Array.of(8, 104, 204, 250))), true);
  assert.equal(repeats(film(3, Uint8Array.of(50, 50, 50, 50))), false, 'Langevin dynamics ends in noise');
  assert.equal(repeats(film(1, same)), false, 'there is no other step');
  assert.equal(isPair(['xt', 'x0', 'epsilon']), false);
  const two = new Film({ ...shape, steps: 2, images: 2 });
  for (const image of [0, 1]) for (const n of [1, 2]) two.add(step(n, { steps: 2, images: 2, image, xt: same, x0: image ? same.map((v) => 255 - v) : same }));
  assert.equal(repeats(two), false, 'the second of two pictures is not finished');
  over.noised = true;
  assert.equal(isFinished(over), false);
});

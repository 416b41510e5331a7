import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from './clock.js';

let now = 0;
/** @type {((now: number) => void)[]} */
let waiting = [];
Object.assign(globalThis, { requestAnimationFrame: (/** @type {(now: number) => void} */ act) => waiting.push(act) });
performance.now = () => now;

/** Lets time go on. @param {number} ms */
function pass(ms) {
  for (const end = now + ms; now < end; ) {
    now += 20;
    for (const act of waiting.splice(0)) act(now);
  }
}

test('it goes from noise to the data, rests, and begins again until it shall not', () => {
  /** @type {number[]} */
  const shown = [];
  const clock = new Clock((moment) => shown.push(moment), () => {});
  clock.play();
  pass(1300);
  assert.ok(Math.abs(clock.moment - 0.5) < 0.02, `${clock.moment} after half of the way`);
  pass(1700);
  assert.equal(clock.moment, 1);
  pass(1300);
  assert.ok(clock.playing && clock.moment < 0.2, 'it begins again');
  clock.again = false;
  pass(5000);
  assert.deepEqual([clock.playing, clock.moment], [false, 1]);
  assert.ok(shown.every((moment, i) => moment !== shown[i - 1]), 'what has not changed is not shown again');
});

test('a person stops it by choosing a moment, from where it goes on', () => {
  const clock = new Clock(() => {}, () => {});
  clock.play();
  pass(400);
  clock.set(0.5);
  pass(1000);
  assert.deepEqual([clock.playing, clock.moment], [false, 0.5]);
  clock.play();
  pass(260);
  assert.ok(Math.abs(clock.moment - 0.6) < 0.02, `${clock.moment}`);
});

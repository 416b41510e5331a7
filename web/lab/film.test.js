import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Film, between, momentAt, taken, timeAt } from './film.js';

/** A take of one point that goes from (4, 0) over (2, 2) to (0, 0). @param {number} step @param {number[]} [learned] */
function take(step, learned = []) {
  const bytes = (/** @type {number[]} */ values) => new Uint8Array(new Float32Array(values).buffer);
  return taken({ type: 'snapshot', id: 1, step, whole: false, clouds: 1, points: 1, times: bytes([900, 450, 0]), states: bytes([4, 0, 2, 2, 0, 0]), guesses: bytes([1, 1, 1, 1, 0, 0]), alphaBar: bytes(learned) });
}

test('a moment lies between two frames, and so does its time', () => {
  const one = take(1);
  assert.deepEqual(one.states.map(([cloud]) => [...cloud]), [[4, 0], [2, 2], [0, 0]]);
  assert.deepEqual(between(one, 0), { frame: 0, share: 0 });
  assert.deepEqual(between(one, 0.75), { frame: 1, share: 0.5 });
  assert.deepEqual(between(one, 1), { frame: 1, share: 1 });
  assert.deepEqual(between(one, 7), { frame: 1, share: 1 });
  assert.equal(timeAt(one, 0.25), 675);
  assert.equal(timeAt(one, 1), 0);
});

test('a take has the schedule that was learned by then, and none of one that stays', () => {
  assert.deepEqual([...(take(1, [1, 0.5]).alphaBar ?? [])], [1, 0.5]);
  assert.equal(take(1).alphaBar, undefined);
});

test('a film stays short, keeps both ends, and is even', () => {
  const film = new Film();
  for (let step = 0; step <= 2000; step += 10) film.add(take(step));
  const steps = film.takes.map(({ step }) => step);
  assert.ok(steps.length <= 48, `${steps.length} takes`);
  assert.equal(steps[0], 0);
  assert.equal(film.last?.step, 2000);
  const gaps = steps.slice(1).map((step, i) => step - steps[i]);
  assert.ok(Math.max(...gaps) <= 160, `gaps of ${gaps}`);
});

test('a moment of training is the last take before it', () => {
  const film = new Film();
  assert.equal(film.at(5), undefined);
  for (const step of [10, 20, 30]) film.add(take(step));
  assert.deepEqual([0, 10, 29, 99].map((step) => film.at(step).step), [10, 10, 20, 30]);
  film.add(take(20));
  assert.deepEqual(film.takes.map(({ step }) => step), [10, 20], 'training that begins earlier again has no future');
});

test('the moment of a time is where that time is', () => {
  const take = taken({ type: 'snapshot', id: 1, step: 9, whole: true, clouds: 1, points: 1, times: new Uint8Array(new Float32Array([900, 400, 100, 0]).buffer), states: new Uint8Array(32), guesses: new Uint8Array(32), alphaBar: new Uint8Array(0) });
  for (const t of [900, 650, 400, 101, 100, 30, 0]) assert.ok(Math.abs(timeAt(take, momentAt(take, t)) - t) < 1e-9, `${t}`);
  assert.deepEqual([momentAt(take, 999), momentAt(take, 0)], [0, 1]);
});

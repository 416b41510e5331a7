import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Pace } from './pace.js';

const now = performance.now.bind(performance);
let time = 0;
beforeEach(() => {
  time = 0;
  performance.now = () => time;
});
afterEach(() => {
  performance.now = now;
});

/** What is said at times in milliseconds. @param {Pace} pace @param {[at: number, done: number][]} counts @param {number} total */
const said = (pace, counts, total) => counts.map(([at, done]) => ((time = at), pace.left(done, total)));

test('seconds are said once the speed is known', () => {
  assert.deepEqual(said(new Pace(), [[0, 0], [500, 5], [1000, 10], [2000, 20], [6000, 60], [8000, 80], [10_000, 100]], 100), [undefined, undefined, 9, 8, 4, undefined, undefined]);
});

test('many are said in tens, and nothing of what is not known', () => {
  assert.deepEqual(said(new Pace(), [[0, 0], [1000, 10]], 400), [undefined, 40]);
  assert.deepEqual(said(new Pace(), [[0, 0], [1000, 10], [2000, 20]], 0), [undefined, undefined, undefined]);
  assert.deepEqual(said(new Pace(), [[0, 0], [1000, 0]], 10), [undefined, undefined], 'nothing comes');
});

test('the speed is that of the last seconds', () => {
  const pace = new Pace();
  // Ten a second for five seconds, and then one.
  const counts = Array.from({ length: 11 }, (_, i) => /** @type {[number, number]} */ ([1000 * i, i < 6 ? 10 * i : 45 + i]));
  assert.equal(said(pace, counts, 100).at(-1), 50);
});

test('a count that begins again is timed from there', () => {
  const pace = new Pace();
  said(pace, [[0, 0], [2000, 90]], 100);
  assert.deepEqual(said(pace, [[2100, 1], [3100, 11]], 100), [undefined, 9]);
});

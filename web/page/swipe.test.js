import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Swipe } from './swipe.js';

/** @import { Stage } from '../stage/stage.js' */
/** @import { Timeline } from './timeline.js' */

/** A stage 500 wide with the steps of a run. @param {number} steps @param {{latest?: number, scale?: number, turns?: boolean}} [of] */
function staged(steps, { latest = steps, scale = 1, turns = false } = {}) {
  /** @type {Map<string, (event: any) => void>} */
  const listeners = new Map();
  const box = { clientWidth: 500, addEventListener: (/** @type {string} */ type, /** @type {(event: any) => void} */ act) => listeners.set(type, act) };
  const clock = { shape: { steps }, latest, current: Math.min(10, latest) };
  const stage = { camera: { scale }, clock, parts: { box } };
  /** @type {number[]} */
  const steps_ = [];
  const timeline = { scrub: (/** @type {number} */ step) => steps_.push(step) };
  /** @type {number[]} */
  const turned = [];
  const views = { turns, turn: (/** @type {1 | -1} */ way) => void turned.push(way) };
  new Swipe(/** @type {Stage} */ (/** @type {unknown} */ (stage)), /** @type {Timeline} */ (/** @type {unknown} */ (timeline)), views);
  const target = { closest: () => null };
  /** @param {string} type @param {number} x @param {object} [more] */
  const does = (type, x, more = {}) => listeners.get(type)?.({ pointerType: 'touch', pointerId: 1, clientX: x, clientY: 50, target, ...more });
  return { does, scrubbed: steps_, turned };
}

test('a finger that goes right goes to later steps, after a little slack', () => {
  const { does, scrubbed } = staged(50);
  does('pointerdown', 100);
  does('pointermove', 107);
  assert.deepEqual(scrubbed, []);
  for (const x of [108, 118, 158, 98]) does('pointermove', x);
  assert.deepEqual(scrubbed, [10, 11, 15, 9]);
  does('pointerup', 98);
  does('pointermove', 300);
  assert.equal(scrubbed.length, 4);
});

test('it ends at the first and the newest step', () => {
  const { does, scrubbed } = staged(50, { latest: 20 });
  does('pointerdown', 250);
  does('pointermove', 490);
  does('pointermove', 0);
  assert.deepEqual(scrubbed, [20, 1]);
});

test('a few steps are not far from each other', () => {
  const { does, scrubbed } = staged(4);
  does('pointerdown', 400);
  does('pointermove', 400 - 8 - 40);
  assert.deepEqual(scrubbed, [3]);
});

test('what is enlarged is moved instead, and two fingers enlarge', () => {
  const near = staged(50, { scale: 2 });
  near.does('pointerdown', 100);
  near.does('pointermove', 200);
  const two = staged(50);
  two.does('pointerdown', 100);
  two.does('pointerdown', 300, { pointerId: 2 });
  two.does('pointermove', 200, { pointerId: 2 });
  assert.deepEqual([near.scrubbed, two.scrubbed], [[], []]);
});

test('neither a mouse nor a finger on the film strip or a button swipes', () => {
  for (const more of [{ pointerType: 'mouse' }, { target: { closest: () => ({}) } }]) {
    const { does, scrubbed } = staged(50);
    does('pointerdown', 100, more);
    does('pointermove', 200, more);
    assert.deepEqual(scrubbed, []);
  }
});

test('a picture that is alone is turned, once for each time, and no step is left', () => {
  const { does, scrubbed, turned } = staged(50, { turns: true });
  does('pointerdown', 300);
  for (const x of [290, 253]) does('pointermove', x);
  assert.deepEqual(turned, [], 'not yet far enough');
  for (const x of [252, 100, 400]) does('pointermove', x);
  assert.deepEqual(turned, [1]);
  does('pointerup', 400);
  does('pointerdown', 100);
  does('pointermove', 160);
  assert.deepEqual([turned, scrubbed], [[1, -1], []]);
});

test('it is turned before there is any step, but neither near nor by two fingers', () => {
  const early = staged(50, { latest: 0, turns: true });
  early.does('pointerdown', 300);
  early.does('pointermove', 200);
  assert.deepEqual(early.turned, [1]);
  const near = staged(50, { scale: 2, turns: true });
  near.does('pointerdown', 300);
  near.does('pointermove', 200);
  assert.deepEqual(near.turned, []);
});

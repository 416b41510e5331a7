import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whole } from './camera.js';
import { Gestures } from './gestures.js';

/** @import { Stage } from './stage.js' */

/** A stage whose one panel is 200 by 100 at the origin; below it is the strip. */
function staged() {
  /** @type {Map<string, (event: any) => void>} */
  const listeners = new Map();
  const captured = new Set();
  const box = {
    dataset: /** @type {Record<string, string>} */ ({}),
    addEventListener: (/** @type {string} */ type, /** @type {(event: any) => void} */ act) => listeners.set(type, act),
    setPointerCapture: (/** @type {number} */ id) => captured.add(id),
    getBoundingClientRect: () => ({ width: 400, height: 200 }),
  };
  const stage = {
    camera: whole,
    parts: { box },
    panelAt: (/** @type {number} */ x, /** @type {number} */ y) => (x < 200 && y < 100 ? { x: x / 200, y: y / 100, width: 200, height: 100 } : undefined),
  };
  new Gestures(/** @type {Stage} */ (/** @type {unknown} */ (stage)), (camera) => (stage.camera = camera));
  const target = { closest: () => null };
  let prevented = 0;
  const event = { button: 0, pointerId: 1, target, preventDefault: () => prevented++ };
  /** @param {string} type @param {number} x @param {number} y @param {object} [more] */
  const does = (type, x, y, more = {}) => listeners.get(type)?.({ ...event, clientX: x, clientY: y, ...more });
  return { stage, box, captured, does, prevented: () => prevented };
}

test('what is enlarged follows the pointer', () => {
  const { stage, box, does } = staged();
  does('pointerdown', 50, 50);
  does('pointermove', 90, 50);
  assert.equal(stage.camera, whole, 'nothing is moved that is whole');
  does('pointerup', 90, 50);
  stage.camera = { scale: 4, x: 0.5, y: 0.5 };
  does('pointerdown', 100, 50);
  assert.equal(box.dataset.held, '');
  does('pointermove', 120, 60);
  assert.deepEqual(stage.camera, { scale: 4, x: 0.475, y: 0.475 });
  does('pointerup', 120, 60);
  assert.equal('held' in box.dataset, false);
  does('pointermove', 0, 0);
  assert.equal(stage.camera.x, 0.475);
});

test('two fingers enlarge as far as they part', () => {
  const { stage, captured, does } = staged();
  does('pointerdown', 80, 50, { pointerId: 1 });
  does('pointerdown', 120, 50, { pointerId: 2 });
  does('pointermove', 60, 50, { pointerId: 1 });
  does('pointermove', 140, 50, { pointerId: 2 });
  assert.deepEqual([...captured], [1, 2]);
  assert.ok(Math.abs(stage.camera.scale - 2) < 1e-9, `${stage.camera.scale}`);
  does('pointerdown', 100, 20, { pointerId: 3 });
  const { camera } = stage;
  does('pointermove', 10, 10, { pointerId: 3 });
  assert.equal(stage.camera, camera, 'three fingers mean nothing');
});

test('the wheel enlarges with Ctrl, and otherwise leaves the page its scrolling', () => {
  Object.assign(globalThis, { WheelEvent: { DOM_DELTA_LINE: 1 } });
  const { stage, does, prevented } = staged();
  does('wheel', 100, 50, { deltaY: -100, deltaMode: 0 });
  assert.deepEqual([stage.camera, prevented()], [whole, 0]);
  does('wheel', 100, 50, { deltaY: -100, deltaMode: 0, ctrlKey: true });
  assert.ok(stage.camera.scale > 1.6 && prevented() === 1);
  const { scale } = stage.camera;
  does('wheel', 100, 50, { deltaY: -3, deltaMode: 1, metaKey: true });
  assert.ok(stage.camera.scale > scale);
  does('wheel', 100, 150, { deltaY: -100, deltaMode: 0, ctrlKey: true, target: { closest: () => ({}) } });
  assert.equal(prevented(), 2, 'above the film strip');
});

test('a double click goes near and back', () => {
  const { stage, does } = staged();
  does('dblclick', 300, 50);
  assert.equal(stage.camera, whole, 'beside the panel');
  does('dblclick', 0, 0);
  assert.deepEqual(stage.camera, { scale: 3, x: 1 / 6, y: 1 / 6 });
  does('dblclick', 10, 10);
  assert.equal(stage.camera, whole);
});

test('other buttons than the first, and those of the page, are not meant', () => {
  const { stage, does } = staged();
  stage.camera = { scale: 4, x: 0.5, y: 0.5 };
  const { camera } = stage;
  for (const more of [{ button: 2 }, { target: { closest: () => ({}) } }]) {
    does('pointerdown', 50, 50, more);
    does('pointermove', 90, 50);
  }
  assert.equal(stage.camera, camera);
});

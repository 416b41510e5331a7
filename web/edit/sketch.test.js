import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Sketch } from './sketch.js';

/** A canvas of 320 by 320 CSS pixels, on which nothing is seen. */
function blank() {
  /** @type {Map<string, (event: any) => void>} */
  const listeners = new Map();
  const canvas = {
    ...{ width: 0, height: 0 },
    addEventListener: (/** @type {string} */ type, /** @type {(event: any) => void} */ act) => listeners.set(type, act),
    getContext: () => ({ canvas: { width: 0, height: 0 } }),
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 320, height: 320 }),
    focus() {},
    setPointerCapture() {},
  };
  return { canvas, listeners };
}

beforeEach(() => {
  Object.assign(globalThis, { document: { createElement: () => blank().canvas }, requestAnimationFrame: () => 0 });
});

/** A sketch of 32 by 32, and what a hand does on it. @param {number} [channels] */
function sketched(channels = 1) {
  const { canvas, listeners } = blank();
  let changes = 0;
  /** @type {string[]} */
  const told = [];
  const sketch = new Sketch(
    /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (canvas)),
    () => changes++,
    ({ x, y }, down) => told.push(`${x},${y}${down ? ' down' : ''}`),
  );
  sketch.shape({ width: 32, height: 32, channels });
  const event = { button: 0, pointerId: 1, pointerType: 'mouse', preventDefault() {} };
  /** In pixels of the picture. @param {string} type @param {number} x @param {number} y @param {object} [more] */
  const does = (type, x, y, more = {}) => listeners.get(type)?.({ ...event, clientX: 10 * x, clientY: 10 * y, ...more });
  /** @param {number} x @param {number} y @param {number} [toX] @param {number} [toY] */
  const stroke = (x, y, toX = x, toY = y) => {
    does('pointerdown', x, y);
    does('pointermove', toX, toY);
    does('pointerup', toX, toY);
  };
  const key = (/** @type {string} */ name, more = {}) => listeners.get('keydown')?.({ key: name, preventDefault() {}, ...more });
  const at = (/** @type {number} */ x, /** @type {number} */ y) => sketch.sheet.pixels[channels * (32 * y + x)];
  return { sketch, does, stroke, key, at, told, changes: () => changes };
}

test('a round brush covers whole pixels, and those at its edge in part', () => {
  const { sketch, stroke, at } = sketched();
  sketch.brush = 3;
  stroke(10.5, 10.5);
  assert.deepEqual([at(10, 10), at(11, 10), at(12, 10), at(13, 10)], [255, 255, 0, 0]);
  assert.ok(at(11, 11) > 100 && at(11, 11) < 255, `a corner is ${at(11, 11)}`);
  assert.deepEqual([at(9, 10), at(10, 9), at(10, 11)], [255, 255, 255]);
});

test('a line is as wide everywhere, and the same in both directions', () => {
  const [one, other] = [sketched(), sketched()];
  one.stroke(5.5, 7.5, 25.5, 19.5);
  other.stroke(25.5, 19.5, 5.5, 7.5);
  assert.deepEqual(one.sketch.sheet.pixels, other.sketch.sheet.pixels);
  for (let x = 6; x < 25; x++) {
    const lit = Array.from({ length: 32 }, (_, y) => one.at(x, y)).filter((v) => v > 127).length;
    assert.ok(lit >= 2 && lit <= 4, `${lit} at ${x}`);
  }
});

test('what a stroke crosses twice is covered once', () => {
  const [once, twice] = [sketched(), sketched()];
  once.stroke(5.2, 7.4, 20.3, 9.1);
  twice.does('pointerdown', 5.2, 7.4);
  for (const [x, y] of [[20.3, 9.1], [5.2, 7.4], [20.3, 9.1]]) twice.does('pointermove', x, y);
  twice.does('pointerup', 20.3, 9.1);
  assert.deepEqual(twice.sketch.sheet.pixels, once.sketch.sheet.pixels);
});

test('the rubber leaves paper, and colours are mixed', () => {
  const { sketch, stroke, at } = sketched(3);
  assert.equal(sketch.paper, 255);
  sketch.colour = [200, 0, 100];
  stroke(8.5, 8.5, 20.5, 8.5);
  assert.deepEqual([...sketch.sheet.pixels.subarray(3 * (32 * 8 + 12), 3 * (32 * 8 + 12) + 3)], [200, 0, 100]);
  sketch.rubber = true;
  sketch.brush = 20;
  stroke(8.5, 8.5, 20.5, 8.5);
  assert.equal(at(12, 8), 255);
  assert.equal(sketch.empty, true);
});

test('the mask is painted apart, and only as a whole pixel', () => {
  const { sketch, stroke } = sketched();
  sketch.masking = true;
  stroke(10.5, 10.5, 14.5, 10.5);
  assert.equal(sketch.empty, true);
  assert.deepEqual([...new Set(sketch.sheet.mask)].sort(), [0, 255]);
  assert.equal(sketch.sheet.mask[32 * 10 + 12], 255);
  sketch.clear();
  assert.ok(sketch.sheet.mask.every((v) => v === 0));
});

test('every stroke that changes something can be undone, up to a hundred', () => {
  const { sketch, stroke, key, changes } = sketched();
  stroke(5.5, 5.5);
  const first = sketch.sheet;
  stroke(9.5, 9.5);
  assert.equal(changes(), 2);
  sketch.rubber = true;
  stroke(25.5, 25.5);
  assert.equal(changes(), 2, 'paper on paper is no change');
  key('z', { ctrlKey: true });
  assert.equal(sketch.sheet, first);
  sketch.undo();
  assert.equal(sketch.empty, true);
  assert.equal(sketch.undoable, false);
  sketch.undo();
  sketch.rubber = false;
  for (let i = 0; i < 130; i++) stroke((i % 30) + 1, 1 + i / 5);
  let undone = 0;
  for (; sketch.undoable; undone++) sketch.undo();
  assert.equal(undone, 100);
});

test('keys move the brush, put it down and lift it', () => {
  const { sketch, key, at, told } = sketched();
  key('ArrowRight');
  key('ArrowDown', { shiftKey: true });
  assert.deepEqual(told, ['17.5,16.5', '17.5,20.5']);
  key(' ');
  key('ArrowRight');
  key('ArrowRight');
  key('Enter');
  assert.deepEqual(told.slice(2), ['17.5,20.5 down', '18.5,20.5 down', '19.5,20.5 down', '19.5,20.5']);
  assert.deepEqual([at(17, 20), at(18, 20), at(19, 20)], [255, 255, 255]);
  for (let i = 0; i < 40; i++) key('ArrowLeft');
  assert.equal(told.at(-1), '0.5,20.5');
  assert.equal(sketch.undoable, true);
});

test('another shape begins empty; the same keeps what is there', () => {
  const { sketch, stroke } = sketched();
  stroke(5.5, 5.5);
  Object.assign(sketch.small.canvas, { width: 32, height: 32 });
  sketch.shape({ width: 32, height: 32, channels: 1 });
  assert.equal(sketch.empty, false);
  sketch.shape({ width: 16, height: 16, channels: 3 });
  assert.deepEqual([sketch.empty, sketch.undoable, sketch.sheet.pixels.length, sketch.sheet.mask.length], [true, false, 768, 256]);
});

test('only one pointer draws, and only by its first button', () => {
  const { sketch, does } = sketched();
  does('pointerdown', 5.5, 5.5, { button: 2 });
  does('pointerup', 5.5, 5.5);
  does('pointerdown', 5.5, 5.5);
  does('pointerdown', 25.5, 25.5, { pointerId: 2 });
  does('pointermove', 25.5, 5.5, { pointerId: 2 });
  does('pointerup', 5.5, 5.5);
  const { pixels } = sketch.sheet;
  assert.equal(pixels[32 * 5 + 5], 255);
  assert.equal(pixels[32 * 25 + 25] + pixels[32 * 5 + 20], 0);
});

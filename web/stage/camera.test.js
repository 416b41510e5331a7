import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panned, through, tidy, whole, zoomed } from './camera.js';
import { arrange } from './layout.js';

/** @param {number} images */
const panel = (images) =>
  arrange({ width: 912, height: 620, ratio: 1 }, { steps: 5, images, channels: 1, height: 32, width: 28, columns: 0 }, 2, 1, 5).panels[1];

test('a camera enlarges around its middle, in whole pixels, up to the edge', () => {
  const g = { x: 100, y: 50, w: 416, h: 416, zoom: 13, cols: 1, rows: 1, gap: 2, tileWidth: 416, tileHeight: 416 };
  for (const [scale, x, y, want, zoom] of /** @type {const} */ ([
    [0, 0, 0, [100, 50, 416, 416], 13],
    [1, 0.9, 0.9, [100, 50, 416, 416], 13],
    [0.2, 0, 0, [100, 50, 416, 416], 13],
    [2, 0.5, 0.5, [-108, -158, 832, 832], 26],
    [2, 0, 1, [100, -366, 832, 832], 26],
    [1.5, 0.5, 0.5, [-12, -62, 640, 640], 20],
  ])) {
    const seen = through(g, { scale, x, y });
    assert.deepEqual([[seen.x, seen.y, seen.w, seen.h], seen.zoom, seen.tileWidth], [want, zoom, 32 * zoom], `${scale} at ${x}, ${y}`);
  }
});

test('the panel stays filled', () => {
  const g = panel(10);
  for (const scale of [1.3, 2, 7]) {
    for (const x of [0, 0.4, 1]) {
      const seen = through(g, { scale, x, y: 1 - x });
      assert.ok(seen.x <= g.x && seen.x + seen.w >= g.x + g.w, `${scale} at ${x}`);
      assert.ok(seen.y <= g.y && seen.y + seen.h >= g.y + g.h, `${scale} at ${x}`);
    }
  }
});

test('a camera shows no edge, and nothing nearer than there are pixels', () => {
  assert.deepEqual(tidy({ scale: 0.3, x: 9, y: 9 }), whole);
  assert.deepEqual(tidy({ scale: 1.01, x: 0.2, y: 0.2 }), whole);
  assert.deepEqual(tidy({ scale: 2, x: 0, y: 1 }), { scale: 2, x: 0.25, y: 0.75 });
  assert.equal(tidy({ scale: 99, x: 0.5, y: 0.5 }).scale, 16);
});

test('the point that is enlarged stays where it is', () => {
  /** What of everything is at a part of the panel. @param {import('./camera.js').Camera} c @param {number} part */
  const at = (c, part) => c.x + (part - 0.5) / c.scale;
  let camera = zoomed(whole, 2, 0.5, 0.5);
  for (const [factor, px] of [[1.5, 0.3], [1.2, 0.9], [0.8, 0.4]]) {
    const before = at(camera, px);
    camera = zoomed(camera, factor, px, 0.5);
    assert.ok(Math.abs(at(camera, px) - before) < 1e-12, `${factor} around ${px}`);
  }
  assert.deepEqual(zoomed(camera, 1e-9), whole);
});

test('pictures follow the hand, up to their edge', () => {
  const near = { scale: 4, x: 0.5, y: 0.5 };
  assert.deepEqual(panned(near, 0.4, -0.2), { scale: 4, x: 0.4, y: 0.55 });
  assert.deepEqual(panned(near, -99, 99), { scale: 4, x: 0.875, y: 0.125 });
  assert.deepEqual(panned(whole, 0.4, 0.4), whole);
});

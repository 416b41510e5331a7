import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden } from '../testdata/golden.js';
import { arrange, tile } from './layout.js';

/** As golden_test.go writes a grid. @param {import('./layout.js').Grid} g */
const numbers = (g) => {
  const last = tile(g, g.cols * g.rows - 1);
  return [g.x, g.y, g.w, g.h, g.zoom, g.cols, g.rows, g.gap, last.x, last.y, last.w, last.h];
};

/** A run, as Go writes one. @param {Record<string, number>} run */
const shape = ({ Steps: steps, Images: images, Channels: channels, Height: height, Width: width, Columns: columns }) => {
  return { steps, images, channels, height, width, columns };
};

test('everything is where wasm/view says', () => {
  const cases = golden('layout.json', import.meta.url);
  assert.ok(cases.length > 100, `${cases.length} layouts`);
  for (const { Box, Run, Views, Sides, Kept, Panels, Strip, Slots, Mark } of cases) {
    const box = { width: Box.Width, height: Box.Height, ratio: Box.Ratio };
    const { panels, strip, slots, mark } = arrange(box, shape(Run), Views, Sides, Kept);
    const what = JSON.stringify({ box, Run, Views, Sides, Kept });
    assert.deepEqual(panels.map(numbers), Panels, what);
    assert.deepEqual([numbers(strip), slots, mark], [Strip, Slots, Mark], what);
  }
});

test('pictures of a grid do not overlap and fill it', () => {
  const run = { steps: 9, images: 10, channels: 1, height: 32, width: 32, columns: 0 };
  for (const width of [300, 640, 1311]) {
    const { panels, strip, slots } = arrange({ width, height: 600, ratio: 1 }, run, 2, 1, 9);
    for (const [grid, pictures] of /** @type {const} */ ([[panels[0], 10], [panels[1], 10], [strip, slots]])) {
      const tiles = Array.from({ length: pictures }, (_, i) => tile(grid, i));
      for (const [i, a] of tiles.entries()) {
        for (const b of tiles.slice(i + 1)) {
          assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y, `at ${width}: ${i}`);
        }
        assert.ok(a.x >= grid.x && a.x + a.w <= grid.x + grid.w && a.y >= grid.y && a.y + a.h <= grid.y + grid.h);
        assert.equal(a.w, grid.zoom * run.width);
      }
      assert.equal(Math.max(...tiles.map((r) => r.x + r.w)), grid.x + grid.w);
    }
  }
});

test('the pictures of a word stand in one row', () => {
  const run = { steps: 9, images: 7, channels: 1, height: 32, width: 32, columns: 7 };
  const { panels } = arrange({ width: 1000, height: 600, ratio: 2 }, run, 2, 1, 9);
  for (const { cols, rows } of panels) assert.deepEqual([cols, rows], [7, 1]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange, arrangeHero, between, tile } from './layout.js';

/** Pictures of 32×32 pixels, or of another side. @param {number} images @param {number} [side] */
const square = (images, side = 32) => ({ steps: 50, images, channels: 1, height: side, width: side, columns: 0 });
/** @param {number} width @param {number} height @param {number} [ratio] */
const box = (width, height, ratio = 1) => ({ width, height, ratio });
/** @param {import('./layout.js').Rect} r */
const rect = ({ x, y, w, h }) => [x, y, w, h];

test('everything is where it was designed to be', () => {
  for (const [name, b, images, kept, zoom, xt, x0, strip, slots] of /** @type {const} */ ([
    ['laptop', box(884, 394), 1, 50, 10, [112, 28, 320, 320], [452, 28, 320, 320], [2, 360, 880, 32], 24],
    ['desktop', box(912, 490), 1, 50, 13, [30, 28, 416, 416], [466, 28, 416, 416], [2, 456, 908, 32], 25],
    ['phone', box(984, 900, 3), 1, 50, 15, [0, 183, 480, 480], [504, 183, 480, 480], [6, 798, 972, 96], 9],
    ['few steps are far apart', box(912, 490), 1, 10, 13, [30, 28, 416, 416], [466, 28, 416, 416], [2, 456, 908, 32], 10],
    ['one of each class', box(912, 490), 10, 50, 3, [56, 90, 390, 292], [466, 90, 390, 292], [2, 456, 908, 32], 25],
    ['narrow and many: one above the other', box(656, 1600, 2), 64, 50, 2, [58, 208, 540, 540], [58, 816, 540, 540], [4, 1532, 648, 64], 9],
  ])) {
    const got = arrange(b, square(images), 2, 1, kept);
    assert.deepEqual(got.panels.map(rect), [xt, x0], name);
    assert.deepEqual(got.panels.map((g) => g.zoom), [zoom, zoom], name);
    assert.deepEqual([rect(got.strip), got.slots, got.strip.rows], [strip, slots, 1], name);
  }
});

/** @param {import('./layout.js').Rect} a @param {import('./layout.js').Rect} b */
const meet = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

test('in any box pictures lie in their grid and apart, and in the box from the least height on', () => {
  const runs = [square(1), square(2), square(10, 28), square(36), square(64), { ...square(7), channels: 3, height: 20, width: 48 }];
  for (const css of [200, 320, 411, 768, 1200, 3000]) {
    for (const ratio of [1, 1.25, 2, 3]) {
      const b = box(Math.trunc(css * ratio), Math.trunc((Math.trunc((css * 6) / 5) + 200) * ratio), ratio);
      for (const run of runs) {
        for (const kept of [1, 2, 19, 50, 1000]) {
          for (let panels = 0; panels < 15; panels++) check(b, run, kept, 1 + (panels % 5), 1 + Math.trunc(panels / 5));
        }
      }
    }
  }
});

/**
 * @param {import('./layout.js').Box} b @param {ReturnType<typeof square>} run
 * @param {number} kept @param {number} views @param {number} sides
 */
function check(b, run, kept, views, sides) {
  const { panels, strip, slots, least } = arrange(b, run, views, sides, kept);
  const what = () => JSON.stringify({ b, run, kept, views, sides });
  assert.ok(slots >= 1 && slots <= kept && strip.cols * strip.rows >= slots, what());
  assert.equal(panels.length, views * sides);
  const grids = [{ g: strip, tiles: slots }, ...panels.map((g) => ({ g, tiles: run.images }))];
  for (const [i, { g, tiles }] of grids.entries()) {
    assert.ok(g.zoom >= 1 && g.tileWidth === g.zoom * run.width && g.tileHeight === g.zoom * run.height, what());
    for (let j = 0; j < tiles; j++) {
      const r = tile(g, j);
      assert.ok(r.x >= g.x && r.y >= g.y && r.x + r.w <= g.x + g.w && r.y + r.h <= g.y + g.h, what());
      assert.ok(j === 0 || !meet(r, tile(g, j - 1)), what());
    }
    if (b.height < least) continue;
    assert.ok(g.x >= 0 && g.y >= 0 && g.x + g.w <= b.width && g.y + g.h <= b.height, what());
    for (const { g: other } of grids.slice(0, i)) assert.ok(!meet(g, other), what());
  }
}

test('a stage has a row of film of the height that is asked for, or none', () => {
  for (const [name, strip, zoom, xs, film] of /** @type {const} */ ([
    ['a row', 32, 7, [96, 336], [2, 276, 652, 32]],
    ['none', 0, 8, [64, 336], undefined],
  ])) {
    const { panels, strip: g, slots } = arrange({ ...box(656, 310), strip }, square(1), 2, 1, 50);
    assert.deepEqual([panels.map(({ x }) => x), panels[0].zoom], [xs, zoom], name);
    assert.deepEqual(slots > 0 ? rect(g) : undefined, film, name);
  }
  // Few steps, of large pictures.
  const { strip: g } = arrange({ ...box(656, 310), strip: 32 }, square(1, 64), 2, 1, 4);
  assert.deepEqual(rect(g), [2, 244, 652, 64]);
});

test('the letters of a word stand below each other where they have no room beside', () => {
  const word = { ...square(7), columns: 7 };
  const { panels } = arrange({ ...box(324, 208), strip: 32 }, word, 2, 1, 10);
  assert.deepEqual(panels.map(({ x, zoom }) => [x, zoom]), [[44, 1], [44, 1]]);
});

/** Panels that stand beside the first. @param {import('./layout.js').Grid[]} panels */
const beside = (panels) => panels.filter(({ y }) => y === panels[0].y).length;

test('three views and more stand in rows where that lets them be larger', () => {
  for (const [name, b, views, zoom, cols] of /** @type {const} */ ([
    ['one on a phone', box(984, 1380, 3), 1, 30, 1],
    ['three on a phone', box(984, 1500, 3), 3, 15, 2],
    ['three on a desk', box(912, 620), 3, 9, 3],
    ['five on a desk', box(912, 620), 5, 7, 3],
    ['five beside each other', box(1840, 560), 5, 11, 5],
  ])) {
    const { panels } = arrange(b, square(1), views, 1, 50);
    assert.deepEqual([panels.length, panels[0].zoom, beside(panels)], [views, zoom, cols], name);
  }
});

test('sides of one view stand beside each other, or everything in one column', () => {
  for (const [name, b, views, sides, zoom, cols] of /** @type {const} */ ([
    ['two of one view on a desk', box(912, 620), 1, 2, 13, 2],
    ['two of two on a desk', box(912, 620), 2, 2, 7, 2],
    ['two of two on a phone', box(984, 1500, 3), 2, 2, 15, 2],
    ['with their difference on a phone', box(984, 1500, 3), 2, 3, 9, 3],
    ['two in a tall box', box(400, 1000), 1, 2, 12, 1],
  ])) {
    const { panels } = arrange(b, square(1), views, sides, 50);
    assert.deepEqual([panels.length, panels[0].zoom, beside(panels)], [views * sides, zoom, cols], name);
    if (cols > 1) panels.forEach(({ y }, i) => assert.equal(y, panels[i - (i % sides)].y, name));
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

test('the pictures of a word stand in rows of its length', () => {
  for (const [images, columns, rows] of [[5, 5, 1], [10, 5, 2], [7, 5, 2], [1, 1, 1], [7, 7, 1]]) {
    const { panels } = arrange(box(390, 600), { ...square(images), columns }, 2, 1, 50);
    for (const g of panels) assert.deepEqual([g.cols, g.rows], [columns, rows], `${images} in ${columns}`);
  }
});

test('the finished picture is as large as the box allows, and the other one beside it about a third', () => {
  for (const [name, b, equal, small, hero] of /** @type {const} */ ([
    ['a laptop, where the height is all taken', box(884, 394), 320, [208, 220, 128, 128], [356, 28, 320, 320]],
    ['a desk, where there is room to grow', box(912, 590), 416, [94, 350, 192, 192], [306, 30, 512, 512]],
    ['above each other', box(400, 900), 384, [8, 167, 128, 128], [8, 331, 384, 384]],
  ])) {
    assert.equal(arrange(b, square(1), 2, 1, 50).panels[0].w, equal, name);
    const { panels } = arrangeHero(b, square(1), 50);
    assert.deepEqual(panels.map(rect), [small, hero], name);
  }
});

test('where the two equal ones fit, so do the finished one, no smaller, and the one that stepped back', () => {
  for (let css = 200; css < 2000; css += 37) {
    for (const ratio of [1, 1.25, 3]) {
      for (const height of [220, 400, 900]) {
        for (const run of [square(1), square(1, 28), { ...square(1), height: 20, width: 48 }, square(1, 256), square(8, 16), square(64)]) {
          const b = box(Math.trunc(css * ratio), height * ratio, ratio);
          const equal = arrange(b, run, 2, 1, 50);
          const { panels, strip, slots, least } = arrangeHero(b, run, 50);
          const what = JSON.stringify({ b, run });
          assert.deepEqual([strip, slots, least], [equal.strip, equal.slots, equal.least], what);
          assert.ok(panels[1].zoom >= equal.panels[1].zoom && panels[0].zoom <= equal.panels[0].zoom, what);
          if (b.height < least) continue;
          assert.ok(!meet(panels[0], panels[1]), what);
          for (const g of panels) {
            assert.ok(g.x >= 0 && g.y >= 0 && g.x + g.w <= b.width && g.y + g.h <= strip.y, what);
          }
        }
      }
    }
  }
});

test('on the way from one layout to the other nothing jumps', () => {
  const b = box(912, 590);
  const [from, to] = [arrange(b, square(1), 2, 1, 50), arrangeHero(b, square(1), 50)];
  assert.deepEqual(between(from, to, 0).panels, from.panels);
  assert.deepEqual(between(from, to, 1).panels, to.panels);
  const middle = between(from, to, 0.5);
  middle.panels.forEach((g, i) => assert.deepEqual(rect(g), rect(from.panels[i]).map((n, j) => Math.round((n + rect(to.panels[i])[j]) / 2))));
  assert.deepEqual(middle.strip, from.strip);
});

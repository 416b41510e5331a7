import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrangeColumns } from './columns.js';
import { tile } from './layout.js';

/** Pictures of 32×32 pixels, or of another side. @param {number} images @param {number} [side] */
const square = (images, side = 32) => ({ steps: 50, images, channels: 1, height: side, width: side, columns: 0 });
/** @param {number} width @param {number} height @param {number} [ratio] */
const box = (width, height, ratio = 1) => ({ width, height, ratio });
const two = { kept: [50, 4], clock: 0, own: true };

/** @param {import('./layout.js').Rect} a @param {import('./layout.js').Rect} b */
const meet = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

test('each column has its heading, its views and its strip below each other', () => {
  for (const [name, b, views, columns] of /** @type {const} */ ([
    ['laptop', box(901, 400), 2, 2],
    ['desktop', box(912, 620), 1, 2],
    ['with the difference', box(912, 620), 2, 3],
    ['phone', box(1092, 1400, 3), 2, 2],
    ['five views', box(1440, 800), 5, 2],
  ])) {
    const got = arrangeColumns(b, square(1), views, columns, two);
    assert.equal(got.headings.length, columns, name);
    got.panels.forEach((panel, i) => {
      const heading = got.headings[i % columns];
      assert.ok(panel.x >= heading.x && panel.x + panel.w <= heading.x + heading.w, `${name}: panel ${i} is under its heading`);
      assert.ok(panel.y >= heading.y + heading.h, `${name}: panel ${i} is below its heading`);
      assert.equal(panel.y, got.panels[i - (i % columns)].y, `${name}: the columns are level`);
    });
    assert.deepEqual(got.films.map(({ side }) => side), [0, 1], name);
    assert.deepEqual(got.films.map(({ slots }) => slots <= two.kept[0]), [true, true], name);
    got.films.forEach(({ side, strip }) => {
      const { x, w } = got.headings[side];
      assert.deepEqual([strip.x - got.mark, strip.w + 2 * got.mark], [x, w], `${name}: strip ${side} is as wide as its column`);
    });
    assert.equal(got.strip, got.films[0].strip);
    assert.equal(got.owner, undefined, name);
  }
});

test('views of a column stand where they are largest, in the same way in each', () => {
  for (const [name, b, zoom, beside] of /** @type {const} */ ([
    ['low and wide: beside each other', box(901, 400), 6, true],
    ['a phone: below each other', box(366, 520), 5, false],
  ])) {
    const { panels: [one, , three] } = arrangeColumns(b, square(1), 2, 2, two);
    assert.deepEqual([one.zoom, one.y === three.y], [zoom, beside], name);
  }
});

test('without room for two strips there is one, of the run that gives the time, and words that say so', () => {
  for (const [name, b, films] of /** @type {const} */ ([
    ['narrow', box(300, 500), { kept: [4, 50], clock: 1, own: true }],
    ['one picture with a line', box(901, 400), { kept: [4, 50], clock: 1, own: false }],
  ])) {
    const { films: strips, owner, panels, strip, mark } = arrangeColumns(b, square(1), 1, films.own ? 3 : 1, films);
    assert.deepEqual(strips.map(({ side }) => side), [1], name);
    assert.equal(strip.w + 2 * mark, b.width, name);
    assert.ok(owner && owner.y + owner.h <= strip.y && panels.every((panel) => !meet(panel, owner)), name);
  }
});

test('in any box everything is in it and apart from the least height on', () => {
  const runs = [square(1), square(2), square(10, 28), square(64), { ...square(7), columns: 7 }, { ...square(7), channels: 3, height: 20, width: 48 }];
  for (const css of [200, 296, 366, 768, 1200, 2200]) {
    for (const ratio of [1, 1.25, 3]) {
      const b = box(Math.trunc(css * ratio), Math.trunc((Math.trunc(css * 1.2) + 200) * ratio), ratio);
      for (const run of runs) {
        for (const kept of [[1, 1], [50, 4], [3, 1000]]) {
          for (let i = 0; i < 20; i++) {
            const [views, columns, own] = [1 + (i % 5), 1 + (Math.trunc(i / 5) % 3), i < 15];
            const what = () => JSON.stringify({ b, run, kept, views, columns, own });
            const got = arrangeColumns(b, run, views, columns, { kept, clock: 1, own });
            assert.equal(got.panels.length, views * columns);
            for (const { strip, slots } of got.films) for (let j = 1; j < slots; j++) assert.ok(!meet(tile(strip, j), tile(strip, j - 1)), what());
            if (b.height < got.least || got.panels[0].w > b.width / columns) continue;
            const rects = [...got.panels, ...got.headings, ...got.films.map(({ strip }) => strip), ...(got.owner ? [got.owner] : [])];
            rects.forEach((a, at) => {
              assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.w <= b.width && a.y + a.h <= b.height, what());
              for (const o of rects.slice(0, at)) assert.ok(!meet(a, o), what());
            });
          }
        }
      }
    }
  }
});

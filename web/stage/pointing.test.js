import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Film } from './film.js';
import { arrange } from './layout.js';
import { panelAt } from './pointing.js';

const shape = { steps: 20, images: 1, channels: 1, height: 32, width: 32, columns: 0 };
const film = new Film(shape);

/** A box at 100, 50 of the window. @param {number} ratio */
function boxed(ratio) {
  const box = /** @type {Element} */ (/** @type {unknown} */ ({ getBoundingClientRect: () => ({ left: 100, top: 50 }) }));
  return { box, layout: arrange({ width: 640 * ratio, height: 500 * ratio, ratio }, shape, 2, 1, film.keptSteps) };
}

for (const ratio of [1, 2]) {
  test(`a point is in a panel, at ${ratio} device pixels`, () => {
    const { box, layout } = boxed(ratio);
    const { x, y, w, h } = layout.panels[1];
    const middle = panelAt(layout, box, ratio, 100 + (x + w / 2) / ratio, 50 + (y + h / 2) / ratio);
    assert.deepEqual(middle, { x: 0.5, y: 0.5, width: w / ratio, height: h / ratio });
    assert.equal(panelAt(layout, box, ratio, 101, 51), undefined);
  });
}

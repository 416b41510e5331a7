import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellsOf, sheetOf } from './decoded.js';

test('a sheet has the pixels of its digits side by side', () => {
  const ink = new Uint8Array(2 * 3 * 4).map((_, i) => 10 * i);
  const part = { left: -1, right: 2, bottom: -3, top: 4 };
  const sheet = sheetOf(/** @type {any} */ ({ ink, columns: 2, rows: 3, side: 2 }), part);
  assert.deepEqual([sheet.width, sheet.height, sheet.left, sheet.right, sheet.bottom, sheet.top], [4, 6, -1, 2, -3, 4]);
  const values = Array.from(sheet.values, (value) => Math.round(25.5 * value));
  assert.deepEqual(values.slice(0, 8), [0, 1, 4, 5, 2, 3, 6, 7]); // the first row of digits
  assert.deepEqual(values.slice(16), [16, 17, 20, 21, 18, 19, 22, 23]);
});

test('the cells are those of what is seen, each about as wide as a digit', () => {
  const view = { window: { x: 0.5, y: -1, scale: 240 }, size: { width: 480, height: 240 } };
  assert.deepEqual(cellsOf(view), { left: -0.5, right: 1.5, bottom: -1.5, top: -0.5, columns: 10, rows: 5 });
  const large = cellsOf({ ...view, size: { width: 9000, height: 10 } });
  assert.deepEqual([large.columns, large.rows], [40, 1]);
});

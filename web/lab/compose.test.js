import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compose, heated, layers } from './compose.js';
import { taken } from './film.js';

const bytes = (/** @type {number[]} */ values) => new Uint8Array(new Float32Array(values).buffer);
/** Two clouds of a point each, in three frames. */
const take = taken({ type: 'snapshot', id: 1, step: 9, whole: true, clouds: 2, points: 2, times: bytes([900, 400, 0]), states: bytes([4, 0, 0, 4, 2, 0, 0, 2, 1, 0, 0, 1]), guesses: bytes([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1]), alphaBar: bytes([]) });
const known = { window: { x: 0, y: 0, scale: 100 }, background: '#000000', take, moment: 0.75, classes: true, heat: undefined, scored: undefined, chosen: { clouds: [], paths: [] }, data: { points: new Float32Array([1, 1, 2, 2, 3, 3]), classes: new Uint8Array([0, 1, 0]) } };

test('clouds are told apart by class, and points have come from the frames before', () => {
  const { clouds } = compose({ ...known, layers: new Set(['data', 'points', 'trails']) });
  const [first, second, one, other] = clouds.map(({ points }) => [...points]);
  assert.deepEqual([first, second], [[1, 1, 3, 3], [2, 2]], 'the data of each class');
  assert.deepEqual([one, other], [[1, 0], [0, 1]]);
  assert.deepEqual(clouds.slice(2).map(({ before, way }) => [...(before ?? []), way]), [[2, 0, 0.5], [0, 2, 0.5]]);
  assert.deepEqual(clouds[3].trails.map((trail) => [...trail]), [[0, 2], [0, 4]], 'the newest first');
  assert.notEqual(clouds[2].colour, clouds[3].colour);
  const rest = compose({ ...known, layers: new Set(['points']), moment: 1 }).clouds;
  assert.deepEqual(rest.map(({ trails, before }) => [trails, before]), [[[], undefined], [[], undefined]]);
});

test('whole ways go through all that was kept of a point', () => {
  const { paths } = compose({ ...known, layers: new Set(['courses']) });
  assert.deepEqual(paths.slice(-2).map(({ points }) => [...points]), [[4, 0, 2, 0, 1, 0], [0, 4, 0, 2, 0, 1]]);
});

test('points that go to and fro have shorter trails, which do not hide them', () => {
  const trailsOf = (/** @type {number[]} */ ways) => {
    const states = bytes(ways.flatMap((x) => [x, 0]));
    const times = bytes(ways.map((_, i) => 900 - 100 * i));
    const of = taken({ type: 'snapshot', id: 1, step: 9, whole: true, clouds: 1, points: 1, times, states, guesses: states, alphaBar: bytes([]) });
    return compose({ ...known, take: of, data: undefined, moment: 0.99, layers: new Set(['points', 'trails']) }).clouds[0].trails.length;
  };
  assert.equal(trailsOf([7, 6, 5, 4, 3, 2, 1, 0]), 5);
  assert.equal(trailsOf([7, -7, 6, -6, 5, -5, 1, 0]), 2);
});

test('an array is the same one in the next picture', () => {
  const scored = { type: /** @type {const} */ ('scored'), id: 1, t: 5, step: 9, points: bytes([0, 0]), model: bytes([1, 0]), exact: bytes([1, 0]) };
  const scenes = [0.6, 0.7].map((moment) => compose({ ...known, scored, moment, layers: new Set(layers) }));
  const arrays = scenes.map(({ clouds, arrows, paths }) => [...clouds.flatMap(({ points, trails }) => [points, ...trails]), ...arrows.flatMap(({ from, to }) => [from, to]), ...paths.map(({ points }) => points)]);
  assert.ok(arrays[0].length > 10 && arrays[0].every((array, i) => array === arrays[1][i]));
});

test('arrows go where the score leads, long ones not much farther', () => {
  const scored = { type: /** @type {const} */ ('scored'), id: 1, t: 5, step: 9, points: bytes([0, 0, 1, 0]), model: bytes([1, 0, 0, -400]), exact: bytes([]) };
  const { arrows } = compose({ ...known, scored, layers: new Set(layers) });
  assert.equal(arrows.length, 1, 'none of an exact score that is not known');
  const [x, y, , down] = arrows[0].to;
  assert.ok(x > 0.05 && x < 0.2 && y === 0, `${x}, ${y}`);
  assert.ok(down < 0 && down > -0.2, `${down}`);
});

test('a density is hot where it is high', () => {
  const { values, left, top } = heated({ type: 'shaded', id: 1, t: -1, columns: 2, rows: 1, values: bytes([4, 1]) }, 2);
  assert.deepEqual([...values], [1, 0.5]);
  assert.deepEqual([left, top], [-2, 2]);
  assert.deepEqual([...heated({ type: 'shaded', id: 1, t: -1, columns: 1, rows: 1, values: bytes([0]) }, 2).values], [0], 'nothing is nowhere hot');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Packer } from './packed.js';

/** @import { Scene } from './scene.js' */

/** @param {number[]} numbers */
const of = (...numbers) => new Float32Array(numbers);

/** @param {Partial<Scene>} [more] @returns {Scene} */
function scene(more) {
  return { window: { x: 0.5, y: -0.5, scale: 100 }, background: '#102030', arrows: [], clouds: [], paths: [], ...more };
}

/** @param {Packer} packer @param {Partial<Scene>} [more] */
function packed(packer, more) {
  const { ints, floats } = packer.pack(scene(more), 2);
  return [[...ints], [...floats]];
}

test('a scene is packed as wasm/plane reads it', () => {
  // The same numbers are in wasm/plane/scene_test.go.
  const [one, other] = [of(3, 4), of(5, 6)];
  const heat = { values: of(0, 0.25, 0.5, 1), width: 2, height: 2, left: -1, right: 1, bottom: -2, top: 2, colours: ['#0000ff', '#ff0000'], opacity: 0.75 };
  const got = packed(new Packer(), {
    heat,
    arrows: [{ from: one, to: other, colour: '#00ff00', opacity: 0.5, width: 1.5 }],
    clouds: [{ points: one, before: other, way: 0.25, trails: [other, of()], colour: '#336699', opacity: 1, radius: 2.5 }],
    paths: [{ points: other, colour: '#ffffff', opacity: 1, width: 3 }],
  });
  assert.deepEqual(got, [
    [0x102030, 3, 0, 4, 1, 2, 2, 2, 1, 0, 2, 2, 2, 0x0000ff, 0xff0000, 1, 1, 2, 0x00ff00, 1, 1, 2, 0x336699, 2, 2, -1, 1, 2, 0xffffff],
    [0.5, -0.5, 100, 2, 0, 0.25, 0.5, 1, 3, 4, 5, 6, -1, 1, -2, 2, 0.75, 0.5, 1.5, 1, 2.5, 0.25, 1, 3],
  ]);
});

test('what the viewer holds is named by its place, and places are used again', () => {
  const packer = new Packer();
  const path = (/** @type {Float32Array} */ points) => ({ points, colour: '#000000', opacity: 1, width: 1 });
  const [a, b, c] = [of(1, 1), of(2, 2), of(3, 3)];
  /** Places and arrays that came, and the places of the paths. @param {Float32Array[]} points */
  const go = (...points) => {
    const { ints, floats } = packer.pack(scene({ paths: points.map(path) }), 1);
    const fresh = ints[1];
    const list = [...ints.subarray(2, 2 + 2 * fresh)].filter((_, i) => i % 2 === 0);
    const named = [...ints.subarray(6 + 2 * fresh)].filter((_, i) => i % 2 === 0);
    return [list, named, floats.length - 4 - 2 * points.length];
  };
  assert.deepEqual(go(a, b), [[0, 1], [0, 1], 4]);
  assert.deepEqual(go(a, b), [[], [0, 1], 0]);
  assert.deepEqual(go(b, a, b), [[], [1, 0, 1], 0]);
  assert.deepEqual(go(c, b), [[0], [0, 1], 2], 'the place of what is gone');
  assert.deepEqual(go(a, b, c), [[2], [2, 1, 0], 2], 'it comes again');
  assert.deepEqual(go(of()), [[], [-1], 0], 'an empty one needs no place');
});

test('a step brings only its own points: older ones are trails', () => {
  const packer = new Packer();
  /** @type {Float32Array[]} */
  let steps = [];
  for (let i = 0; i < 12; i++) {
    steps = [of(i, i, i, i), ...steps].slice(0, 9);
    const [points, ...trails] = steps;
    const { ints, floats } = packer.pack(scene({ clouds: [{ points, before: trails[0], trails, colour: '#ffffff', opacity: 1, radius: 2 }] }), 1);
    assert.deepEqual([ints[1], floats.length], [1, 4 + 4 + 3]);
    assert.ok(ints[2] <= 9, `place ${ints[2]}`);
  }
});

test('memory grows with a scene, and arrays that are missing are none', () => {
  const packer = new Packer();
  const many = Float32Array.from({ length: 50000 }, (_, i) => i);
  const path = { points: many, colour: '#000000', opacity: 1, width: 1 };
  assert.deepEqual(packer.pack(scene({ paths: [path] }), 1).floats.subarray(4, 50004), many);
  const missing = /** @type {Float32Array} */ (/** @type {unknown} */ (undefined));
  assert.deepEqual(packed(packer, { paths: [{ ...path, points: missing }] })[0], [0x102030, 0, 0, 0, 0, 1, -1, 0]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chosen, colourOf, endsOf, solvers } from './chosen.js';

/** @import { Engine } from './engine.js' */
/** @import { Layer } from './compose.js' */

const bytes = (/** @type {number[]} */ values) => new Uint8Array(new Float32Array(values).buffer);
const both = { ways: [{ sampler: 'heun', fresh: false, points: 2 }, { sampler: 'ddpm', fresh: true, points: 3 }], clouds: 2, points: bytes([1, 1, 2, 2, 1, 1, 3, 3, 1, 1, 4, 4, 5, 5, 1, 1, 6, 6, 7, 7]) };

/** An engine that answers with what it was asked for. @param {string[]} asked */
function engine(asked) {
  const answers = { path: { type: 'traced', model: bytes([1, 1, 0, 0]), exact: bytes([1, 1, 0.5, 0]) }, solve: { type: 'solved', ...both } };
  const ask = async (/** @type {{type: 'path' | 'solve'}} */ { type }) => (asked.push(type), answers[type]);
  return /** @type {Engine} */ (/** @type {unknown} */ ({ ask }));
}

test('the ways of a message are apart by sampler and by class', () => {
  const lines = solvers(both);
  assert.deepEqual(lines.map(({ sampler, kind }) => [sampler, kind]), [['heun', 'solver'], ['ddpm', 'walk']]);
  assert.deepEqual(lines.map(endsOf).map((ends) => ends.map((end) => [...end])), [[[2, 2], [3, 3]], [[5, 5], [7, 7]]]);
});

test('a point is asked about once for each network, and solvers only where they are shown', async () => {
  /** @type {string[]} */
  const asked = [];
  const chosen = new Chosen(engine(asked), () => {});
  const [network, later] = [{}, {}];
  /** @type {Set<Layer>} */
  const layers = new Set();
  await chosen.look(network, layers, 0);
  assert.deepEqual(asked, [], 'no point, no question');
  chosen.choose({ x: 1, y: 1, t: 999 });
  await chosen.look(network, layers, 0);
  await chosen.look(network, layers, 0);
  assert.deepEqual(asked, ['path']);
  layers.add('ways');
  await chosen.look(network, layers, 0);
  assert.deepEqual(asked, ['path', 'solve']);
  assert.deepEqual(chosen.lines(layers).map(({ kind }) => kind), ['flow', 'exact', 'solver', 'walk']);
  await chosen.look(later, layers, 0);
  assert.deepEqual(asked.slice(2), ['path', 'solve']);
  layers.delete('ways');
  assert.equal(chosen.lines(layers).length, 2);
  chosen.choose(undefined);
  assert.equal(chosen.lines(layers).length, 0);
});

test('what stands out is drawn last and clearly, with the same arrays each time', async () => {
  const chosen = new Chosen(engine([]), () => {});
  /** @type {Set<Layer>} */
  const layers = new Set(['ways']);
  chosen.choose({ x: 1, y: 1, t: 999 });
  await chosen.look({}, layers, 0);
  const all = chosen.shapes(layers, () => false);
  const one = chosen.shapes(layers, ({ sampler }) => sampler === 'ddpm');
  assert.equal(all.paths.length, 6);
  assert.ok(one.paths.slice(0, 4).every(({ opacity }) => opacity < 0.2) && one.paths.slice(4).every(({ opacity }) => opacity === 1));
  assert.equal(one.clouds.length, 3, 'its ends, and where all begin');
  assert.ok(one.clouds.every(({ points }) => all.clouds.some((cloud) => cloud.points === points)));
});

test('neighbours have colours of their own', () => {
  const colours = Array.from({ length: 31 }, (_, i) => colourOf(i));
  assert.equal(new Set(colours).size, 31);
  assert.ok(colours.every((colour) => /^#[0-9a-f]{6}$/.test(colour)), colours.join());
});

test('what is expected of a point is asked where the flow has carried it', async () => {
  /** @type {{type: string, x: number, y: number, t: number}[]} */
  const asked = [];
  const posterior = { exact: false, x: 0, y: 0, long: 1, short: 0.5, alongX: 0, alongY: 1 };
  const ask = async (/** @type {{type: string, x: number, y: number, t: number}} */ question) => {
    asked.push(question);
    return question.type === 'path' ? { type: 'traced', model: bytes([4, 0, 2, 0, 0, 0]), exact: bytes([]) } : { type: 'inferred', t: 0, posteriors: [posterior] };
  };
  const chosen = new Chosen(/** @type {Engine} */ (/** @type {unknown} */ ({ ask })), () => {});
  /** @type {Set<Layer>} */
  const layers = new Set(['posterior']);
  const network = {};
  chosen.choose({ x: 4, y: 0, t: 799 });
  for (const t of [999, 799, 599, 199, 0]) await chosen.look(network, layers, t);
  assert.deepEqual(asked.slice(1).map(({ type, x, y, t }) => [type, x.toFixed(2), y, t]), [['infer', '4.00', 0, 999], ['infer', '4.00', 0, 799], ['infer', '3.00', 0, 599], ['infer', '1.00', 0, 199], ['infer', '0.00', 0, 0]]);
  const { shapes } = chosen.belief(layers) ?? assert.fail();
  const [, { points }] = shapes.paths;
  assert.deepEqual([points[0], points[1]].map(Math.round), [0, 2], 'two deviations along its axis');
  assert.deepEqual([...points.subarray(0, 2)], [...points.subarray(-2)], 'it is closed');
  layers.delete('posterior');
  assert.equal(chosen.belief(layers), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apart, draw, Peer } from './ddim.js';
import { comparable, turn } from './guided.js';

/** @param {Partial<import('./ddim.js').Plan>} [members] @returns {import('./ddim.js').Plan} */
const plan = (members) => ({
  steps: [{ t: 500, alphaBar: 0.25, next: 0.64 }, { t: 0, alphaBar: 0.64, next: 1 }],
  guidance: 2, bound: 1, rederive: false, shape: [1, 1, 2], noise: [1, -0.5], picture: [], hash: '', ...members,
});

/** @param {ArrayLike<number>} got @param {number[]} want */
function near(got, want) {
  assert.ok(apart(got, want) < 1e-6, `${Array.from(got)} is not ${want}`);
}

test('a network that knows the picture is led there, by what guidance makes of both passes', async () => {
  const picture = [0.3, -0.8];
  const { steps } = plan();
  /** @type {number[]} */
  const times = [];
  const got = await draw(plan(), async (x, t) => {
    times.push(t);
    const { alphaBar } = steps[times.length - 1];
    const epsilon = picture.map((p, i) => (x[i] - Math.sqrt(alphaBar) * p) / Math.sqrt(1 - alphaBar));
    // u + 2·(c − u) = ε
    return [Float32Array.from(epsilon, (e) => (e + 0.5) / 2), new Float32Array(2).fill(0.5)];
  });
  assert.deepEqual(times, [500, 0]);
  near(got, picture);
});

test('x̂0 is bounded, and ε̂ derived from it again if the plan says so', async () => {
  const zeros = async () => [new Float32Array(2), new Float32Array(2)];
  // x̂0 = (1, −0.5)/√0.25 = (2, −1), bounded (1, −1); ε̂ = 0.
  near(await draw(plan(), zeros, 1), [0.8, -0.8]);
  // ε̂ = (x − 0.5·x̂0)/√0.75 = (0.5, 0)/√0.75, of which √0.36 is kept.
  near(await draw(plan({ rederive: true }), zeros, 1), [0.8 + (0.6 * 0.5) / Math.sqrt(0.75), -0.8]);
});

test('states are apart by their largest difference', () => {
  assert.equal(apart([1, 2, 3], [1, 2.5, 2.75]), 0.5);
  assert.equal(apart([1], [1, 2]), Infinity);
  assert.equal(apart([NaN, 2], [1, 2]), Infinity);
});

class Tensor {
  /** @param {string} type @param {ArrayLike<number | bigint>} data @param {number[]} dims */
  constructor(type, data, dims) {
    Object.assign(this, { type, data, dims });
  }
}

/** What looks like onnxruntime-web. @param {object[]} inputs @param {(feeds: any) => Float32Array} answer @param {number} [most] threads */
function runtime(inputs, answer, most = 8) {
  const wasm = { numThreads: 0 };
  const create = async () => {
    wasm.numThreads = Math.min(wasm.numThreads, most);
    return { inputMetadata: inputs, outputNames: ['out'], run: async (/** @type {any} */ feeds) => ({ out: { data: answer(feeds) } }) };
  };
  return { env: { wasm }, Tensor, InferenceSession: { create } };
}

for (const batch of [1, 'batch', 2]) {
  test(`both passes of a step are made as a model with a batch of ${batch} takes them`, async () => {
    /** @type {any[]} */
    const asked = [];
    const ort = runtime([
      { name: 't', type: 'int64', shape: [batch] },
      { name: 'x', type: 'float32', shape: [batch, 1, 1, 2] },
    ], (feeds) => {
      asked.push(feeds);
      return Float32Array.from(feeds.x.data, () => 0);
    });
    const peer = await Peer.open(ort, new Uint8Array(), 1);
    assert.deepEqual(peer.takes, { together: batch !== 1, apart: batch !== 2 });
    for (const together of [true, false]) {
      asked.length = 0;
      near(await peer.draw(plan(), together, 1), [0.8, -0.8]);
      const count = together ? 2 : 1;
      assert.deepEqual(asked.map(({ x, t }) => [x.dims, t.dims, t.type, [...t.data]]),
        Array.from({ length: 3 - count }, () => [[count, 1, 1, 2], [count], 'int64', Array(count).fill(500n)]));
    }
  });
}

test('a timestep may be one number of 32 bits', async () => {
  /** @type {any} */
  let asked;
  const ort = runtime([{ name: 'x', type: 'float32', shape: ['n', 1, 1, 2] }, { name: 't', type: 'float32', shape: [] }], (feeds) => {
    asked = feeds.t;
    return new Float32Array(4);
  });
  await (await Peer.open(ort, new Uint8Array(), 2)).draw(plan(), true, 1);
  assert.deepEqual([asked.dims, asked.type, [...asked.data]], [[], 'float32', [500]]);
});

test('a peer with fewer threads, or a model with other inputs, is refused', async () => {
  const x = { name: 'x', type: 'float32', shape: [1, 1, 1, 2] };
  const t = { name: 't', type: 'float32', shape: [1] };
  const answer = () => new Float32Array(2);
  await assert.rejects(Peer.open(runtime([x, t], answer, 1), new Uint8Array(), 2), /runs on 1 of the 2 threads/);
  for (const inputs of [[x], [t], [x, t, { name: 'c', type: 'int64', shape: [1] }]]) {
    await assert.rejects(Peer.open(runtime(inputs, answer), new Uint8Array(), 1), /take a sample .* and a timestep/);
  }
});

test('a page that is not isolated, and a browser with one processor, are refused with a sentence', () => {
  const navigator = { hardwareConcurrency: 2 };
  assert.throws(() => comparable({ navigator }), /Cross-Origin-Opener-Policy: same-origin .*Cross-Origin-Embedder-Policy: require-corp/);
  assert.throws(() => comparable({ crossOriginIsolated: true, navigator: { hardwareConcurrency: 1 } }), /one processor/);
  comparable({ crossOriginIsolated: true, navigator });
});

test('each has every place of a round as often as the others', () => {
  const places = new Map();
  for (let round = 0; round < 8; round++) {
    turn(['a', 'b', 'c', 'd'], round).forEach((name, place) => places.set(name + place, (places.get(name + place) ?? 0) + 1));
  }
  assert.deepEqual([places.size, ...new Set(places.values())], [16, 2]);
});

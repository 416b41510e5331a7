// The benchmark of one denoising network, the same in Node and in a browser's
// worker: who calls it brings the bytes and a clock's worth of patience.

/**
 * @typedef {{name: string, run: () => unknown}} Candidate
 * @typedef {{name: string, runs: number, median: number, quartile: number, least: number}} Timing milliseconds
 * @typedef {{name: string, multiplyAdds: number, ms: number}} Part
 * @typedef {{kernels: string, loadMs: number, parameters: number, bytes: number, memory: number, multiplyAdds: number,
 *   timings: Timing[], rounds: number[][], parts: Part[], micro: Part[], peak: number}} Result
 */

/**
 * Starts wasm/bench; wasm_exec.js must have run.
 * @param {BufferSource} wasm
 */
export async function start(wasm) {
  const scope = /** @type {any} */ (globalThis);
  const go = new scope.Go();
  const { instance } = await WebAssembly.instantiate(wasm, go.importObject);
  delete scope.tweedieBench;
  go.run(instance);
  while (!scope.tweedieBench) await pause(1);
  return { bench: scope.tweedieBench, memory: () => /** @type {any} */ (instance.exports).mem.buffer.byteLength };
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Loads a network and times its step, alone and as the two passes of guidance,
 * alternating with the peers in one process.
 * @param {{bench: any, memory: () => number}} started
 * @param {string} config config.json, empty if the weights hold it
 * @param {Uint8Array} weights
 * @param {number} rounds of five runs each
 * @param {Candidate[]} peers
 * @returns {Promise<Result>}
 */
export async function measure({ bench, memory }, config, weights, rounds, peers = []) {
  const loaded = bench.load(config, weights);
  if (loaded.error) throw new Error(loaded.error);
  /** @type {Candidate[]} */
  const candidates = [
    { name: 'one pass', run: () => bench.step(1) },
    { name: 'guided step, two passes', run: () => bench.step(2) },
    ...peers,
  ];
  for (const c of candidates) {
    for (let i = 0; i < 20; i++) await c.run(); // engines compile what runs often
    await pause(200);
  }
  const times = candidates.map(() => /** @type {number[]} */ ([]));
  for (let r = 0; r < rounds; r++) {
    for (let c = 0; c < candidates.length; c++) {
      for (let i = 0; i < 5; i++) {
        const from = performance.now();
        await candidates[c].run();
        times[c].push(performance.now() - from);
      }
    }
  }
  return {
    kernels: bench.kernels,
    loadMs: loaded.ms, parameters: loaded.parameters, bytes: loaded.bytes, memory: memory(), multiplyAdds: loaded.multiplyAdds,
    timings: candidates.map(({ name }, c) => summary(name, times[c])),
    rounds: times.map(medians),
    parts: fastest(8, () => bench.profile(1, 8)),
    micro: bench.micro(),
    peak: peak(bench),
  };
}

/** @param {number[]} x @param {number} f */
const quantile = (x, f) => [...x].sort((a, b) => a - b)[Math.floor((x.length - 1) * f)];

/** @param {string} name @param {number[]} ms @returns {Timing} */
const summary = (name, ms) => ({ name, runs: ms.length, median: quantile(ms, 0.5), quartile: quantile(ms, 0.25), least: quantile(ms, 0) });

/** Medians of the rounds. @param {number[]} ms */
function medians(ms) {
  const list = [];
  for (let i = 0; i < ms.length; i += 5) list.push(quantile(ms.slice(i, i + 5), 0.5));
  return list;
}

/** @param {number} times @param {() => Part[]} profile */
function fastest(times, profile) {
  /** @type {Part[]} */
  let best = [];
  let least = Infinity;
  for (let i = 0; i < times; i++) {
    const parts = profile();
    const sum = parts.reduce((s, p) => s + p.ms, 0);
    if (sum < least) [least, best] = [sum, parts];
  }
  return best;
}

/** Multiply-adds on registers alone, in GFLOP/s. @param {any} bench */
function peak(bench) {
  let best = 0;
  for (let i = 0; i < 20; i++) {
    const from = performance.now();
    const made = bench.peak(100000);
    best = Math.max(best, (2e-6 * made) / (performance.now() - from));
  }
  return best;
}

/**
 * onnxruntime-web's step of the same network.
 * @param {any} ort @param {Uint8Array} model @returns {Promise<Candidate>}
 */
export async function onnxruntime(ort, model) {
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  /** @type {Record<string, unknown>} */
  const feeds = {};
  for (const input of session.inputMetadata) {
    const shape = input.shape.map((/** @type {unknown} */ d) => (typeof d === 'number' ? d : 1));
    const n = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    feeds[input.name] = input.type === 'float32'
      ? new ort.Tensor('float32', Float32Array.from({ length: n }, (_, i) => (n === 1 ? 10 : (i % 13) / 6 - 1)), shape)
      : new ort.Tensor('int64', BigInt64Array.from({ length: n }, () => 10n), shape);
  }
  return { name: 'onnxruntime-web', run: () => session.run(feeds) };
}

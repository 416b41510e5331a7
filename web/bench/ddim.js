// A guided picture by DDIM with the network of onnxruntime-web, for the comparison with
// this program's own. tools/bench plans it: with the same noise and the same steps both
// draw the same picture.

/**
 * A step at timestep t, from ᾱ of the noise level alphaBar to that of next.
 * @typedef {{t: number, alphaBar: number, next: number}} PlanStep
 */

/**
 * shape is [C,H,W] of noise, where the picture begins, and of picture, where this program ends.
 * x̂0 is kept between −bound and bound; with rederive, ε̂ is derived from it again.
 * @typedef {{steps: PlanStep[], guidance: number, bound: number, rederive: boolean,
 *   shape: number[], noise: number[], picture: number[], hash: string}} Plan
 */

/**
 * Makes both passes of a step at x: ε̂ with the class, and without.
 * @typedef {(x: Float32Array, t: number) => Promise<Float32Array[]>} Passes
 */

/**
 * Draws the first steps of a plan, or all. Song et al. (arXiv:2010.02502), equation 12 with σ = 0.
 * @param {Plan} plan @param {Passes} passes @param {number} [count] of steps
 * @returns {Promise<Float64Array>} the state after the last, [C·H·W]
 */
export async function draw(plan, passes, count = plan.steps.length) {
  const x = Float64Array.from(plan.noise);
  const seen = new Float32Array(x.length);
  const { guidance, bound, rederive } = plan;
  for (const { t, alphaBar, next } of plan.steps.slice(0, count)) {
    seen.set(x);
    const [withClass, without] = await passes(seen, t);
    const [signal, noise] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
    const [signalNext, noiseNext] = [Math.sqrt(next), Math.sqrt(1 - next)];
    for (let i = 0; i < x.length; i++) {
      let epsilon = without[i] + guidance * (withClass[i] - without[i]);
      const x0 = Math.min(Math.max((x[i] - noise * epsilon) / signal, -bound), bound);
      if (rederive) epsilon = (x[i] - signal * x0) / noise;
      x[i] = signalNext * x0 + noiseNext * epsilon;
    }
  }
  return x;
}

/** The largest difference of two states, Infinity if they cannot be compared. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function apart(a, b) {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (Number.isNaN(d)) return Infinity;
    most = Math.max(most, d);
  }
  return most;
}

/** A network in onnxruntime-web with a fixed number of threads. */
export class Peer {
  #ort;
  #session;
  #sample;
  #time;

  /** @param {any} ort @param {any} session */
  constructor(ort, session) {
    this.#ort = ort;
    this.#session = session;
    const inputs = session.inputMetadata;
    this.#sample = inputs.find((/** @type {any} */ each) => each.shape.length === 4);
    this.#time = inputs.find((/** @type {any} */ each) => each !== this.#sample);
    if (!this.#sample || !this.#time || inputs.length > 2) {
      throw new Error('the ONNX model has to take a sample [batch, channels, height, width] and a timestep, and nothing else');
    }
  }

  /**
   * onnxruntime-web has one number of threads for as long as it runs, and so a worker of its own for each.
   * @param {any} ort @param {Uint8Array} model @param {number} threads
   */
  static async open(ort, model, threads) {
    ort.env.logLevel = 'error';
    ort.env.wasm.numThreads = threads;
    const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
    if (ort.env.wasm.numThreads !== threads) {
      throw new Error(`onnxruntime-web runs on ${ort.env.wasm.numThreads} of the ${threads} threads that it was to have`);
    }
    return new Peer(ort, session);
  }

  /** Whether the model takes both passes at once, and whether one at a time. */
  get takes() {
    const batch = this.#sample.shape[0];
    return { together: batch !== 1, apart: batch !== 2 };
  }

  /**
   * Draws as draw does, with the two passes of a step as a batch of two or one after the other.
   * @param {Plan} plan @param {boolean} together @param {number} [count] of steps
   */
  draw(plan, together, count) {
    return draw(plan, (x, t) => this.#passes(x, t, plan.shape, together), count);
  }

  /** @param {Float32Array} x @param {number} t @param {number[]} shape @param {boolean} together */
  async #passes(x, t, shape, together) {
    if (!together) return [await this.#pass(x, t, shape, 1), await this.#pass(x, t, shape, 1)];
    const both = new Float32Array(2 * x.length);
    both.set(x);
    both.set(x, x.length);
    const out = await this.#pass(both, t, shape, 2);
    return [out.subarray(0, x.length), out.subarray(x.length)];
  }

  /** @param {Float32Array} x @param {number} t @param {number[]} shape @param {number} batch */
  async #pass(x, t, shape, batch) {
    const { name, type, shape: asked } = this.#time;
    const count = asked.length ? batch : 1;
    const times = type === 'int64' ? new BigInt64Array(count).fill(BigInt(t)) : new Float32Array(count).fill(t);
    const out = await this.#session.run({
      [this.#sample.name]: new this.#ort.Tensor('float32', x, [batch, ...shape]),
      [name]: new this.#ort.Tensor(type, times, asked.length ? [count] : []),
    });
    return /** @type {Float32Array} */ (out[this.#session.outputNames[0]].data);
  }
}

// The pictures of one run, for the plain canvas and for a viewer that arrives
// late. It keeps the same steps as wasm/view does, under the same bound.

/** @import { RunShape, Step } from './types.js' */

const memory = 24 << 20;

/** @typedef {{step: number, xt: Uint8Array, x0: Uint8Array}} Frame */

export class Film {
  /** @param {RunShape} shape */
  constructor(shape) {
    this.shape = shape;
    const stepBytes = 2 * shape.images * shape.height * shape.width * shape.channels;
    const fitting = Math.max(1, Math.floor(memory / stepBytes));
    this.stride = 1 + Math.floor((shape.steps - 1) / fitting);
    this.first = 1 + ((shape.steps - 1) % this.stride);
    this.latest = 0;
    /** The newest frame of each picture. @type {(Frame | undefined)[]} */
    this.live = new Array(shape.images).fill(undefined);
    /** Frames by step, then by picture. @type {Map<number, (Frame | undefined)[]>} */
    this.kept = new Map();
  }

  get keptSteps() {
    return 1 + Math.floor((this.shape.steps - this.first) / this.stride);
  }

  /** @param {Step} message */
  add({ step, image, xt, x0 }) {
    const frame = { step, xt, x0 };
    this.live[image] = frame;
    this.latest = Math.max(this.latest, step);
    if (step >= this.first && (step - this.first) % this.stride === 0) {
      let frames = this.kept.get(step);
      if (!frames) this.kept.set(step, (frames = []));
      frames[image] = frame;
    }
  }

  /**
   * x̂0 of the first picture at a kept step.
   * @param {number} step
   */
  thumb(step) {
    return this.kept.get(step)?.[0]?.x0;
  }

  /**
   * The steps that a film strip of n places shows.
   * @param {number} n
   */
  slots(n) {
    const m = this.keptSteps;
    const at = (/** @type {number} */ j) => this.first + j * this.stride;
    if (n <= 1) return [at(m - 1)];
    return Array.from({ length: Math.min(n, m) }, (_, i) => at(Math.floor((i * (m - 1)) / (Math.min(n, m) - 1))));
  }

  /**
   * Calls take for everything that is held, oldest first.
   * @param {(step: number, image: number, xt: Uint8Array, x0: Uint8Array) => void} take
   */
  replay(take) {
    for (const frames of this.kept.values()) {
      frames.forEach((frame, image) => frame && take(frame.step, image, frame.xt, frame.x0));
    }
    this.live.forEach((frame, image) => frame && take(frame.step, image, frame.xt, frame.x0));
  }
}

// What a network drew at moments of its training: each a cloud of points on its way from
// noise. They are kept for scrubbing through both times, and thinned so that they stay few.

/** @import { Snapshot } from './messages.js' */

/**
 * @typedef {object} Take one snapshot
 * @property {number} step training steps that the network had
 * @property {boolean} whole
 * @property {number} points of all clouds
 * @property {Float32Array<ArrayBuffer>} times timestep of each frame, 0 of the last
 * @property {Float32Array[][]} states of each frame each cloud, [points][2]
 * @property {Float32Array[][]} guesses clean points that the network saw in each
 * @property {Float32Array} [alphaBar] the learned schedule of this moment
 */

/** How many are kept. */
const most = 48;

/** Numbers that came in a buffer. @param {Uint8Array<ArrayBuffer>} bytes */
export function numbers(bytes) {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** @param {Snapshot} message @returns {Take} */
export function taken({ step, whole, clouds, points, times, states, guesses, alphaBar }) {
  const each = (2 * points) / clouds;
  const parts = (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => {
    const all = numbers(bytes);
    return Array.from({ length: all.length / 2 / points }, (_, frame) =>
      Array.from({ length: clouds }, (_, cloud) => all.subarray((frame * clouds + cloud) * each, (frame * clouds + cloud + 1) * each)));
  };
  const learned = alphaBar.length > 0 ? numbers(alphaBar) : undefined;
  return { step, whole, points, times: numbers(times), states: parts(states), guesses: parts(guesses), alphaBar: learned };
}

export class Film {
  /** In the order of training. @type {Take[]} */
  takes = [];

  clear() {
    this.takes = [];
  }

  /** @param {Take} take a newer one of the same step takes its place */
  add(take) {
    this.takes = this.takes.filter(({ step }) => step < take.step);
    this.takes.push(take);
    if (this.takes.length > most) this.#thin();
  }

  get last() {
    return this.takes.at(-1);
  }

  /** The last take that is not later than a training step, or the first. @param {number} step */
  at(step) {
    return this.takes.filter((take) => take.step <= step).at(-1) ?? this.takes[0];
  }

  /** Takes out the one whose neighbours are closest together; the first and the last stay. */
  #thin() {
    let found = 1;
    for (let i = 1; i < this.takes.length - 1; i++) {
      if (this.#gap(i) < this.#gap(found)) found = i;
    }
    this.takes.splice(found, 1);
  }

  /** @param {number} i */
  #gap(i) {
    return this.takes[i + 1].step - this.takes[i - 1].step;
  }
}

/** Where a moment lies between two frames. @param {Take} take @param {number} moment from 0, noise, to 1 */
export function between(take, moment) {
  const frames = take.times.length;
  const at = Math.max(0, Math.min(1, moment)) * (frames - 1);
  const frame = Math.min(Math.floor(at), Math.max(0, frames - 2));
  return { frame, share: at - frame };
}

/** The timestep of a moment. @param {Take} take @param {number} moment */
export function timeAt(take, moment) {
  const { frame, share } = between(take, moment);
  const next = take.times[frame + 1] ?? take.times[frame];
  return take.times[frame] + share * (next - take.times[frame]);
}

/** The moment of a timestep: what timeAt is of. @param {Take} take @param {number} t */
export function momentAt({ times }, t) {
  const last = times.length - 1;
  let frame = 0;
  while (frame < last - 1 && times[frame + 1] > t) frame++;
  const [from, to] = [times[frame], times[frame + 1] ?? times[frame]];
  const share = from > to ? (from - t) / (from - to) : 0;
  return last > 0 ? (frame + Math.max(0, Math.min(1, share))) / last : 1;
}

// What a network drew at moments of its training: each a cloud of points on its way from
// noise. They are kept for scrubbing through both times, and thinned so that they stay few.

/** @import { Snapshot } from './messages.js' */

/**
 * @typedef {object} Take one snapshot
 * @property {number} step training steps that the network had
 * @property {boolean} whole
 * @property {number} clouds
 * @property {number} points of all clouds
 * @property {Float32Array<ArrayBuffer>} times timestep of each frame, 0 of the last
 * @property {Float32Array<ArrayBuffer>} states [frames][points][2]
 * @property {Float32Array<ArrayBuffer>} guesses [frames][points][2]
 */

/** How many are kept. */
const most = 48;

/** Numbers that came in a buffer. @param {Uint8Array<ArrayBuffer>} bytes */
export function numbers(bytes) {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** @param {Snapshot} message @returns {Take} */
export function taken({ step, whole, clouds, points, times, states, guesses }) {
  return { step, whole, clouds, points, times: numbers(times), states: numbers(states), guesses: numbers(guesses) };
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

/** The points of a frame, [points][2]. @param {Take} take @param {number} frame @param {'states' | 'guesses'} [of] */
export function frameOf(take, frame, of = 'states') {
  return take[of].subarray(2 * take.points * frame, 2 * take.points * (frame + 1));
}

/** Points on the line between two frames. @param {Take} take @param {number} moment @param {'states' | 'guesses'} [of] */
export function pointsAt(take, moment, of = 'states') {
  const { frame, share } = between(take, moment);
  const from = frameOf(take, frame, of);
  if (share === 0) return from;
  const to = frameOf(take, frame + 1, of);
  return from.map((value, i) => value + share * (to[i] - value));
}

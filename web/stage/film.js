// The pictures of one run and the step that is shown. Memory is bounded: if all
// steps are larger than the limit, only every stride-th is kept, counted back from
// the last. The newest picture is held as well, so that a run is followed.

/** @import { RunShape, Step } from '../types.js' */
/** @import { View } from './views.js' */
import { limits } from '../engine/limits.js';
import { pixelsOf } from './views.js';

/** The part at which nothing of another step is left. */
const whole = 256;
/** Pictures that make a frame. */
const planes = 4;
/** How many of 256 levels a pixel may be from what it will be, to count as decided. */
export const tolerance = 8;

/** @typedef {{step: number, xt: Uint8Array<ArrayBuffer>, x0: Uint8Array<ArrayBuffer>, epsilon: Uint8Array<ArrayBuffer>, change: Uint8Array<ArrayBuffer>}} Frame */
/** @typedef {{t: number, alphaBar: number, largest: number, rms: number, noise: {mean: number, stdDev: number}[]}} Facts of the first picture's step, and the noise in each picture that is noised. */

/** A frame among those of its step, whose bytes are together: arrays of their own would weigh as much again. */
class Kept {
  /** @param {number} step @param {Uint8Array<ArrayBuffer>} bytes of all its pictures @param {number} from @param {number} size of a plane */
  constructor(step, bytes, from, size) {
    this.step = step;
    this.bytes = bytes;
    this.from = from;
    this.size = size;
  }

  get xt() {
    return this.#plane(0);
  }

  get x0() {
    return this.#plane(1);
  }

  get epsilon() {
    return this.#plane(2);
  }

  get change() {
    return this.#plane(3);
  }

  /** @param {number} i */
  #plane(i) {
    return this.bytes.subarray(this.from + i * this.size, this.from + (i + 1) * this.size);
  }
}

export class Film {
  /** @param {RunShape} shape @param {number} [films] that share the memory */
  constructor(shape, films = 1) {
    this.shape = shape;
    const stepBytes = planes * shape.images * shape.height * shape.width * shape.channels;
    const fitting = Math.max(1, Math.floor(Math.trunc(limits.memory / films) / stepBytes));
    this.stride = 1 + Math.floor((shape.steps - 1) / fitting);
    this.first = 1 + ((shape.steps - 1) % this.stride);
    this.latest = 0;
    /** Whether it goes from a picture to noise. */
    this.noised = false;
    /** The step that is shown, 0 to follow the newest. */
    this.shown = 0;
    /** The step that the shown one comes out of, and how far it has. */
    this.fading = { from: 0, part: whole };
    /** The newest frame of each picture. @type {(Frame | undefined)[]} */
    this.live = new Array(shape.images).fill(undefined);
    /** Frames by step, then by picture. @type {Map<number, (Frame | undefined)[]>} */
    this.kept = new Map();
    /** Frames of steps that are not kept and were made again. @type {Map<number, (Frame | undefined)[]>} */
    this.again = new Map();
    /** @type {Map<number, Facts>} */
    this.facts = new Map();
  }

  get keptSteps() {
    return 1 + Math.floor((this.shape.steps - this.first) / this.stride);
  }

  /** The step that is shown, 0 before the first. */
  get current() {
    return this.shown || this.latest;
  }

  /** Whether every picture of the last step is there. */
  get complete() {
    return this.live.every((frame) => frame?.step === this.shape.steps);
  }

  /** @param {Step} message */
  add({ step, image, xt, x0, epsilon, change, t, alphaBar, largest, rms, mean = 0, stdDev = 0 }) {
    const frame = { step, xt, x0, epsilon, change };
    this.live[image] = frame;
    this.latest = Math.max(this.latest, step);
    if (image === 0) this.facts.set(step, { t, alphaBar, largest, rms, noise: [] });
    const facts = this.facts.get(step);
    if (facts) facts.noise[image] = { mean, stdDev };
    if (step >= this.first && (step - this.first) % this.stride === 0) {
      let frames = this.kept.get(step);
      if (!frames) this.kept.set(step, (frames = []));
      frames[image] = this.#pack(frames, image, frame);
    }
  }

  /** A frame with its bytes among those of its step. @param {(Frame | undefined)[]} frames @param {number} image @param {Frame} frame */
  #pack(frames, image, { step, xt, x0, epsilon, change }) {
    const n = xt.length;
    const other = /** @type {Kept | undefined} */ (frames.find(Boolean));
    const bytes = other?.bytes ?? new Uint8Array(planes * n * this.shape.images);
    [xt, x0, epsilon, change].forEach((plane, i) => bytes.set(plane, (planes * image + i) * n));
    return new Kept(step, bytes, planes * image * n, n);
  }

  /** Whether every picture of a step can be shown. @param {number} step */
  has(step) {
    const frames = this.again.get(step) ?? this.kept.get(step);
    return step === this.latest || (frames?.filter(Boolean).length ?? 0) === this.shape.images;
  }

  /**
   * The steps around one that are not kept, which can be made again.
   * @param {number} step
   */
  gap(step) {
    const after = (((step - this.first) % this.stride) + this.stride) % this.stride;
    return { from: Math.max(1, step - after + 1), to: Math.min(this.latest, step - after + this.stride - 1) };
  }

  /** Forgets the steps that were made again, for others; not the one that is shown. */
  forget() {
    for (const step of this.again.keys()) if (step !== this.shown) this.again.delete(step);
  }

  /** Takes a picture of a step that was made again. @param {Step} message */
  recall({ step, image, xt, x0, epsilon, change }) {
    let frames = this.again.get(step);
    if (!frames) this.again.set(step, (frames = []));
    frames[image] = { step, xt, x0, epsilon, change };
  }

  /**
   * Goes to the nearest kept step at or below step, or to one that was made
   * again, and says which it is; 0, the newest or any above it follow the run.
   * @param {number} step
   */
  show(step) {
    this.fade(0, whole);
    this.shown = 0;
    if (step > 0 && step < this.latest) {
      const j = Math.trunc(Math.max(0, step - this.first) / this.stride);
      this.shown = Math.min(this.first + j * this.stride, this.latest);
      if (this.again.has(step) && this.has(step)) this.shown = step;
    }
    return this.current;
  }

  /**
   * Mixes the shown step with another kept step, in the ratio of part to 256 − part.
   * The mixture lasts until another step is shown.
   * @param {number} from @param {number} part
   */
  fade(from, part) {
    this.fading = { from, part: Math.trunc(Math.min(whole, Math.max(0, part))) };
  }

  /** Whether what is shown is a mixture of two steps. */
  get fades() {
    return this.fading.part < whole;
  }

  /**
   * The pixels of a view of a picture as they are shown.
   * @param {number} image @param {View} view
   */
  pixels(image, view) {
    const now = pixelsOf(this.frame(image), view);
    const { from, part } = this.fading;
    const before = this.fades ? pixelsOf((this.kept.get(from) ?? this.again.get(from))?.[image], view) : undefined;
    return now && before ? mixed(before, now, part) : now;
  }

  /** What is shown of a picture, of one step alone. @param {number} image */
  frame(image) {
    return this.kept.get(this.shown)?.[image] ?? this.again.get(this.shown)?.[image] ?? this.live[image];
  }

  /** What the strip shows of a run: its guess x̂0, or x_t on the way into noise. @returns {'xt' | 'x0'} */
  get strip() {
    return this.noised ? 'xt' : 'x0';
  }

  /**
   * The first picture at a kept step, as the strip shows it.
   * @param {number} step
   */
  thumb(step) {
    return this.kept.get(step)?.[0]?.[this.strip];
  }

  /**
   * The part of the final pictures, 0 to 1, that what is shown of x̂0 has right
   * already; undefined before they are known.
   */
  decided() {
    if (!this.complete || this.noised) return undefined;
    let right = 0;
    let all = 0;
    this.live.forEach((last, image) => {
      const end = last?.x0 ?? [];
      const now = this.frame(image)?.x0 ?? [];
      for (let i = 0; i < end.length; i++) if (Math.abs(end[i] - now[i]) <= tolerance) right++;
      all += end.length;
    });
    return right / all;
  }

  /**
   * The steps that a film strip of n places shows.
   * @param {number} n
   */
  slots(n) {
    const m = this.keptSteps;
    const at = (/** @type {number} */ j) => this.first + j * this.stride;
    const places = Math.min(n, m);
    if (places <= 1) return [at(m - 1)];
    return Array.from({ length: places }, (_, i) => at(Math.floor((i * (m - 1)) / (places - 1))));
  }

  /** The place in slots that is nearest to the shown step, −1 before the first. @param {number[]} slots */
  mark(slots) {
    const away = slots.map((step) => Math.abs(step - this.current));
    return this.current === 0 ? -1 : away.indexOf(Math.min(...away));
  }
}

/**
 * Mixes pixels in the ratio of 256 − part to part.
 * @param {Uint8Array<ArrayBuffer>} before @param {Uint8Array<ArrayBuffer>} now @param {number} part
 */
export function mixed(before, now, part) {
  const made = new Uint8Array(now.length);
  for (let i = 0; i < made.length; i++) made[i] = (before[i] * (whole - part) + now[i] * part + whole / 2) >> 8;
  return made;
}

// A recorded run as tools/pack/first writes it, where the form is said: the
// pictures of every step, each byte as its difference from the one expected,
// packed by how likely that was.

/** @import { Step } from '../types.js' */
import { normal } from './noise.js';

/** How unsure the expectation of an x̂0 can be, which makes its kind; the kind of x_t; the odds that each kind has. */
const [degrees, state, setOdds] = [8, 16, 256];

/**
 * Reads numbers that were packed bit by bit.
 * @param {Uint8Array} bytes @param {number} from
 * @returns {(kind: number) => number} the next number
 */
function unpacker(bytes, from) {
  const odds = new Uint16Array((state + 2) * setOdds).fill(1 << 15);
  // What is packed lies from the first to the second number; the third is its beginning.
  const at = Uint32Array.of(0, 0xffffffff, new DataView(bytes.buffer).getUint32(from));
  from += 4;
  const bit = (/** @type {number} */ place) => {
    const ones = odds[place];
    const middle = at[0] + ((at[1] - at[0]) >>> 16) * ones;
    const one = at[2] <= middle;
    at[Number(one)] = one ? middle : middle + 1;
    odds[place] = one ? ones + ((65535 - ones) >> 5) : ones - (ones >> 5);
    while ((at[0] ^ at[1]) >>> 24 === 0) {
      at[0] <<= 8;
      at[1] = (at[1] << 8) | 255;
      at[2] = (at[2] << 8) | bytes[from++];
    }
    return one;
  };
  return (kind) => {
    const place = kind * setOdds;
    let [digits, whole] = [0, 1];
    while (bit(place + digits)) digits++;
    for (; digits > 0; digits--) whole = 2 * whole + Number(bit(place + 8 + whole));
    return whole - 1;
  };
}

/** @param {number} value */
const bounded = (value) => Math.min(255, Math.max(0, value));

/** How many binary digits a number has. @param {number} n */
const digits = (n) => 32 - Math.clz32(n);

/**
 * Reads a recording.
 * @param {Uint8Array} bytes
 * @returns the recipe, the shape of its pictures, and those of each step, which are unpacked when they are asked for
 */
export function read(bytes) {
  const length = new DataView(bytes.buffer).getUint32(0);
  const { recipe, ...shape } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { recipe, shape, pictures: unpack(unpacker(bytes, 4 + length), shape) };
}

/**
 * The pictures of each step.
 * @param {(kind: number) => number} number
 * @param {{steps: number, images: number, channels: number, height: number, width: number,
 *   seed: [number, number], t: number[], alphaBar: number[], fresh: number[]}} film
 * @returns {Generator<Step[], void>}
 */
function* unpack(number, { steps, images, channels, height, width, seed, t, alphaBar, fresh }) {
  const [size, row] = [channels * height * width, channels * width];
  const blank = new Uint8Array(size).fill(128);
  const value = (/** @type {number} */ expected, /** @type {number} */ kind) => {
    const n = number(kind + Number(expected % 255 === 0));
    return (expected + (n & 1 ? -((n + 1) >> 1) : n >> 1)) & 255;
  };
  /** Noise in steps of a byte, in the order of bytes: the channels of a pixel together. @param {number} image @param {number} draw */
  const noise = (image, draw) => {
    const z = normal(size, seed, image, draw);
    return z.map((_, j) => 127.5 * z[(j % channels) * height * width + Math.floor(j / channels)]);
  };
  // Of each picture: its last x̂0, how that has changed, and its state in steps of a byte from the middle.
  const known = Array.from({ length: images }, (_, image) => ({ last: blank, changes: new Int16Array(size), states: noise(image, 0) }));
  for (let i = 0; i < steps; i++) {
    const [now, then] = [alphaBar[i], alphaBar[i + 1] ?? 1];
    const keeps = Math.sqrt(Math.max(1 - then - fresh[i] * fresh[i], 0) / Math.max(1 - now, 1e-9));
    const adds = Math.sqrt(then) - Math.sqrt(now) * keeps;
    yield known.map((of, image) => {
      const { last, changes, states } = of;
      const [x0, xt, off, added] = [new Uint8Array(size), new Uint8Array(size), new Int16Array(size), noise(image, i + 1)];
      for (let j = 0; j < size; j++) {
        const before = (/** @type {number} */ by) => (j < by ? 0 : Math.abs(off[j - by]));
        const unsure = Math.abs(changes[j]) + (j % channels ? 2 * before(1) : 0) + before(channels) + before(row);
        const expected = bounded(last[j] + (changes[j] >> 1));
        x0[j] = value(expected, 2 * Math.min(digits(unsure), degrees - 1));
        off[j] = x0[j] - expected;
        if (i > 0) changes[j] = x0[j] - last[j];
        states[j] = keeps * states[j] + adds * (x0[j] - 127.5) + fresh[i] * added[j];
        const leads = bounded(Math.floor(states[j] + 128));
        xt[j] = value(leads, state);
        // Not where it was expected: the nearest state that has this byte.
        if (xt[j] !== leads) states[j] = xt[j] - (xt[j] > leads ? 128 : 127);
      }
      of.last = x0;
      const facts = { step: i + 1, steps, image, images, t: t[i], alphaBar: now, largest: 0, rms: NaN, ms: 0 };
      return { type: /** @type {const} */ ('step'), id: 0, ...facts, xt, x0, epsilon: blank, change: blank };
    });
  }
}

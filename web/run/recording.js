// A recorded run as tools/pack/first writes it, where the form is said: the
// pictures of every step, each byte as its difference from the one expected,
// packed by how likely that was.

/** @import { Step } from '../types.js' */

/** The kinds of numbers, and how many odds those of one kind have. */
const [kinds, setOdds] = [8, 256];

/**
 * Reads numbers that were packed bit by bit.
 * @param {Uint8Array} bytes @param {number} from
 * @returns {(kind: number) => number} the next number
 */
function unpacker(bytes, from) {
  const odds = new Uint16Array(kinds * setOdds).fill(1 << 15);
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

/**
 * A state, in steps of a byte from the middle, that is not where it was expected: the nearest that has this byte, or
 * one like noise that has it.
 * @param {number} pixel @param {number} leads @param {boolean} first
 */
function stateOf(pixel, leads, first) {
  const beyond = pixel === 255 ? 128 : pixel === 0 ? -128 : 0;
  return pixel - (first ? 127.5 : pixel > leads ? 128 : 127) + beyond;
}

/**
 * Reads a recording.
 * @param {Uint8Array} bytes
 * @returns the recipe, the shape of its pictures, and those of each step, which are unpacked when they are asked for
 */
export function read(bytes) {
  const length = new DataView(bytes.buffer).getUint32(0);
  const { recipe, t, alphaBar, ...shape } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { recipe, shape, pictures: unpack(unpacker(bytes, 4 + length), shape, t, alphaBar) };
}

/**
 * The pictures of each step.
 * @param {(kind: number) => number} number @param {{steps: number, images: number, channels: number, height: number, width: number}} shape
 * @param {number[]} t @param {number[]} alphaBar
 * @returns {Generator<Step[], void>}
 */
function* unpack(number, { steps, images, channels, height, width }, t, alphaBar) {
  const size = channels * height * width;
  const blank = new Uint8Array(size).fill(128);
  const value = (/** @type {number} */ leads, /** @type {number} */ kind) => {
    const n = number(kind + Number(leads % 255 === 0));
    return (leads + (n & 1 ? -((n + 1) >> 1) : n >> 1)) & 255;
  };
  // Of each picture: its last x̂0, how that has changed, and its state.
  const known = Array.from({ length: images }, () => ({ last: blank, changes: new Int16Array(size), states: new Float64Array(size) }));
  for (let i = 0; i < steps; i++) {
    const [now, then, later] = [alphaBar[i], alphaBar[i + 1] ?? 1, i > 0 ? 2 : 0];
    const keeps = Math.sqrt((1 - then) / Math.max(1 - now, 1e-9));
    const adds = Math.sqrt(then) - Math.sqrt(now) * keeps;
    yield known.map((of, image) => {
      const { last, changes, states } = of;
      const [x0, xt] = [new Uint8Array(size), new Uint8Array(size)];
      for (let j = 0; j < size; j++) {
        const guess = (x0[j] = value(bounded(last[j] + (changes[j] >> 1)), later));
        if (later) changes[j] = guess - last[j];
        states[j] = keeps * states[j] + adds * (guess - 127.5);
        const leads = bounded(Math.floor(states[j] + 128));
        xt[j] = value(leads, 4 + later);
        if (xt[j] !== leads) states[j] = stateOf(xt[j], leads, !later);
      }
      of.last = x0;
      const facts = { step: i + 1, steps, image, images, t: t[i], alphaBar: now, largest: 0, rms: NaN, ms: 0 };
      return { type: /** @type {const} */ ('step'), id: 0, ...facts, xt, x0, epsilon: blank, change: blank };
    });
  }
}

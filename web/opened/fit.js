// A picture of any size in the size of a model, in whole numbers: what package
// sampler/picture/fit says, where the formula is; a test holds this to it.

/** @typedef {{channels: number, height: number, width: number}} Shape of a model's pictures */

/** More pixels than these, or more on a side, are not taken: every sum stays exact. */
export const most = { side: 65535, pixels: 1 << 26 };

/** Takes the rows of a picture from top to bottom. */
export class Fitter {
  #row = 0;

  /** @param {number} width @param {number} height of the picture @param {Shape} to @param {number} full the largest sample, 255 or 65535 */
  constructor(width, height, to, full) {
    this.to = to;
    const across = spans(width, height, to.width, to.height);
    const along = spans(height, width, to.height, to.width);
    this.across = across.all;
    this.along = along.all;
    this.most = BigInt(across.size) * BigInt(along.size) * BigInt(full) ** 2n;
    this.line = new Float64Array(3 * to.width);
    this.sums = new Array(3 * to.width * to.height).fill(0n);
  }

  /** @param {Uint8Array | Uint8ClampedArray | Uint16Array} row [width,RGBA] */
  take(row) {
    const y = this.#row++;
    const { line, sums } = this;
    let gathered = false;
    this.along.forEach(({ from, weights }, i) => {
      const weight = weights[y - from];
      if (!weight) return;
      if (!gathered) this.#gather(row);
      gathered = true;
      for (let c = 0; c < line.length; c++) sums[i * line.length + c] += BigInt(weight) * BigInt(line[c]);
    });
  }

  /** Writes to the line the sums over one row, in front of black. @param {ArrayLike<number>} row */
  #gather(row) {
    this.line.fill(0);
    this.across.forEach(({ from, weights }, x) => {
      let [r, g, b] = [0, 0, 0];
      for (let i = 0; i < weights.length; i++) {
        const at = 4 * (from + i);
        const weight = weights[i] * row[at + 3];
        r += weight * row[at];
        g += weight * row[at + 1];
        b += weight * row[at + 2];
      }
      this.line.set([r, g, b], 3 * x);
    });
  }

  /** The result, [H,W,channels], once all rows were taken. */
  pixels() {
    const { most } = this;
    const levels = this.sums.map((sum) => Number((510n * sum + most) / (2n * most)));
    if (this.to.channels === 3) return Uint8Array.from(levels);
    return Uint8Array.from({ length: levels.length / 3 }, (_, i) => {
      const [r, g, b] = levels.slice(3 * i);
      return Math.floor((299 * r + 587 * g + 114 * b + 500) / 1000);
    });
  }
}

/**
 * What each pixel of the result covers of one direction: pixels from one on, with
 * how much of each, in units that make all whole; size is the sum of a pixel's.
 * @param {number} from length @param {number} other the other length
 * @param {number} to length of the result @param {number} otherTo
 */
function spans(from, other, to, otherTo) {
  const g = divisor(to, otherTo);
  const [a, b] = [to / g, otherTo / g];
  // The part with the shape of the result is as long as from or as other·a/b.
  const unit = 2 * to * b;
  const used = Math.min(from * b, other * a) * 2 * to;
  const size = used / to;
  const all = Array.from({ length: to }, (_, i) => {
    const begin = (from * unit - used) / 2 + i * size;
    const first = Math.floor(begin / unit);
    /** @type {number[]} */
    const weights = [];
    for (let p = first; p < from && p * unit < begin + size; p++) {
      weights.push(Math.min((p + 1) * unit, begin + size) - Math.max(p * unit, begin));
    }
    return { from: first, weights };
  });
  return { all, size };
}

/** The greatest common divisor. @param {number} a @param {number} b @returns {number} */
function divisor(a, b) {
  return b === 0 ? a : divisor(b, a % b);
}

/**
 * Whether a grey picture is dark on light, by its edge.
 * @param {Uint8Array} pixels @param {Shape} shape
 */
export function isLight(pixels, { channels, width, height }) {
  if (channels !== 1) return false;
  let sum = 0;
  let n = 0;
  pixels.forEach((v, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    if (x > 0 && y > 0 && x < width - 1 && y < height - 1) return;
    sum += v;
    n++;
  });
  return sum > n * 128;
}

/** Light for dark. @param {Uint8Array} pixels */
export function inverted(pixels) {
  return pixels.map((v) => 255 - v);
}

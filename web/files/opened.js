// A picture that a person opens, in the size of a model: cut to its shape around
// the middle and averaged over areas, in whole numbers, so that the same pixels
// come out in every browser.

/** More pixels than these are not taken. */
const most = 40_000_000;

/** @typedef {{width: number, height: number, data: Uint8ClampedArray}} Opened [H,W,RGBA] */

/**
 * The pixels of a file; undefined for what is no picture, or too large a one.
 * @param {Blob} file @returns {Promise<Opened | undefined>}
 */
export async function opened(file) {
  try {
    const picture = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
    const { width, height } = picture;
    if (width * height > most) return undefined;
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
    context.drawImage(picture, 0, 0);
    picture.close();
    return context.getImageData(0, 0, width, height);
  } catch {
    return undefined;
  }
}

/**
 * @param {Opened} picture
 * @param {{width: number, height: number, channels: number}} shape of the model
 * @param {boolean} inverted whether light and dark change places
 * @returns {Uint8Array} [H,W,channels]
 */
export function fitted(picture, shape, inverted) {
  const { width, height, channels } = shape;
  const across = areas(picture.width, picture.height, width, height);
  const along = areas(picture.height, picture.width, height, width);
  const out = new Uint8Array(width * height * channels);
  const sums = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sums.fill(0);
      let all = 0;
      for (const [row, high] of along[y]) {
        for (const [column, wide] of across[x]) {
          const at = 4 * (row * picture.width + column);
          const weight = high * wide;
          all += weight * 255;
          // What is transparent is black.
          for (let c = 0; c < 3; c++) sums[c] += weight * picture.data[at + c] * picture.data[at + 3];
        }
      }
      const level = sums.map((sum) => Math.floor((2 * sum + all) / (2 * all)));
      const grey = Math.floor((299 * level[0] + 587 * level[1] + 114 * level[2] + 500) / 1000);
      for (let c = 0; c < channels; c++) {
        const v = channels === 1 ? grey : level[c];
        out[(y * width + x) * channels + c] = inverted ? 255 - v : v;
      }
    }
  }
  return out;
}

/**
 * The pixels of one direction that each pixel of the result covers, with how much
 * of each it does, in units that make all whole.
 * @param {number} from length @param {number} other the other length
 * @param {number} to length of the result @param {number} otherTo
 * @returns {[number, number][][]}
 */
function areas(from, other, to, otherTo) {
  const g = divisor(to, otherTo);
  const [a, b] = [to / g, otherTo / g];
  // The part with the shape of the result is as long as `from` or as other·a/b.
  const unit = 2 * to * b;
  const used = Math.min(from * b, other * a) * 2 * to;
  const start = (from * unit - used) / 2;
  const size = used / to;
  return Array.from({ length: to }, (_, i) => {
    /** @type {[number, number][]} */
    const covered = [];
    const begin = start + i * size;
    for (let p = Math.floor(begin / unit); p < from && p * unit < begin + size; p++) {
      covered.push([p, Math.min((p + 1) * unit, begin + size) - Math.max(p * unit, begin)]);
    }
    return covered;
  });
}

/** The greatest common divisor. @param {number} a @param {number} b @returns {number} */
function divisor(a, b) {
  return b === 0 ? a : divisor(b, a % b);
}

/**
 * Whether a picture is dark on light, by its edge.
 * @param {Uint8Array} pixels grey @param {number} width @param {number} height
 */
export function isLight(pixels, width, height) {
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

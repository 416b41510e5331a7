// The small picture that a link carries for those who wait: see web/run/preview.js.

/** @import { Picture } from '../files/png.js' */
import { through } from '../files/bytes.js';
import { head, levels, limits } from '../run/preview.js';

/**
 * The text of a picture, as large as fits.
 * @param {Picture} picture @returns {Promise<string>}
 */
export async function pack({ width, height, data }) {
  const grey = data.every((v, i) => v === data[i - (i & 3)] || (i & 3) === 3);
  const channels = grey ? 1 : 3;
  const part = Math.min(1, Math.sqrt(limits.samples / (channels * width * height)));
  // Rounded down, so that the product stays below the limit; long rows leave one row at least.
  const w = Math.min(255, limits.samples / channels, Math.max(1, Math.floor(width * part))) | 0;
  const h = Math.min(255, Math.max(1, Math.floor(height * part)), Math.floor(limits.samples / (channels * w)));
  const bytes = new Uint8Array(head + Math.ceil((w * h * channels) / levels));
  bytes.set([w, h, channels]);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++, at++) {
        const level = Math.round((mean(data, width, c, [x, x + 1].map((v) => (v * width) / w), [y, y + 1].map((v) => (v * height) / h)) * (levels - 1)) / 255);
        bytes[head + (at >> 2)] |= level << (6 - 2 * (at & 3));
      }
    }
  }
  const packed = await through(new CompressionStream('deflate-raw'), bytes);
  return btoa(String.fromCharCode(...packed)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The mean of a component in a part of a picture, whose edges may cut pixels.
 * @param {ArrayLike<number>} data [H,W,RGBA] @param {number} width @param {number} component
 * @param {number[]} columns from, to @param {number[]} rows from, to
 */
function mean(data, width, component, [left, right], [top, bottom]) {
  let sum = 0;
  for (let y = Math.floor(top); y < bottom; y++) {
    const high = Math.min(y + 1, bottom) - Math.max(y, top);
    for (let x = Math.floor(left); x < right; x++) {
      sum += high * (Math.min(x + 1, right) - Math.max(x, left)) * data[4 * (y * width + x) + component];
    }
  }
  return sum / ((right - left) * (bottom - top));
}

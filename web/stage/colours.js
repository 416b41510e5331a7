// The colours in which a view shows pixels.

/** @import { View } from './views.js' */
import { isSigned } from './views.js';

/** The colours of signed values of one channel: below nothing, nothing, above. */
const below = [0x5f, 0xb4, 0xff];
const nothing = [0x12, 0x15, 0x1b];
const above = [0xff, 0xb2, 0x4a];

/**
 * A picture as a view shows it.
 * @param {Uint8Array} pixels [H,W,channels] @param {number} width @param {number} height @param {number} channels
 * @param {View} view
 */
export function rgba(pixels, width, height, channels, view) {
  const image = new ImageData(width, height);
  colour(image.data, pixels, channels, view);
  return image;
}

/**
 * The pixels of a picture as a view shows them: as they are, or, if they are
 * signed and of one channel, in two colours.
 * @param {Uint8Array | Uint8ClampedArray} to [H,W,RGBA] @param {Uint8Array} pixels [H,W,channels] @param {number} channels
 * @param {View} view
 */
export function colour(to, pixels, channels, view) {
  const flip = view === 'score' ? 255 : 0;
  const coloured = channels === 1 && isSigned(view);
  for (let i = 0, j = 0; j < pixels.length; i += 4, j += channels) {
    for (let c = 0; c < 3; c++) {
      const p = pixels[channels === 1 ? j : j + c] ^ flip;
      to[i + c] = coloured ? signedColour(p, c) : p;
    }
    to[i + 3] = 255;
  }
}

/** One component of a signed value's colour. @param {number} p @param {number} c */
export function signedColour(p, c) {
  const size = Math.abs(2 * p - 255);
  const end = 2 * p < 255 ? below[c] : above[c];
  return Math.trunc((nothing[c] * (255 - size) + end * size + 127) / 255);
}

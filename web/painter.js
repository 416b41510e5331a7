// Draws a film on a plain 2-D canvas, as the viewer does with WebGL: while the
// viewer is on its way, and where there is no WebGL at all.

/** @import { Film } from './film.js' */
/** @import { Grid, Layout } from './layout.js' */
/** @import { View } from './views.js' */
import { tile } from './layout.js';
import { isSigned, pixelsOf } from './views.js';

/** @typedef {{stage: string, empty: string, mark: string}} Colours */

/** The colours of signed values of one channel, as in wasm/view/frame.go. */
const below = [0x5f, 0xb4, 0xff];
const nothing = [0x12, 0x15, 0x1b];
const above = [0xff, 0xb2, 0x4a];

export class Painter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    const scratch = document.createElement('canvas');
    this.scratch = /** @type {CanvasRenderingContext2D} */ (scratch.getContext('2d', { willReadFrequently: true }));
  }

  /**
   * @param {Film} film
   * @param {Layout} layout
   * @param {View[]} views
   * @param {Colours} colours
   */
  paint(film, layout, views, colours) {
    const c = this.context;
    c.imageSmoothingEnabled = false;
    c.fillStyle = colours.stage;
    c.fillRect(0, 0, this.canvas.width, this.canvas.height);
    for (let i = 0; i < film.shape.images; i++) {
      views.forEach((view, j) => this.#picture(film, layout.panels[j], i, view, pixelsOf(film.frame(i), view), colours));
    }
    const slots = film.slots(layout.slots);
    const mark = slots.filter((step) => step <= film.current).length - 1;
    if (mark >= 0) {
      const r = tile(layout.strip, mark);
      const w = layout.mark;
      c.fillStyle = colours.mark;
      c.fillRect(r.x - w, r.y - w, r.w + 2 * w, r.h + 2 * w);
    }
    slots.forEach((step, i) => this.#picture(film, layout.strip, i, 'x0', film.thumb(step), colours));
  }

  /**
   * One picture in its place, or an empty place.
   * @param {Film} film @param {Grid} grid @param {number} i
   * @param {View} view @param {Uint8Array | undefined} pixels @param {Colours} colours
   */
  #picture(film, grid, i, view, pixels, colours) {
    const r = tile(grid, i);
    if (!pixels) {
      this.context.fillStyle = colours.empty;
      this.context.fillRect(r.x, r.y, r.w, r.h);
      return;
    }
    const { width, height, channels } = film.shape;
    const { canvas } = this.scratch;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    this.scratch.putImageData(rgba(pixels, width, height, channels, view), 0, 0);
    this.context.drawImage(canvas, r.x, r.y, r.w, r.h);
  }
}

/**
 * A picture as a view shows it: as it is, or, if it is signed and of one
 * channel, in two colours.
 * @param {Uint8Array} pixels @param {number} width @param {number} height @param {number} channels
 * @param {View} view
 */
export function rgba(pixels, width, height, channels, view) {
  const image = new ImageData(width, height);
  const to = image.data;
  const flip = view === 'score' ? 255 : 0;
  const coloured = channels === 1 && isSigned(view);
  for (let i = 0, j = 0; j < pixels.length; i += 4, j += channels) {
    for (let c = 0; c < 3; c++) {
      const p = pixels[channels === 1 ? j : j + c] ^ flip;
      to[i + c] = coloured ? signedColour(p, c) : p;
    }
    to[i + 3] = 255;
  }
  return image;
}

/** One component of a signed value's colour. @param {number} p @param {number} c */
export function signedColour(p, c) {
  const size = Math.abs(2 * p - 255);
  const end = 2 * p < 255 ? below[c] : above[c];
  return Math.trunc((nothing[c] * (255 - size) + end * size + 127) / 255);
}

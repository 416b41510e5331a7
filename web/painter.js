// Draws a film on a plain 2-D canvas, as the viewer does with WebGL: while the
// viewer is on its way, and where there is no WebGL at all.

/** @import { Film } from './film.js' */
/** @import { Grid, Layout } from './layout.js' */
import { tile } from './layout.js';

/** @typedef {{stage: string, empty: string, mark: string}} Colours */

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
   * @param {Colours} colours
   */
  paint(film, layout, colours) {
    const c = this.context;
    c.imageSmoothingEnabled = false;
    c.fillStyle = colours.stage;
    c.fillRect(0, 0, this.canvas.width, this.canvas.height);
    for (let i = 0; i < film.shape.images; i++) {
      this.#picture(film, layout.xt, i, film.live[i]?.xt, colours);
      this.#picture(film, layout.x0, i, film.live[i]?.x0, colours);
    }
    const slots = film.slots(layout.slots);
    const mark = slots.filter((step) => step <= film.latest).length - 1;
    if (mark >= 0) {
      const r = tile(layout.strip, mark);
      const w = layout.mark;
      c.fillStyle = colours.mark;
      c.fillRect(r.x - w, r.y - w, r.w + 2 * w, r.h + 2 * w);
    }
    slots.forEach((step, i) => this.#picture(film, layout.strip, i, film.thumb(step), colours));
  }

  /**
   * One picture in its place, or an empty place.
   * @param {Film} film @param {Grid} grid @param {number} i
   * @param {Uint8Array | undefined} pixels @param {Colours} colours
   */
  #picture(film, grid, i, pixels, colours) {
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
    this.scratch.putImageData(rgba(pixels, width, height, channels), 0, 0);
    this.context.drawImage(canvas, r.x, r.y, r.w, r.h);
  }
}

/**
 * @param {Uint8Array} pixels @param {number} width @param {number} height @param {number} channels
 */
function rgba(pixels, width, height, channels) {
  const image = new ImageData(width, height);
  const to = image.data;
  for (let i = 0, j = 0; j < pixels.length; i += 4, j += channels) {
    to[i] = pixels[j];
    to[i + 1] = pixels[channels === 1 ? j : j + 1];
    to[i + 2] = pixels[channels === 1 ? j : j + 2];
    to[i + 3] = 255;
  }
  return image;
}

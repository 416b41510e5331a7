// Draws on a plain 2-D canvas: while the viewer is on its way, and where there is
// no WebGL at all.

/** @import { Drawing, Picture, Size } from './drawing.js' */
/** @import { Rect } from './layout.js' */
import { rgba } from './colours.js';

export class Painter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    const scratch = document.createElement('canvas');
    this.scratch = /** @type {CanvasRenderingContext2D} */ (scratch.getContext('2d', { willReadFrequently: true }));
  }

  /** @param {Drawing} drawing */
  draw({ background, size, marks }) {
    const c = this.context;
    this.#fill(background, { x: 0, y: 0, w: this.canvas.width, h: this.canvas.height });
    for (const { to, within, colour: fill, picture } of marks) {
      c.save();
      c.beginPath();
      c.rect(within.x, within.y, within.w, within.h);
      c.clip();
      if (picture) this.#picture(to, picture, size);
      else if (fill) this.#fill(fill, to);
      c.restore();
    }
  }

  /** @param {string} colour @param {Rect} r */
  #fill(colour, { x, y, w, h }) {
    this.context.fillStyle = colour;
    this.context.fillRect(x, y, w, h);
  }

  /** @param {Rect} r @param {Picture} picture @param {Size} size */
  #picture(r, { pixels, view, smooth }, { width, height, channels }) {
    const { canvas } = this.scratch;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    this.scratch.putImageData(rgba(pixels, width, height, channels, view), 0, 0);
    this.context.imageSmoothingEnabled = smooth;
    this.context.imageSmoothingQuality = 'low';
    this.context.drawImage(canvas, r.x, r.y, r.w, r.h);
  }
}

// Draws films on a plain 2-D canvas, as the viewer does with WebGL: while the
// viewer is on its way, and where there is no WebGL at all.

/** @import { Camera } from './camera.js' */
/** @import { Film } from './film.js' */
/** @import { Grid, Layout, Rect } from './layout.js' */
/** @import { View } from './views.js' */
import { through } from './camera.js';
import { tile } from './layout.js';
import { isSigned } from './views.js';

/** @typedef {{stage: string, empty: string, mark: string}} Colours */
/**
 * What is on the stage: the films that are compared, in each view, and the one
 * that gives the time.
 * @typedef {object} Scene
 * @property {Film[]} films
 * @property {boolean} difference whether that of the two films is shown beside them
 * @property {Film} clock
 * @property {View[]} views
 * @property {Camera} camera
 * @property {boolean} smooth
 */

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
   * @param {Scene} scene
   * @param {Layout} layout
   * @param {Colours} colours
   */
  paint(scene, layout, colours) {
    const c = this.context;
    const { clock } = scene;
    c.imageSmoothingEnabled = scene.smooth;
    c.imageSmoothingQuality = 'low';
    c.fillStyle = colours.stage;
    c.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const sides = scene.films.length + Number(scene.difference);
    scene.views.forEach((view, place) => {
      for (let side = 0; side < sides; side++) this.#panel(scene, layout.panels[place * sides + side], side, view, colours);
    });
    c.imageSmoothingEnabled = false;
    const slots = clock.slots(layout.slots);
    const mark = clock.mark(slots);
    if (mark >= 0) {
      const r = tile(layout.strip, mark);
      const w = layout.mark;
      c.fillStyle = colours.mark;
      c.fillRect(r.x - w, r.y - w, r.w + 2 * w, r.h + 2 * w);
    }
    slots.forEach((step, i) => this.#picture(clock, tile(layout.strip, i), 'x0', clock.thumb(step), colours));
  }

  /**
   * The pictures of one side in one view, as the camera sees them.
   * @param {Scene} scene @param {Grid} panel
   * @param {number} side @param {View} view @param {Colours} colours
   */
  #panel({ films, camera }, panel, side, view, colours) {
    const c = this.context;
    const grid = through(panel, camera);
    c.save();
    c.beginPath();
    c.rect(panel.x, panel.y, panel.w, panel.h);
    c.clip();
    for (let i = 0; i < films[0].shape.images; i++) {
      if (side < films.length) this.#picture(films[side], tile(grid, i), view, films[side].pixels(i, view), colours);
      else this.#picture(films[0], tile(grid, i), 'xt', difference(films, i, view), colours);
    }
    c.restore();
  }

  /**
   * One picture in its place, or an empty place.
   * @param {Film} film @param {Rect} r
   * @param {View} view @param {Uint8Array | undefined} pixels @param {Colours} colours
   */
  #picture(film, r, view, pixels, colours) {
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
 * |a − b| of a picture of two films, as far as both are there.
 * @param {Film[]} films @param {number} image @param {View} view
 */
export function difference([a, b], image, view) {
  const one = a.pixels(image, view);
  const other = b?.pixels(image, view);
  return one && other && one.map((p, i) => Math.abs(p - other[i]));
}

/**
 * A picture as a view shows it: as it is, or, if it is signed and of one
 * channel, in two colours.
 * @param {Uint8Array} pixels @param {number} width @param {number} height @param {number} channels
 * @param {View} view
 */
export function rgba(pixels, width, height, channels, view) {
  const image = new ImageData(width, height);
  colour(image.data, pixels, channels, view);
  return image;
}

/**
 * As wasm/view's AppendRGBA.
 * @param {Uint8ClampedArray} to [H,W,RGBA] @param {Uint8Array} pixels [H,W,channels] @param {number} channels
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

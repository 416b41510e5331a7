// Which part of the pictures every panel shows, and how a person moves it.

/** @import { Grid } from './layout.js' */

/**
 * How much larger than the layout has them, and the point in the middle of a
 * panel, as parts 0 to 1 of everything.
 * @typedef {{scale: number, x: number, y: number}} Camera
 */

/** Everything is shown. @type {Camera} */
export const whole = { scale: 1, x: 0.5, y: 0.5 };
/** Closer than this there is nothing more to see. */
const closest = 16;
/** What one press of a key or button, or one notch of a wheel, changes. */
export const notch = 1.5;

/**
 * A grid as a camera sees it: it belongs in the same rectangle, and what leaves
 * that is to be cut off.
 * @param {Grid} g @param {Camera} camera @returns {Grid}
 */
export function through(g, { scale, x, y }) {
  const zoom = Math.floor(scale * g.zoom + 0.5);
  if (zoom <= g.zoom) return g;
  const tileWidth = (g.tileWidth / g.zoom) * zoom;
  const tileHeight = (g.tileHeight / g.zoom) * zoom;
  const gap = Math.trunc((g.gap * zoom) / g.zoom);
  const w = g.cols * (tileWidth + gap) - gap;
  const h = g.rows * (tileHeight + gap) - gap;
  return {
    ...{ zoom, tileWidth, tileHeight, gap, w, h, cols: g.cols, rows: g.rows },
    x: g.x + inside(Math.trunc(g.w / 2) - Math.trunc(x * w + 0.5), g.w - w),
    y: g.y + inside(Math.trunc(g.h / 2) - Math.trunc(y * h + 0.5), g.h - h),
  };
}

/** @param {number} at @param {number} least */
function inside(at, least) {
  return Math.min(0, Math.max(at, least));
}

/**
 * A camera that is valid and shows no edge: nothing is to be gained by looking
 * past the pictures.
 * @param {Camera} camera @returns {Camera}
 */
export function tidy({ scale, x, y }) {
  const s = Math.min(closest, Math.max(1, scale));
  if (s < 1.02) return whole;
  const edge = 0.5 / s;
  const within = (/** @type {number} */ at) => Math.min(1 - edge, Math.max(edge, at));
  return { scale: s, x: within(x), y: within(y) };
}

/**
 * Nearer or farther, with a point of the panel staying where it is.
 * @param {Camera} camera @param {number} factor
 * @param {number} [px] the point, as parts 0 to 1 of the panel @param {number} [py]
 */
export function zoomed(camera, factor, px = 0.5, py = 0.5) {
  const scale = Math.min(closest, Math.max(1, camera.scale * factor));
  const shift = 1 / camera.scale - 1 / scale;
  return tidy({ scale, x: camera.x + (px - 0.5) * shift, y: camera.y + (py - 0.5) * shift });
}

/**
 * The pictures move by a part of a panel.
 * @param {Camera} camera @param {number} dx @param {number} dy
 */
export function panned(camera, dx, dy) {
  return tidy({ ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale });
}

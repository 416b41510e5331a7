// What is to be drawn of the films on the stage, and where: a list that the plain
// canvas and the viewer both draw, each in its way.

/** @import { Camera } from './camera.js' */
/** @import { Film } from './film.js' */
/** @import { Columns } from './columns.js' */
/** @import { Layout, Rect } from './layout.js' */
/** @import { View } from './views.js' */
import { through } from './camera.js';
import { mixed } from './film.js';
import { tile } from './layout.js';
import { halves } from './wipe.js';

/** @typedef {{stage: string, empty: string, mark: string}} Colours as #rrggbb */
/**
 * What is on the stage: the films that are compared, in each view, and the one
 * that gives the time.
 * @typedef {object} Scene
 * @property {Film[]} films
 * @property {number[]} sides the columns of each view: numbers of films, and after the last that of their difference
 * @property {number} [gain] how many times as large that is shown
 * @property {number} [wipe] where the first column shows both films, the part of it that has the first
 * @property {Film} clock
 * @property {View[]} views
 * @property {Camera} camera
 * @property {boolean} smooth
 * @property {number} [grown] how far the finished picture of a run has grown, 0 to 1
 * @property {boolean} [ended] whether that is what is shown
 * @property {Turn} [leaf] the view that was there before, which makes room for the one
 */
/** A view that goes off to a side, 1 to the left, as far as part of its width. @typedef {{from: View, way: number, part: number}} Turn */
/**
 * A rectangle of one colour, or a picture.
 * @typedef {object} Mark
 * @property {Rect} to where it belongs, in device pixels
 * @property {Rect} within what lies outside of this is cut off
 * @property {string} [colour]
 * @property {Picture} [picture]
 */
/**
 * @typedef {object} Picture
 * @property {number} place its number among the pictures of a drawing
 * @property {Uint8Array} pixels [H,W,channels]
 * @property {View} view that says how they are coloured
 * @property {boolean} smooth
 * @property {unknown[]} of what the pixels come from: the same, and they are the same; empty if they may differ
 */
/** @typedef {{height: number, width: number, channels: number}} Size of each picture */
/** @typedef {{background: string, size: Size, marks: Mark[]}} Drawing */

/**
 * @param {Scene} scene @param {Layout & Partial<Columns>} layout @param {Colours} colours
 * @returns {Drawing}
 */
export function drawing(scene, layout, colours) {
  const { films, clock, views, sides, camera, smooth, leaf } = scene;
  const { images, height, width, channels } = films[0].shape;
  /** @type {Mark[]} */
  const marks = [];
  let place = 0;
  const put = (/** @type {Rect} */ to, /** @type {Rect} */ within, /** @type {Omit<Picture, 'place'> | undefined} */ picture) => {
    if (meet(to, within)) marks.push(picture ? { to, within, picture: { ...picture, place } } : { to, within, colour: colours.empty });
    place++;
  };
  layout.panels.forEach((panel, i) => {
    const view = views[Math.trunc(i / sides.length)];
    const grid = through(panel, camera);
    for (const [side, within] of shownIn(scene, i % sides.length, panel)) {
      const picture = (/** @type {number} */ image, /** @type {View} */ of) => (scene.grown ? pictureAtEnd(scene, image, of) : pictureOf(films, side, image, of, smooth, scene.gain));
      for (let image = 0; image < images; image++) {
        const to = tile(grid, image);
        if (!leaf) {
          put(to, within, picture(image, view));
          continue;
        }
        const off = Math.round(leaf.part * panel.w);
        put({ ...to, x: to.x - leaf.way * off }, within, picture(image, leaf.from));
        put({ ...to, x: to.x + leaf.way * (panel.w - off) }, within, picture(image, view));
      }
    }
  });
  const strips = layout.films ?? [{ side: films.indexOf(clock), strip: layout.strip, slots: layout.slots }];
  for (const { side, strip, slots } of strips) {
    const film = films[side];
    const steps = slots ? film.slots(slots) : [];
    const at = film.mark(steps);
    if (at >= 0) {
      const mark = around(tile(strip, at), layout.mark);
      marks.push({ to: mark, within: mark, colour: colours.mark });
    }
    for (const fork of film.shape.forks ?? []) {
      const next = steps.findIndex((step) => step > fork);
      const { x, y, h } = tile(strip, Math.max(0, next));
      const line = { x: x - Math.trunc((strip.gap + layout.mark) / 2), y, w: layout.mark, h };
      if (next > 0) marks.push({ to: line, within: line, colour: colours.mark });
    }
    steps.forEach((step, i) => {
      const to = tile(strip, i);
      const pixels = film.thumb(step);
      put(to, to, pixels && { pixels, view: film.strip, smooth: false, of: [film.kept.get(step)?.[0]] });
    });
  }
  return { background: colours.stage, size: { height, width, channels }, marks };
}

/**
 * The sides that a panel of a column shows, each with its part of the panel.
 * @param {Scene} scene @param {number} column @param {Rect} panel
 * @returns {[side: number, within: Rect][]}
 */
function shownIn({ sides, wipe }, column, panel) {
  if (column > 0 || wipe === undefined) return [[sides[column], panel]];
  const [left, right] = halves(panel, wipe);
  return [[0, left], [1, right]];
}

/**
 * A picture of one side in one view, if it is there.
 * @param {Film[]} films @param {number} side of those that are compared, their difference last
 * @param {number} image @param {View} view @param {boolean} smooth @param {number} [gain] of the difference
 * @returns {Omit<Picture, 'place'> | undefined}
 */
function pictureOf(films, side, image, view, smooth, gain = 1) {
  if (side === films.length) {
    const pixels = difference(films, image, view, gain);
    const of = films.some((film) => film.fades) ? [] : films.map((film) => film.frame(image));
    return pixels && { pixels, view: 'xt', smooth, of: of.length > 0 ? [...of, view, gain] : of };
  }
  const film = films[side];
  const pixels = film.pixels(image, view);
  return pixels && { pixels, view, smooth, of: film.fades ? [] : [film.frame(image), view] };
}

/**
 * At the end of a run x_t goes back to the step where it began, and in place of x̂0
 * is the picture that came of it.
 * @param {Scene} scene of one run @param {number} image @param {View} view
 */
function pictureAtEnd({ films, grown = 0, ended, smooth }, image, view) {
  const [film] = films;
  if (view === 'x0') return pictureOf(films, 0, image, ended ? 'xt' : 'x0', smooth);
  const began = film.kept.get(film.first)?.[image];
  const now = film.pixels(image, 'xt');
  if (!began || !now) return pictureOf(films, 0, image, view, smooth);
  if (grown === 1) return { pixels: began.xt, view, smooth, of: [began, view] };
  return { pixels: mixed(now, began.xt, Math.round(256 * grown)), view, smooth, of: [] };
}

/** @param {Rect} r @param {number} width */
function around(r, width) {
  return { x: r.x - width, y: r.y - width, w: r.w + 2 * width, h: r.h + 2 * width };
}

/** @param {Rect} a @param {Rect} b */
function meet(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/**
 * |a − b| of a picture of two films, or a multiple of that, as far as both are there.
 * @param {Film[]} films @param {number} image @param {View} view @param {number} [gain]
 */
export function difference([a, b], image, view, gain = 1) {
  const one = a.pixels(image, view);
  const other = b?.pixels(image, view);
  return one && other && one.map((p, i) => Math.min(255, gain * Math.abs(p - other[i])));
}

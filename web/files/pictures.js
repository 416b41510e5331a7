// Pictures and files of a whole run, from what the film holds of it. No canvas is
// asked for pixels: browsers that protect people from being recognised change
// what it gives.

/** @import { Film } from '../stage/film.js' */
/** @import { View } from '../stage/views.js' */
/** @import { Picture } from './png.js' */
import { Gif, frameBytes } from './gif.js';
import { quantised } from './palette.js';
import { colour, signedColour } from '../stage/colours.js';
import { gridOf } from '../stage/layout.js';
import { isSigned, pixelsOf } from '../stage/views.js';

/** As tools/sample: lines between the pictures of a grid, and their grey. */
const padding = 2;
const background = 128;
/** Steps of a film strip and of an animation, at most. */
const stripSteps = 10;
const mostFrames = 120;
/** Hundredths of a second. */
const delay = 10;
const linger = 150;
/** Frames that tell how large an animation will be. */
const samples = 6;

/**
 * The pictures as they are at last, alone or in a grid, enlarged.
 * @param {Film} film @param {number} scale
 */
export function finalPicture(film, scale) {
  const { images, width, height, channels } = film.shape;
  const { cols, rows } = gridOf(film.shape);
  const pad = images === 1 ? 0 : padding;
  const grid = sheetOf(cols * (width + pad) + pad, rows * (height + pad) + pad, background);
  film.live.forEach((frame, i) => {
    if (!frame) return;
    const x = pad + (i % cols) * (width + pad);
    const y = pad + Math.floor(i / cols) * (height + pad);
    put(grid, shown(frame.xt, width, height, channels, 'xt'), x, y);
  });
  return enlarged(grid, scale);
}

/**
 * Some steps of the first picture from left to right, a row for each view.
 * @param {Film} film @param {View[]} views @param {number} [scale]
 */
export function strip(film, views, scale = Math.max(1, Math.round(96 / film.shape.height))) {
  const { width, height, channels } = film.shape;
  const steps = film.slots(stripSteps);
  const sheet = sheetOf(steps.length * (width + padding) + padding, views.length * (height + padding) + padding, 255);
  steps.forEach((step, i) =>
    views.forEach((view, row) => {
      const pixels = pixelsOf(film.kept.get(step)?.[0], view);
      if (!pixels) return;
      put(sheet, shown(pixels, width, height, channels, view), padding + i * (width + padding), padding + row * (height + padding));
    }),
  );
  return enlarged(sheet, scale);
}

/**
 * How the frames of a film are laid out: the pictures of a run in a grid, the
 * views side by side.
 * @param {Film} film @param {View[]} views @param {number} zoom
 */
function layoutOf(film, views, zoom) {
  const { width, height } = film.shape;
  const { cols, rows } = gridOf(film.shape);
  const w = (views.length * (cols * width + padding) - padding) * zoom;
  return { cols, width: w, height: rows * height * zoom };
}

/** How often pixels can be enlarged in a film: as is usual, half as often, and twice. @param {Film} film */
export function zooms(film) {
  const usual = Math.max(1, Math.round(256 / layoutOf(film, ['xt'], 1).height));
  return { usual, all: [...new Set([Math.max(1, usual >> 1), usual, 2 * usual])] };
}

/**
 * How fast and how large a film is, without a wish as is usual; whether it loops, so that its first step follows
 * the last as any other.
 * @typedef {{zoom?: number, speed?: number, loops?: boolean}} Choices
 */

/**
 * What can be said of a film before there is one; time in ms.
 * @param {Film} film @param {View[]} views @param {Choices} [choices]
 */
export function filmFacts(film, views, { zoom = zooms(film).usual, speed = 1, loops = false } = {}) {
  const { width, height } = layoutOf(film, views, zoom);
  const steps = film.slots(mostFrames);
  return { width, height, steps, time: 10 * ((steps.length - 1) * pause(speed) + (loops ? pause(speed) : linger)) };
}

/** Hundredths of a second between two steps. @param {number} speed */
function pause(speed) {
  return Math.round(delay / speed);
}

/**
 * Every step as an animation of the views side by side. Others may act between
 * two frames; after a cancel there is no file.
 * @param {Film} film @param {View[]} views @param {string} recipe
 * @param {(part: number) => boolean} progress told how much is done, says whether to go on
 * @param {Choices} [choices]
 * @returns {Promise<Blob | undefined>}
 */
export async function animation(film, views, recipe, progress, { zoom = zooms(film).usual, speed = 1, loops = false } = {}) {
  const { width, height, steps } = filmFacts(film, views, { zoom });
  const draw = indexed(film, views, zoom);
  const gif = new Gif(width, height, greys(isMixed(film, views)), recipe);
  for (const [done, step] of steps.entries()) {
    const { indices, palette } = draw(step);
    gif.add(indices, step === film.shape.steps && !loops ? linger : pause(speed), palette);
    if (!progress((done + 1) / steps.length)) return undefined;
    await new Promise((resolve) => setTimeout(resolve));
  }
  return gif.finish();
}

/**
 * About how many bytes the animation will have, from some of its frames: what
 * lies between two is taken as their mean.
 * @param {Film} film @param {View[]} views @param {number} zoom
 * @param {() => boolean} wanted whether to go on
 * @returns {Promise<number | undefined>} nothing after that ended
 */
export async function animationSize(film, views, zoom, wanted) {
  const { width, height, steps } = filmFacts(film, views, { zoom });
  const draw = indexed(film, views, zoom);
  const places = [...new Set(Array.from({ length: samples }, (_, i) => Math.round((i * (steps.length - 1)) / (samples - 1))))];
  const bytes = [];
  for (const place of places) {
    if (!wanted()) return undefined;
    const { indices, palette } = draw(steps[place]);
    bytes.push(frameBytes(width, height, indices, palette));
    await new Promise((resolve) => setTimeout(resolve));
  }
  const empty = new Gif(width, height, greys(false), '').finish().size;
  let sum = empty + bytes[0];
  for (let i = 1; i < places.length; i++) sum += ((bytes[i - 1] + bytes[i]) / 2) * (places[i] - places[i - 1]) + (bytes[i] - bytes[i - 1]) / 2;
  return sum;
}

/** Whether greys and signed colours share a palette. @param {Film} film @param {View[]} views */
function isMixed(film, views) {
  return views.some(isSigned) && film.shape.channels === 1;
}

/**
 * A function that draws steps by places in a palette: of pictures in colour each has its own.
 * @param {Film} film @param {View[]} views @param {number} zoom
 * @returns {(step: number) => {indices: Uint8Array, palette?: Uint8Array}}
 */
function indexed(film, views, zoom) {
  const { width, height } = layoutOf(film, views, 1);
  const large = new Uint8Array(width * height * zoom * zoom);
  if (film.shape.channels === 3) {
    const draw = sheets(film, views);
    return (step) => {
      const { indices, palette } = quantised(draw(step).data);
      return { indices: squares(indices, large, width, zoom), palette };
    };
  }
  const mixed = isMixed(film, views);
  const small = new Uint8Array(width * height);
  return (step) => {
    each(film, views, step, (pixels, left, top, view) => {
      for (let i = 0; i < pixels.length; i++) {
        const [x, y] = [left + (i % film.shape.width), top + Math.floor(i / film.shape.width)];
        small[y * width + x] = index(pixels[i], view, mixed);
      }
    });
    return { indices: squares(small, large, width, zoom) };
  };
}

/**
 * The pictures of a step that are kept, each with its place in a frame.
 * @param {Film} film @param {View[]} views @param {number} step
 * @param {(pixels: Uint8Array, left: number, top: number, view: View) => void} act
 */
function each(film, views, step, act) {
  const { images, width, height } = film.shape;
  const { cols } = layoutOf(film, views, 1);
  views.forEach((view, place) => {
    for (let image = 0; image < images; image++) {
      const pixels = pixelsOf(film.kept.get(step)?.[image], view);
      if (pixels) act(pixels, place * (cols * width + padding) + (image % cols) * width, Math.floor(image / cols) * height, view);
    }
  });
}

/** A function that draws steps, each over the one before, without enlarging them. @param {Film} film @param {View[]} views */
function sheets(film, views) {
  const { width, height, channels } = film.shape;
  const size = layoutOf(film, views, 1);
  const sheet = sheetOf(size.width, size.height, 0);
  return (/** @type {number} */ step) => {
    each(film, views, step, (pixels, left, top, view) => put(sheet, shown(pixels, width, height, channels, view), left, top));
    return sheet;
  };
}

/**
 * The same steps and views as pictures, one after the other.
 * @param {Film} film @param {View[]} views @param {number} [zoom]
 */
export function frames(film, views, zoom = zooms(film).usual) {
  const steps = film.slots(mostFrames);
  const draw = sheets(film, views);
  const { width, height } = layoutOf(film, views, zoom);
  return { count: steps.length, width, height, draw: (/** @type {number} */ i) => enlarged(draw(steps[i]), zoom) };
}

/** The place of a value in the palette. @param {number} value @param {View} view @param {boolean} mixed */
function index(value, view, mixed) {
  if (!mixed) return value;
  return isSigned(view) ? 128 + ((value ^ (view === 'score' ? 255 : 0)) >> 1) : value >> 1;
}

/** All greys, or every other grey and signed colour. @param {boolean} mixed */
function greys(mixed) {
  const colours = new Uint8Array(3 * 256);
  for (let i = 0; i < 256; i++) {
    for (let c = 0; c < 3; c++) {
      if (!mixed) colours[3 * i + c] = i;
      else colours[3 * i + c] = i < 128 ? Math.round((i * 255) / 127) : signedColour(2 * (i - 128) + 1, c);
    }
  }
  return colours;
}

/**
 * The 8-bit pictures of every step that is held, as safetensors.
 * @param {Film} film @param {string} recipe @param {string} sha256
 */
export function trace(film, recipe, sha256) {
  const { images, height, width, channels } = film.shape;
  const { steps, text, timesteps } = traceHead(film, recipe, sha256);
  const length = new BigUint64Array([BigInt(text.length)]);
  const blank = new Uint8Array(height * width * channels);
  const data = planes.flatMap((plane) =>
    steps.flatMap((step) => Array.from({ length: images }, (_, i) => film.kept.get(step)?.[i]?.[plane] ?? blank)),
  );
  const parts = /** @type {BlobPart[]} */ ([length, text, timesteps, ...data]);
  return new Blob(parts, { type: 'application/octet-stream' });
}

/** How many bytes that will be. @param {Film} film @param {string} recipe @param {string} sha256 */
export function traceSize(film, recipe, sha256) {
  const { text, end } = traceHead(film, recipe, sha256);
  return 8 + text.length + end;
}

const planes = /** @type {const} */ (['xt', 'x0', 'epsilon', 'change']);

/** @param {Film} film @param {string} recipe @param {string} sha256 */
function traceHead(film, recipe, sha256) {
  const { images, height, width, channels } = film.shape;
  const steps = [...film.kept.keys()].sort((a, b) => a - b);
  const bytes = steps.length * images * height * width * channels;
  /** @type {Record<string, unknown>} */
  const header = { __metadata__: { recipe, sha256, format: 'pt' } };
  const timesteps = new BigInt64Array(steps.map((step) => BigInt(film.facts.get(step)?.t ?? 0)));
  header.timesteps = { dtype: 'I64', shape: [steps.length], data_offsets: [0, timesteps.byteLength] };
  planes.forEach((plane, i) => {
    const from = timesteps.byteLength + i * bytes;
    const shape = [steps.length, images, height, width, channels];
    header[plane] = { dtype: 'U8', shape, data_offsets: [from, from + bytes] };
  });
  let text = JSON.stringify(header);
  text += ' '.repeat((8 - (text.length % 8)) % 8);
  return { steps, text, timesteps, end: timesteps.byteLength + planes.length * bytes };
}

/** A sheet of one grey. @param {number} width @param {number} height @param {number} grey @returns {Picture} */
export function sheetOf(width, height, grey) {
  return { width, height, data: new Uint8Array(4 * width * height).fill(grey).map((v, i) => ((i & 3) === 3 ? 255 : v)) };
}

/** Puts a picture into a larger one. @param {Picture} sheet @param {Picture} picture @param {number} left @param {number} top */
export function put(sheet, { width, height, data }, left, top) {
  for (let y = 0; y < height; y++) sheet.data.set(data.subarray(4 * width * y, 4 * width * (y + 1)), 4 * ((top + y) * sheet.width + left));
}

/** Pixels as a view shows them. @param {Uint8Array} pixels [H,W,channels] @param {number} width @param {number} height @param {number} channels @param {View} view @returns {Picture} */
function shown(pixels, width, height, channels, view) {
  const data = new Uint8Array(4 * width * height);
  colour(data, pixels, channels, view);
  return { width, height, data };
}

/** @param {Picture} picture @param {number} scale a whole number @returns {Picture} */
function enlarged(picture, scale) {
  if (scale === 1) return picture;
  const [width, height] = [picture.width * scale, picture.height * scale];
  const data = squares(new Uint32Array(picture.data.buffer), new Uint32Array(width * height), picture.width, scale);
  return { width, height, data: new Uint8Array(data.buffer) };
}

/**
 * Makes a square of each pixel of a picture.
 * @template {Uint8Array | Uint32Array} T
 * @param {T} from @param {T} to @param {number} width of the picture @param {number} scale
 */
function squares(from, to, width, scale) {
  for (let at = 0, y = 0; at < to.length; y++) {
    const row = Math.floor(y / scale) * width;
    for (let x = 0; x < width * scale; x++) to[at++] = from[row + Math.floor(x / scale)];
  }
  return to;
}

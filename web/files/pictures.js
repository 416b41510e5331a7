// Pictures and files of a whole run, from what the film holds of it. No canvas is
// asked for pixels: browsers that protect people from being recognised change
// what it gives.

/** @import { Film } from '../stage/film.js' */
/** @import { View } from '../stage/views.js' */
/** @import { Picture } from './png.js' */
import { Gif } from './gif.js';
import { colour, signedColour } from '../stage/colours.js';
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

/**
 * The pictures as they are at last, alone or in a grid, enlarged.
 * @param {Film} film @param {number} scale
 */
export function finalPicture(film, scale) {
  const { images, width, height, channels, columns } = film.shape;
  const cols = columns || Math.ceil(Math.sqrt(images));
  const rows = Math.ceil(images / cols);
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
 * @param {Film} film @param {View[]} views
 */
export function strip(film, views) {
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
  return enlarged(sheet, Math.max(1, Math.round(96 / height)));
}

/**
 * Every step as an animation of the views side by side. Others may act between
 * two frames; after a cancel there is no file.
 * @param {Film} film @param {View[]} views @param {string} recipe
 * @param {(part: number) => boolean} progress told how much is done, says whether to go on
 * @returns {Promise<Blob | undefined>}
 */
export async function animation(film, views, recipe, progress) {
  const { images, width, height, channels, columns } = film.shape;
  const cols = columns || Math.ceil(Math.sqrt(images));
  const rows = Math.ceil(images / cols);
  const zoom = Math.max(1, Math.round(256 / (rows * height)));
  const w = cols * width;
  const size = { w: (views.length * (w + padding) - padding) * zoom, h: rows * height * zoom };
  const mixed = views.some(isSigned) && channels === 1;
  const gif = new Gif(size.w, size.h, palette(channels, mixed), recipe);
  const indices = new Uint8Array(size.w * size.h);
  const steps = film.slots(mostFrames);
  for (const [done, step] of steps.entries()) {
    views.forEach((view, place) => {
      for (let image = 0; image < images; image++) {
        const pixels = pixelsOf(film.kept.get(step)?.[image], view);
        if (!pixels) continue;
        const left = place * (w + padding) + (image % cols) * width;
        const top = Math.floor(image / cols) * height;
        for (let y = 0; y < height * zoom; y++) {
          const from = Math.floor(y / zoom) * width;
          const to = (top * zoom + y) * size.w + left * zoom;
          for (let x = 0; x < width * zoom; x++) {
            indices[to + x] = index(pixels, from + Math.floor(x / zoom), channels, view, mixed);
          }
        }
      }
    });
    gif.add(indices, step === film.shape.steps ? linger : delay);
    if (!progress((done + 1) / steps.length)) return undefined;
    await new Promise((resolve) => setTimeout(resolve));
  }
  return gif.finish();
}

/**
 * The same steps and views as pictures, one after the other.
 * @param {Film} film @param {View[]} views
 */
export function frames(film, views) {
  const { images, width, height, channels, columns } = film.shape;
  const cols = columns || Math.ceil(Math.sqrt(images));
  const rows = Math.ceil(images / cols);
  const zoom = Math.max(1, Math.round(256 / (rows * height)));
  const sheet = sheetOf(views.length * (cols * width + padding) - padding, rows * height, 0);
  const steps = film.slots(mostFrames);
  const draw = (/** @type {number} */ i) => {
    views.forEach((view, place) => {
      for (let image = 0; image < images; image++) {
        const pixels = pixelsOf(film.kept.get(steps[i])?.[image], view);
        if (!pixels) continue;
        const left = place * (cols * width + padding) + (image % cols) * width;
        put(sheet, shown(pixels, width, height, channels, view), left, Math.floor(image / cols) * height);
      }
    });
    return enlarged(sheet, zoom);
  };
  return { count: steps.length, width: sheet.width * zoom, height: sheet.height * zoom, draw };
}

/** The place of a pixel's colour in the palette. @param {Uint8Array} pixels @param {number} i @param {number} channels @param {View} view @param {boolean} mixed */
function index(pixels, i, channels, view, mixed) {
  const flip = view === 'score' ? 255 : 0;
  if (channels === 3) {
    const level = (/** @type {number} */ c) => Math.round(((pixels[3 * i + c] ^ flip) * 5) / 255);
    return 36 * level(0) + 6 * level(1) + level(2);
  }
  if (!mixed) return pixels[i];
  return isSigned(view) ? 128 + ((pixels[i] ^ flip) >> 1) : pixels[i] >> 1;
}

/** All greys; or every other grey and signed colour; or six levels of each component. @param {number} channels @param {boolean} mixed */
function palette(channels, mixed) {
  const colours = new Uint8Array(3 * 256);
  for (let i = 0; i < 256; i++) {
    for (let c = 0; c < 3; c++) {
      if (channels === 3) colours[3 * i + c] = (Math.floor(i / 6 ** (2 - c)) % 6) * 51;
      else if (!mixed) colours[3 * i + c] = i;
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
  const steps = [...film.kept.keys()].sort((a, b) => a - b);
  const n = height * width * channels;
  const bytes = steps.length * images * n;
  /** @type {Record<string, unknown>} */
  const header = { __metadata__: { recipe, sha256, format: 'pt' } };
  const timesteps = new BigInt64Array(steps.map((step) => BigInt(film.facts.get(step)?.t ?? 0)));
  header.timesteps = { dtype: 'I64', shape: [steps.length], data_offsets: [0, timesteps.byteLength] };
  const planes = /** @type {const} */ (['xt', 'x0', 'epsilon', 'change']);
  planes.forEach((plane, i) => {
    const from = timesteps.byteLength + i * bytes;
    const shape = [steps.length, images, height, width, channels];
    header[plane] = { dtype: 'U8', shape, data_offsets: [from, from + bytes] };
  });
  let text = JSON.stringify(header);
  text += ' '.repeat((8 - (text.length % 8)) % 8);
  const length = new BigUint64Array([BigInt(text.length)]);
  const blank = new Uint8Array(n);
  const data = planes.flatMap((plane) =>
    steps.flatMap((step) => Array.from({ length: images }, (_, i) => film.kept.get(step)?.[i]?.[plane] ?? blank)),
  );
  const parts = /** @type {BlobPart[]} */ ([length, text, timesteps, ...data]);
  return new Blob(parts, { type: 'application/octet-stream' });
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
  const [from, data] = [new Uint32Array(picture.data.buffer), new Uint32Array(width * height)];
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / scale) * picture.width;
    for (let x = 0; x < width; x++) data[y * width + x] = from[row + Math.floor(x / scale)];
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

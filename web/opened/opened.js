// A picture that a person opens, in the size of a model. A PNG is read here byte
// by byte, so that the same pixels come out in every browser and on the command
// line. Other formats the browser decodes, asked to leave colours and
// transparency as they are; decoders of JPEG differ by a level here and there.

/** @import { Shape } from './fit.js' */
import { heaviest, isStart, recipeIn } from '../files/png.js';
import { Trouble } from '../load/loader.js';
import { bytes, learn } from '../text/i18n.js';
import { en, zh } from '../text/opened.js';
import { Fitter, isLight, most } from './fit.js';
import { Damaged, read } from './samples.js';

/** Pixels that are taken from a canvas at once. */
const strip = 1 << 20;

/**
 * How files of pictures begin that browsers open: JPEG, GIF, WebP, AVIF and HEIC,
 * BMP, JPEG XL, TIFF, icons. Others are not handed to a decoder, which would read
 * all of them.
 */
const beginnings = /^(\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|....ftyp(avi|hei|hev|mif|msf)|BM|\xff\x0a|....JXL |II\*\0|MM\0\*|\0\0\x01\0)/s;

/** @param {Blob} file */
async function start(file) {
  return new Uint8Array(await file.slice(0, 16).arrayBuffer());
}

/** Whether a file begins as a picture does. @param {Blob} file */
export async function isPicture(file) {
  return beginnings.test(String.fromCharCode(...(await start(file))));
}

/**
 * The pixels of a file; nothing for what is no picture. A picture that is dark on
 * light is inverted for a model that draws greys.
 * @param {File} file @param {Shape} shape of the model
 * @returns {Promise<{pixels: Uint8Array, inverted: boolean} | undefined>} pixels: [H,W,channels]
 * @throws {Trouble}
 */
export async function opened(file, shape) {
  learn(en, zh);
  const { name } = file;
  if (!(await isPicture(file).catch(() => Promise.reject(new Trouble('opened.lost', { file: name }))))) return undefined;
  if (file.size > heaviest) throw new Trouble('opened.heavy', { file: name, size: () => bytes(file.size), most: () => bytes(heaviest) });
  let [width, height] = [0, 0];
  const fitter = (/** @type {number} */ full) => {
    const large = Math.max(width, height) > most.side || width * height > most.pixels;
    if (large) throw new Trouble('opened.large', { file: name, width, height, most: Math.floor(most.pixels / 1e6), side: most.side });
    return new Fitter(width, height, shape, full);
  };
  /** @type {Fitter | undefined} */
  let fitted;
  try {
    if (isStart(await start(file))) {
      await read(file, (header) => {
        ({ width, height } = header);
        const to = (fitted = fitter(header.depth === 16 ? 65535 : 255));
        return (row) => to.take(row);
      });
    } else {
      const picture = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' }).catch(() => undefined);
      if (!picture) return undefined;
      ({ width, height } = picture);
      fitted = fitter(255);
      if (!readsBack()) throw new Trouble('opened.changed', { file: name });
      await drawn(picture, fitted);
    }
  } catch (error) {
    if (error instanceof Damaged) throw new Trouble('opened.damaged', { file: name });
    if (error instanceof DOMException) throw new Trouble('opened.lost', { file: name });
    if (error instanceof RangeError) throw new Trouble('opened.memory', { file: name, width, height });
    throw error;
  }
  const pixels = /** @type {Fitter} */ (fitted).pixels();
  // What was saved here is the right way round.
  const inverted = isLight(pixels, shape) && (await recipeIn(file)) === undefined;
  return { pixels: inverted ? pixels.map((v) => 255 - v) : pixels, inverted };
}

/** @param {number} width @param {number} height */
function canvasOf(width, height) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
}

/** Takes a picture from a canvas, part by part: a canvas of all of it some browsers refuse. @param {ImageBitmap} picture @param {Fitter} fitter */
async function drawn(picture, fitter) {
  const { width, height } = picture;
  const high = Math.min(height, Math.ceil(strip / width));
  const context = canvasOf(width, high);
  for (let top = 0; top < height; top += high) {
    context.clearRect(0, 0, width, high);
    context.drawImage(picture, 0, -top);
    const { data } = context.getImageData(0, 0, width, high);
    for (let y = 0; y < Math.min(high, height - top); y++) fitter.take(data.subarray(4 * width * y, 4 * width * (y + 1)));
    await new Promise((resolve) => setTimeout(resolve));
  }
  picture.close();
}

/** Whether a canvas gives what was put into it. */
function readsBack() {
  const side = 64;
  const context = canvasOf(side, side);
  const image = context.createImageData(side, side);
  let state = 1;
  // A generator of whole numbers (Lehmer).
  for (let i = 0; i < image.data.length; i++) image.data[i] = (i & 3) === 3 ? 255 : (state = (state * 48271) % 2147483647) & 255;
  context.putImageData(image, 0, 0);
  return context.getImageData(0, 0, side, side).data.every((v, i) => v === image.data[i]);
}

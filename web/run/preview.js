// What a link shows before anything is drawn here: the small picture that its
// author's page has put beside the recipe, or else the recipe itself. It is a
// hint by whoever wrote the link, and looks like one: blurred, with a caption
// that says so, until the first step is there. Nothing is computed from it, and
// what is no such picture is passed over.
//
//   &preview=  base64 for addresses, of DEFLATE, of
//   width, height, channels (1 or 3), a byte each; then the samples [channels,
//   height, width], two bits each from the highest of a byte on

/** @import { Picture } from '../files/png.js' */
import { element } from '../document/elements.js';
import { read, wanted } from '../document/fragment.js';
import { through } from '../files/bytes.js';
import { say } from '../text/i18n.js';

/** Samples that a preview has at most, and characters. */
export const limits = { samples: 1024, text: 400 };
/** Bytes before the samples. */
export const head = 3;
/** Of four levels. */
export const levels = 4;

/**
 * The picture of a preview; nothing if it is none.
 * @param {string} text @returns {Promise<Picture | undefined>}
 */
export async function unpack(text) {
  if (text.length > limits.text || !/^[\w-]+$/.test(text)) return undefined;
  try {
    const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const bytes = await through(new DecompressionStream('deflate-raw'), packed, head + limits.samples / levels);
    const [width = 0, height = 0, channels = 0] = bytes;
    const size = width * height;
    const whole = size > 0 && [1, 3].includes(channels) && size * channels <= limits.samples && bytes.length === head + Math.ceil((size * channels) / levels);
    if (!whole) return undefined;
    const data = new Uint8Array(4 * size).fill(255);
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < 3; c++) {
        const at = (channels === 3 ? c * size : 0) + i;
        data[4 * i + c] = ((bytes[head + (at >> 2)] >> (6 - 2 * (at & 3))) & 3) * 85;
      }
    }
    return { width, height, data };
  } catch {
    return undefined; // it did not arrive whole
  }
}

export class Preview {
  /** @type {HTMLElement | undefined} */
  #figure;

  /** Shows what the page's address promises, until it ends. @param {string} hash */
  async show(hash) {
    const { preview = '', model } = read(hash);
    if (model !== undefined) return; // a person is asked first
    const figure = (this.#figure = document.createElement('figure'));
    figure.className = 'preview';
    const picture = await unpack(preview);
    if (figure !== this.#figure) return;
    const caption = document.createElement('figcaption');
    if (picture) {
      const canvas = document.createElement('canvas');
      canvas.setAttribute('aria-hidden', 'true');
      Object.assign(canvas, { width: picture.width, height: picture.height });
      canvas.getContext('2d')?.putImageData(new ImageData(Uint8ClampedArray.from(picture.data), picture.width, picture.height), 0, 0);
      figure.append(canvas);
      say(caption, 'preview.picture');
    } else {
      const recipe = wanted(hash).split('&').map(legible).join(' · ');
      say(caption, 'preview.recipe', { recipe });
    }
    figure.append(caption);
    element('box').append(figure);
  }

  /** Something is drawn, or nothing will be. */
  end() {
    this.#figure?.remove();
    this.#figure = undefined;
  }
}

/** A part of an address as people read it, in one line. @param {string} part */
function legible(part) {
  try {
    part = decodeURIComponent(part);
  } catch {
    // It stands there as it is.
  }
  return part.length > 32 ? `${part.slice(0, 32)}…` : part;
}

// PNG files that carry a recipe, as tools/sample writes them: in a tEXt chunk
// after the header (PNG specification, 11.3.3.2).

import { through } from './bytes.js';

const keyword = 'tweedie';
/** Of the text with the pixels that the recipe begins with, as in an address (inputs.js). */
const beside = 'tweedie-pixels';
/** Signature and the first chunk, IHDR with 13 bytes. */
const headerEnd = 8 + 4 + 4 + 13 + 4;

/**
 * The PNG of a canvas, with a recipe in it.
 * @param {HTMLCanvasElement} canvas
 * @param {string} whole recipe, with pixels where it begins with some
 * @returns {Promise<Blob>}
 */
export async function png(canvas, whole) {
  const plain = await new Promise((/** @type {(b: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!plain) throw new Error('the canvas is too large for a PNG');
  return new Blob(labelled(new Uint8Array(await plain.arrayBuffer()), whole), { type: 'image/png' });
}

/**
 * The parts of a PNG with a recipe in it.
 * @param {Uint8Array<ArrayBuffer>} file @param {string} whole
 */
export function labelled(file, whole) {
  const [recipe, pixels] = whole.split('&pixels=');
  const texts = [chunk('tEXt', latin(`${keyword}\0${recipe}`))];
  if (pixels) texts.push(chunk('tEXt', latin(`${beside}\0${pixels}`)));
  return [file.subarray(0, headerEnd), ...texts, file.subarray(headerEnd)];
}

/** Bytes that a packed text may unpack to. */
const most = 4 << 20;

/**
 * The recipe in a PNG, with its pixels if they are there; undefined if the file
 * is no PNG or holds no whole recipe. Other programs save texts again in packed
 * chunks.
 * @param {Uint8Array<ArrayBuffer>} file
 */
export async function recipeOf(file) {
  if (String.fromCharCode(...file.subarray(1, 4)) !== 'PNG') return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  /** @type {Record<string, string>} */
  const texts = {};
  for (let at = 8; at + 12 <= file.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (length > file.length - at - 12) break;
    const body = file.subarray(at + 8, at + 8 + length);
    const name = type.endsWith('Xt') ? [keyword, beside].find((word) => begins(body, word)) : undefined;
    if (name && texts[name] === undefined && crc(file.subarray(at + 4, at + 8 + length)) === view.getUint32(at + 8 + length)) {
      const text = await textOf(type, body.slice(name.length + 1));
      if (text !== undefined) texts[name] = text;
    }
    at += 12 + length;
  }
  const { [keyword]: recipe, [beside]: pixels } = texts;
  return recipe !== undefined && pixels ? `${recipe}&pixels=${pixels}` : recipe;
}

/**
 * The recipe in a file, which is read only if it is a PNG: others may be large.
 * @param {File} file
 */
export async function recipeIn(file) {
  if ((await file.slice(1, 4).text()) !== 'PNG') return undefined;
  return recipeOf(new Uint8Array(await file.arrayBuffer()));
}

/** Whether a text chunk has a keyword. @param {Uint8Array} body @param {string} word */
function begins(body, word) {
  return latin(`${word}\0`).every((byte, i) => body[i] === byte);
}

/**
 * The text of a chunk from behind its keyword on: tEXt has it plain, zTXt packed,
 * iTXt as it says (PNG specification, 11.3.3).
 * @param {string} type @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string | undefined>}
 */
async function textOf(type, bytes) {
  if (type === 'tEXt') return text(bytes);
  if (type === 'zTXt') return bytes[0] === 0 ? unpacked(bytes.slice(1)) : undefined;
  if (type !== 'iTXt' || bytes[1] !== 0) return undefined;
  const language = bytes.indexOf(0, 2);
  const translated = language < 0 ? -1 : bytes.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const rest = bytes.slice(translated + 1);
  return bytes[0] === 1 ? unpacked(rest) : text(rest);
}

/** A text that zlib has packed, unless it is broken or too long. @param {Uint8Array<ArrayBuffer>} bytes */
function unpacked(bytes) {
  return through(new DecompressionStream('deflate'), bytes, most).then(text, () => undefined);
}

/** @param {Uint8Array} bytes */
function text(bytes) {
  return new TextDecoder('latin1').decode(bytes);
}

/** @param {string} text */
function latin(text) {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** @param {string} type @param {Uint8Array} body */
function chunk(type, body) {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(latin(type), 4);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

/** CRC-32 of ISO 3309. @param {Uint8Array} bytes */
function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
  }
  return ~c >>> 0;
}

// PNG files that carry a recipe, as tools/sample writes them: in a tEXt chunk
// after the header (PNG specification, 11.3.3.2).

import { Reader, joined, through } from './bytes.js';

const keyword = 'tweedie';
/** Of the text with the pixels that the recipe begins with, as in an address (inputs.js). */
const beside = 'tweedie-pixels';
/** What every PNG begins with. */
const signature = '\x89PNG\r\n\x1a\n';
/** Signature and the first chunk, IHDR with 13 bytes. */
const headerEnd = signature.length + 4 + 4 + 13 + 4;

/** @typedef {{width: number, height: number, data: Uint8Array | Uint8ClampedArray}} Picture [H,W,RGBA], opaque */

/**
 * The PNG of a picture, with a recipe in it. It is written here because browsers
 * that protect people from being recognised change what a canvas gives.
 * @param {Picture} picture
 * @param {string} whole recipe, with pixels where it begins with some
 * @returns {Promise<Blob>}
 */
export async function png({ width, height, data }, whole) {
  const grey = data.every((v, i) => v === data[i - (i & 3)] || (i & 3) === 3);
  const per = grey ? 1 : 3;
  // Each line behind the number of its filter, of which 0 is none.
  const lines = new Uint8Array(height * (1 + width * per));
  for (let y = 0, to = 0; y < height; y++) {
    to++;
    for (let x = 0; x < width; x++) for (let c = 0; c < per; c++) lines[to++] = data[4 * (y * width + x) + c];
  }
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, grey ? 0 : 2], 8);
  const packed = await through(new CompressionStream('deflate'), lines);
  const plain = joined([latin(signature), chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', new Uint8Array(0))]);
  return new Blob(labelled(plain, whole), { type: 'image/png' });
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
/** A larger file is no picture that was saved here, and not read. */
export const heaviest = 256 << 20;

/**
 * The recipe in a file, with its pixels if they are there; undefined if the file
 * is no PNG or holds no whole recipe. Other programs save texts again in packed
 * chunks.
 * @param {Blob} file
 */
export async function recipeIn(file) {
  /** @type {Record<string, string>} */
  const texts = {};
  if (file.size > heaviest) return undefined;
  for await (const { type, body, whole } of chunks(new Reader(file), (type, length) => type.endsWith('Xt') && length <= most)) {
    const name = [keyword, beside].find((word) => begins(body, word));
    if (!whole || !name || texts[name] !== undefined) continue;
    const text = await textOf(type, body.slice(name.length + 1));
    if (text !== undefined) texts[name] = text;
  }
  const { [keyword]: recipe, [beside]: pixels } = texts;
  return recipe !== undefined && pixels ? `${recipe}&pixels=${pixels}` : recipe;
}

/** @typedef {{type: string, body: Uint8Array<ArrayBuffer>, whole: boolean}} Chunk whole: whether its sum is right */

/**
 * The chunks of a PNG, as far as they arrived; others are passed over unread.
 * @param {Reader} from
 * @param {(type: string, length: number) => boolean} [wanted]
 * @returns {AsyncGenerator<Chunk, void>}
 */
export async function* chunks(from, wanted = () => true) {
  const start = await from.take(signature.length);
  if (!start || !isStart(start)) return;
  for (let head; (head = await from.take(8)); ) {
    const length = number(head);
    const type = String.fromCharCode(...head.subarray(4));
    if (!wanted(type, length)) {
      from.skip(length + 4);
      continue;
    }
    const rest = await from.take(length + 4);
    if (!rest) return;
    const body = rest.subarray(0, length);
    yield { type, body, whole: crc(body, crc(latin(type))) === number(rest.subarray(length)) };
  }
}

/** Whether a file that begins with these bytes calls itself a PNG. @param {Uint8Array} start */
export function isStart(start) {
  return String.fromCharCode(...start.subarray(0, signature.length)) === signature;
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

/** The four bytes at the beginning, the highest first. @param {Uint8Array} bytes */
function number(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
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

/** What a byte does to the sum. @type {Int32Array | undefined} */
let table;

/** CRC-32 of ISO 3309. @param {Uint8Array} bytes @param {number} [before] of what stands before them */
function crc(bytes, before = 0) {
  table ??= Int32Array.from({ length: 256 }, (_, c) => {
    for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
    return c;
  });
  let c = ~before;
  for (let i = 0; i < bytes.length; i++) c = (c >>> 8) ^ table[(c ^ bytes[i]) & 255];
  return ~c >>> 0;
}

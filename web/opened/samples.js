// The samples of a PNG as the file has them. A browser would apply gamma and
// colour profiles, and multiply by transparency and back, each in its own way
// (PNG specification, third edition: chunks in 5 and 11, filters in 9, passes in 8).

import { Reader, joined } from '../files/bytes.js';
import { chunks } from '../files/png.js';

/** Says that a file is damaged, or no PNG. */
export class Damaged extends Error {}

/** Samples of a pixel by the colour type. @type {Record<number, number>} */
const samplesOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Bits of a sample by the colour type. @type {Record<number, number[]>} */
const depthsOf = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
/** Adam7: the first column and row of each pass, and the steps between them. */
const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/**
 * @typedef {object} Header
 * @property {number} width @property {number} height @property {number} depth bits of a sample @property {number} type of colour @property {boolean} interlaced
 *
 * @typedef {(row: Uint8Array | Uint16Array) => void} Taker of a row, [width,RGBA], of which it is the owner until it returns
 */

/**
 * Reads a PNG row by row.
 * @param {Blob} file
 * @param {(header: Header) => Taker} begin told of the picture before its samples are read
 * @throws {Damaged} or what begin throws
 */
export async function read(file, begin) {
  const all = chunks(new Reader(file));
  const next = async () => {
    const { done, value } = await all.next();
    if (done || !value.whole) throw new Damaged();
    return value;
  };
  const header = headerOf(await next());
  const take = begin(header);
  /** @type {Record<string, Uint8Array>} */
  const kept = {};
  let chunk = await next();
  for (; chunk.type !== 'IDAT'; chunk = await next()) kept[chunk.type] = chunk.body;
  const colours = (kept.PLTE?.length ?? 0) / 3;
  if (header.type === 3 && (!colours || colours % 1 || colours > 2 ** header.depth)) throw new Damaged();
  const packed = new ReadableStream({
    async pull(controller) {
      if (chunk.type === 'IDAT') controller.enqueue(chunk.body);
      else controller.close();
      if (chunk.type === 'IDAT') chunk = await next();
    },
  });
  try {
    await rows(packed.pipeThrough(new DecompressionStream('deflate')), header, expander(header, kept.PLTE, kept.tRNS), take);
  } catch (error) {
    // A RangeError is for want of memory, and a file that was moved away cannot be read.
    throw error instanceof RangeError || (error instanceof DOMException && error.name === 'NotReadableError') ? error : new Damaged();
  }
  while (chunk.type !== 'IEND') chunk = await next();
}

/** @param {import('../files/png.js').Chunk} first @returns {Header} */
function headerOf({ type: name, body }) {
  if (name !== 'IHDR' || body.length !== 13) throw new Damaged();
  const view = new DataView(body.buffer, body.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, compression, filter, interlace] = body.subarray(8);
  if (!width || !height || !depthsOf[type]?.includes(depth) || compression || filter || interlace > 1) throw new Damaged();
  return { width, height, depth, type, interlaced: interlace === 1 };
}

/**
 * Undoes filters and passes.
 * @param {ReadableStream<Uint8Array>} bytes @param {Header} header
 * @param {(to: Uint8Array | Uint16Array, at: number, step: number, line: Uint8Array, count: number) => void} expand
 * @param {Taker} take
 */
async function rows(bytes, { width, height, depth, type, interlaced }, expand, take) {
  const bits = depth * samplesOf[type];
  const step = Math.max(1, bits >> 3);
  const row = (/** @type {number} */ rows) => new (depth === 16 ? Uint16Array : Uint8Array)(4 * width * rows);
  const sheet = row(interlaced ? height : 1);
  const from = new Stream(bytes);
  for (const [left, top, right, down] of interlaced ? passes : [[0, 0, 1, 1]]) {
    const count = Math.ceil((width - left) / right);
    if (count <= 0) continue;
    let above = new Uint8Array(Math.ceil((count * bits) / 8));
    for (let y = top; y < height; y += down) {
      const ready = from.take(1 + above.length) ?? (await from.wait(1 + above.length));
      const line = ready.subarray(1);
      unfilter(ready[0], line, above, step);
      expand(sheet, interlaced ? 4 * (y * width + left) : 0, 4 * right, line, count);
      if (!interlaced) take(sheet);
      above = line;
    }
  }
  await from.end();
  for (let y = 0; interlaced && y < height; y++) take(sheet.subarray(4 * width * y, 4 * width * (y + 1)));
}

/** Whole rows of what a stream gives in pieces. */
class Stream {
  /** @type {Uint8Array[]} */
  #parts = [];
  #held = new Uint8Array(0);
  #at = 0;

  /** @param {ReadableStream<Uint8Array>} bytes */
  constructor(bytes) {
    this.reader = bytes.getReader();
  }

  /** The next bytes, if they are there. @param {number} n */
  take(n) {
    if (this.#held.length - this.#at < n) return undefined;
    return this.#held.subarray(this.#at, (this.#at += n));
  }

  /** The next bytes, once they are. @param {number} n */
  async wait(n) {
    let size = this.#held.length - this.#at;
    this.#parts = [this.#held.subarray(this.#at)];
    while (size < n) {
      const { done, value } = await this.reader.read();
      if (done) throw new Damaged();
      this.#parts.push(value);
      size += value.length;
    }
    // A row is undone in place, and is needed for the one below.
    this.#held = joined(this.#parts);
    this.#parts = [];
    this.#at = n;
    return this.#held.subarray(0, n);
  }

  /** Nothing is to come. */
  async end() {
    if (this.#at < this.#held.length) throw new Damaged();
    for (;;) {
      const { done, value } = await this.reader.read();
      if (done) return;
      if (value.length > 0) throw new Damaged();
    }
  }
}

/**
 * @param {number} filter @param {Uint8Array} line in place @param {Uint8Array} above the line before, undone @param {number} step bytes to the pixel before
 */
function unfilter(filter, line, above, step) {
  const n = line.length;
  if (filter === 1) for (let i = step; i < n; i++) line[i] += line[i - step];
  else if (filter === 2) for (let i = 0; i < n; i++) line[i] += above[i];
  else if (filter === 3) for (let i = 0; i < n; i++) line[i] += ((i < step ? 0 : line[i - step]) + above[i]) >> 1;
  else if (filter === 4) {
    for (let i = 0; i < n; i++) {
      const a = i < step ? 0 : line[i - step];
      const b = above[i];
      const c = i < step ? 0 : above[i - step];
      const pa = Math.abs(b - c);
      const pb = Math.abs(a - c);
      const pc = Math.abs(a + b - 2 * c);
      line[i] += pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
  } else if (filter !== 0) throw new Damaged();
}

/**
 * Makes R, G, B and α of the samples of a line.
 * @param {Header} header @param {Uint8Array | undefined} palette @param {Uint8Array | undefined} clear what tRNS says
 * @returns {(to: Uint8Array | Uint16Array, at: number, step: number, line: Uint8Array, count: number) => void}
 */
function expander({ depth, type }, palette, clear) {
  const per = samplesOf[type];
  const full = depth === 16 ? 65535 : 255;
  if (clear && (type > 3 || (type !== 3 && clear.length !== 2 * per))) throw new Damaged();
  const view = clear && type !== 3 ? new DataView(clear.buffer, clear.byteOffset) : undefined;
  /** The colour that is transparent. */
  const keyed = view && Array.from({ length: per }, (_, c) => view.getUint16(2 * c));
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const sample = [0, 0, 0, 0];
  return (to, at, step, line, count) => {
    for (let x = 0; x < count; x++, at += step) {
      for (let c = 0; c < per; c++) {
        const i = x * per + c;
        if (depth === 8) sample[c] = line[i];
        else if (depth === 16) sample[c] = (line[2 * i] << 8) | line[2 * i + 1];
        else sample[c] = (line[(i * depth) >> 3] >> (8 - depth - ((i * depth) & 7))) & (2 ** depth - 1);
      }
      let alpha = full;
      if (type === 3) {
        const [index] = sample;
        const colour = 3 * index;
        for (let c = 0; c < 3; c++) to[at + c] = palette?.[colour + c] ?? 0; // beyond the palette is black
        to[at + 3] = clear?.[index] ?? alpha;
        continue;
      }
      if (type === 4) alpha = sample[1];
      else if (type === 6) alpha = sample[3];
      else if (keyed?.every((v, c) => v === sample[c])) alpha = 0;
      for (let c = 0; c < 3; c++) to[at + c] = scale * sample[per < 3 ? 0 : c];
      to[at + 3] = alpha;
    }
  };
}

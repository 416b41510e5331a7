// A WebM file of encoded frames: the few elements of Matroska that a film
// without sound needs (RFC 9559). What players need first stands first, so that
// one can go to any place in a film that is still arriving.

import { joined } from './bytes.js';

/** @typedef {{data: Uint8Array, time: number, key: boolean}} Chunk time in milliseconds */

const text = new TextEncoder();

/**
 * @param {Chunk[]} chunks in order, the first a key frame
 * @param {{width: number, height: number, duration: number, title: string}} film
 */
export function webm(chunks, { width, height, duration, title }) {
  const header = element(0x1a45dfa3, number(0x4286, 1), number(0x42f7, 1), number(0x42f2, 4), number(0x42f3, 8), word(0x4282, 'webm'), number(0x4287, 2), number(0x4285, 2));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setFloat64(0, duration);
  const info = element(0x1549a966, number(0x2ad7b1, 1_000_000), element(0x4489, length), word(0x7ba9, title), word(0x4d80, 'tweedie'), word(0x5741, 'tweedie'));
  const video = element(0xe0, number(0xb0, width), number(0xba, height));
  const tracks = element(0x1654ae6b, element(0xae, number(0xd7, 1), number(0x73c5, 1), number(0x83, 1), word(0x86, 'V_VP8'), video));
  /** Each begins with a key frame, since its blocks count time from there. @type {Chunk[][]} */
  const groups = [];
  for (const chunk of chunks) {
    if (chunk.key) groups.push([]);
    groups.at(-1)?.push(chunk);
  }
  const clusters = groups.map((blocks) => element(0x1f43b675, number(0xe7, blocks[0].time), ...blocks.map((b) => block(b, blocks[0].time))));
  /** Where each cluster is, counted from the first of these parts. @param {number} place of the first cluster */
  const cues = (place) => {
    const points = groups.map(([{ time }], i) => {
      const point = element(0xbb, number(0xb3, time), element(0xb7, number(0xf7, 1), element(0xf1, big(place, 4))));
      place += clusters[i].length;
      return point;
    });
    return element(0x1c53bb6b, ...points);
  };
  const place = info.length + tracks.length + cues(0).length;
  return joined([header, element(0x18538067, info, tracks, cues(place), ...clusters)]);
}

/** @param {Chunk} chunk @param {number} from time of its cluster */
function block({ data, time, key }, from) {
  const head = new Uint8Array([0x81, 0, 0, key ? 0x80 : 0]);
  new DataView(head.buffer).setInt16(1, time - from);
  return element(0xa3, head, data);
}

/** @param {number} id @param {Uint8Array[]} content */
function element(id, ...content) {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  return joined([big(id), new Uint8Array([0x08 | (size / 2 ** 32), ...big(size, 4)]), ...content]);
}

/** @param {number} id @param {number} value */
function number(id, value) {
  return element(id, big(value));
}

/** @param {number} id @param {string} value */
function word(id, value) {
  return element(id, text.encode(value));
}

/** A number's bytes, the highest first. @param {number} value @param {number} [least] how many at least */
function big(value, least = 1) {
  const bytes = [];
  for (let rest = value; rest > 0 || bytes.length < least; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return new Uint8Array(bytes);
}

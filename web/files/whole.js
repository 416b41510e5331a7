// A document of the site in one file, made here: the skeleton that tools/pack has left, with
// what it needs put in, packed. What is asked for is what the document was made of, so mostly it
// is there already; in a file that was saved so it always is.

import { DownloadError, downloadBytes } from '../load/download.js';
import { sizeOf } from '../load/files.js';
import { through } from './bytes.js';

// As in tools/pack: the first of each is meant.
const carryMark = '<template id="carried"></template>';
const rootMark = '<html';

/** Bytes in base64 at a time: a multiple of three. */
const piece = 24_576;

/** What gzip leaves of programs, weights and texts, about. */
const left = { wasm: 0.2, safetensors: 0.92, html: 0.35, json: 0.8 };

/** Thrown when a person has cancelled. */
class Cancelled extends Error {}

/**
 * @typedef {object} Whole
 * @property {string} skeleton the file that holds what is always the same of it
 * @property {string[]} names of the files that it carries beside
 * @property {string} spare one of them, for engines without vectors: a file without it opens in all others
 * @property {Record<string, string>} attributes of its root
 */

/**
 * @param {Whole} what
 * @param {(part: number) => boolean} progress false ends it
 * @param {(name: string) => Promise<ArrayBuffer | undefined>} [own] files that are not the host's
 * @param {(name: string, bytes: ArrayBuffer) => ArrayBuffer} [kept] what is kept of a file
 * @returns {Promise<Blob | undefined>} nothing if it was cancelled
 * @throws {DownloadError}
 */
export async function inOneFile({ skeleton, names, spare, attributes }, progress, own, kept = (_, bytes) => bytes) {
  const all = [skeleton, ...names];
  const stop = new AbortController();
  /** @param {number} file @param {number} part of it */
  const at = (file, part) => {
    if (progress((file + part) / all.length)) return;
    stop.abort();
    throw new Cancelled();
  };
  try {
    /** @type {string[]} */
    const elements = [];
    let frame = '';
    for (const [i, name] of all.entries()) {
      at(i, 0);
      let bytes = await own?.(name);
      bytes ??= await content(name, name === spare, (part) => at(i, part / 2), stop.signal);
      if (!bytes) continue;
      if (name === skeleton) frame = new TextDecoder().decode(bytes);
      elements.push(...(await element(name, kept(name, bytes), (part) => at(i, (1 + part) / 2))));
    }
    const root = Object.entries(attributes).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
    const [head, tail] = split(frame, carryMark);
    const [before, after] = split(head, rootMark);
    return new Blob([before, rootMark, ...root, after, ...elements, tail], { type: 'text/html' });
  } catch (error) {
    if (error instanceof Cancelled || stop.signal.aborted) return undefined;
    throw error;
  }
}

/**
 * About how many bytes the file will have; nothing where the sizes of its parts are not known.
 * @param {Pick<Whole, 'skeleton' | 'names'>} what
 * @param {(name: string) => number | undefined} [own] sizes of files that are not the host's
 * @param {string[]} [small] files of which little is kept, so that their sizes do not matter
 */
export function wholeSize({ skeleton, names }, own = () => undefined, small = []) {
  const all = [skeleton, ...names];
  const packed = all.map((name) => {
    const held = globalThis.document?.querySelector(`script[data-file="${CSS.escape(name)}"]`)?.textContent?.length;
    if (held) return held; // this page is such a file
    const kind = /** @type {keyof typeof left} */ (name.split('.').pop());
    return ((own(name) ?? sizeOf(name)) * left[kind] * 4) / 3;
  });
  const known = packed.every((size, i) => size > 0 || small.includes(all[i]));
  // The skeleton is there as itself as well.
  return known ? packed.reduce((sum, size) => sum + size, 0) + sizeOf(skeleton) : undefined;
}

/**
 * @param {string} name @param {boolean} spare @param {(part: number) => void} progress @param {AbortSignal} signal
 * @returns {Promise<ArrayBuffer | undefined>} nothing where a spare file is not to be had
 */
async function content(name, spare, progress, signal) {
  try {
    return await downloadBytes(name, (done, total) => !signal.aborted && total && progress(done / total), signal);
  } catch (error) {
    if (spare && error instanceof DownloadError && !signal.aborted) return undefined;
    throw error;
  }
}

/**
 * The element that holds a file, in pieces.
 * @param {string} name @param {ArrayBuffer} bytes @param {(part: number) => void} progress
 */
async function element(name, bytes, progress) {
  const pieces = [`<script type="application/gzip" data-file="${escaped(name)}" data-bytes="${bytes.byteLength}">`];
  const packed = await through(new CompressionStream('gzip'), new Uint8Array(bytes));
  for (let i = 0; i < packed.length; i += piece) {
    pieces.push(btoa(String.fromCharCode(...packed.subarray(i, i + piece))));
    progress(i / packed.length);
  }
  pieces.push('</', 'script>\n');
  return pieces;
}

/** @param {string} text @param {string} mark */
function split(text, mark) {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

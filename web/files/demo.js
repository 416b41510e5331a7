// The page in one file, made here: the skeleton that tools/pack has left, with
// the run of the moment, its model and the programs put in, packed. What is
// asked for is what the page was made of, so mostly it is there already; in a
// file that was saved so it always is.

/** @import { ModelEntry } from '../types.js' */
import { DownloadError, downloadBytes } from '../load/download.js';
import { sizeOf } from '../load/files.js';
import { through } from './bytes.js';

const skeleton = 'web/single.html';
const list = 'web/models.json';
const thumbnails = 'web/thumbnails.json';
/** For engines without vectors. A file without it opens in all others. */
const spare = 'web/worker-scalar.wasm';

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
 * Models that a person has brought: their lines of the list, and their weights.
 * @typedef {{entries: ModelEntry[], bytes: (name: string) => Promise<ArrayBuffer | undefined>}} Brought
 */

/**
 * @param {{whole: string, query: string, weights: string[], own?: Brought}} run
 *   that the file opens with, how it is looked at and what with, as the address
 *   has it, and the names of what it needs, its model first
 * @param {(part: number) => boolean} progress false ends it
 * @returns {Promise<Blob | undefined>} nothing if it was cancelled
 * @throws {DownloadError}
 */
export async function demo({ whole, query, weights, own }, progress) {
  const names = namesFor(weights);
  const stop = new AbortController();
  /** @param {number} file @param {number} part of it */
  const at = (file, part) => {
    if (progress((file + part) / names.length)) return;
    stop.abort();
    throw new Cancelled();
  };
  try {
    /** @type {string[]} */
    const elements = [];
    let frame = '';
    for (const [i, name] of names.entries()) {
      at(i, 0);
      let bytes = await own?.bytes(/^weights\/(.*)\.safetensors$/.exec(name)?.[1] ?? '');
      bytes ??= await content(name, (part) => at(i, part / 2), stop.signal);
      if (!bytes) continue;
      if (name === skeleton) frame = new TextDecoder().decode(bytes);
      if (name === list || name === thumbnails) bytes = only(weights, bytes, own?.entries ?? []);
      elements.push(...(await element(name, bytes, (part) => at(i, (1 + part) / 2))));
    }
    const root = `${rootMark} data-model="${escaped(weights[0] ?? '')}" data-recipe="${escaped(whole)}" data-query="${escaped(query)}"`;
    const [head, tail] = split(frame, carryMark);
    const [before, after] = split(head, rootMark);
    return new Blob([before, root, after, ...elements, tail], { type: 'text/html' });
  } catch (error) {
    if (error instanceof Cancelled || stop.signal.aborted) return undefined;
    throw error;
  }
}

/** The files that a page of these models is made of. @param {string[]} weights */
function namesFor(weights) {
  const carried = weights.map((name) => `weights/${name}.safetensors`);
  return [skeleton, list, thumbnails, ...carried, 'web/worker.wasm', 'web/viewer.wasm', spare];
}

/**
 * About how many bytes the file will have; nothing where the sizes of its parts are not known.
 * @param {string[]} weights names of what it needs @param {ModelEntry[]} [own] those that a person has brought
 */
export function demoSize(weights, own = []) {
  const packed = namesFor(weights).map((name) => {
    const held = globalThis.document?.querySelector(`script[data-file="${CSS.escape(name)}"]`)?.textContent?.length;
    if (held) return held; // this page is such a file
    const size = own.find((entry) => name === `weights/${entry.name}.safetensors`)?.bytes ?? sizeOf(name);
    const kind = /** @type {keyof typeof left} */ (name.split('.').pop());
    return (size * left[kind] * 4) / 3;
  });
  // What the lists keep is little, and the skeleton is there as itself as well.
  const known = packed.every((size, i) => size > 0 || i === 1 || i === 2);
  return known ? packed.reduce((sum, size) => sum + size, 0) + sizeOf(skeleton) : undefined;
}

/**
 * @param {string} name @param {(part: number) => void} progress @param {AbortSignal} signal
 * @returns {Promise<ArrayBuffer | undefined>} nothing where the file can be left out
 */
async function content(name, progress, signal) {
  try {
    return await downloadBytes(name, (done, total) => !signal.aborted && total && progress(done / total), signal);
  } catch (error) {
    if (name === spare && error instanceof DownloadError && !signal.aborted) return undefined;
    throw error;
  }
}

/**
 * The list of the models, or that of their pictures, without those that are not
 * in the file, and with those that a person has brought: in the file they are
 * the page's own.
 * @param {string[]} weights @param {ArrayBuffer} bytes @param {ModelEntry[]} own
 */
function only(weights, bytes, own) {
  const all = JSON.parse(new TextDecoder().decode(bytes));
  const kept = all.models
    ? { models: [...all.models, ...own.map(({ yours, ...entry }) => entry)].filter((/** @type {{name: string}} */ { name }) => weights.includes(name)) }
    : Object.fromEntries(Object.entries(all).filter(([name]) => weights.includes(name)));
  return new TextEncoder().encode(JSON.stringify(kept)).buffer;
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

// The page in one file, with the run of the moment, its model and the programs.

/** @import { ModelEntry } from '../types.js' */
import { inOneFile, wholeSize } from './whole.js';

const skeleton = 'web/single.html';
const list = 'web/models.json';
const thumbnails = 'web/thumbnails.json';
const spare = 'web/worker-scalar.wasm';

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
 * @throws {import('../load/download.js').DownloadError}
 */
export function demo({ whole, query, weights, own }, progress) {
  return inOneFile(
    { skeleton, names: namesFor(weights), spare, attributes: { model: weights[0] ?? '', recipe: whole, query } },
    progress,
    async (name) => own?.bytes(modelOf(name)),
    (name, bytes) => (name === list || name === thumbnails ? only(weights, bytes, own?.entries ?? []) : bytes),
  );
}

/** The model whose weights a file has, or ''. @param {string} name */
function modelOf(name) {
  return /^weights\/(.*)\.safetensors$/.exec(name)?.[1] ?? '';
}

/** The files that a page of these models is made of. @param {string[]} weights */
function namesFor(weights) {
  const carried = weights.map((name) => `weights/${name}.safetensors`);
  return [list, thumbnails, ...carried, 'web/worker.wasm', 'web/viewer.wasm', spare];
}

/**
 * About how many bytes the file will have; nothing where the sizes of its parts are not known.
 * @param {string[]} weights names of what it needs @param {ModelEntry[]} [own] those that a person has brought
 */
export function demoSize(weights, own = []) {
  const brought = (/** @type {string} */ name) => own.find((entry) => entry.name === modelOf(name))?.bytes;
  return wholeSize({ skeleton, names: namesFor(weights) }, brought, [list, thumbnails]);
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

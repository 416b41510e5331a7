// From bytes to a model of the page: it gets a name, the engine tries it beside
// the one at work, and then it takes its place.

/** @import { Facts, Line, Model as Loaded } from '../types.js' */
/** @import { Host } from './own.js' */
/** @import { Kept, Model } from './kept.js' */
/** @import { Prepared } from '../engine/crew.js' */
import { Refusal, StartError } from '../engine/crew.js';
import { fingerprint, fingerprinted } from '../engine/fingerprint.js';
import { ModelFile } from '../engine/model-file.js';
import { downloadBytes } from '../load/download.js';
import { Trouble } from '../load/loader.js';
import { freeName, short } from './weights.js';

/**
 * Where a model came from, and what is to be drawn with it.
 * @typedef {object} Origin
 * @property {string} address '' for files
 * @property {string} recipe '' for what the model draws by itself
 * @property {boolean} start @property {boolean} asked for by a person on this page
 */

/**
 * A weights file, and what is known of it.
 * @typedef {object} File
 * @property {ArrayBuffer} bytes @property {string} name that it would have @property {string} licence @property {string} data
 * @property {Facts} [facts] @property {(Line | string)[]} [said]
 */

/**
 * The name that a file gets here, and whether the page has it already.
 * @param {Host} host @param {Kept} kept @param {File} file
 * @returns {Promise<{name: string, there: boolean}>}
 */
export async function nameOf({ models }, kept, { bytes, name: wished }) {
  await models.listed();
  for (let passed = new Set(); ; ) {
    const name = freeName(wished, (tried) => passed.has(tried));
    const entry = models.entry(name);
    if (!entry) return { name, there: false };
    if (entry.bytes === bytes.byteLength) {
      const other = entry.yours ? await kept.bytes(name) : await downloadBytes(`weights/${name}.safetensors`, () => {}).catch(() => undefined);
      if (other && (await alike(bytes, other))) return { name, there: true };
    }
    passed.add(name);
  }
}

/** @param {ArrayBuffer} one @param {ArrayBuffer} other */
async function alike(one, other) {
  const [a, b] = [one, other].map(fingerprint);
  if (a && b) return a === b;
  const [left, right] = [new Uint8Array(one), new Uint8Array(other)];
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/**
 * Whether the engine can use a model, found out beside the one at work, which
 * must not go for one that is refused.
 * @param {Host} host @param {string} name @param {ArrayBuffer} bytes @param {Prepared} [prepared]
 * @returns {Promise<Loaded>}
 * @throws {import('../engine/crew.js').Refusal}
 */
async function tried({ engine, loader }, name, bytes, prepared) {
  await loader.start();
  const { workers } = engine;
  const twin = engine.twin(() => {}, true);
  engine.workers = workers; // the two share the processors for a moment only
  try {
    const model = await twin.load(name, bytes, false, prepared);
    if (model.channels === 2) throw new Trouble('own.channels', { n: model.channels });
    return model;
  } catch (error) {
    if (error instanceof Refusal && error.key === 'companion') throw new Trouble('own.companion');
    // A worker that was there and is gone has had no memory left.
    throw error instanceof StartError && !error.message ? new Trouble('own.memory') : error;
  } finally {
    twin.end();
  }
}

/**
 * Makes a file a model of the page, without showing it.
 * @param {Host} host @param {Kept} kept @param {File} file @param {Origin} origin @param {AbortSignal} signal
 * @param {Prepared} [prepared]
 * @returns {Promise<{name: string, known: boolean}>} known: whether the page has had it as its own
 */
export async function brought(host, kept, file, origin, signal, prepared) {
  await fingerprinted(file.bytes);
  const { name, there } = await nameOf(host, kept, file);
  signal.throwIfAborted();
  const before = kept.get(name);
  if (there && !before) return { name, known: true };
  if (before) {
    if (origin.address) before.address = origin.address;
    if (file.facts) Object.assign(before, { facts: file.facts, said: file.said });
  } else {
    const own = ModelFile.of(file.bytes);
    const model = await tried(host, name, file.bytes, prepared);
    signal.throwIfAborted();
    keep(host, kept, about(name, own, file, model, origin.address));
  }
  if (origin.address) host.inputs.addresses.set(name, origin.address);
  return { name, known: false };
}

/**
 * Offers a model in the menu.
 * @param {Host} host @param {Kept} kept @param {Model} model
 */
function keep({ models }, kept, model) {
  kept.add(model);
  models.add(model.entry);
}

/**
 * @param {string} name @param {ModelFile} own @param {File} file @param {Loaded} model @param {string} address
 * @returns {Model}
 */
function about(name, own, { licence, data, facts, said = [] }, { title, classes, channels, height, width, latents, parameters, timesteps }, address) {
  const entry = { name, title: short(title) || name, bytes: own.size, classes, licence, data, shape: [channels, height, width], yours: true };
  return { entry, hash: own.hash, address, parameters, timesteps, ...(latents && { latents }), ...(facts && { facts }), file: own, said, remembered: false };
}

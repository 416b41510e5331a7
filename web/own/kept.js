// The models that a person has brought. They are in memory as long as the page;
// the browser keeps those that are to be remembered, until they are forgotten.

/** @import { Facts, Line, ModelEntry } from '../types.js' */
import { fingerprinted } from '../engine/fingerprint.js';
import { ModelFile, readFrom } from '../engine/model-file.js';

/**
 * @typedef {object} About
 * @property {ModelEntry} entry its line of the menu
 * @property {string} hash the first digits of its file's SHA-256, '' where the browser does not compute it
 * @property {string} address that it came from, '' for a file
 * @property {number} parameters @property {number} timesteps of its training @property {number} [latents] channels, where it draws latents
 * @property {Facts} [facts] of a file that was converted here
 * @property {(Line | string)[]} said what the converter said of it; texts in English, where an older page heard it
 */

/** Thrown where another model is remembered under the name. */
export class NameTaken extends Error {}

/** @typedef {About & {file?: ModelFile, remembered: boolean}} Model a model without a file is in the store */

/**
 * Where models are remembered.
 * @typedef {object} Store
 * @property {() => Promise<About[]>} list
 * @property {(name: string) => Promise<ArrayBuffer | undefined>} read
 * @property {(about: About, bytes: ArrayBuffer) => Promise<void>} write
 * @property {(about: About) => Promise<void>} describe writes what is known again, beside the bytes
 * @property {(name: string) => Promise<void>} remove
 */

export class Kept {
  /** By name. @type {Map<string, Model>} */
  #models = new Map();

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
  }

  /** Takes up what is remembered. */
  async restore() {
    const all = await this.store.list().catch(() => []);
    for (const about of all) this.#models.set(about.entry.name, { ...about, remembered: true });
    return all;
  }

  /** @param {string} name */
  get(name) {
    return this.#models.get(name);
  }

  /** The model that came from an address. @param {string} address */
  from(address) {
    return [...this.#models.values()].find((model) => model.address === address);
  }

  /** @param {Model} model */
  add(model) {
    this.#models.set(model.entry.name, model);
  }

  /** The weights of a model, if it is one of these. @param {string} name @returns {Promise<ModelFile | undefined>} */
  async file(name) {
    const model = this.#models.get(name);
    if (!model || model.file) return model?.file;
    const read = await this.store.read(name).catch(() => undefined);
    return read && ModelFile.of(await fingerprinted(read));
  }

  /** Their bytes. @param {string} name */
  async bytes(name) {
    return (await this.file(name))?.bytes();
  }

  /**
   * Remembers a model beyond this visit, or no longer.
   * @param {string} name @param {boolean} remembered
   * @throws what the browser says of its storage
   */
  async remember(name, remembered) {
    const model = this.#models.get(name);
    if (!model || model.remembered === remembered) return;
    const bytes = await this.bytes(name);
    if (!bytes) throw new Error('nothing to remember');
    if (remembered) await this.store.write(aboutOf(model), bytes);
    else await this.store.remove(name);
    // As long as the page is there it can do without the store.
    Object.assign(model, { file: ModelFile.of(bytes), remembered });
  }

  /** Gives a model a small picture. @param {string} name @param {string} picture as a data: address */
  async picture(name, picture) {
    const model = this.#models.get(name);
    if (!model) return;
    model.entry.picture = picture;
    if (model.remembered) await this.store.describe(aboutOf(model)).catch(() => {}); // the next visit draws it again
  }

  /** @param {string} name */
  async forget(name) {
    const model = this.#models.get(name);
    this.#models.delete(name);
    if (model?.remembered) await this.store.remove(name);
  }
}

/** What the store keeps beside the bytes. @param {Model} model @returns {About} */
function aboutOf({ entry, hash, address, parameters, timesteps, latents, facts, said }) {
  return { entry, hash, address, parameters, timesteps, said, ...(latents && { latents }), ...(facts && { facts }) };
}

/**
 * The store of this page, in the browser's Cache Storage: a file, and what is
 * known of it, for each model.
 * @param {string} memory names it, and notes in the local storage that there is one; pages of one origin have different ones
 * @param {string} page its address, since an origin may have several
 * @returns {Store}
 */
export function cacheStore(memory, page) {
  const home = new URL('.', page);
  const at = (/** @type {string} */ name, /** @type {string} */ kind) => new URL(`own/${encodeURIComponent(name)}.${kind}`, home).href;
  // The service worker clears away caches whose names begin as its own.
  const open = () => caches.open(memory);
  const abouts = async (/** @type {Cache} */ cache) => (await cache.keys()).filter(({ url }) => url.endsWith('.json'));
  const remove = async (/** @type {string} */ name) => {
    const cache = await open();
    for (const kind of ['json', 'safetensors']) await cache.delete(at(name, kind));
    if ((await abouts(cache)).length === 0) localStorage.removeItem(memory);
  };
  return {
    remove,
    async list() {
      const cache = await open();
      const answers = await Promise.all((await abouts(cache)).map((request) => cache.match(request)));
      const all = await Promise.all(answers.map((answer) => /** @type {Response} */ (answer).json()));
      return all.map((about) => ({ said: [], ...about })); // earlier versions did not keep that
    },
    async describe(about) {
      await (await open()).put(at(about.entry.name, 'json'), new Response(JSON.stringify(about)));
    },
    async read(name) {
      const blob = await (await (await open()).match(at(name, 'safetensors')))?.blob();
      return blob && readFrom(blob, await blob.arrayBuffer());
    },
    async write(about, bytes) {
      const { name } = about.entry;
      const cache = await open();
      // Another window of this page may have remembered another model of that name.
      const there = await cache.match(at(name, 'json'));
      if (there && (await there.json()).hash !== about.hash) throw new NameTaken();
      try {
        await cache.put(at(name, 'safetensors'), new Response(bytes));
        await cache.put(at(name, 'json'), new Response(JSON.stringify(about)));
        localStorage.setItem(memory, '1');
      } catch (error) {
        await remove(name).catch(() => {});
        throw error;
      }
    },
  };
}

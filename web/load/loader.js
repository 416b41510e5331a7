// Brings the sampler and a network: downloads, starts and says what is wrong.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Model } from '../types.js' */
/** @import { Engine } from '../engine/engine.js' */
import { DownloadError, downloadBytes, downloadProgram, wasCached } from './download.js';
import { Refusal, StartError } from '../engine/crew.js';
import { fingerprinted } from '../engine/fingerprint.js';
import { FileLine } from '../document/readout.js';

/** With and without SIMD; an engine without it refuses to compile the first. */
const programs = ['web/worker.wasm', 'web/worker-scalar.wasm'];

/** What a recipe is for that names no model, as in sampler/recipe. */
const standard = 'digits';

/** What others put behind an address: WordPress a secret, newsletters where a reader comes from. */
const foreign = /(?:#|\?[\w-]+=|&(?:utm_\w+|fbclid|gclid|mc_[ce]id)=).*$/s;

/** The model that the page opens with: a page can be built of others. */
function own() {
  return globalThis.document?.documentElement.dataset.model ?? standard;
}

/**
 * A recipe without what is foreign to it, and with the page's own model, where it
 * names none and that is not the one that recipes mean.
 * @param {string} recipe
 */
export function ofPage(recipe) {
  const text = recipe.replace(/^#/, '').replace(foreign, '');
  if (own() === standard || new URLSearchParams(text).has('m')) return text;
  return text === '' ? `m=${own()}` : `m=${own()}&${text}`;
}

/**
 * The model that a recipe names; what is no name of a file is left to the
 * sampler to refuse, whichever model it has.
 * @param {string} recipe @param {string} [there] the model that is loaded
 */
export function modelOf(recipe, there) {
  const name = new URLSearchParams(recipe.replace(/^#/, '')).get('m') ?? own();
  return /^[\w-][\w.-]*$/.test(name) ? name : there || own();
}

/** A sentence of the page's, thrown. */
export class Trouble extends Error {
  /** @param {Key} key @param {Values} [values] */
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

export class Loader {
  #sampler = new FileLine('file-sampler');
  #weights = new FileLine('file-weights');
  /** @type {Promise<void> | undefined} */
  #started;
  /** Weights that the sampler does not have yet. @type {{name: string, bytes: ArrayBuffer} | undefined} */
  #fetched;
  /** The weights of a model that a person has brought, if it is one. @type {(name: string) => Promise<ArrayBuffer | undefined>} */
  own = async () => undefined;

  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
    engine.supply = async (name) =>
      (await this.own(name)) ?? fingerprinted(await downloadBytes(`weights/${name}.safetensors`, () => {}));
  }

  /**
   * Loads what is not there yet, in place of the model that was.
   * @param {string} name of the model
   * @param {AbortSignal} [signal] ends the download
   * @returns {Promise<{model: Model, size: number}>}
   * @throws {Trouble}
   */
  async load(name, signal) {
    try {
      const [bytes] = await Promise.all([this.#fetchWeights(name, signal), this.start()]);
      signal?.throwIfAborted();
      // A file that cannot be used must not be tried again.
      this.#fetched = undefined;
      return { model: await this.engine.load(name, bytes), size: bytes.byteLength };
    } catch (error) {
      throw troubleOf(error);
    }
  }

  /** @param {string} name @param {AbortSignal} [signal] */
  async #fetchWeights(name, signal) {
    const own = await this.own(name);
    if (own) {
      this.#weights.progress(own.byteLength, own.byteLength);
      this.#weights.finish(true);
      return own;
    }
    if (this.#fetched?.name !== name) {
      const file = `weights/${name}.safetensors`;
      this.#weights.reset();
      const progress = (/** @type {number} */ done, /** @type {number} */ total) => {
        if (!signal?.aborted) this.#weights.progress(done, total);
      };
      const bytes = await fingerprinted(await downloadBytes(file, progress, signal));
      signal?.throwIfAborted();
      this.#fetched = { name, bytes };
      performance.mark('tweedie:weights');
      this.#weights.finish(wasCached(file));
    }
    return this.#fetched.bytes;
  }

  /** Starts the sampler unless it is there or on its way already. */
  start() {
    this.#started ??= this.#start().catch((error) => {
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  async #start() {
    if (!('WebAssembly' in globalThis)) throw new Trouble('error.wasm');
    this.#sampler.reset();
    const compiled = this.#compile();
    await this.engine.start(compiled.then(({ program }) => program));
    this.#sampler.finish(wasCached((await compiled).file));
  }

  async #compile() {
    let refused;
    for (const file of programs) {
      try {
        const program = await downloadProgram(file, (done, total) => this.#sampler.progress(done, total));
        performance.mark('tweedie:program');
        return { program, file };
      } catch (error) {
        if (!(error instanceof WebAssembly.CompileError)) throw error;
        refused = error;
      }
    }
    throw refused;
  }
}

/** What a page says of it. @param {unknown} error */
export function troubleOf(error) {
  if (error instanceof Trouble) return error;
  if (error instanceof DownloadError) {
    const { file, status } = error;
    return status ? new Trouble('error.missing', { file, status }) : new Trouble('error.network', { file });
  }
  if (error instanceof Refusal) return new Trouble('error.weights', { detail: withoutStop(error.message) });
  if (error instanceof StartError && error.message) {
    return new Trouble('error.sampler', { detail: withoutStop(error.message) });
  }
  if ('WebAssembly' in globalThis && error instanceof WebAssembly.CompileError) {
    return new Trouble('error.program', { detail: withoutStop(error.message) });
  }
  return new Trouble('error.worker');
}

/** @param {string} sentence */
export function withoutStop(sentence) {
  return sentence.replace(/[.。]\s*$/, '');
}

// Brings the sampler and a network: downloads, starts and says what is wrong.

/** @import { Key, Values } from './i18n.js' */
/** @import { Model } from './types.js' */
/** @import { Engine } from './engine.js' */
import { DownloadError, downloadBytes, downloadProgram, wasCached } from './download.js';
import { Refusal, StartError } from './engine.js';
import { FileLine } from './readout.js';

/** With and without SIMD; an engine without it refuses to compile the first. */
const programs = ['web/worker.wasm', 'web/worker-scalar.wasm'];

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
  /** @type {ArrayBuffer | undefined} */
  #bytes;

  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
  }

  /**
   * Loads what is not there yet.
   * @param {string} name of the model
   * @returns {Promise<{model: Model, size: number}>}
   * @throws {Trouble}
   */
  async load(name) {
    try {
      const [bytes] = await Promise.all([this.#fetchWeights(`weights/${name}.safetensors`), this.#startSampler()]);
      return { model: await this.engine.load(name, bytes), size: bytes.byteLength };
    } catch (error) {
      // A file that cannot be used must not come out of the cache again.
      if (error instanceof Refusal) this.#bytes = undefined;
      throw troubleOf(error);
    }
  }

  /** @param {string} file */
  async #fetchWeights(file) {
    if (!this.#bytes) {
      this.#weights.reset();
      this.#bytes = await downloadBytes(file, (done, total) => this.#weights.progress(done, total));
      performance.mark('tweedie:weights');
      this.#weights.finish(wasCached(file));
    }
    return this.#bytes;
  }

  /** Starts the sampler unless it is there or on its way already. */
  #startSampler() {
    this.#started ??= this.#start().catch((error) => {
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  async #start() {
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

/** @param {unknown} error */
function troubleOf(error) {
  if (error instanceof DownloadError) {
    const { file, status } = error;
    return status ? new Trouble('error.missing', { file, status }) : new Trouble('error.network', { file });
  }
  if (error instanceof Refusal) return new Trouble('error.weights', { detail: withoutStop(error.message) });
  if (error instanceof StartError && error.message) {
    return new Trouble('error.sampler', { detail: withoutStop(error.message) });
  }
  if (error instanceof WebAssembly.CompileError) {
    return new Trouble('error.program', { detail: withoutStop(error.message) });
  }
  return new Trouble('error.worker');
}

/** @param {string} sentence */
export function withoutStop(sentence) {
  return sentence.replace(/[.。]\s*$/, '');
}

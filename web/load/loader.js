// Brings the sampler and a network: downloads, starts and says what is wrong.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Model } from '../types.js' */
/** @import { Engine } from '../engine/engine.js' */
import { DownloadError, downloadBytes, downloadProgram, wasCached } from './download.js';
import { has, isOf } from './files.js';
import { Refusal, StartError } from '../engine/crew.js';
import { limits } from '../engine/limits.js';
import { ModelFile, large } from '../engine/model-file.js';
import { FileLine } from '../document/readout.js';
import { settled, trouble } from '../document/state.js';

/** With and without SIMD; an engine without it refuses to compile the first. */
const programs = ['web/worker.wasm', 'web/worker-scalar.wasm'];

/**
 * A download that began before its load did.
 * @typedef {{name: string, bytes: Promise<ArrayBuffer>, stop: AbortController, quiet: boolean, tell: (quiet: boolean) => void}} Ahead
 */

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
  /** Ends the download of the sampler. */
  #starting = new AbortController();
  /** Ends the load that is under way. */
  #loading = new AbortController();
  /** Begins that again. @type {(() => void) | undefined} */
  #again;
  /** The sentences of what nothing comes of, as a person was told, and by what each ends. @type {Map<() => void, AbortSignal>} */
  #silent = new Map();
  /** Weights that are on their way before they are loaded. @type {Ahead | undefined} */
  #ahead;
  /** Whether the network that was loaded last is. */
  large = false;
  /** Weights that the sampler does not have yet. @type {{name: string, file: ModelFile} | undefined} */
  #fetched;
  /** The weights of a model that a person has brought, if it is one. @type {(name: string) => Promise<ModelFile | undefined>} */
  own = async () => undefined;

  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
    engine.supply = async (name) => (await this.own(name)) ?? downloadBytes(weights(name), () => {});
  }

  /** Begins to bring the weights of a model of the page, which is going to be loaded. @param {string} name */
  ahead(name) {
    const file = weights(name);
    if (!has(file)) return;
    const stop = new AbortController();
    const bytes = this.#download(file, stop.signal, (quiet) => ahead.tell((ahead.quiet = quiet)));
    bytes.catch(() => {}); // is heard by the load
    /** @type {Ahead} */
    const ahead = { name, bytes, stop, quiet: false, tell: () => {} };
    this.#ahead = ahead;
  }

  /** Downloads weights, and says how far that is. @param {string} file @param {AbortSignal} signal @param {(quiet: boolean) => void} quiet */
  #download(file, signal, quiet) {
    this.#weights.reset();
    const progress = (/** @type {number} */ done, /** @type {number} */ total) => {
      if (!signal.aborted) this.#weights.progress(done, total);
    };
    return downloadBytes(file, progress, signal, quiet);
  }

  /** What was begun ahead, if it is that; another is not wanted any more. @param {string} name @param {AbortSignal} signal @param {(quiet: boolean) => void} tell */
  #begun(name, signal, tell) {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead?.name !== name) return void ahead?.stop.abort();
    signal.addEventListener('abort', () => ahead.stop.abort());
    ahead.tell = tell;
    if (ahead.quiet) tell(true);
    return ahead.bytes;
  }

  /**
   * Loads what is not there yet, in place of the model that was, and of the load
   * that was under way.
   * @param {string} name of the model
   * @param {() => void} again what a person can do when nothing comes for long
   * @param {AbortSignal} [signal] ends it
   * @returns {Promise<{model: Model, size: number}>}
   * @throws {Trouble}
   */
  async load(name, again, signal) {
    this.#loading.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#again = again;
    const end = () => loading.abort();
    signal?.addEventListener('abort', end);
    try {
      this.#forget();
      const [file] = await Promise.all([this.#fetchWeights(name, loading.signal), this.start()]);
      loading.signal.throwIfAborted();
      // A file that cannot be used must not be tried again.
      this.#fetched = undefined;
      const { size } = file;
      this.large = size >= large;
      const prepared = (/** @type {number} */ done, /** @type {number} */ total) => {
        if (!loading.signal.aborted) this.#weights.prepare(done, total);
      };
      const model = await patiently(this.engine.load(name, file, false, prepared), this.#teller(loading.signal, 'error.long'));
      // Where the browser could not tell, the sampler does.
      if (!file.hash && !isOf(weights(name), size, model.hash)) throw new DownloadError(weights(name), 0, 'error.damaged');
      return { model, size };
    } catch (error) {
      throw troubleOf(error);
    } finally {
      signal?.removeEventListener('abort', end);
    }
  }

  /** What nothing comes of is begun with again, the sampler as well. */
  #forget() {
    const ends = [...this.#silent.values()];
    this.#silent.clear();
    if (!ends.includes(this.#starting.signal)) return;
    this.#starting.abort();
    this.#started = undefined;
  }

  /**
   * Tells a person that nothing comes for long, with a way to begin again, or that it goes on.
   * @param {AbortSignal} signal @param {Key} key @param {string} [file]
   */
  #teller(signal, key, file = '') {
    const sentence = () => trouble(key, { file }, this.#again);
    return (/** @type {boolean} */ long) => {
      if (signal.aborted || this.#loading.signal.aborted) return;
      if (long) this.#silent.set(sentence, signal);
      else this.#silent.delete(sentence);
      // Where one file goes on, another may still not.
      const last = [...this.#silent.keys()].at(-1) ?? settled;
      last();
    };
  }

  /** @param {string} name @param {AbortSignal} signal */
  async #fetchWeights(name, signal) {
    const own = await this.own(name);
    signal.throwIfAborted();
    if (own) {
      this.#weights.progress(own.size, own.size);
      this.#weights.finish(true);
      return own;
    }
    if (this.#fetched?.name !== name) {
      const file = weights(name);
      const quiet = this.#teller(signal, 'error.quiet', file);
      const bytes = await (this.#begun(name, signal, quiet) ?? this.#download(file, signal, quiet));
      signal.throwIfAborted();
      this.#fetched = { name, file: ModelFile.of(bytes) };
      performance.mark('tweedie:weights');
      this.#weights.finish(wasCached(file));
    }
    return this.#fetched.file;
  }

  /** Starts the sampler unless it is there or on its way already. */
  start() {
    if (this.#started) return this.#started;
    this.#starting = new AbortController();
    const started = this.#start(this.#starting.signal).catch((error) => {
      if (this.#started === started) this.#started = undefined;
      throw error;
    });
    return (this.#started = started);
  }

  /** @param {AbortSignal} signal @param {RequestCache} [way] @returns {Promise<void>} */
  async #start(signal, way = 'default') {
    if (!('WebAssembly' in globalThis)) throw new Trouble('error.wasm');
    this.#sampler.reset();
    const compiled = this.#compile(signal, way);
    const started = this.engine.start(compiled.then(({ program }) => program));
    started.catch(() => {}); // is heard below
    let damage = Promise.resolve();
    try {
      const { file, whole } = await compiled;
      damage = whole.then((is) => {
        if (!is) throw new DownloadError(file, 0, 'error.damaged');
      });
      await patiently(Promise.all([started, damage]), this.#teller(signal, 'error.long'));
      this.#sampler.finish(wasCached(file));
    } catch (first) {
      // Whatever a damaged program does, the damage is the reason.
      const error = await damage.then(() => first, (damaged) => damaged);
      const again = way === 'default' && error instanceof DownloadError && error.reason === 'error.damaged';
      if (!again) throw error;
      return this.#start(signal, 'reload');
    }
  }

  /** @param {AbortSignal} signal @param {RequestCache} way */
  async #compile(signal, way) {
    let refused;
    for (const file of programs) {
      const progress = (/** @type {number} */ done, /** @type {number} */ total) => {
        if (!signal.aborted) this.#sampler.progress(done, total);
      };
      try {
        const { program, whole } = await downloadProgram(file, progress, signal, this.#teller(signal, 'error.quiet', file), way);
        performance.mark('tweedie:program');
        return { program, whole, file };
      } catch (error) {
        if (!(error instanceof WebAssembly.CompileError)) throw error;
        refused = error;
      }
    }
    throw refused;
  }
}

/**
 * Waits for an answer, and tells if that takes long, and its end then.
 * @template T @param {Promise<T>} answer @param {(long: boolean) => unknown} tell
 */
async function patiently(answer, tell) {
  let long = false;
  const late = setTimeout(() => tell((long = true)), limits.quiet * 1000);
  try {
    return await answer;
  } finally {
    clearTimeout(late);
    if (long) tell(false);
  }
}

/** The file of a model's weights. @param {string} name */
function weights(name) {
  return `weights/${name}.safetensors`;
}

/** What a page says of it. @param {unknown} error */
export function troubleOf(error) {
  if (error instanceof Trouble) return error;
  if (error instanceof DownloadError) return new Trouble(error.reason, { file: error.file, status: error.status });
  if (error instanceof Refusal) return new Trouble('error.weights', { detail: once(error.message) });
  if (error instanceof StartError && error.message) return new Trouble('error.sampler', { detail: once(error.message) });
  if ('WebAssembly' in globalThis && error instanceof WebAssembly.CompileError) {
    return new Trouble('error.program', { detail: withoutStop(error.message) });
  }
  return new Trouble('error.worker');
}


/** A sentence of the sampler's inside one of the page's, which has said the beginning. @param {string} sentence */
function once(sentence) {
  return withoutStop(sentence.replace(/^The sampler could not be started: |^the model ".*?" cannot be loaded: /, ''));
}

/** @param {string} sentence */
export function withoutStop(sentence) {
  return sentence.replace(/[.。]\s*$/, '');
}

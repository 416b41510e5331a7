// The sampler, as the page sees it: a worker that is started, given a model and
// asked for runs. Each run ends exactly once: done, cancelled or failed, also
// when the worker dies or does not answer; then it is started again.

/** @import { Described, Failed, Model, RunMessage } from './types.js' */

/** How long a cancelled run may take to end before its worker is replaced. */
const patience = 2000;

/** A refusal by the worker, with the recipe's key at fault if one is. */
export class Refusal extends Error {
  /** @param {Failed} failed */
  constructor({ message, key = '' }) {
    super(message);
    this.key = key;
  }
}

/** The worker's script or program did not start. */
export class StartError extends Error {}

/**
 * @typedef {{resolve: (message: any) => void, reject: (error: Error) => void}} Waiting
 */

export class Engine {
  /** @type {Worker | undefined} */
  #worker;
  /** @type {WebAssembly.Module | undefined} */
  #program;
  /** Models that were loaded, to load them again. @type {Map<string, ArrayBuffer>} */
  #models = new Map();
  /** Waiting for an answer, by id, or by the type of a message without one. @type {Map<number | string, Waiting>} */
  #waiting = new Map();
  #lastId = 0;
  /** The run that has not ended, 0 for none. */
  #active = 0;
  #timer = 0;

  /**
   * @param {string} script URL of worker.js
   * @param {(message: RunMessage, respawned: boolean) => void} heard
   *   what the worker says of the run that was begun last
   */
  constructor(script, heard) {
    this.script = script;
    this.heard = heard;
  }

  /**
   * Starts the worker with a compiled program.
   * @param {WebAssembly.Module} program
   */
  async start(program) {
    this.#program = program;
    await this.#spawn();
  }

  /**
   * Gives the worker a model.
   * @param {string} model @param {ArrayBuffer} bytes
   * @returns {Promise<Model>}
   */
  async load(model, bytes) {
    const answer = this.#answer('model');
    this.#post({ type: 'load', model, bytes: bytes.slice(0) });
    const loaded = await answer;
    this.#models.set(model, bytes);
    return loaded;
  }

  /**
   * What a recipe comes to.
   * @param {string} recipe
   * @returns {Promise<Described>}
   */
  describe(recipe) {
    const id = ++this.#lastId;
    const answer = this.#answer(id);
    this.#post({ type: 'describe', id, recipe });
    return answer;
  }

  /**
   * Begins a run, which takes the place of the one before, paused at its
   * first step if asked to.
   * @param {string} recipe
   * @param {boolean} [paused]
   */
  run(recipe, paused = false) {
    clearTimeout(this.#timer);
    const id = ++this.#lastId;
    this.#active = id;
    if (!this.#worker) void this.#restart().catch(() => {});
    this.#post({ type: 'run', id, recipe });
    if (paused) this.#post({ type: 'step', id });
  }

  /** @param {'pause' | 'resume' | 'step'} type */
  steer(type) {
    if (this.#active) this.#post({ type, id: this.#active });
  }

  cancel() {
    if (!this.#active) return;
    this.#post({ type: 'cancel', id: this.#active });
    clearTimeout(this.#timer);
    const id = this.#active;
    this.#timer = setTimeout(() => this.#replace(id), patience);
  }

  /** Ends a worker that does not answer and starts another. @param {number} id */
  #replace(id) {
    if (id !== this.#active) return;
    void this.#restart().catch(() => {});
    this.#end({ type: 'cancelled', id, step: 0 }, true);
  }

  /** Starts another worker with the program and the models of the last. */
  async #restart() {
    this.#worker?.terminate();
    this.#rejectAll(new StartError());
    const ready = this.#spawn();
    for (const [model, bytes] of this.#models) this.#post({ type: 'load', model, bytes: bytes.slice(0) });
    await ready;
  }

  #spawn() {
    const worker = new Worker(this.script, { name: 'given' });
    this.#worker = worker;
    const ready = this.#answer('ready');
    worker.onmessage = ({ data }) => worker === this.#worker && this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#died();
    };
    worker.postMessage({ type: 'sampler', module: this.#program });
    return ready;
  }

  /** The worker's script could not be read, or has thrown. */
  #died() {
    const id = this.#active;
    if (this.#waiting.has('ready')) {
      // It never came up; trying again is for a person to ask for.
      this.#worker?.terminate();
      this.#worker = undefined;
      this.#rejectAll(new StartError());
    } else {
      void this.#restart().catch(() => {});
    }
    if (id) this.#end({ type: 'failed', id, message: '' }, true);
  }

  /** @param {any} message */
  #receive(message) {
    const { type, id } = message;
    if (id === undefined) {
      if (type === 'failed') this.#failedWithoutId(message);
      else this.#settle(type, message);
      return;
    }
    if (this.#waiting.has(id)) {
      const { resolve, reject } = /** @type {Waiting} */ (this.#waiting.get(id));
      this.#waiting.delete(id);
      if (type === 'failed') reject(new Refusal(message));
      else resolve(message);
      return;
    }
    if (id !== this.#active) return;
    if (type === 'done' || type === 'cancelled' || type === 'failed') this.#end(message, false);
    else this.heard(message, false);
  }

  /**
   * A start or a load has failed, whichever is waited for; otherwise the
   * sampler has ended and will not answer again.
   * @param {Failed} message
   */
  #failedWithoutId(message) {
    if (!this.#waiting.has('ready') && !this.#waiting.has('model')) {
      void this.#restart().catch(() => {});
      return;
    }
    for (const key of ['ready', 'model']) {
      this.#waiting.get(key)?.reject(key === 'ready' ? new StartError(message.message) : new Refusal(message));
      this.#waiting.delete(key);
    }
  }

  /** @param {string} key @param {any} message */
  #settle(key, message) {
    this.#waiting.get(key)?.resolve(message);
    this.#waiting.delete(key);
  }

  /** @param {RunMessage} message @param {boolean} respawned */
  #end(message, respawned) {
    clearTimeout(this.#timer);
    this.#active = 0;
    this.heard(message, respawned);
  }

  /** @param {number | string} key @returns {Promise<any>} */
  #answer(key) {
    return new Promise((resolve, reject) => this.#waiting.set(key, { resolve, reject }));
  }

  /** @param {Error} error */
  #rejectAll(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** @param {{type: string, id?: number, model?: string, recipe?: string, bytes?: ArrayBuffer}} message */
  #post(message) {
    this.#worker?.postMessage(message, message.bytes ? [message.bytes] : []);
  }
}

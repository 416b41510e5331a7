// One worker with the sampler and its models. It only carries messages: what
// they mean is the engine's business.

/** @import { FromWorker, ToWorker } from '../types.js' */
/** @import { ModelFile } from './model-file.js' */
import { lockName, onceGone } from './alive.js';

/** Pictures that a worker may be ahead of the page: few steps of a large grid. */
const lead = 128;
/** So many taken ones are told at once. */
const bundle = 8;
/** Bytes of memory of the device, 0 where a browser does not tell. */
const memory = ((/** @type {{deviceMemory?: number}} */ (globalThis.navigator ?? {})).deviceMemory ?? 0) * 2 ** 30;

/** The file of a model, of whose weights eight bits may be left. @typedef {{file: ModelFile, eight?: boolean}} Weights */
/**
 * @typedef {object} Ears
 * @property {(member: Member, message: FromWorker) => void} heard
 * @property {(member: Member) => void} lost the script could not be read, or has thrown, or was ended
 */

export class Member {
  /** The share of the run that it works on, none if negative. */
  share = -1;
  /** The share that it worked on last. */
  made = -1;
  /** The run that it has not ended, 0 for none. */
  busy = 0;
  /** Seconds since it was last heard, while it is watched. */
  silence = 0;
  /** Pictures of its run that were heard and not taken yet. */
  ahead = 0;
  /** The worker that makes passes for its runs. @type {Member | undefined} */
  helper;
  /** The worker for whose runs it makes passes. @type {Member | undefined} */
  helps;
  #taken = 0;
  #free = false;
  #worker;
  /** It is not waited for its end any more. */
  #forget = () => {};

  /**
   * @param {string} script URL of worker.js
   * @param {Promise<WebAssembly.Module>} program
   * @param {Map<string, Weights>} models that it is to have
   * @param {Ears} ears
   */
  constructor(script, program, models, ears) {
    const worker = new Worker(script, { name: 'given' });
    this.#worker = worker;
    const lock = lockName();
    worker.onmessage = ({ data }) => {
      this.silence = 0;
      if (data.type === 'alive') this.#forget = onceGone(lock, () => ears.lost(this));
      else ears.heard(this, data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      ears.lost(this);
    };
    this.post({ type: 'live', lock });
    this.post({ type: 'ahead', most: lead });
    program.then((module) => this.post({ type: 'sampler', module }), () => this.end());
    for (const [model, weights] of models) this.load(model, weights);
  }

  /** Whether it waits until pictures are taken. */
  get waits() {
    return !this.#free && this.ahead + this.#taken >= lead;
  }

  /** A run begins, of which it has sent nothing. @param {number} id */
  begin(id) {
    this.leave();
    this.busy = id;
    this.ahead = this.#taken = this.silence = 0;
    if (this.#free) this.post({ type: 'ahead', most: lead });
    this.#free = false;
  }

  /** One of its pictures was taken. */
  took() {
    this.ahead--;
    if (++this.#taken < bundle) return;
    this.post({ type: 'took', pictures: this.#taken });
    this.#taken = 0;
  }

  /** Makes passes for another one's runs, from when it is up. @param {Member} other */
  help(other) {
    this.leave();
    const { port1, port2 } = new MessageChannel();
    other.post({ type: 'helped', port: port1 }, [port1]);
    this.post({ type: 'helps', port: port2 }, [port2]);
    this.helps = other;
    other.helper = this;
  }

  /** Makes no passes any more. */
  leave() {
    if (!this.helps) return;
    this.helps.post({ type: 'helped' });
    this.helps = this.helps.helper = undefined;
  }

  /** It need not wait for anyone. */
  free() {
    this.#free = true;
    this.post({ type: 'ahead', most: 0 });
  }

  /** @param {ToWorker} message @param {Transferable[]} [transfer] */
  post(message, transfer = []) {
    this.#worker.postMessage(message, transfer);
  }

  /**
   * Gives it a model.
   * @param {string} model @param {Weights} weights
   * @param {boolean} [beside] for recipes of another model
   */
  load(model, { file, eight = false }, beside = false) {
    const { bytes, over } = file.give();
    this.post({ type: 'load', model, bytes, hash: file.hash, beside, memory, eight }, over);
  }

  /** Ends it at once; nothing is heard of it afterwards. */
  end() {
    this.leave();
    if (this.helper) this.helper = this.helper.helps = undefined;
    this.#worker.onmessage = this.#worker.onerror = null;
    this.#forget();
    this.#worker.terminate();
  }
}

// The lab's worker as the page sees it: questions that are answered once, and one recipe
// that is carried out, of which the page hears as it goes on. A worker that is lost is
// replaced when the page asks for the next thing.

/** @import { Failed, Message, Request } from './messages.js' */
import { address } from '../load/files.js';

/** @typedef {Failed & {gone?: boolean}} Failure */
/** @typedef {Exclude<Message, Failed> | Failure} Heard */
/** @template {Request} R @typedef {R extends Request ? Omit<R, 'id'> : never} Unnumbered */

/** What a question that has no answer is rejected with. */
export class Refusal extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export class Engine {
  /** @type {Worker | undefined} */
  #worker;
  #last = 0;
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (why: Refusal) => void}>} */
  #asked = new Map();
  /** The recipe that is carried out. */
  #run = 0;

  /** @param {(message: Heard) => void} heard what is said of the recipe, and that the worker is gone */
  constructor(heard) {
    this.heard = heard;
  }

  /**
   * Asks one question.
   * @template {Message} A
   * @param {Unnumbered<Request>} question
   * @returns {Promise<A>}
   * @throws {Refusal}
   */
  ask(question) {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#post({ ...question, id });
    });
  }

  /**
   * Carries a recipe out, in the place of the one before.
   * @param {string} recipe @param {{again?: boolean, wait?: boolean}} [how] from its beginning; without a training step until it is steered
   */
  train(recipe, { again = false, wait = false } = {}) {
    const id = ++this.#last;
    this.#newest = id;
    this.#post({ type: 'train', id, recipe, again, wait });
  }

  #newest = 0;

  /** Steers the training, also one that was only asked for. @param {'pause' | 'resume' | 'step'} type */
  steer(type) {
    this.#post({ type, id: this.#newest, steps: 1 });
  }

  /** Ends the worker, of which nothing more is heard. @param {Failure} [failure] what those who asked hear */
  end(failure = /** @type {Failure} */ ({ type: 'failed', message: '', gone: true })) {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#asked.values()) reject(new Refusal(failure));
    this.#asked.clear();
  }

  /** @param {object} message */
  #post(message) {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start() {
    const worker = new Worker(address('web/lab/worker.js'));
    worker.onmessage = ({ data }) => this.#take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lost({ type: 'failed', message: event.message ?? '', gone: true });
    };
    return worker;
  }

  /** @param {Failure} failure */
  #lost(failure) {
    this.end(failure);
    this.heard(failure);
  }

  /** @param {Heard} message */
  #take(message) {
    if (message.type === 'failed' && message.gone) return this.#lost(message);
    const id = 'id' in message && message.id ? message.id : 0;
    const asked = this.#asked.get(id);
    if (asked) {
      this.#asked.delete(id);
      if (message.type === 'failed') asked.reject(new Refusal(message));
      else asked.resolve(message);
      return;
    }
    if (message.type === 'started') this.#run = id;
    // Of a recipe that another has taken the place of nothing more is of interest.
    const heard = id === this.#run || id === this.#newest || message.type === 'ready';
    if (message.type === 'failed' && id === this.#newest) this.#newest = this.#run; // which goes on
    if (heard) this.heard(message);
  }
}

// Workers for tests: they note what they are sent and say what a test lets them.

/** @import { FromWorker, ToWorker } from '../types.js' */

/** A worker that does nothing by itself. */
export class FakeWorker {
  alive = true;
  /** @type {any[]} */
  sent = [];
  /** @type {((event: {data: FromWorker}) => void) | null} */
  onmessage = null;
  /** @type {((event: {preventDefault: () => void}) => void) | null} */
  onerror = null;

  /** @param {string} script @param {{name?: string}} [options] */
  constructor(script, options = {}) {
    this.script = script;
    this.name = options.name;
  }

  /** @param {ToWorker} message */
  postMessage(message) {
    this.sent.push(message);
    this.answer(message);
  }

  /** What it does with a message. @type {(message: ToWorker) => void} */
  answer = () => {};

  /** @param {FromWorker} message */
  say(message) {
    this.onmessage?.({ data: message });
  }

  die() {
    this.onerror?.({ preventDefault() {} });
  }

  terminate() {
    this.alive = false;
  }
}

/**
 * Takes the place of Worker until it is restored.
 * @param {(worker: FakeWorker) => void} [teach] what each can do
 */
export function workers(teach = () => {}) {
  const before = globalThis.Worker;
  const all = /** @type {FakeWorker[]} */ ([]);
  const Fake = class extends FakeWorker {
    /** @param {string} script @param {{name?: string}} [options] */
    constructor(script, options) {
      super(script, options);
      all.push(this);
      teach(this);
    }
  };
  globalThis.Worker = /** @type {typeof Worker} */ (/** @type {unknown} */ (Fake));
  return {
    all,
    restore() {
      globalThis.Worker = before;
    },
  };
}

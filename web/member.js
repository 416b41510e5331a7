// One worker with the sampler and its models. It only carries messages: what
// they mean is the engine's business.

/**
 * @typedef {object} Ears
 * @property {(member: Member, message: any) => void} heard
 * @property {(member: Member) => void} lost the script could not be read, or has thrown
 */

export class Member {
  /** The share of the run that it works on, none if negative. */
  share = -1;
  /** The share that it worked on last. */
  made = -1;
  /** Seconds since it was last heard, while it is watched. */
  silence = 0;
  #worker;

  /**
   * @param {string} script URL of worker.js
   * @param {Promise<WebAssembly.Module>} program
   * @param {Map<string, ArrayBuffer>} models that it is to have
   * @param {Ears} ears
   */
  constructor(script, program, models, ears) {
    const worker = new Worker(script, { name: 'given' });
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      this.silence = 0;
      ears.heard(this, data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      ears.lost(this);
    };
    program.then((module) => worker.postMessage({ type: 'sampler', module }), () => this.end());
    for (const [model, bytes] of models) this.load(model, bytes);
  }

  /** @param {{type: string, [key: string]: unknown}} message @param {Transferable[]} [transfer] */
  post(message, transfer = []) {
    this.#worker.postMessage(message, transfer);
  }

  /**
   * Gives it a copy of a model.
   * @param {string} model @param {ArrayBuffer} bytes
   * @param {boolean} [beside] for recipes of another model
   */
  load(model, bytes, beside = false) {
    const copy = bytes.slice(0);
    this.post({ type: 'load', model, bytes: copy, beside }, [copy]);
  }

  /** Ends it at once; nothing is heard of it afterwards. */
  end() {
    this.#worker.onmessage = this.#worker.onerror = null;
    this.#worker.terminate();
  }
}

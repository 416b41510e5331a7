// The engine of a comparison's second run. It has the first one's model, or
// another, whose weights it brings; it goes with the comparison, because it
// holds memory.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Changes, Inputs, Model, RunMessage } from '../types.js' */
import { StartError } from '../engine/crew.js';

export class Twin {
  /** @type {Engine | undefined} */
  #engine;
  /** The model of the second run, if it is not the first run’s. @type {Model | undefined} */
  #own;
  /** Whether eight bits are left of its weights. */
  #eight = false;
  /** Counts what was asked for, so that weights which come late start nothing. */
  #wishes = 0;
  /** Whether its weights are on their way. */
  loading = false;

  /** @param {Engine} first @param {(message: RunMessage) => void} heard */
  constructor(first, heard) {
    this.first = first;
    this.heard = heard;
  }

  /** Runs a recipe of the first one's model. @param {string} recipe @param {boolean} paused at its first step @param {Inputs} inputs */
  run(recipe, paused, inputs) {
    this.#wishes++;
    if (this.#own || this.loading) this.end();
    this.loading = false;
    this.#engine ??= this.first.twin(this.heard);
    this.#engine.run(recipe, paused, inputs);
  }

  /**
   * Sees that another model is there for the next run; nothing if that is not
   * wished any more.
   * @param {string} name @param {boolean} eight whether eight bits are left of its weights
   * @returns {Promise<Model | undefined>}
   */
  async bring(name, eight) {
    const wish = ++this.#wishes;
    if (this.#own?.model === name && this.#eight === eight) return this.#own;
    this.end();
    this.loading = true;
    try {
      const bytes = await this.first.supply(name);
      if (wish !== this.#wishes) return undefined;
      this.#engine = this.first.twin(this.heard, true);
      const model = await this.#engine.load(name, bytes, eight);
      this.#eight = eight;
      if (wish === this.#wishes) return (this.#own = model);
    } catch (error) {
      if (wish !== this.#wishes) return undefined;
      this.end(); // it has no model that a run could use
      throw error;
    } finally {
      if (wish === this.#wishes) this.loading = false;
    }
    return undefined;
  }

  /** Runs a recipe of the model that was brought. @param {string} recipe @param {boolean} paused @param {Inputs} inputs */
  runOwn(recipe, paused, inputs) {
    this.#engine?.run(recipe, paused, inputs);
  }

  /** What a recipe comes to with the model that was brought. @param {string} recipe @param {Changes} changes */
  describe(recipe, changes) {
    if (!this.#engine) return Promise.reject(new StartError());
    return this.#engine.describe(recipe, {}, changes);
  }

  /** The noise levels of a recipe of its model. @param {string} recipe @param {Inputs} inputs */
  plot(recipe, inputs) {
    return this.#engine ? this.#engine.plot(recipe, inputs) : Promise.reject(new StartError());
  }

  /** The names of all weights that are there, of the model first. */
  get weights() {
    return this.#engine?.weights ?? [];
  }

  /** @param {'pause' | 'resume' | 'step'} type */
  steer(type) {
    this.#engine?.steer(type);
  }

  cancel() {
    this.#engine?.cancel();
  }

  /** What is on its way is not wanted any more. */
  forget() {
    this.#wishes++;
    if (this.loading) this.end();
    this.loading = false;
  }

  /** Lets the engine go. */
  end() {
    if (this.#engine) this.first.alone();
    this.#engine?.end();
    this.#engine = this.#own = undefined;
  }
}

// The pictures of a walk: a recipe is run at each of its places, by an engine of its own
// that waits while something is drawn on the stage. They make a film whose steps are the
// places, so that what saves a run saves a walk.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Done, Inputs, RunMessage, Started, Step } from '../types.js' */
/** @import { Place } from './place.js' */
import { rested } from '../document/rest.js';
import { Refusal } from '../engine/crew.js';
import { Film } from '../stage/film.js';

/** A run that is whole. @typedef {{started: Started, pictures: Step[], done: Done}} Made */

export class Walk {
  #engine;
  #over = false;
  /** Takes what is heard of the run that goes on. @type {(message: RunMessage) => void} */
  #heard = () => {};
  /** Ends whatever is waited for. */
  #stop = () => {};
  #ended = new Promise((/** @type {(_: undefined) => void} */ resolve) => (this.#stop = () => resolve(undefined)));

  /** @param {Engine} engine of the stage @param {string} recipe @param {Inputs} inputs that it begins with */
  constructor(engine, recipe, inputs) {
    this.engine = engine;
    this.recipe = recipe;
    this.inputs = inputs;
    this.#engine = engine.twin((message) => this.#heard(message));
  }

  /**
   * The film of a walk; nothing once that has ended.
   * @param {Place[]} places
   * @param {Record<string, string>} set keys that are others at every place
   * @param {(done: number) => void} told how many places are drawn
   * @returns {Promise<{film: Film, recipe: string, hash: string} | undefined>} with the recipe and the hash of the first place
   * @throws {Refusal} where the recipe cannot be run @throws {import('../engine/crew.js').StartError}
   */
  async film(places, set, told) {
    /** @type {{film: Film, recipe: string, hash: string} | undefined} */
    let all;
    for (const [i, { x, y }] of places.entries()) {
      const made = await this.#made({ ...set, at: `${x},${y}` });
      if (!made) return undefined;
      const { started, pictures, done } = made;
      all ??= { film: new Film({ ...started, steps: places.length }), recipe: done.recipe, hash: done.hash };
      for (const picture of pictures) all.film.add({ ...picture, step: i + 1, steps: places.length });
      told(i + 1);
    }
    return all;
  }

  /** Whether it has ended, whole or not. */
  get over() {
    return this.#over;
  }

  /** Lets the engine go, whatever it does: it holds memory. */
  end() {
    if (this.#over) return;
    this.#over = true;
    this.#engine.end();
    this.engine.alone();
    this.#stop();
  }

  /** One run. @param {Record<string, string>} set @returns {Promise<Made | undefined>} */
  async #made(set) {
    await Promise.race([rested(), this.#ended]);
    if (this.#over) return undefined;
    const described = this.#engine.describe(this.recipe, this.inputs, { without: ['result'], set });
    described.catch(() => {}); // once it has ended nobody asks
    const there = await Promise.race([described, this.#ended]);
    return there && Promise.race([this.#run(there.recipe), this.#ended]);
  }

  /** @param {string} recipe @returns {Promise<Made>} */
  #run(recipe) {
    return new Promise((resolve, reject) => {
      /** @type {Started | undefined} */
      let started;
      /** @type {Step[]} */
      const pictures = [];
      this.#heard = (message) => {
        if (message.type === 'started') started = message;
        if (message.type === 'step') pictures[message.image] = message;
        if (message.type === 'done' && started) resolve({ started, pictures, done: message });
        if (message.type === 'failed') reject(new Refusal(message));
      };
      this.#engine.run(recipe, false, this.inputs);
    });
  }
}

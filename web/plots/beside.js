// The noise levels of what is beside a recipe. Those of another model need its weights: a
// worker of their own reads them, and goes again, because it holds memory.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Beside } from './choices.js' */
/** @import { Described, Inputs, Plotted } from '../types.js' */
import { valueOf } from '../engine/fields.js';
import { tell } from '../document/readout.js';

/** What of a recipe says nothing of its noise levels. */
const needless = ['picture', 'guidance', 'cascade', 'given', 'result'];

export class Levels {
  /** Those of other models, by their recipes. @type {Map<string, Promise<Plotted>>} */
  #others = new Map();

  /** @param {Engine} engine @param {(name: string) => string} title of a model */
  constructor(engine, title) {
    this.engine = engine;
    this.title = title;
  }

  /**
   * @param {string} recipe @param {Inputs} inputs @param {Described['fields']} fields of the recipe
   * @param {Beside | undefined} beside @param {boolean} forward
   * @returns {Promise<Plotted | undefined>} nothing where the recipe has that value itself
   */
  async beside(recipe, inputs, fields, beside, forward) {
    if (!beside || valueOf(fields, beside.key) === beside.value) return undefined;
    const { key, value } = beside;
    if (key === 'm') return this.#ofModel(value, recipe, valueOf(fields, 'm'), forward);
    const other = await this.engine.describe(recipe, inputs, { without: ['result'], set: { [key]: value } });
    return this.engine.plot(other.recipe, inputs, forward);
  }

  /** @param {string} model @param {string} recipe @param {string} own model of the recipe @param {boolean} forward */
  async #ofModel(model, recipe, own, forward) {
    // Written out, so that nothing but the model differs.
    const { recipe: plain } = await this.engine.describe(recipe, {}, { without: needless, set: { m: own }, spelled: true });
    const key = [model, plain, forward].join();
    const known = this.#others.get(key) ?? this.#bring(model, plain, forward);
    this.#others.set(key, known);
    known.catch(() => this.#others.delete(key));
    return known;
  }

  /** @param {string} model @param {string} recipe @param {boolean} forward */
  async #bring(model, recipe, forward) {
    const brought = this.engine.supply(model);
    tell('plots.loading', { title: () => this.title(model) });
    const bytes = await brought;
    const twin = this.engine.twin(() => {}, true);
    try {
      await twin.load(model, bytes);
      const { recipe: own } = await twin.describe(recipe, {}, { without: needless, set: { m: model } });
      return await twin.plot(own, {}, forward);
    } finally {
      this.engine.alone();
      twin.end();
    }
  }
}

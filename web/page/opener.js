// From a recipe to a run: it is read, its model is brought, the controls show what
// it comes to, and it is run, or refused where the person can change it. Recipes
// come from the address, the controls, a preset, a file or a panel.

/** @import { Model } from '../types.js' */
/** @import { Extras } from '../edit/extras.js' */
/** @import { Own } from '../own/own.js' */
/** @import { Compare } from '../run/compare.js' */
/** @import { Forward } from '../run/forward.js' */
/** @import { Controls } from './controls.js' */
/** @import { Models } from './models.js' */
/** @import { Modes } from './modes.js' */
/** @import { Try } from './presets.js' */
/** @import { Runs } from './runs.js' */
/** @import { Refused } from '../text/refusal.js' */
/** @import { Turning } from './turning.js' */
import { asked as askedFor, note } from '../document/address.js';
import { allow, element, lessMotion } from '../document/elements.js';
import { classOf, isRecorded, modelOf, ofPage, opening, read } from '../document/fragment.js';
import { tell } from '../document/readout.js';
import { complain, dispatch, enter, isLoaded, trouble } from '../document/state.js';
import { Refusal, StartError } from '../engine/crew.js';
import { valueOf } from '../engine/fields.js';
import { Trouble, withoutStop } from '../load/loader.js';
import { bytes, text } from '../text/i18n.js';
import { sentences } from '../text/refusal.js';
import { offerPresets } from './presets.js';
import { isNews, noteRecipe } from './viewstate.js';

/** The parts of the page that a recipe is shown in. @typedef {{compare: Compare, controls: Controls, extras: Extras, forward: Forward, models: Models, modes: Modes, own: Own, turning: Turning}} Parts */

export class Opener {
  /** Counts what was asked for, so that a slow answer does not undo a newer wish. */
  #wishes = 0;
  /** Whether the recipe of the address has not come to a run yet. */
  #arriving = false;
  /** The wish that was refused last. */
  #refused = 0;
  /** The wish whose recipe the controls do not show yet, 0 for none. */
  #opening = 0;
  /** Which button was pressed meanwhile, 'start' or 'step': that recipe was meant. */
  #pressed = '';
  /** Told when a recipe runs, or is refused, and nothing newer was asked for. */
  settled = () => {};
  /** @type {Parts} */
  #parts = /** @type {any} */ (undefined); // before meet nothing is opened

  /** @param {Runs} runs */
  constructor(runs) {
    this.runs = runs;
    this.engine = runs.view.engine;
  }

  /** @param {Parts} parts */
  meet(parts) {
    this.#parts = parts;
  }

  /** Brings the weights of the recipe that begin is going to open, while the rest of the page is built. */
  ahead() {
    const recipe = location.hash.length > 1 ? location.hash : opening();
    if (read(recipe).model === undefined) this.runs.view.loader.ahead(modelOf(ofPage(recipe)));
  }

  /** The recipe of the address runs at once, the page's own unless motion is unwanted: then its recording is there, whole. */
  begin() {
    const still = lessMotion().matches;
    if (isNews() && location.hash.length > 1) {
      const { hash } = location;
      this.#parts.controls.expect(classOf(hash));
      const recorded = askedFor('against') === null && isRecorded(hash);
      if (recorded) void this.runs.view.first.play(still);
      const opened = this.open(hash);
      if (!recorded) void this.runs.preview.show(hash);
      return opened;
    }
    if (askedFor('against') === null) void this.runs.view.first.play(still);
    this.#parts.controls.expect(classOf(opening()));
    return this.open(opening(), !still);
  }

  /** Runs a recipe that a person asks for on this page. @param {string} recipe */
  ask(recipe) {
    return this.open(recipe, true, true);
  }

  /**
   * Shows a recipe in the controls and runs it, with the model that it is for.
   * @param {string} recipe @param {boolean} [start]
   * @param {boolean} [asked] for by a person on this page
   * @returns {Promise<boolean>} whether it is one that can be run
   */
  async open(recipe, start = true, asked = false) {
    const { models, own, turning } = this.#parts;
    const { inputs } = this.runs;
    const wish = ++this.#wishes;
    this.runs.preview.end();
    this.#arriving = recipe === location.hash;
    if (read(recipe).model !== undefined) {
      void own.bring(recipe, start, asked);
      return false;
    }
    const again = () => void this.open(recipe, start, asked);
    turning.forget();
    this.#opening = wish;
    this.#pressed = '';
    try {
      recipe = await inputs.read(ofPage(recipe));
      const wanted = modelOf(recipe, models.current?.model);
      const lacking = await models.lacks(wanted);
      let name = wanted;
      if (lacking) name = models.current?.model ?? modelOf('');
      if (wish !== this.#wishes || !(await models.have(name, again, lacking ? '' : recipe)) || wish !== this.#wishes) return false;
      if (lacking) {
        await this.refuse(recipe, { key: 'm', message: lacking, reason: 'model', values: { value: wanted.slice(0, 64) } }, false);
        return false;
      }
      const described = await this.engine.describe(recipe, inputs.of(recipe), {}, start);
      if (wish !== this.#wishes) return false;
      this.#fill(described);
      turning.taken();
      this.runs.expected = valueOf(described.fields, 'h');
      if (start || this.#pressed) this.runs.go(described.recipe, this.#pressed === 'step', asked);
      return true;
    } catch (error) {
      if (wish === this.#wishes) await this.#failed(error, recipe, again);
      return false;
    } finally {
      if (wish === this.#opening) this.#opening = 0;
      if (wish === this.#wishes) this.settled();
    }
  }

  /** Runs what is on the stage again, or what was typed since. @param {boolean} [asked] for by a person on this page */
  again(asked = true) {
    const { recipe } = this.runs.view;
    if (this.#parts.turning.forget()) this.draw();
    else if (recipe) this.runs.go(recipe, false, asked);
  }

  /** Runs what the controls show. @param {boolean} [paused] at the first step */
  draw(paused = false) {
    const { controls, extras } = this.#parts;
    if (!isLoaded()) return;
    if (this.#opening === this.#wishes) return void (this.#pressed = paused ? 'step' : 'start');
    const naming = extras.settled();
    if (naming) return void naming.then((named) => (named || extras.settled()) && this.draw(paused));
    const wish = ++this.#wishes;
    const recipe = controls.recipe();
    this.#run(recipe, paused, true);
    void this.#learn(recipe, wish);
  }

  /** Shows what a recipe comes to that runs already. @param {string} recipe @param {number} wish */
  async #learn(recipe, wish) {
    const described = await this.engine.describe(recipe, this.runs.inputs.of(recipe)).catch(() => undefined); // the run is refused as well
    if (!described || wish !== this.#wishes || wish === this.#refused) return;
    this.#show(described, true);
    this.#parts.extras.fill(described);
  }

  /**
   * A control was turned: what the controls come to is run, or offered where that will take long.
   * @param {boolean} fill whether they may be filled with it
   * @param {boolean} push whether the run before is worth going back to
   */
  async turned(fill, push) {
    const { controls, extras, turning } = this.#parts;
    const wish = ++this.#wishes;
    await extras.settled();
    const recipe = controls.recipe();
    const current = () => wish === this.#wishes;
    try {
      const described = await this.engine.describe(recipe, this.runs.inputs.of(recipe));
      if (!current()) return;
      if (fill) this.#show(described, true);
      else controls.judge(described);
      extras.fill(described);
      if (!turning.offers(described)) this.#run(recipe, false, push);
    } catch (error) {
      if (!current()) return;
      this.runs.stay();
      await this.#failed(error, recipe, () => void this.turned(fill, push));
    }
  }

  /** Whatever was asked for and is not there yet is not wanted any more. */
  forestall() {
    this.#wishes++;
    if (!this.#arriving) return;
    this.#arriving = false;
    if (this.runs.view.recipe) noteRecipe(this.runs.link); // and the address is what is seen again
  }

  /** Shows for a moment what a slider comes to. @param {string} recipe @param {boolean} push @param {boolean} atOnce whether it is shown once it is whole */
  glimpse(recipe, push, atOnce) {
    this.#wishes++;
    this.#run(recipe, false, push, atOnce ? 'whole' : 'step');
  }

  /** A run is asked for. */
  going() {
    this.#arriving = false;
    this.#parts.turning.settle();
  }

  /** A run is over: says whether it is a result. */
  ended() {
    return this.#parts.turning.ended();
  }

  /** A run has ended before its end. */
  stopped() {
    this.#parts.turning.stopped();
  }

  /** @param {string} recipe @param {boolean} paused @param {boolean} push @param {'step' | 'whole'} [following] */
  #run(recipe, paused, push, following) {
    const { compare, controls, turning } = this.#parts;
    controls.clearErrors();
    turning.taken();
    this.runs.expected = '';
    compare.expected = '';
    this.runs.go(recipe, paused, true, push, following);
  }

  /** Offers what a model can do. @param {Model} model @param {number} size @param {string} recipe that brought it, '' for its own */
  async loaded(model, size, recipe) {
    const { compare, controls, extras, forward, models } = this.#parts;
    this.runs.forget();
    controls.offer(model, () => bytes(size));
    compare.offer(model);
    offerPresets(model, models.guided, (name) => models.entry(name) !== undefined, (what) => void this.#try(what));
    allow('defaults', true);
    this.#parts.own.loaded();
    enter('ready');
    tell('status.ready');
    dispatch('ready', { recipe: model.defaults });
    const defaults = () => this.engine.describe(model.defaults);
    // At once as they will be, or what the model's own recipe comes to is seen for a moment.
    const described = await (recipe ? this.engine.describe(recipe, this.runs.inputs.of(recipe)).catch(defaults) : defaults());
    controls.fill(described);
    extras.fill(described);
    forward.fill(described);
  }

  /** Runs a preset. @param {Try} what */
  async #try({ recipe, mode, against }) {
    const { compare, modes } = this.#parts;
    if (mode) modes.open(mode);
    if (!(await this.ask(recipe)) || !against) return;
    note({ against, 'against-h': null });
    if (compare.read()) this.again(false);
  }

  /** @param {import('../types.js').Described} described */
  #fill(described) {
    const { compare, extras } = this.#parts;
    this.#show(described);
    extras.fill(described);
    compare.fill(described);
  }

  /** Has the controls show what a recipe comes to. @param {import('../types.js').Described} described @param {boolean} [keep] */
  #show(described, keep) {
    const { controls, turning } = this.#parts;
    controls.fill(described, keep);
    turning.filled();
  }

  /** @param {unknown} error @param {string} recipe @param {() => void} again */
  async #failed(error, recipe, again) {
    if (error instanceof Refusal) return this.refuse(recipe, error, false);
    if (error instanceof StartError) return trouble('error.worker', {}, again);
    if (!(error instanceof Trouble)) throw error;
    // The model cannot be had.
    const { key, values } = error;
    enter('failed');
    trouble(key, values, again);
    dispatch('error', { recipe: '', message: text(key, values) });
  }

  /**
   * A recipe that cannot be run.
   * @param {string} recipe @param {Refused} refused
   * @param {boolean} focus whether the person has just used the controls
   */
  async refuse(recipe, refused, focus) {
    const { controls } = this.#parts;
    const wish = this.#wishes;
    this.#refused = wish;
    this.runs.preview.end();
    await sentences();
    if (wish !== this.#wishes) return;
    const detail = withoutStop(refused.message);
    enter('failed');
    element('trouble').hidden = true;
    controls.clearErrors();
    const label = controls.complain(refused, focus);
    if (label) tell('error.see', { label });
    else complain(refused);
    dispatch('error', { recipe: recipe.replace(/^#/, ''), message: detail });
  }
}

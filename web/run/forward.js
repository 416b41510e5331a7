// The way of a picture into noise, on the same timeline: one that was drawn here,
// or that a person opens, drops or pastes; and back from any of its states.
//
// In the address ?forward noises the picture that the recipe makes, in a jump to
// each level, and ?forward=chain beside that step by step, each with fresh noise. A
// picture that was opened is in no address until something is made from it.

/** @import { Sentence } from '../stage/captions.js' */
/** @import { Engine } from '../engine/engine.js' */
/** @import { Inputs } from './inputs.js' */
/** @import { Stage } from '../stage/stage.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Described, Started } from '../types.js' */
import { valueOf } from '../engine/fields.js';
import { tell } from '../document/readout.js';
import { Trouble } from '../load/loader.js';
import { allow, element, onClick } from '../document/elements.js';
import { reason } from '../document/idle.js';
import { say } from '../text/i18n.js';
import { asked, note } from '../document/address.js';

/**
 * @typedef {object} Wishes
 * @property {() => string} recipe that is shown
 * @property {() => {channels: number, height: number, width: number} | undefined} shape of the model's pictures, once it is there
 * @property {(recipe: string) => void} open runs a recipe that begins with the picture
 */

export class Forward {
  /** Whether the stage shows a picture that is being noised. */
  on = false;
  /** The picture in the size of the model. @type {Uint8Array | undefined} */
  #image;
  /** Whether a person has opened it. */
  #opened = false;
  #inverted = false;
  /** Whether it goes step by step as well. */
  #chain = false;
  /** Takes the picture that waits for a model. @type {(() => void) | undefined} */
  #waiting;
  /** Counts what was opened, so that a slow file does not undo a newer one. */
  #wishes = 0;
  /** What is said of it. @type {Sentence} */
  #said = ['forward.running', {}];
  /** Whether the address has asked already. */
  #answered = false;
  /** Whether there is a finished picture. */
  #offered = false;
  /** Why the model's pictures cannot be noised, '' where they can. @type {Key | ''} */
  #idle = '';

  /** @param {Stage} stage @param {Engine} engine @param {Inputs} inputs @param {Wishes} wishes */
  constructor(stage, engine, inputs, wishes) {
    this.stage = stage;
    this.engine = engine;
    this.inputs = inputs;
    this.wishes = wishes;
    const file = /** @type {HTMLInputElement} */ (element('forward-file'));
    onClick('forward-own', () => this.own());
    onClick('forward-open', () => file.click());
    onClick('forward-chain', () => this.#turnChain());
    onClick('forward-invert', () => this.#invert());
    onClick('forward-back', () => void this.back());
    file.addEventListener('change', () => {
      void this.take(file.files?.[0]);
      file.value = '';
    });
    this.#show();
  }

  /** A run is over: its picture can be noised, and is if the address asks for that. */
  offer() {
    this.#offered = true;
    this.#show();
    if (asked('forward') === null || this.#answered) return;
    this.#answered = true;
    this.own();
  }

  /** Shows whether the model's runs can begin with a picture. @param {Described} described */
  fill({ fields }) {
    this.#idle = reason(fields.image);
    say(element('forward-idle'), this.#idle);
    this.#show();
  }

  /** Another run takes the stage. */
  leave() {
    if (!this.on) return;
    this.on = false;
    note({ forward: null });
    this.#show();
  }

  /**
   * Noises the first picture of those on the stage, as it is at last.
   * @param {boolean} [chain] step by step as well
   */
  own(chain = asked('forward') === 'chain') {
    if (this.on) return void (chain !== this.#chain && this.#turnChain());
    const picture = this.stage.film.live[0]?.xt;
    if (this.#idle || !picture || !this.stage.film.complete) return;
    this.#opened = false;
    this.#said = ['forward.running', {}];
    this.#image = picture.slice();
    this.#answered = true;
    this.#chain = chain;
    void this.#begin();
  }

  #turnChain() {
    this.#chain = !this.#chain;
    void this.#begin();
  }

  /**
   * Noises a picture of a person's.
   * @param {File | undefined} file @param {boolean} [dropped] where a recipe might have been in it
   */
  async take(file, dropped = false) {
    if (!file) return;
    const shape = this.wishes.shape();
    this.#waiting = shape ? undefined : () => void this.take(file, dropped);
    if (!shape) return tell('forward.waiting', { file: file.name });
    if (this.#idle) return tell(this.#idle);
    const wish = ++this.#wishes;
    try {
      const { opened } = await import('../opened/opened.js').catch(() => Promise.reject(new Trouble('extras.lacking')));
      const picture = await opened(file, shape);
      if (wish !== this.#wishes) return;
      if (!picture) throw new Trouble('forward.unreadable', { file: file.name });
      this.#said = [dropped ? 'forward.dropped' : 'forward.opened', { file: file.name }];
      this.#opened = true;
      this.#inverted = picture.inverted;
      this.#image = picture.pixels;
      void this.#begin();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      tell(error.key, error.values);
    }
  }

  /** A model is there, or a recipe for it runs: what waits for one is taken. */
  ready() {
    this.#waiting?.();
  }

  #invert() {
    if (!this.#opened || !this.#image) return;
    this.#inverted = !this.#inverted;
    this.#image = this.#image.map((v) => 255 - v);
    void this.#begin();
  }

  async #begin() {
    const image = this.#image;
    if (!image) return;
    this.on = true;
    this.#show();
    if (!this.#opened) note({ forward: this.#chain ? 'chain' : '' });
    const recipe = this.wishes.recipe();
    // One that is refused is refused by the run as well, which says so.
    const one = await this.#one(recipe, this.#chain ? 2 : 1).catch(() => recipe);
    if (this.on && image === this.#image) this.engine.forward(one, image.slice(), this.#chain);
  }

  /** A recipe for pictures of one class that begin with nothing. @param {string} recipe @param {number} [n] how many */
  async #one(recipe, n = 1) {
    const { fields } = await this.engine.describe(recipe);
    const [letter] = valueOf(fields, 'w');
    const set = { n: String(n), ...(letter && { c: letter }) };
    return (await this.engine.describe(recipe, {}, { without: ['given', 'result', 'to', 'plane', 'at', 'w'], set })).recipe;
  }

  /** The states are coming. @param {Started} message */
  started(message) {
    this.stage.compare([], 0);
    this.stage.begin(message);
    this.stage.film.noised = true;
    tell(...this.#said);
  }

  /** Denoises from the state that is shown. */
  async back() {
    const { film } = this.stage;
    const steps = film.shape.steps - 1;
    const taken = film.current - 1;
    const image = this.#image;
    if (!this.on || !image || taken < 1) return;
    const one = await this.#one(this.wishes.recipe());
    const named = (/** @type {number} */ part) =>
      this.inputs.name(this.engine, one, { image }, { set: { strength: String(Number(part.toFixed(6))) } });
    let described = await named(taken / steps);
    // The sampler rounds down, also what is not quite the whole number that is meant.
    if (described.taken !== taken) described = await named((taken + 0.5) / steps);
    this.wishes.open(described.recipe);
  }

  /** The step that is shown has changed. */
  moved() {
    allow('forward-back', this.on && this.stage.film.current > 1);
  }

  #show() {
    allow('forward-own', this.#offered && !this.#idle);
    allow('forward-open', !this.#idle);
    element('forward-own').setAttribute('aria-pressed', String(this.on && !this.#opened));
    element('forward-chain').hidden = !this.on;
    element('forward-chain').setAttribute('aria-pressed', String(this.#chain));
    element('forward-invert').hidden = !this.on || !this.#opened;
    element('forward-invert').setAttribute('aria-pressed', String(this.#inverted));
    element('forward-back').hidden = !this.on;
    this.moved();
  }
}

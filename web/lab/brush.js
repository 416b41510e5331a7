// The brush: a person paints what is learned. A stroke, a picture, an undo each make a painting,
// and the recipe that has it is carried out at once, as is what is turned elsewhere. As long as
// nothing is painted, what was learned before waits, out of sight.

/** @import { Described, Painted, Request, Started } from './messages.js' */
/** @import { Engine, Failure, Unnumbered } from './engine.js' */
/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Window } from './scene.js' */
import { allow, element, onClick } from '../document/elements.js';
import { Trouble } from '../load/loader.js';
import { en, zh } from '../text/brush.js';
import { knows, learn, say, text } from '../text/i18n.js';
import { fallenFile, greysOf } from './brought.js';
import { presetOf } from './controls.js';
import { Easel } from './easel.js';
import { Refusal } from './engine.js';
import { paints } from './paints.js';

/** The data that a painting makes, as recipes call them. */
const painted = 'painted';
/** Pixels that its picture among the presets is wide. */
const pictured = 385;
/** Paintings that can be gone back to. */
const remembered = 100;

/**
 * @typedef {object} Host what the brush is used in
 * @property {Engine} engine
 * @property {() => Window} window
 * @property {() => string} recipe that is carried out
 * @property {(recipe: string) => void} carryOut
 * @property {(on: boolean) => void} hold has the training wait, and go on if it did not wait before
 * @property {(inHand: boolean) => void} turned the brush was taken up, or put away
 * @property {() => void} changed what is to be seen has changed
 * @property {(key: Key | '', values?: Values, wrong?: boolean) => void} tell
 * @property {(failure: Failure) => void} refused
 *
 * @typedef {{touches: number[][], colour: string, over: boolean, wake: () => void}} Stroke
 */

export class Brush {
  inHand = false;
  /** Whether there is nothing to be seen of a network: none has learned this painting yet. */
  blank = false;
  /** The painting, as recipes have it. */
  #canvas = '';
  /** Those before. @type {string[]} */
  #past = [];
  /** One thing is done after the other. */
  #last = Promise.resolve();
  /** What is being painted. @type {Stroke | undefined} */
  #stroke;
  /** Its picture among the presets. @type {HTMLCanvasElement | undefined} */
  #picture;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    learn(en, zh);
    this.easel = new Easel(/** @type {HTMLCanvasElement} */ (element('brush-canvas')), host.window, {
      begun: (rubber) => this.#begin(rubber ? '' : this.easel.colour),
      touched: (...touch) => this.#touch(touch),
      lifted: () => this.#lift(),
      moved: (cursor, down) => this.#describe(cursor, down),
      pressed: (key) => this.#pressed(key),
    });
    // These two are for the tools as well.
    element('brush').addEventListener('keydown', (event) => {
      const key = event.ctrlKey || event.metaKey ? `Control+${event.key.toLowerCase()}` : event.key;
      if (event.defaultPrevented || !['Escape', 'Control+z'].includes(key)) return;
      event.preventDefault();
      this.#pressed(key);
    });
    onClick('brush-undo', () => this.undo());
    onClick('brush-clear', () => this.clear());
    onClick('brush-away', () => this.away());
    const chosen = /** @type {HTMLInputElement} */ (element('brush-file'));
    onClick('brush-open', () => chosen.click());
    chosen.addEventListener('change', () => {
      const file = chosen.files?.[0];
      chosen.value = '';
      if (file) void this.#bring(() => file);
    });
    const over = (/** @type {boolean} */ is) => element('box').toggleAttribute('data-over', is);
    addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      over(true);
    });
    addEventListener('dragleave', (event) => !event.relatedTarget && over(false));
    addEventListener('drop', (event) => {
      over(false);
      this.#fallen(event);
    });
    addEventListener('paste', (event) => {
      const file = event.clipboardData?.files[0];
      if (!file) return;
      event.preventDefault();
      void this.#bring(() => file);
    });
    for (const button of this.#sizes) button.addEventListener('click', () => this.#size(button));
  }

  /** Makes the colours and sizes that the sampler describes. @param {Described} described */
  describe({ side, levels, colours }) {
    Object.assign(this.easel, { side, levels, names: colours });
    const buttons = [...colours, ''].map((colour) => {
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'button icon-only', value: colour });
      const key = /** @type {Key} */ (colour ? `lab.class.${colour}` : 'brush.erase');
      for (const attribute of ['aria-label', 'title']) say(button, key, {}, attribute);
      if (!colour) button.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#icon-erase"/></svg>';
      button.addEventListener('click', () => this.#choose(colour));
      return button;
    });
    element('brush-paints').replaceChildren(...buttons);
    this.#choose(colours[0]);
    const choice = presetOf({ name: painted, doc: '' });
    say(choice, 'brush.about', {}, 'title');
    say(/** @type {Element} */ (choice.querySelector('.face span')), 'brush.paint');
    this.#picture = choice.querySelector('canvas') ?? undefined;
    // It is no preset yet that could be carried out.
    choice.addEventListener('change', (event) => event.stopPropagation());
    choice.addEventListener('click', ({ target }) => target instanceof HTMLInputElement && this.take());
    element('presets').append(choice);
    this.#show();
  }

  /**
   * A recipe is carried out.
   * @param {Started} of @param {boolean} byHand not by an address
   */
  began({ recipe, fields }, byHand) {
    const value = (/** @type {string} */ key) => fields.find((field) => field.key === key)?.value ?? '';
    if (value('d') !== painted) {
      if (this.inHand) this.away();
      else if (this.#canvas) this.#load('', recipe);
    } else if (value('paint') !== this.#canvas && !this.#stroke && (!byHand || this.#canvas === '')) {
      this.#load(value('paint'), recipe);
    }
  }

  /** A network has answered. */
  answered() {
    this.blank = this.bare;
  }

  /** Whether there is a canvas to paint on, and nothing on it. */
  get bare() {
    return this.inHand && this.#canvas === '';
  }

  take() {
    if (this.inHand || !this.host.recipe()) return; // the page has only begun
    this.#turn(true);
    if (this.#canvas === '') {
      this.blank = true;
      this.host.hold(true);
    }
    this.host.tell('brush.begun');
    this.#show();
  }

  /** Puts the brush away. What is carried out stays, and is shown: also after all was cleared. */
  away() {
    if (!this.inHand) return;
    this.easel.rest();
    if (element('brush').contains(document.activeElement)) element('canvas').focus({ preventScroll: true });
    this.blank = false;
    this.host.hold(false);
    this.#turn(false);
    const recipe = this.host.recipe();
    const canvas = new URLSearchParams(recipe).get('paint') ?? '';
    if (canvas !== this.#canvas && !this.#stroke) this.#load(canvas, recipe);
  }

  /** @param {boolean} inHand */
  #turn(inHand) {
    this.inHand = inHand;
    element('brush').hidden = !inHand;
    element('box').toggleAttribute('data-brush', inHand);
    this.host.turned(inHand);
    this.host.changed();
  }

  undo() {
    this.#next(async () => {
      const before = this.#past.pop();
      if (before === undefined) return;
      this.#carryOut(await this.#ask({ type: 'paint', ...this.#held(before) }));
    });
  }

  clear() {
    this.#next(async () => {
      if (this.#canvas === '') return this.host.tell('brush.bare');
      const before = this.#canvas;
      this.#put(before, await this.#ask({ type: 'paint', ...this.#held('') }));
    });
  }

  // Strokes.

  /** @param {string} colour none erases */
  #begin(colour) {
    const stroke = { touches: [], colour, over: false, wake: () => {} };
    this.#stroke = stroke;
    this.#next(() => this.#follow(stroke));
  }

  /** @param {number[]} touch x, y and pressure */
  #touch(touch) {
    this.#stroke?.touches.push(touch);
    this.#stroke?.wake();
  }

  #lift() {
    if (!this.#stroke) return;
    this.#stroke.over = true;
    this.#stroke.wake();
    this.#stroke = undefined;
  }

  /** Has a stroke painted as it goes on, all that came meanwhile at once. @param {Stroke} stroke */
  async #follow(stroke) {
    const before = this.#canvas;
    const { radius } = this.easel;
    /** @type {Painted | undefined} */
    let answer;
    for (let done = 0; !stroke.over || done < stroke.touches.length; ) {
      const touches = stroke.touches.slice(Math.max(0, done - 1));
      if (done < stroke.touches.length) {
        done = stroke.touches.length;
        answer = await this.#ask({ type: 'paint', ...this.#held(this.#canvas), stroke: new Uint8Array(Float32Array.from(touches.flat()).buffer), radius, colour: stroke.colour });
        if (!answer) break;
        this.#take(answer);
      } else {
        await new Promise((/** @type {(value: void) => void} */ resolve) => (stroke.wake = resolve));
      }
    }
    this.#put(before, answer);
  }

  // Pictures.

  /** @param {DragEvent} event */
  #fallen(event) {
    const data = event.dataTransfer;
    if (!data || (event.target instanceof HTMLInputElement && !data.types.includes('Files'))) return;
    if (data.types.includes('Files') || data.types.includes('text/uri-list')) event.preventDefault();
    // The browser gives what fell during the event alone.
    const { types, files, items } = data;
    void this.#bring(() => fallenFile({ types, files, items }));
  }

  /** @param {() => File | undefined} find */
  async #bring(find) {
    try {
      const file = find();
      if (!file) return;
      this.host.tell('brush.reading', { file: file.name });
      const grey = await greysOf(file, this.easel.side);
      this.#next(async () => {
        const before = this.#canvas;
        const answer = await this.#ask({ type: 'picture', recipe: this.host.recipe(), grey }, file.name);
        if (!answer) return;
        this.#take(answer);
        this.take();
        this.#put(before, answer);
      });
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.host.tell(error.key, error.values, true);
    }
  }

  // Paintings.

  /** @param {() => Promise<void> | void} act */
  #next(act) {
    this.#last = this.#last.then(act);
  }

  /** A question about a painting, without a stroke. @param {string} canvas */
  #held(canvas) {
    return { recipe: this.host.recipe(), canvas, stroke: new Uint8Array(0), radius: 0, colour: '' };
  }

  /**
   * @param {Unnumbered<Extract<Request, {type: 'paint' | 'picture'}>>} question @param {string} [file] that it is about
   * @returns {Promise<Painted | undefined>} nothing where it was refused, which is said
   */
  async #ask(question, file = '') {
    try {
      return /** @type {Painted} */ (await this.host.engine.ask(question));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (file && error.failure.key === 'paint') this.host.tell('brush.flat', { file }, true);
      else if (!error.failure.gone) this.host.refused(error.failure); // that it is gone, everyone hears
      return undefined;
    }
  }

  /** Shows a painting. @param {Painted} answer */
  #take(answer) {
    this.#canvas = answer.canvas;
    this.easel.painting = answer;
    this.#show();
    if (this.easel.cursor) this.#describe(this.easel.cursor, this.#stroke !== undefined);
  }

  /** A painting takes the place of another one. @param {string} before @param {Painted | undefined} answer */
  #put(before, answer) {
    if (!answer || answer.canvas === before) return;
    this.#past = [...this.#past, before].slice(-remembered);
    if (before === '') this.blank = this.inHand;
    this.#carryOut(answer);
  }

  /** @param {Painted | undefined} answer */
  #carryOut(answer) {
    if (!answer) return;
    this.#take(answer);
    if (answer.recipe) return this.host.carryOut(answer.recipe);
    this.blank = true;
    this.host.hold(true);
    this.host.tell('brush.bare');
  }

  /** Shows the painting of a recipe that is carried out already. @param {string} canvas @param {string} recipe */
  #load(canvas, recipe) {
    this.#next(async () => {
      const answer = await this.#ask({ type: 'paint', ...this.#held(canvas), recipe });
      if (!answer) return;
      if (this.#past.at(-1) === canvas) this.#past.pop();
      else if (this.#canvas) this.#past.push(this.#canvas);
      this.#take(answer);
    });
  }

  #show() {
    const { easel } = this;
    element('brush-invite').hidden = this.#canvas !== '' || this.#stroke !== undefined;
    allow('brush-undo', this.#past.length > 0);
    allow('brush-clear', this.#canvas !== '');
    easel.show();
    const picture = this.#picture;
    if (!picture) return;
    Object.assign(picture, { width: pictured, height: pictured / 2.75 });
    const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d'));
    const high = picture.height;
    if (this.#canvas) easel.picture(context, (pictured - high) / 2, 0, high);
    else squiggle(context);
    this.host.changed();
  }

  // Tools.

  /** @param {string} key @returns {boolean} whether it means something */
  #pressed(key) {
    const colour = this.easel.names[Number(key) - 1];
    const sizes = [...this.#sizes];
    const at = sizes.findIndex((button) => Number(button.value) === this.easel.radius);
    if (colour) this.#choose(colour);
    else if (key === 'e') this.#choose('');
    else if (key === '+' || key === '=') this.#size(sizes[Math.min(sizes.length - 1, at + 1)]);
    else if (key === '-') this.#size(sizes[Math.max(0, at - 1)]);
    else if (key === 'Control+z') this.undo();
    else if (key === 'Escape') this.away();
    else return false;
    return true;
  }

  /** @param {string} colour none is the eraser */
  #choose(colour) {
    this.easel.colour = colour;
    for (const button of element('brush-paints').querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.value === colour));
    this.easel.show();
  }

  get #sizes() {
    return element('brush-sizes').querySelectorAll('button');
  }

  /** @param {HTMLButtonElement} chosen */
  #size(chosen) {
    this.easel.radius = Number(chosen.value);
    for (const button of this.#sizes) button.setAttribute('aria-pressed', String(button === chosen));
    this.easel.show();
  }

  /** Says where keys have moved the brush, and what is there. @param {{column: number, row: number}} cursor @param {boolean} down */
  #describe(cursor, down) {
    const paint = () => {
      const { level, colour } = this.easel.at(cursor);
      const key = `lab.class.${colour}`;
      if (level === 0 || !knows(key)) return text('brush.none');
      return text('brush.level', { colour: text(key), level, levels: this.easel.levels });
    };
    const cell = () => text('brush.cell', { x: cursor.column + 1, y: cursor.row + 1, paint });
    say(element('brush-state'), down ? 'brush.down' : 'brush.cell', { cell, x: cursor.column + 1, y: cursor.row + 1, paint });
  }
}

/** An invitation, where nothing is painted. @param {CanvasRenderingContext2D} context */
function squiggle(context) {
  Object.assign(context, { lineWidth: 13, lineCap: 'round', lineJoin: 'round' });
  const ink = context.createLinearGradient(100, 0, 285, 0);
  Object.values(paints).forEach((colour, i, { length }) => ink.addColorStop(i / (length - 1), colour));
  context.strokeStyle = ink;
  context.beginPath();
  context.moveTo(105, 96);
  context.bezierCurveTo(130, 10, 172, 20, 168, 74);
  context.bezierCurveTo(164, 132, 206, 128, 216, 76);
  context.bezierCurveTo(224, 34, 266, 38, 280, 62);
  context.stroke();
}

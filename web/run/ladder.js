// A ladder of steps: the recipe on the stage with few steps and with many, from the
// same noise, one run after the other. What is finished is shown, with the time that
// it took; pressing one makes it the recipe. Its runs have an engine of their own, and
// the run on the stage stays as it is. What was drawn is not drawn again.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Inputs, RunMessage, RunShape, Started, Step } from '../types.js' */
/** @import { Refused } from '../text/refusal.js' */
import { rested } from '../document/rest.js';
import { Refusal } from '../engine/crew.js';
import { valueOf } from '../engine/fields.js';
import { rgba } from '../stage/colours.js';
import { gridOf } from '../stage/layout.js';
import { en, zh } from '../text/ladder.js';
import { learn, say, seconds } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { stepsIn } from './knobs.js';
import { rungsOf } from './rungs.js';

learn(en, zh);

/** Milliseconds that all runs may be expected to take, to begin without being asked for. */
const patience = 10_000;

/**
 * @typedef {object} Wishes
 * @property {Engine} engine of the run on the stage
 * @property {(recipe: string) => void} open runs a recipe on the stage
 * @property {() => string} recipe that is on the stage
 * @property {(recipe: string) => Inputs} inputs that a recipe begins with
 * @property {() => RunShape} shape of what is on the stage
 * @property {(steps: number, images: number) => number} estimate milliseconds that a run takes, 0 if nothing is known
 */
/** @typedef {{recipe: string, steps: number, button: HTMLButtonElement, canvas: HTMLCanvasElement, time: HTMLElement}} Rung */
/** @typedef {{ms: number, run: Started, pictures: Step[]}} Drawn */

export class Ladder {
  /** @type {Engine | undefined} */
  #engine;
  /** @type {Rung[]} */
  #rungs = [];
  #images = 1;
  /** What was drawn, by recipe. @type {Map<string, Drawn>} */
  #drawn = new Map();
  /** Counts the wishes, so that what comes late changes nothing. */
  #wishes = 0;
  /** Whether runs go on, or wait for the one on the stage. */
  #going = false;
  /** Takes what is heard of the run that goes on. @type {(message: RunMessage) => void} */
  #heard = () => {};

  /** @param {HTMLElement} place @param {Wishes & {left: () => void}} wishes */
  constructor(place, wishes) {
    this.place = place;
    this.wishes = wishes;
    this.said = document.createElement('p');
    this.said.setAttribute('role', 'status');
    this.button = buttonOf('button');
    this.button.addEventListener('click', () => (this.#going ? this.cancel() : void this.#run()));
    const close = buttonOf('button');
    say(close, 'keys.close');
    close.addEventListener('click', () => wishes.left());
    this.list = document.createElement('ol');
    this.list.className = 'rungs';
    const head = document.createElement('div');
    head.className = 'head';
    head.append(this.said, this.button, close);
    place.append(head, this.list);
    document.addEventListener('keydown', (event) => {
      if (place.hidden || event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      if (this.#going) this.cancel();
      else wishes.left();
    });
  }

  /** Shows the ladder of the recipe on the stage, and runs it unless that will take long. */
  async open() {
    const wish = ++this.#wishes;
    const { recipe } = this.wishes;
    const of = recipe();
    say(this.said, 'ladder.about');
    this.button.hidden = true;
    this.list.replaceChildren();
    const { fields } = await this.wishes.engine.describe(of, this.wishes.inputs(of));
    if (wish !== this.#wishes) return;
    this.#images = Number(valueOf(fields, 'n')) || 1;
    this.#rungs = [];
    for (const steps of rungsOf(fields.steps?.max ?? Infinity)) {
      const rung = this.#made(steps);
      try {
        const described = await this.wishes.engine.describe(of, this.wishes.inputs(of), { without: ['result'], set: { steps: String(steps) } });
        rung.recipe = described.recipe;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        await this.#refused(rung, error);
      }
      if (wish !== this.#wishes) return;
      this.#rungs.push(rung);
      const item = document.createElement('li');
      item.append(rung.button);
      this.list.append(item);
      const drawn = this.#drawn.get(rung.recipe);
      if (drawn) show(rung, drawn);
    }
    if (this.#expected() > patience) this.#offer();
    else await this.#run();
  }

  /** What is left of it does not go on. */
  cancel() {
    this.#wishes++;
    this.#letGo();
    for (const rung of this.#left) say(rung.time, '');
    this.#offer();
  }

  close() {
    this.#wishes++;
    this.#letGo();
  }

  /** The rungs that are not drawn and can be. */
  get #left() {
    return this.#rungs.filter(({ recipe }) => recipe && !this.#drawn.has(recipe));
  }

  /** Milliseconds that the rest will take. */
  #expected() {
    return this.wishes.estimate(this.#left.reduce((sum, { steps }) => sum + steps, 0), this.#images);
  }

  /** Offers to draw the rest, with the time that it will take. */
  #offer() {
    const expected = this.#expected();
    this.button.hidden = this.#left.length === 0;
    this.button.className = 'button primary';
    if (expected > 0) say(this.button, 'ladder.draw', { time: () => seconds(expected) });
    else say(this.button, 'ladder.rest');
  }

  async #run() {
    const wish = ++this.#wishes;
    const left = this.#left;
    this.button.hidden = left.length === 0;
    if (left.length === 0) return;
    this.#going = true;
    this.button.className = 'button';
    say(this.button, 'run.cancel');
    for (const rung of left) say(rung.time, 'ladder.waits');
    await rested();
    if (wish !== this.#wishes) return;
    this.#engine ??= this.wishes.engine.twin((message) => this.#heard(message));
    for (const rung of left) {
      if (wish !== this.#wishes) return;
      await this.#draw(rung, wish);
    }
    if (wish !== this.#wishes) return;
    const focused = document.activeElement === this.button;
    this.#letGo();
    this.button.hidden = true;
    if (focused) this.#rungs.find(({ recipe }) => recipe)?.button.focus();
    say(this.said, 'ladder.done');
  }

  /** One run, to its end. @param {Rung} rung @param {number} wish @returns {Promise<void>} */
  #draw(rung, wish) {
    return new Promise((resolve) => {
      /** @type {Started | undefined} */
      let run;
      /** @type {Step[]} */
      const pictures = [];
      this.#heard = (message) => {
        if (wish !== this.#wishes) return resolve();
        if (message.type === 'started') run = message;
        if (message.type === 'step') {
          pictures[message.image] = message;
          say(rung.time, 'time.at', { step: message.step, steps: message.steps });
        }
        if (message.type === 'done' && run) {
          const drawn = { ms: message.ms, run, pictures };
          this.#drawn.set(rung.recipe, drawn);
          show(rung, drawn);
        }
        if (message.type === 'failed') void this.#refused(rung, message);
        if (message.type === 'done' || message.type === 'failed' || message.type === 'cancelled') resolve();
      };
      this.#engine?.run(rung.recipe, false, this.wishes.inputs(rung.recipe));
    });
  }

  /** @param {Rung} rung @param {Refused} refused */
  async #refused(rung, refused) {
    await sentences();
    rung.recipe = '';
    say(rung.time, '');
    if (refused.message) explain(rung.time, refused);
    else say(rung.time, 'error.crash');
  }

  /** Lets the engine go: it holds memory. */
  #letGo() {
    this.#going = false;
    if (!this.#engine) return;
    this.#engine.end();
    this.#engine = undefined;
    this.wishes.engine.alone();
  }

  /** @param {number} steps @returns {Rung} */
  #made(steps) {
    const button = buttonOf('rung');
    button.setAttribute('aria-disabled', 'true');
    const canvas = document.createElement('canvas');
    fit(canvas, this.wishes.shape());
    const name = document.createElement('span');
    say(name, ...stepsIn(steps));
    const time = document.createElement('small');
    button.append(canvas, name, time);
    const rung = { recipe: '', steps, button, canvas, time };
    button.addEventListener('click', () => this.#drawn.has(rung.recipe) && this.wishes.open(rung.recipe));
    return rung;
  }
}

/** Shows what was drawn. @param {Rung} rung @param {Drawn} drawn */
function show({ button, canvas, time }, { ms, run, pictures }) {
  const { width, height, channels } = run;
  const { cols } = fit(canvas, run);
  const context = canvas.getContext('2d');
  pictures.forEach(({ xt }, i) => context?.putImageData(rgba(xt, width, height, channels, 'xt'), (i % cols) * width, Math.trunc(i / cols) * height));
  say(time, 'ladder.ms', { ms: Math.round(ms) });
  button.setAttribute('aria-disabled', 'false');
}

/** Gives a canvas the size of a run's pictures. @param {HTMLCanvasElement} canvas @param {RunShape} shape */
function fit(canvas, shape) {
  const { cols, rows } = gridOf(shape);
  Object.assign(canvas, { width: cols * shape.width, height: rows * shape.height });
  return { cols, rows };
}

/** @param {string} className */
function buttonOf(className) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = className;
  return button;
}

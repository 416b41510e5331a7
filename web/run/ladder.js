// A ladder of steps: the recipe on the stage with few steps and with many, from the
// same noise, one run after the other; below it, where they are asked for, the same
// with other samplers, and how far all are from the picture of very many steps. What
// is finished is shown, with the time that it took; pressing one makes it the recipe.
// Its runs have an engine of their own, and the run on the stage stays as it is. What
// was drawn is not drawn again.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Inputs, Model, RunMessage, RunShape, Started, Step } from '../types.js' */
/** @import { Refused } from '../text/refusal.js' */
import { rested } from '../document/rest.js';
import { Refusal } from '../engine/crew.js';
import { valueOf } from '../engine/fields.js';
import { rgba } from '../stage/colours.js';
import { gridOf } from '../stage/layout.js';
import { en, zh } from '../text/ladder.js';
import { foreign, language, learn, say, seconds } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { stepsIn } from './knobs.js';
import { ErrorChart } from './error-chart.js';
import { errorOf, rungsOf } from './rungs.js';

learn(en, zh);

/** Keys of which another sampler refuses this one's values. What else it has no use for, the recipe drops. */
const own = ['order', 'solver'];
/** The number of steps whose picture the others are measured by. */
const manySteps = 1000;

/** Milliseconds that all runs may be expected to take, to begin without being asked for. */
const patience = 10_000;

/**
 * @typedef {object} Wishes
 * @property {Engine} engine of the run on the stage
 * @property {(recipe: string) => void} open runs a recipe on the stage
 * @property {() => string} recipe that is on the stage
 * @property {(recipe: string) => Inputs} inputs that a recipe begins with
 * @property {() => RunShape} shape of what is on the stage
 * @property {() => Model | undefined} model
 * @property {(steps: number, images: number) => number} estimate milliseconds that a run takes, 0 if nothing is known
 */
/** @typedef {{recipe: string, steps: number, button: HTMLButtonElement, canvas: HTMLCanvasElement, time: HTMLElement}} Rung */
/** @typedef {{sampler: string, title: string, rungs: Rung[], item: HTMLElement}} Row */
/** @typedef {{ms: number, run: Started, pictures: Step[]}} Drawn */

export class Ladder {
  /** @type {Engine | undefined} */
  #engine;
  /** One for each sampler, that of the recipe first. @type {Row[]} */
  #rows = [];
  /** What the errors are against, once that is asked for. @type {Rung | undefined} */
  #reference;
  #images = 1;
  #most = Infinity;
  /** The recipe on the stage, when it was opened. */
  #of = '';
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
    this.list = document.createElement('div');
    this.list.className = 'rows';
    this.others = document.createElement('select');
    say(this.others, 'ladder.others', {}, 'aria-label');
    this.others.addEventListener('change', () => void this.#add(this.others.value));
    this.errors = buttonOf('button');
    this.errors.classList.add('toggle');
    this.errors.addEventListener('click', () => void this.#measure());
    this.chart = new ErrorChart();
    const head = document.createElement('div');
    head.className = 'head';
    head.append(this.said, this.others, this.errors, this.button, close);
    place.append(head, this.list, this.chart.figure);
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
    this.#rows = [];
    this.#reference = undefined;
    this.#showErrors();
    const { fields } = await this.wishes.engine.describe(of, this.wishes.inputs(of));
    if (wish !== this.#wishes) return;
    this.#images = Number(valueOf(fields, 'n')) || 1;
    this.#most = fields.steps?.max ?? Infinity;
    this.#of = of;
    if (!(await this.#row(valueOf(fields, 'k'), wish))) return;
    this.#offerOthers();
    if (this.#expected() > patience) this.#offer();
    else await this.#run();
  }

  /** Another sampler has a row of its own. @param {string} sampler */
  async #add(sampler) {
    const wish = ++this.#wishes;
    this.#letGo();
    if (!(await this.#row(sampler, wish))) return;
    this.#offerOthers();
    await this.#run();
  }

  /** Makes the row of a sampler; says whether that is still wanted. @param {string} sampler @param {number} wish */
  async #row(sampler, wish) {
    const list = document.createElement('ol');
    list.className = 'rungs';
    const heading = document.createElement('h3');
    const title = this.wishes.model()?.samplers.find(({ name }) => name === sampler)?.title ?? sampler;
    heading.textContent = foreign(title);
    const item = document.createElement('section');
    item.append(heading, list);
    /** @type {Row} */
    const row = { sampler, title, rungs: [], item };
    for (const steps of rungsOf(this.#most)) {
      const rung = this.#made(steps);
      await this.#describe(rung, this.#rows.length === 0 ? {} : { k: sampler });
      if (wish !== this.#wishes) return false;
      row.rungs.push(rung);
      const place = document.createElement('li');
      place.append(rung.button);
      list.append(place);
      const drawn = this.#drawn.get(rung.recipe);
      if (drawn) show(rung, drawn);
    }
    this.#rows.push(row);
    this.list.append(item);
    return true;
  }

  /** Gives a rung its recipe. @param {Rung} rung @param {Record<string, string>} set what differs from the stage's, beside the steps */
  async #describe(rung, set) {
    const without = ['result', ...('k' in set ? own : [])];
    try {
      const described = await this.wishes.engine.describe(this.#of, this.wishes.inputs(this.#of), { without, set: { ...set, steps: String(rung.steps) } });
      rung.recipe = described.recipe;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await this.#refused(rung, error);
    }
  }

  /** The samplers that have no row yet, and what is measured of those that have. */
  #offerOthers() {
    const there = this.#rows.map(({ sampler }) => sampler);
    const first = new Option('', '');
    say(first, 'ladder.others');
    const samplers = (this.wishes.model()?.samplers ?? []).filter(({ name, idle }) => !idle && !there.includes(name));
    this.others.replaceChildren(first, ...samplers.map(({ name, title }) => new Option(foreign(title), name)));
    this.others.hidden = samplers.length === 0;
    this.#showErrors();
  }

  /** Draws the picture of very many steps, and measures how far the others are from it. */
  async #measure() {
    if (this.#reference) {
      this.#reference = undefined;
      this.#showErrors();
      if (this.#going) this.cancel();
      return;
    }
    const wish = ++this.#wishes;
    this.#letGo();
    const rung = this.#made(Math.min(manySteps, this.#most));
    await this.#describe(rung, { k: 'ddim', eta: '0' });
    if (wish !== this.#wishes) return;
    this.#reference = rung;
    this.#showErrors();
    await this.#run();
  }

  /** Says how far each picture is from the reference, where both are there. */
  #showErrors() {
    const of = this.#reference;
    const reference = of && this.#drawn.get(of.recipe);
    say(this.errors, 'ladder.errors', { steps: Math.min(manySteps, this.#most) });
    this.errors.setAttribute('aria-pressed', String(of !== undefined));
    this.errors.hidden = this.#rows.length === 0;
    const lines = this.#rows.map(({ title, rungs }) => {
      const points = rungs.flatMap(({ recipe, steps, time }) => {
        const drawn = this.#drawn.get(recipe);
        if (!drawn) return [];
        const ms = Math.round(drawn.ms);
        const error = reference && errorOf(drawn.pictures, reference.pictures);
        if (error === undefined) say(time, 'ladder.ms', { ms });
        else say(time, 'ladder.error', { ms, error: figure(error) });
        return error === undefined ? [] : [{ steps, error }];
      });
      return { title, points };
    });
    this.chart.show(reference ? lines : []);
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
    const all = [...this.#rows.flatMap(({ rungs }) => rungs), ...(this.#reference ? [this.#reference] : [])];
    return all.filter(({ recipe }) => recipe && !this.#drawn.has(recipe));
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
    if (focused) this.#rows[0]?.rungs.find(({ recipe }) => recipe)?.button.focus();
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
          this.#showErrors();
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

/** An error, to be read. @param {number} error */
function figure(error) {
  return error.toLocaleString(language(), { maximumSignificantDigits: 2 });
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

// A run as a person sees it, on the page and in the player: the stage, the engine
// that makes it, the model that it needs, and the recorded run that is shown
// before anything is there. What else a document does with it is its own.

/** @import { Cancelled, Done, Failed, Paused, RunMessage, Started, Step } from '../types.js' */
/** @import { Parts } from '../stage/stage.js' */
/** @import { View } from '../stage/views.js' */
import { Engine } from '../engine/engine.js';
import { address } from '../load/files.js';
import { Loader } from '../load/loader.js';
import { element } from '../document/elements.js';
import { Stage } from '../stage/stage.js';
import { spoken, views, wished } from '../stage/views.js';
import { text } from '../text/i18n.js';
import { First } from './first.js';

/**
 * What a document does with what is heard of its run; each is optional.
 * @typedef {object} Hears
 * @property {(step: Step) => void} [recorded] a step of the recorded run is on the stage
 * @property {(message: Started) => void} [started]
 * @property {(message: Step) => boolean | void} [picture] one picture of a step; false leaves it away
 * @property {(message: Step) => void} [step] every picture of a step is on the stage
 * @property {(message: Paused) => void} [paused]
 * @property {(message: Done) => void} [done]
 * @property {(message: Done) => void} [followed] the same, where only the pictures on the stage are others than before
 * @property {(message: Cancelled, crashed: boolean) => void} [cancelled]
 * @property {(message: Failed, crashed: boolean) => void} [failed]
 */

/** Milliseconds that the viewer waits at most for a step: perhaps nothing runs. */
const patience = 3000;

export class RunView {
  /** What runs, or ran last; a document says so. */
  recipe = '';
  /** What the pictures of the run on the stage are of, as the sampler says it. */
  subject = 'none';
  /** Of that run, or of the recorded one; 0 before any. */
  steps = 0;
  images = 1;
  /** Whether the run that is asked for is shown once it is whole, so that one picture turns into the next. */
  atOnce = false;
  /** What was heard of such a run. @type {Started | undefined} */
  #begun;
  /** @type {Step[]} */
  #made = [];
  /** What the names above x_t and x̂0 depend on, as they are. */
  #named = '';

  /** @param {Hears} hears @param {string} recording the file of the run that is shown before any @param {View[]} shown at first */
  constructor(hears, recording, shown = wished()) {
    this.hears = hears;
    this.stage = new Stage(partsOfStage(), shown);
    this.first = new First(this.stage, recording, (step) => {
      this.steps = step.steps;
      hears.recorded?.(step);
    });
    this.engine = new Engine(address('web/engine/worker.js'), (message, crashed) => this.#heard(message, crashed));
    this.loader = new Loader(this.engine);
  }

  /** Brings the viewer; settled once it is there, or will not come. The first step of a large network would take twice as long beside it. */
  async enhance() {
    if (this.loader.large) await stepped();
    return this.stage.enhance(address('web/viewer/frame.html'));
  }

  /**
   * Puts a run that has begun on the stage, unless the recorded one is there that it goes on with.
   * @param {Started} message @param {() => void} [before] what is there goes
   */
  begin(message, before = () => {}) {
    if (!this.first.continues(message)) {
      before();
      this.stage.begin(message);
    }
    this.count(message);
  }

  /** Counts what is on the stage. @param {{steps: number, images: number, subject: string}} run */
  count({ steps, images, subject }) {
    Object.assign(this, { steps, images, subject });
  }

  /**
   * What is said of the run that was begun last.
   * @param {RunMessage} message @param {boolean} crashed whether its worker is gone
   */
  #heard(message, crashed) {
    if (this.atOnce && message.type === 'started') return void ([this.#begun, this.#made] = [message, []]);
    if (this.atOnce && message.type === 'step') return void this.#made.push(message);
    const done = message.type === 'followed' ? { ...message, type: /** @type {const} */ ('done') } : message;
    const whole = done.type === 'done' && this.#begun && this.#whole(done, this.#begun);
    if (done.type !== 'paused') this.#begun = undefined;
    if (!whole) this.#show(done, crashed);
  }

  /** Runs another recipe once that is whole which is not shown before; says whether it can. @param {string} recipe */
  follow(recipe) {
    return this.atOnce && this.engine.follow(recipe);
  }

  /**
   * A run that was not shown is whole. Says whether no more is to be said of it, since another of its shape is
   * on the stage: then only the pictures change.
   * @param {Done} done @param {Started} begun
   */
  #whole(done, begun) {
    const follows = this.hears.followed && begun.subject === this.subject && this.stage.turn(begun, this.#made);
    if (follows) this.hears.followed?.(done);
    else for (const message of [begun, ...this.#made]) this.#show(message, false);
    return follows;
  }

  /** @param {Exclude<RunMessage, {type: 'followed'}>} message @param {boolean} crashed */
  #show(message, crashed) {
    const { hears } = this;
    switch (message.type) {
      case 'started':
        return hears.started?.(message);
      case 'step':
        if (hears.picture?.(message) === false) return;
        if (!this.first.covers(message)) this.stage.add(message);
        if (message.image === message.images - 1) hears.step?.(message);
        return;
      case 'paused':
        return hears.paused?.(message);
      case 'done':
        return hears.done?.(message);
      case 'cancelled':
        return hears.cancelled?.(message, crashed);
      case 'failed':
        return hears.failed?.(message, crashed);
    }
  }

  /** The views that are shown, in words. */
  get shown() {
    const { ended, finished, film, views } = this.stage;
    if (ended) return text('stage.alt.ended', { step: film.first });
    return views.map((view) => text(finished && view === 'xt' ? 'stage.alt.finished' : spoken[view])).join(text('stage.alt.and'));
  }

  /** Says above x_t and x̂0 what stands there. */
  #name() {
    const { captions, ended, films, finished, film, hero } = this.stage;
    const named = String([ended, films.length, finished, film.first, hero]);
    if (named === this.#named) return;
    this.#named = named;
    if (hero) captions.name('xt', 'stage.began', { step: film.first });
    else captions.name('xt', finished && !ended ? 'stage.finished' : 'stage.xt');
    captions.name('x0', hero && ended ? 'stage.finished' : 'stage.x0');
  }

  /**
   * Says in words what the stage shows.
   * @param {{shown?: string, noised?: boolean}} [what] the views, where more is to be said of them; whether a picture is noised
   */
  describe({ shown = this.shown, noised = false } = {}) {
    const { stage, images } = this;
    const { current, latest, shape } = stage.clock;
    this.#name();
    if (latest === 0) return stage.describe(text('stage.alt.empty'));
    const values = { step: current, steps: shape.steps, images, shown, class: inWords(this.subject) };
    stage.describe(text(noised ? 'forward.alt' : images > 1 ? 'stage.alt.many' : 'stage.alt.one', values));
  }
}

/** Settled when a step is there, or there has been time for one. */
function stepped() {
  return new Promise((resolve) => {
    addEventListener('tweedie:step', resolve, { once: true });
    setTimeout(resolve, patience);
  });
}

/** What pictures are of, in words. @param {string} subject of a run */
export function inWords(subject) {
  if (subject === 'none') return text('controls.class.none');
  return subject === 'all' ? text('controls.class.all') : subject;
}

/** The parts of a document's stage, by their ids. @returns {Parts} */
function partsOfStage() {
  const captions = Object.fromEntries(views.map((name) => [name, element(`caption-${name}`)]));
  return {
    box: element('box'),
    canvas: /** @type {HTMLCanvasElement} */ (element('canvas')),
    captions: /** @type {Parts['captions']} */ (captions),
  };
}

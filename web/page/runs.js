// The runs of the page: one is begun, is shown as it goes on, and ends. What is
// seen of it is told to every part of the page that has to do with it, to the
// address, and to others (documentElement.dataset.state and the tweedie: events).

/** @import { Cancelled, Done, Failed, Paused, RunMessage, Started, Step } from '../types.js' */
/** @import { Extras } from '../edit/extras.js' */
/** @import { Compare } from '../run/compare.js' */
/** @import { Forward } from '../run/forward.js' */
/** @import { Inputs } from '../run/inputs.js' */
/** @import { Hears } from '../run/view.js' */
/** @import { State } from '../document/state.js' */
/** @import { Share } from '../share/share.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { LadderButton } from './ladder-button.js' */
/** @import { Moment } from './moment.js' */
/** @import { Opener } from './opener.js' */
/** @import { Results } from './results.js' */
/** @import { Timeline } from './timeline.js' */
import { asked as askedFor } from '../document/address.js';
import { allow, element } from '../document/elements.js';
import { Counters, tell, whisper } from '../document/readout.js';
import { dispatch, enter, isLoaded, isPaused, isRunning, setPaused, trouble } from '../document/state.js';
import { withoutStop } from '../load/loader.js';
import { Preview } from '../run/preview.js';
import { RunView } from '../run/view.js';
import { usual, wished } from '../stage/views.js';
import { seconds, text } from '../text/i18n.js';
import { noteRecipe } from './viewstate.js';

/** Bytes in which the workers may remember how to make steps again. */
const remembered = 16 << 20;

/** How a page says why its pixels are not the promised ones. */
const differences = /** @type {const} */ ({
  unknown: 'status.differs',
  weights: 'status.differs.weights',
  version: 'status.differs.version',
  promise: 'status.differs.promise',
});

/**
 * The parts of the page that have to do with its runs.
 * @typedef {{compare: Compare, extras: Extras, forward: Forward, ladder: LadderButton, moment: Moment, opener: Opener, results: Results, share: Share, timeline: Timeline}} Parts
 */

/** @implements {Hears} */
export class Runs {
  view = new RunView(this, 'web/first.bin', wished(usual()));
  counters = new Counters();
  preview = new Preview();
  /** The hash that the opened link promises. */
  expected = '';
  /** The hash of what was drawn last. */
  sha256 = '';
  /** The recipe that the engine was given, which knows how to make its steps again. */
  #given = '';
  /** Both of the run that is on the stage, for when the next does not begin. */
  #before = { recipe: '', given: '' };
  /** Whether a person asked for it here. */
  #asked = false;
  /** Whether the run before is worth going back to. */
  #push = false;
  /** Milliseconds that a step of a picture took last. */
  #pace = 0;
  #begun = false;
  /** Whether the run follows a control that still moves. */
  #passing = false;
  /** Whether the address is that of the run. Of runs that follow each other at once it is not: browsers refuse to change it so often. */
  #noted = false;
  /** How the first of two runs has ended. @type {Done | undefined} */
  #ended;
  /** @type {Parts} */
  #parts = /** @type {any} */ (undefined); // before meet there are no runs

  /** @param {Inputs} inputs */
  constructor(inputs) {
    this.inputs = inputs;
    const { engine } = this.view;
    engine.keep = remembered;
    const { supply } = engine;
    engine.supply = (name) => this.#supplied(name, supply);
  }

  /**
   * Says that a network is brought which a recipe needs beside its model, in place of what was said before.
   * @template T @param {string} name @param {(name: string) => Promise<T>} supply
   */
  async #supplied(name, supply) {
    const { dataset } = document.documentElement;
    const { state } = dataset;
    element('trouble').hidden = true;
    tell('load.beside', { name });
    try {
      return await supply(name);
    } finally {
      if (dataset.state === state) tell(isRunning() ? 'status.running' : 'status.ready'); // or else more is known
    }
  }

  /** The parts of the page know its runs, and are known here. @param {Parts} parts */
  meet(parts) {
    this.#parts = parts;
    const { view } = this;
    parts.timeline.recall = (steps, take) => view.engine.recall(this.#given, steps, take);
    parts.timeline.run = { goes: isRunning, paused: isPaused, pause: () => this.pause(), stride: () => this.stride() };
  }

  /** What is on the stage, with the pixels that it begins with. */
  get whole() {
    return this.inputs.whole(this.view.recipe);
  }

  /** The same as far as an address holds it. */
  get link() {
    return this.inputs.link(this.view.recipe);
  }

  /** About how many milliseconds a run will take; 0 while nothing is known. @param {number} steps @param {number} images */
  estimate(steps, images) {
    return this.#pace * steps * images;
  }

  /** Forgets how long a step takes: another network is there. */
  forget() {
    this.#pace = 0;
  }

  /**
   * @param {string} recipe @param {boolean} paused at the first step @param {boolean} asked for by a person on this page
   * @param {boolean} [push] whether the run before is worth going back to
   * @param {'' | 'step' | 'whole'} [following] how it is shown, if it follows a control that still moves: as its steps come, or once it is whole
   */
  go(recipe, paused, asked, push = asked, following = '') {
    const { compare, forward, ladder, opener } = this.#parts;
    opener.going();
    this.view.atOnce = following === 'whole';
    this.#passing = following !== '';
    ladder.leave();
    if (this.#begun) this.#before = { recipe: this.view.recipe, given: this.#given };
    this.view.recipe = this.#given = recipe;
    this.#asked = asked;
    // A run that was never in the address has left its entry to this one.
    this.#push = push || (this.#push && !this.#noted);
    this.#begun = this.#noted = false;
    this.#ended = undefined;
    compare.pausing = paused;
    if (forward.on) {
      forward.leave();
      compare.arrange();
    }
    this.view.engine.run(recipe, paused, this.inputs.of(recipe));
  }

  /**
   * Runs another recipe as soon as one is whole that is shown at once; says whether it can.
   * @param {string} recipe
   */
  follow(recipe) {
    const can = !this.#parts.compare.on && this.view.follow(recipe);
    if (can) this.#given = recipe;
    return can;
  }

  /** Writes what is on the stage into the address, if it followed a control and nothing comes after it. */
  stay() {
    if (!this.#passing || this.#noted || !this.#begun) return;
    noteRecipe(this.link, this.#push);
    this.#noted = true;
  }

  /** Whether a run goes on. */
  get goes() {
    return this.view.engine.running;
  }

  /** Pauses, or goes on. */
  pause() {
    const paused = isPaused();
    this.#steer(paused ? 'resume' : 'pause');
    if (!paused) return;
    setPaused(false);
    this.#parts.timeline.show();
    tell('status.running');
  }

  /** Makes one step. */
  stride() {
    this.#steer('step');
  }

  /** @param {'pause' | 'resume' | 'step'} type */
  #steer(type) {
    this.view.engine.steer(type);
    this.#parts.compare.steer(type);
  }

  cancel() {
    this.view.engine.cancel();
    this.#parts.compare.cancel();
  }

  /** What becomes of a run says nothing of the page while another model is on its way. @param {State} state */
  #enter(state) {
    if (isLoaded()) enter(state);
  }

  /** @param {Step} step */
  recorded({ step, steps, t }) {
    const { moment, share, timeline } = this.#parts;
    this.counters.show({ step, steps, t });
    if (step === 1) timeline.begin();
    else timeline.show();
    moment.describe();
    if (step < steps || this.view.recipe) return;
    this.view.recipe = this.view.first.recipe;
    share.record(isLoaded());
  }

  /** @param {Started} message */
  started(message) {
    const { compare, forward, moment, share, timeline } = this.#parts;
    this.#begun = true;
    element('trouble').hidden = true;
    this.#enter('running');
    if (forward.on) {
      compare.cancel();
      forward.started(message);
      this.view.count({ ...message, images: 1 });
    } else {
      this.view.recipe = message.recipe;
      this.view.begin(message);
      compare.begin(message);
    }
    timeline.begin();
    this.counters.begin(message.steps, message.shares);
    share.offer(false);
    moment.describe();
    if (forward.on) return;
    if (!this.#passing) noteRecipe(this.link, this.#push);
    this.#noted = !this.#passing;
    allow('share-open', true);
    tell('status.running');
  }

  /** @param {Step} message */
  picture(message) {
    this.preview.end();
    this.counters.add(message);
  }

  /** @param {Step} message */
  step({ step, steps, images, t }) {
    const { forward, moment, timeline } = this.#parts;
    whisper({ step, steps });
    timeline.show();
    moment.show(step === 1 || step === steps);
    if (!forward.on) dispatch('step', { recipe: this.view.recipe, step, steps, t, ms: this.counters.perStep(images) });
  }

  /** @param {Paused} message */
  paused({ step }) {
    setPaused(true);
    this.#parts.timeline.show();
    this.#parts.moment.describe();
    tell('status.paused', { step, steps: this.view.steps });
  }

  /** A run has ended before its first step: the one before is still on the stage. */
  #unbegun() {
    const { recipe, given } = this.#before;
    this.view.recipe = recipe;
    this.#given = given;
  }

  /** @param {Cancelled} message @param {boolean} respawned */
  cancelled({ step }, respawned) {
    this.#parts.compare.cancel();
    this.#parts.share.offer(false);
    if (!this.#begun) this.#unbegun();
    this.stay();
    this.preview.end();
    this.#parts.opener.stopped();
    this.counters.stop();
    this.#enter('cancelled');
    this.#parts.timeline.show();
    this.#parts.moment.describe();
    if (!isLoaded()) return; // nobody has cancelled it
    if (respawned) tell('status.respawned');
    else tell('status.cancelled', { step, steps: this.view.steps });
  }

  /** @param {Done} message */
  done(message) {
    const { compare, extras, forward, moment, opener, results, share, timeline } = this.#parts;
    if (forward.on) {
      this.#enter('done');
      if (this.view.recipe) noteRecipe(this.link); // also where another was refused meanwhile
      return timeline.show();
    }
    this.#ended = message;
    if (!compare.over) return;
    const { recipe, hash, ms } = message;
    this.#made(message);
    this.#enter('done');
    timeline.show();
    moment.show(false);
    share.offer(true);
    forward.offer();
    extras.ended();
    moment.describe();
    if (this.#noted) noteRecipe(this.link);
    // A link may lead to a step.
    const step = Number(askedFor('step'));
    if (step > 0 && !this.#asked) timeline.seek(step);
    if (!this.view.atOnce) this.#certify(message);
    if (opener.ended()) results.add(this.view.stage.film, this.link, this.view.subject);
    dispatch('done', { recipe, sha256: hash, ms, ...(compare.done && { against: compare.done.recipe, against256: compare.done.hash }) });
  }

  /**
   * Where only the pictures on the stage are others than before, the rest of the page waits for what is meant in
   * the end: it would take longer than the pictures.
   * @param {Done} message
   */
  followed(message) {
    const { recipe, hash, ms } = message;
    this.#begun = true;
    this.#made(message);
    if (this.#noted) noteRecipe(this.link);
    this.#parts.opener.ended();
    dispatch('done', { recipe, sha256: hash, ms });
  }

  /** Keeps what a run has come to. @param {Done} message */
  #made({ recipe, hash, ms }) {
    this.view.recipe = recipe;
    this.sha256 = hash;
    this.#pace = ms / (this.view.steps * this.view.images);
  }

  /** Says whether the pixels are those that were promised. @param {Done} message */
  #certify(message) {
    const { expected } = this;
    const hash = message.hash.slice(0, 16);
    const key = !expected ? 'status.done' : expected === hash ? 'status.identical' : differences[message.differs || 'unknown'];
    if (this.#parts.compare.tell(key, message, expected)) return;
    const seal = !expected ? '' : expected === hash ? 'certified' : message.differs === 'promise' ? 'wrong' : 'differs';
    tell(key, { time: () => seconds(message.ms), hash, expected }, seal);
  }

  /** @param {Failed} failed @param {boolean} crashed */
  failed(failed, crashed) {
    const { message, key } = failed;
    const { compare, forward, opener, share } = this.#parts;
    this.preview.end();
    opener.stopped();
    compare.cancel();
    share.offer(false);
    this.counters.stop();
    forward.leave();
    const { recipe } = this.view;
    if (!this.#begun) this.#unbegun();
    if (!this.#begun && !crashed) return void opener.refuse(recipe, failed, true);
    enter('failed');
    const sentence = /** @type {Key} */ (crashed ? 'error.crash' : 'error.run');
    const values = { detail: withoutStop(message) };
    trouble(sentence, values, key ? undefined : () => void opener.draw()); // a recipe at fault stays at fault
    dispatch('error', { recipe, message: text(sentence, values) });
  }

  /** What is said of the second of two runs. @param {RunMessage} message */
  heardOfOther(message) {
    const { compare, moment, timeline } = this.#parts;
    if (message.type === 'started') timeline.begin();
    if (message.type === 'step') {
      timeline.show();
      moment.show(false);
    }
    if (message.type === 'failed') compare.tellRefusal();
    if (message.type === 'paused' && this.#ended) this.paused(message);
    if (message.type === 'cancelled' && this.#ended) this.cancelled(message, false);
    else if (compare.over && this.#ended) this.done(this.#ended);
  }
}

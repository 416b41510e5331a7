// The sampler, as the page sees it: it is started, given a model and asked for
// runs. Each run ends exactly once: done, cancelled or failed, also when a
// worker dies or does not answer; then another takes its place.
//
// A run of several pictures is dealt to several workers, which are started when
// the first such run comes and let go when there has been none for a while. A worker
// that nothing else needs makes a part of each step for one that has pictures, where
// steps have such parts.

/** @import { Changes, Described, Estimated, EstimateMessage, Failed, FromWorker, Inputs, Model, RunMessage, Step, Work } from '../types.js' */
/** @import { Member } from './member.js' */
import { Crew } from './crew.js';
import { Deal } from './deal.js';
import { limits } from './limits.js';

/** How long a run that is not wanted any more may take to end before its workers are replaced. */
const patience = 2000;
/** How long workers beyond the first are kept without use: each holds some 40 MB. */
const idleness = 30_000;
/** More workers than this help less than they cost in memory. */
const most = 4;
/** How often a run's workers may be lost before it fails. */
const mostLosses = 4;
/** Seconds without a word after which a worker counts as lost, beside those of two dozen pictures. */
const mostSilence = 20;

export class Engine {
  #crew;
  /** The run that has not ended. @type {Deal | undefined} */
  #deal;
  /** The estimate that has not ended. @type {{id: number, heard: (message: EstimateMessage) => void} | undefined} */
  #estimate;
  /** The worker that the run waits for, which has not ended the one before. @type {Member | undefined} */
  #awaited;
  #patience = 0;
  #idleness = 0;
  #watch = 0;
  /** Milliseconds of the slowest picture of the run. */
  #slowest = 0;
  /** Whether the workers know how to make steps of the last run again. */
  #remembers = false;
  /** Pictures that the last run begins with. @type {Inputs} */
  #inputs = {};
  #twins = 0;
  /** How many workers there may be: half of them where two runs are compared. */
  workers = most;
  /** Bytes in which the workers may remember how to make steps again. */
  keep = 0;

  /**
   * @param {string} script URL of worker.js
   * @param {(message: RunMessage, respawned: boolean) => void} heard
   *   what the worker says of the run that was begun last
   * @param {(on: import('./crew.js').Ears) => Crew} [crew] gives the workers
   */
  constructor(script, heard, crew = (on) => new Crew(script, on)) {
    this.script = script;
    this.heard = heard;
    /** @type {import('./crew.js').Ears} */
    const on = {
      heard: (member, message) => this.#said(member, message),
      lost: (member) => this.#lost(member),
      restarting: () => {
        if (this.#estimate) this.#heardOfEstimate({ type: 'failed', id: this.#estimate.id, message: '' });
      },
    };
    this.#crew = crew(on);
  }

  /** Brings the weights that a recipe needs beside its model's. */
  get supply() {
    return this.#crew.supply;
  }

  set supply(bring) {
    this.#crew.supply = bring;
  }

  /**
   * Starts the worker with a compiled program, which may still be on its way.
   * @param {WebAssembly.Module | Promise<WebAssembly.Module>} program
   */
  start(program) {
    return this.#crew.start(program);
  }

  /**
   * Gives the worker a model. Another one that it had goes, and what it does. The bytes of a large file are gone afterwards.
   * @param {string} model @param {ArrayBuffer | import('./model-file.js').ModelFile} bytes @param {boolean} [eight] whether eight bits are left of every weight
   * @param {import('./crew.js').Prepared} [prepared]
   * @returns {Promise<Model>}
   */
  load(model, bytes, eight, prepared) {
    if (this.#crew.isTaken(model)) this.#yield();
    return this.#crew.load(model, bytes, eight, prepared);
  }

  /** Whether a run goes on. */
  get running() {
    return this.#deal !== undefined && !this.#deal.again;
  }

  /** Something else takes the place of what goes on. */
  #yield() {
    const deal = this.#deal;
    if (deal) this.#end({ type: 'cancelled', id: deal.id, step: deal.step }, false);
    if (this.#estimate) this.#heardOfEstimate({ type: 'cancelled', id: this.#estimate.id, step: 0 });
  }

  /** The names of all weights that are there, of the model first. */
  get weights() {
    return this.#crew.weights;
  }

  /** @param {string} model */
  has(model) {
    return this.#crew.has(model);
  }

  /**
   * What a recipe comes to, with the names of the pictures that it begins with.
   * @param {string} recipe
   * @param {Inputs} [inputs]
   * @param {Changes} [changes] made to it before
   * @param {boolean} [next] whether it is to be run next: a run that keeps the answer waiting gives way
   * @returns {Promise<Described>}
   */
  async describe(recipe, inputs, changes, next = false) {
    const ask = () => this.#crew.describe({ recipe, ...inputs, ...changes });
    const first = this.#crew.members[0];
    const answer = ask();
    if (!next || !first?.busy) return answer;
    const answered = answer.then(() => true, () => true);
    const late = new Promise((resolve) => setTimeout(resolve, patience));
    if ((await Promise.race([answered, late])) || first !== this.#crew.members[0]) return answer;
    void this.#crew.restart().catch(() => {});
    const deal = this.#deal;
    if (deal) this.#end({ type: 'cancelled', id: deal.id, step: deal.step }, true);
    return ask();
  }

  /**
   * The working of a step, which is asked beside a run. It fails where a later question takes its place.
   * @param {Omit<Work, 'type' | 'id'>} asked
   */
  work(asked) {
    return this.#crew.work(asked);
  }

  /** A derivation on the numbers of a step. @param {Omit<Work, 'type' | 'id'>} asked */
  derive(asked) {
    return this.#crew.derive(asked);
  }

  /**
   * The noise levels of a recipe: of its run, or of a picture that is noised along them.
   * @param {string} recipe @param {Inputs} inputs @param {boolean} [forward]
   */
  plot(recipe, inputs, forward) {
    return this.#crew.plot({ recipe, ...inputs, forward });
  }

  /**
   * Estimates how likely a picture is under a recipe's model. This ends a run,
   * and a run ends it; it ends exactly once: done, cancelled or failed.
   * @param {Estimated} what
   * @param {(message: EstimateMessage) => void} heard
   * @returns {{steer: (type: 'pause' | 'resume' | 'cancel') => void}}
   */
  measure(what, heard) {
    const deal = this.#deal;
    if (deal) {
      deal.cancel();
      this.#end({ type: 'cancelled', id: deal.id, step: deal.step }, false);
    }
    const id = this.#crew.nextId();
    this.#crew.first.post({ ...what, type: 'measure', id }); // ends the estimate before, which is heard of below
    const before = this.#estimate;
    this.#estimate = { id, heard };
    before?.heard({ type: 'cancelled', id: before.id, step: 0 });
    const steer = (/** @type {'pause' | 'resume' | 'cancel'} */ type) => {
      this.#crew.members[0]?.post({ type, id });
      if (type === 'cancel') setTimeout(() => this.#estimate?.id === id && this.#giveUp(), patience);
    };
    return { steer };
  }

  /** Ends the worker of an estimate, which does not answer. */
  #giveUp() {
    this.#heardOfEstimate({ type: 'cancelled', id: this.#estimate?.id ?? 0, step: 0 });
    void this.#crew.restart().catch(() => {});
  }

  /** Passes on what is said of the estimate. @param {EstimateMessage} message */
  #heardOfEstimate(message) {
    const { heard } = /** @type {{heard: (message: EstimateMessage) => void}} */ (this.#estimate);
    if (['measured', 'cancelled', 'failed'].includes(message.type)) this.#estimate = undefined;
    heard(message);
  }

  /**
   * Begins a run, which takes the place of the one before, paused at its
   * first step if asked to.
   * @param {string} recipe
   * @param {boolean} [paused]
   * @param {Inputs} [inputs] pictures that the recipe begins with
   */
  run(recipe, paused = false, inputs = {}) {
    const deal = this.#deals(recipe, this.#of, (message) => this.heard(message, false), inputs);
    Object.assign(deal, { keep: this.keep, stored: limits.memory });
    this.#inputs = inputs;
    deal.pausing = paused;
    if (paused) deal.steer('step');
    this.#begin(deal, this.#crew.first);
  }

  /**
   * Runs another recipe once the run is whole, in place of one that was to follow; says whether it can. The end
   * of the run is then that of the last: what ends before it is followed.
   * @param {string} recipe
   */
  follow(recipe) {
    return !this.#awaited && this.#deal?.follow(recipe) === true;
  }

  /**
   * Noises a picture along a recipe's levels, in the place of a run.
   * @param {string} recipe @param {Uint8Array} image @param {boolean} [chain] whether its pictures after the first go step by step
   */
  forward(recipe, image, chain) {
    const deal = this.#deals(recipe, 1, (message) => this.heard(message, false));
    deal.noised = image;
    deal.chain = chain;
    this.#begin(deal, this.#crew.first);
  }

  /**
   * Gives a run its first worker, once that has ended the run before, or another
   * has taken its place since it does not. Of runs that wait, only the last is begun.
   * @param {Deal} deal @param {Member} member
   */
  #begin(deal, member) {
    clearTimeout(this.#patience);
    if (deal.of === 1) this.#crew.members.forEach((each) => each.leave()); // its processor is for another run
    this.#awaited = member.busy ? member : undefined;
    if (!member.busy) return deal.give(0, member);
    this.#patience = setTimeout(() => {
      if (deal !== this.#deal || this.#awaited !== member) return;
      this.#dispose(member);
      this.#begin(deal, this.#crew.first);
    }, patience);
  }

  /**
   * What is asked for takes the place of the run before.
   * @param {string} recipe @param {number} of how many workers
   * @param {(message: RunMessage) => void} pass @param {Inputs} [inputs]
   */
  #deals(recipe, of, pass, inputs = {}) {
    this.#deal?.cancel();
    this.#leave();
    this.#deal = new Deal(this.#crew.nextId(), recipe, of, pass, inputs);
    return this.#deal;
  }

  /** The pictures that the last run began with. */
  get inputs() {
    return this.#inputs;
  }

  /** Brings the weights that a run lacks, and begins it again. @param {Deal} deal @param {Failed} lacking */
  async #begunAgain(deal, lacking) {
    const brought = await Promise.all((lacking.needs ?? []).map((name) => this.#crew.accompany(name))).catch(() => undefined);
    if (deal !== this.#deal) return;
    if (deal.cancelling) return this.#end({ type: 'cancelled', id: deal.id, step: 0 }, false);
    if (!brought) return this.#end(/** @type {RunMessage} */ (lacking), false);
    this.run(deal.recipe, deal.pausing, deal.inputs);
    this.#deal.supplied = true;
  }

  /** How many workers may share a run. */
  get #of() {
    const processors = navigator.hardwareConcurrency || 1;
    return Math.min(Math.max(1, Math.floor((processors * this.workers) / most)), this.workers);
  }

  /**
   * Makes steps again of the run that was begun last, once that is over; a new
   * run, or other steps, take their place.
   * @param {string} recipe @param {{from: number, to: number}} steps
   * @param {(message: Step) => void} take
   * @returns {Promise<boolean>} whether all came
   */
  recall(recipe, steps, take) {
    const { members } = this.#crew;
    if (!members[0] || (this.#deal && !this.#deal.again)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const pass = (/** @type {RunMessage} */ message) => message.type === 'step' && take(message);
      const deal = this.#deals(recipe, this.#of, pass, this.#inputs);
      deal.again = steps;
      deal.ended = resolve;
      this.#begin(deal, members.find((member) => member.made === 0) ?? members[0]);
    });
  }

  /**
   * Another engine with the same program and models, or with none yet, for a
   * run beside this one's: the two share the processors.
   * @param {(message: RunMessage, respawned: boolean) => void} heard
   * @param {boolean} [empty]
   */
  twin(heard, empty = false) {
    const twin = new Engine(this.script, heard, (on) => this.#crew.twin(on, empty));
    this.workers = twin.workers = Math.max(1, most >> 1);
    this.#twins++;
    return twin;
  }

  /** A twin has ended. */
  alone() {
    if (--this.#twins === 0) this.workers = most;
  }

  /** Ends a twin with all its workers; nothing is heard of it afterwards. */
  end() {
    this.#crew.dismiss();
    this.#crew.reject();
    this.#leave();
  }

  /** @param {'pause' | 'resume' | 'step'} type */
  steer(type) {
    if (!this.#deal?.cancelling) this.#deal?.steer(type);
  }

  cancel() {
    const deal = this.#deal;
    if (!deal) return;
    deal.cancel();
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#replace(deal), patience);
    this.#proceed(deal);
  }

  /** Ends workers that do not answer and starts another if the first is one. @param {Deal} deal */
  #replace(deal) {
    if (deal !== this.#deal) return;
    for (const member of this.#crew.members.filter((m) => m.share >= 0)) this.#dispose(member);
    this.#end({ type: 'cancelled', id: deal.id, step: deal.step }, true);
  }

  /** Ends a worker that does not answer, and the one that it may be waiting for. @param {Member} member */
  #dispose(member) {
    if (member.helper) this.#dispose(member.helper);
    if (member === this.#crew.members[0]) void this.#crew.restart().catch(() => {});
    else this.#crew.abandon(member);
  }

  /** A worker is gone: another takes its place, and its share of the run. @param {Member} member */
  #lost(member) {
    const deal = this.#deal;
    const { helper, share } = member;
    if (member !== this.#crew.members[0]) {
      this.#crew.abandon(member);
    } else if (this.#crew.starting) {
      // It never came up; trying again is for a person to ask for.
      this.#crew.dismiss();
      this.#crew.reject();
      if (deal) this.#fail(deal);
      return;
    } else {
      void this.#crew.restart().catch(() => {});
    }
    if (!deal) return;
    // It was at a run that nobody wants any more.
    if (member === this.#awaited) return this.#begin(deal, this.#crew.first);
    deal.take(member);
    deal.losses++;
    // What kills a run's only worker would kill the next as well, unless that one had a part in it.
    const alone = share >= 0 && deal.shares.length === 1 && !helper;
    if (alone || deal.losses > mostLosses) return this.#fail(deal);
    this.#proceed(deal);
  }

  /** Does what the run needs next: hands out shares, or brings it to its end. @param {Deal} deal */
  #proceed(deal) {
    if (deal !== this.#deal) return;
    const { members } = this.#crew;
    if (deal.complete || (deal.cancelling && deal.shares.every((share) => share.over))) {
      if (deal.cancelling) this.#end({ type: 'cancelled', id: deal.id, step: deal.step }, false);
      else if (deal.again || deal.noised) this.#end({ type: 'done', id: deal.id, recipe: deal.recipe, hash: '', ms: 0, differs: '' }, false);
      else members[0]?.post(deal.combine());
      return;
    }
    if (this.#awaited) return;
    for (let number; (number = deal.open) >= 0; ) {
      const free = members.filter((m) => m.share < 0 && !m.busy);
      let member = free.find((m) => m.made === number) ?? free.at(-1); // which is up, if another was lost
      // After two losses memory may be short. Then no worker is added, and a
      // worker that has finished its share takes the next.
      if (!member && members.length < deal.of && deal.losses < 2) member = this.#crew.add();
      // No worker makes the pictures of this share, so none may wait for them.
      if (!member) return members.forEach((each) => each.free());
      deal.give(number, member);
    }
    this.#assist(deal);
  }

  /** Has workers that have no share help those that have one. @param {Deal} deal */
  #assist(deal) {
    if (!deal.divisible) return;
    const { members } = this.#crew;
    const helping = (/** @type {Member} */ { helps }) => helps !== undefined && helps.share >= 0;
    let idle = deal.of - deal.shares.filter(({ over }) => !over).length - members.filter(helping).length;
    for (const { member } of deal.shares) {
      if (!member || member.helper || idle-- <= 0) continue;
      let free = members.find((m) => m.share < 0 && !m.busy && !helping(m));
      if (!free && members.length < deal.of && deal.losses < 2) free = this.#crew.add();
      if (!free) return;
      free.help(member);
      clearTimeout(this.#idleness);
      this.#idleness = 0;
    }
  }

  /** @param {Member} member @param {FromWorker} message */
  #said(member, message) {
    if (!('id' in message)) return;
    const deal = this.#deal;
    const over = ['done', 'part', 'cancelled', 'failed'].includes(message.type) && message.id === member.busy;
    if (over) member.busy = 0;
    if (over && deal && message.id !== deal.id) return member === this.#awaited ? this.#begin(deal, member) : this.#proceed(deal);
    if (deal && message.id === deal.id) this.#heardOfRun(deal, member, message);
    else if (message.id === this.#estimate?.id) this.#heardOfEstimate(/** @type {EstimateMessage} */ (message));
  }

  /** @param {Deal} deal @param {Member} member @param {FromWorker} message */
  #heardOfRun(deal, member, message) {
    const share = deal.shares[member.share];
    if (message.type === 'done' && deal.next) {
      // It was over before it heard of what is to follow.
      const { next } = deal;
      this.run(next);
      this.heard({ ...message, type: 'followed', next }, false);
    } else if (message.type === 'done') {
      this.#end(deal.timed(message), false);
    } else if (message.type === 'failed') {
      if ('gone' in message && deal.shares.length > 1) return this.#lost(member);
      if (message.needs && !deal.supplied && !deal.noised) return void this.#begunAgain(deal, message);
      for (const each of this.#crew.members) if (each !== member && each.share >= 0) each.post({ type: 'cancel', id: deal.id });
      this.#end(message, false);
    } else if (share) {
      if (message.type === 'step' && this.#slowest === 0) performance.mark('tweedie:step');
      if (message.type === 'step') this.#slowest = Math.max(this.#slowest, message.ms);
      deal.hear(share, message);
      if (message.type === 'started') this.#attend(deal);
      if (message.type !== 'step' && message.type !== 'paused') this.#proceed(deal);
    }
  }

  /** Watches the workers of a run, since one that is ended from outside says nothing. @param {Deal} deal */
  #attend(deal) {
    const alone = deal.shares.length === 1;
    if (!alone) {
      clearTimeout(this.#idleness);
      this.#idleness = 0;
    }
    clearInterval(this.#watch);
    this.#watch = setInterval(() => {
      // Nothing is known of how long a single worker's first picture takes.
      if (alone && this.#slowest === 0) return;
      for (const { member, paused } of deal.shares) {
        if (!member || paused || member.waits) continue;
        if (++member.silence > mostSilence + this.#slowest / 40) this.#lost(member);
      }
    }, 1000);
  }

  /** Ends a run whose workers are gone. @param {Deal} deal */
  #fail(deal) {
    deal.cancel();
    this.#end({ type: 'failed', id: deal.id, message: '' }, true);
  }

  /** @param {RunMessage} message @param {boolean} respawned */
  #end(message, respawned) {
    const ended = this.#deal?.ended;
    if (this.#deal) this.#deal.ended = undefined;
    this.#leave();
    if (ended) ended(message.type === 'done');
    else this.heard(message, respawned);
  }

  /** Nothing of the run concerns the page from now on. */
  #leave() {
    const deal = this.#deal;
    if (deal?.again) deal.ended?.(false); // unless all came
    else if (deal) this.#remembers = deal.remembered;
    this.#deal = this.#awaited = undefined;
    this.#slowest = 0;
    for (const member of this.#crew.members) member.share = -1;
    clearTimeout(this.#patience);
    clearInterval(this.#watch);
    if (this.#idleness || this.#crew.members.length < 2 || this.#remembers) return;
    this.#idleness = setTimeout(() => {
      this.#idleness = 0;
      this.#crew.dismiss(1);
    }, idleness);
  }
}

// The sampler, as the page sees it: it is started, given a model and asked for
// runs. Each run ends exactly once: done, cancelled or failed, also when a
// worker dies or does not answer; then another takes its place.
//
// A run of several pictures is dealt to several workers, which are started when
// the first such run comes and let go when there has been none for a while.

/** @import { Described, Estimated, EstimateMessage, Failed, Inputs, Model, RunMessage, Step } from './types.js' */
import { Deal } from './deal.js';
import { limits } from './film.js';
import { Member } from './member.js';

/** How long a cancelled run may take to end before its workers are replaced. */
const patience = 2000;
/** How long workers beyond the first are kept without use: each holds some 40 MB. */
const idleness = 30_000;
/** More workers than this help less than they cost in memory. */
const most = 4;
/** How often a run's workers may be lost before it fails. */
const mostLosses = 4;
/** Seconds without a word after which a worker counts as lost, beside those of two dozen pictures. */
const mostSilence = 20;

/** A refusal by the worker, with the recipe's key at fault if one is. */
export class Refusal extends Error {
  /** @param {Failed} failed */
  constructor({ message, key = '', needs = [] }) {
    super(message);
    this.key = key;
    this.needs = needs;
  }
}

/** The worker's script or program did not start. */
export class StartError extends Error {}

/**
 * @typedef {{resolve: (message: any) => void, reject: (error: Error) => void}} Waiting
 */

export class Engine {
  /** The first one answers loads and descriptions. @type {Member[]} */
  #members = [];
  /** @type {Promise<WebAssembly.Module> | undefined} */
  #program;
  /** Models that were loaded, to load them again. @type {Map<string, ArrayBuffer>} */
  #models = new Map();
  /** What was loaded beside the model, or is on its way. @type {Map<string, Promise<void>>} */
  #companions = new Map();
  /**
   * Brings the weights that a recipe needs beside its model's.
   * @type {(name: string) => Promise<ArrayBuffer>}
   */
  supply = () => Promise.reject(new Error());
  /** Waiting for an answer, by id, or by the type of a message without one. @type {Map<number | string, Waiting>} */
  #waiting = new Map();
  #lastId = 0;
  /** The run that has not ended. @type {Deal | undefined} */
  #deal;
  /** The estimate that has not ended. @type {{id: number, heard: (message: EstimateMessage) => void} | undefined} */
  #estimate;
  #patience = 0;
  #idleness = 0;
  #watch = 0;
  /** Milliseconds of the slowest picture of the run. */
  #slowest = 0;
  /** Whether the workers know how to make steps of the last run again. */
  #remembers = false;
  /** Pictures that the last run begins with. @type {Inputs} */
  #inputs = {};
  /** How many workers there may be: half of them where two runs are compared. */
  workers = most;
  /** Bytes in which the workers may remember how to make steps again. */
  keep = 0;

  /**
   * @param {string} script URL of worker.js
   * @param {(message: RunMessage, respawned: boolean) => void} heard
   *   what the worker says of the run that was begun last
   */
  constructor(script, heard) {
    this.script = script;
    this.heard = heard;
  }

  /**
   * Starts the worker with a compiled program, which may still be on its way.
   * @param {WebAssembly.Module | Promise<WebAssembly.Module>} program
   */
  async start(program) {
    this.#program = Promise.resolve(program);
    const ready = this.#restart();
    const member = this.#members[0];
    try {
      await Promise.all([this.#program, ready]);
    } catch (error) {
      if (member === this.#members[0]) {
        this.#abandon(0);
        this.#rejectAll(new StartError());
      }
      throw error;
    }
  }

  /**
   * Gives the worker a model. Another one that it had goes, and with it the
   * worker, because WebAssembly never gives memory back.
   * @param {string} model @param {ArrayBuffer} bytes
   * @returns {Promise<Model>}
   */
  async load(model, bytes) {
    if (this.#waiting.has('model') || [...this.#models.keys()].some((name) => name !== model)) {
      if (this.#deal) this.#end({ type: 'cancelled', id: this.#deal.id, step: this.#deal.step }, false);
      for (const member of this.#members.splice(1)) member.end();
      this.#models.clear();
      this.#companions.clear();
      await this.#restart();
    } else if (!this.#members[0]) {
      await this.#restart();
    }
    const answer = this.#answer('model');
    this.#members[0]?.load(model, bytes);
    const loaded = await answer;
    this.#models.set(model, bytes);
    for (const member of this.#members.slice(1)) member.load(model, bytes);
    return loaded;
  }

  /** The names of all weights that are there, of the model first. */
  get weights() {
    return [...this.#models.keys()];
  }

  /** @param {string} model */
  has(model) {
    return this.#models.has(model);
  }

  /**
   * What a recipe comes to, with the names of the pictures that it begins with.
   * Where it needs more weights than its model's, they are brought first.
   * @param {string} recipe
   * @param {Inputs} [inputs]
   * @returns {Promise<Described>}
   */
  async describe(recipe, inputs = {}) {
    for (const tried = new Set(); ; ) {
      try {
        return await this.#ask(recipe, inputs);
      } catch (error) {
        const name = error instanceof Refusal && error.needs.find((each) => !tried.has(each));
        if (!name) throw error;
        tried.add(name);
        await this.#accompany(name).catch(() => {
          throw error; // which says what is missing
        });
      }
    }
  }

  /** Gives the workers a network that recipes of the model need. @param {string} name */
  #accompany(name) {
    const before = [...this.#companions.values()].at(-1);
    const here = this.#companions.get(name) ?? this.#load(name, before);
    this.#companions.set(name, here);
    here.catch(() => this.#companions.delete(name));
    return here;
  }

  /** @param {string} name @param {Promise<void> | undefined} before the one that is loaded before it */
  async #load(name, before) {
    const bytes = await this.supply(name);
    await before?.catch(() => {});
    const answer = this.#answer('companion');
    this.#members[0]?.load(name, bytes, true);
    await answer;
    this.#models.set(name, bytes);
    for (const member of this.#members.slice(1)) member.load(name, bytes, true);
  }

  /** @param {string} recipe @param {Inputs} inputs @returns {Promise<Described>} */
  #ask(recipe, inputs) {
    const id = ++this.#lastId;
    const answer = this.#answer(id);
    this.#members[0]?.post({ ...inputs, type: 'describe', id, recipe });
    return answer;
  }

  /**
   * Estimates how likely a picture is under a recipe's model. This ends a run,
   * and a run ends it; it ends exactly once: done, cancelled or failed.
   * @param {Estimated} what
   * @param {(message: EstimateMessage) => void} heard
   * @returns {{steer: (type: 'pause' | 'resume' | 'step' | 'cancel') => void}}
   */
  measure(what, heard) {
    const deal = this.#deal;
    if (deal) {
      deal.cancel();
      this.#end({ type: 'cancelled', id: deal.id, step: deal.step }, false);
    }
    const id = ++this.#lastId;
    if (!this.#members[0]) void this.#restart().catch(() => {});
    this.#members[0].post({ ...what, type: 'bound', id }); // ends the estimate before, which is heard of below
    const before = this.#estimate;
    this.#estimate = { id, heard };
    before?.heard({ type: 'cancelled', id: before.id, step: 0 });
    return { steer: (type) => this.#members[0]?.post({ type, id }) };
  }

  /** Passes on what is said of the estimate. @param {any} message */
  #heardOfEstimate(message) {
    const { heard } = /** @type {{heard: (message: EstimateMessage) => void}} */ (this.#estimate);
    if (['done', 'cancelled', 'failed'].includes(message.type)) this.#estimate = undefined;
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
    this.#deal?.cancel();
    this.#leave();
    const deal = new Deal(++this.#lastId, recipe, this.#of, (message) => this.heard(message, false), inputs);
    Object.assign(deal, { keep: this.keep, stored: limits.memory });
    this.#inputs = inputs;
    this.#deal = deal;
    if (!this.#members[0]) void this.#restart().catch(() => {});
    deal.pausing = paused;
    if (paused) deal.steer('step');
    deal.give(0, this.#members[0]);
  }

  /**
   * Noises a picture along a recipe's levels, in the place of a run.
   * @param {string} recipe @param {Uint8Array} image
   */
  forward(recipe, image) {
    this.#deal?.cancel();
    this.#leave();
    const deal = new Deal(++this.#lastId, recipe, 1, (message) => this.heard(message, false), { image });
    deal.type = 'forward';
    this.#deal = deal;
    if (!this.#members[0]) void this.#restart().catch(() => {});
    deal.give(0, this.#members[0]);
  }

  /** The pictures that the last run began with. */
  get inputs() {
    return this.#inputs;
  }

  /** Brings the weights that a run lacks, and begins it again. @param {Deal} deal @param {Failed} lacking */
  async #begunAgain(deal, lacking) {
    const brought = await Promise.all((lacking.needs ?? []).map((name) => this.#accompany(name))).catch(() => undefined);
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
    if (!this.#members[0] || (this.#deal && !this.#deal.again)) return Promise.resolve(false);
    this.#deal?.cancel();
    this.#leave();
    return new Promise((resolve) => {
      const pass = (/** @type {RunMessage} */ message) => message.type === 'step' && take(message);
      const deal = new Deal(++this.#lastId, recipe, this.#of, pass, this.#inputs);
      deal.again = steps;
      deal.ended = resolve;
      this.#deal = deal;
      deal.give(0, this.#members.find((member) => member.made === 0) ?? this.#members[0]);
    });
  }

  /**
   * Another engine with the same program and models, or with none yet, for a
   * run beside this one's: the two share the processors.
   * @param {(message: RunMessage, respawned: boolean) => void} heard
   * @param {boolean} [empty]
   */
  twin(heard, empty = false) {
    const twin = new Engine(this.script, heard);
    twin.supply = this.supply;
    twin.#program = this.#program;
    if (!empty) twin.#models = this.#models;
    this.workers = twin.workers = Math.max(1, most >> 1);
    return twin;
  }

  /** There is no twin any more. */
  alone() {
    this.workers = most;
  }

  /** Ends a twin with all its workers; nothing is heard of it afterwards. */
  end() {
    for (const member of this.#members.splice(0)) member.end();
    this.#rejectAll(new StartError());
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
    for (const member of this.#members.filter((m) => m.share >= 0)) {
      if (member === this.#members[0]) void this.#restart().catch(() => {});
      else this.#abandon(this.#members.indexOf(member));
    }
    this.#end({ type: 'cancelled', id: deal.id, step: deal.step }, true);
  }

  /** Starts the first worker again, with the program and the models of the last. */
  async #restart() {
    this.#members[0]?.end();
    if (this.#estimate) this.#heardOfEstimate({ type: 'failed', id: this.#estimate.id, message: '' });
    this.#rejectAll(new StartError());
    this.#members[0] = this.#spawn();
    await this.#answer('ready');
  }

  #spawn() {
    const program = /** @type {Promise<WebAssembly.Module>} */ (this.#program);
    return new Member(this.script, program, this.#models, {
      heard: (member, message) => this.#receive(member, message),
      lost: (member) => this.#lost(member),
    });
  }

  /** Ends a worker without another in its place. @param {number} index */
  #abandon(index) {
    this.#members.splice(index, 1)[0]?.end();
  }

  /** A worker is gone: another takes its place, and its share of the run. @param {Member} member */
  #lost(member) {
    const deal = this.#deal;
    if (member !== this.#members[0]) {
      this.#abandon(this.#members.indexOf(member));
    } else if (this.#waiting.has('ready')) {
      // It never came up; trying again is for a person to ask for.
      for (const each of this.#members.splice(0)) each.end();
      this.#rejectAll(new StartError());
      if (deal) this.#fail(deal);
      return;
    } else {
      void this.#restart().catch(() => {});
    }
    if (!deal) return;
    deal.take(member);
    deal.losses++;
    // What kills a run's only worker would kill the next as well.
    if (deal.shares.length === 1 || deal.losses > mostLosses) return this.#fail(deal);
    this.#proceed(deal);
  }

  /** Does what the run needs next: hands out shares, or brings it to its end. @param {Deal} deal */
  #proceed(deal) {
    if (deal !== this.#deal) return;
    if (deal.complete || (deal.cancelling && deal.shares.every((share) => share.over))) {
      if (deal.cancelling) this.#end({ type: 'cancelled', id: deal.id, step: deal.step }, false);
      else if (deal.again || deal.type === 'forward') this.#end({ type: 'done', id: deal.id, recipe: deal.recipe, hash: '', ms: 0, differs: '' }, false);
      else this.#members[0]?.post(deal.combine());
      return;
    }
    for (let number; (number = deal.open) >= 0; ) {
      const free = this.#members.filter((m) => m.share < 0);
      let member = free.find((m) => m.made === number) ?? free[0];
      // After two losses it may be memory that is short: whoever has done with
      // its own share takes the next.
      if (!member && this.#members.length < deal.of && deal.losses < 2) {
        member = this.#spawn();
        this.#members.push(member);
      }
      if (!member) return;
      deal.give(number, member);
    }
  }

  /** @param {Member} member @param {any} message */
  #receive(member, message) {
    const { type, id } = message;
    if (id === undefined) {
      if (member !== this.#members[0]) {
        if (type === 'failed') this.#lost(member);
      } else if (type === 'failed') this.#failedWithoutId(message);
      else this.#settle(type, message);
      return;
    }
    if (this.#waiting.has(id)) {
      const { resolve, reject } = /** @type {Waiting} */ (this.#waiting.get(id));
      this.#waiting.delete(id);
      if (type === 'failed') reject(new Refusal(message));
      else resolve(message);
      return;
    }
    const deal = this.#deal;
    if (deal && id === deal.id) this.#heardOfRun(deal, member, message);
    else if (id === this.#estimate?.id) this.#heardOfEstimate(message);
  }

  /** @param {Deal} deal @param {Member} member @param {any} message */
  #heardOfRun(deal, member, message) {
    const share = deal.shares[member.share];
    if (message.type === 'done') {
      this.#end(deal.timed(message), false);
    } else if (message.type === 'failed') {
      if (message.gone && deal.shares.length > 1) return this.#lost(member);
      if (message.needs && !deal.supplied && deal.type === 'run') return void this.#begunAgain(deal, message);
      for (const each of this.#members) if (each !== member && each.share >= 0) each.post({ type: 'cancel', id: deal.id });
      this.#end(message, false);
    } else if (share) {
      if (message.type === 'step' && this.#slowest === 0) performance.mark('tweedie:step');
      if (message.type === 'step') this.#slowest = Math.max(this.#slowest, message.ms);
      deal.hear(share, message);
      if (message.type === 'started' && deal.shares.length > 1) this.#attend(deal);
      if (message.type !== 'step' && message.type !== 'paused') this.#proceed(deal);
    }
  }

  /** Watches the workers of a run, since one that is ended from outside says nothing. @param {Deal} deal */
  #attend(deal) {
    clearTimeout(this.#idleness);
    this.#idleness = 0;
    clearInterval(this.#watch);
    this.#watch = setInterval(() => {
      for (const { member, paused } of deal.shares) {
        if (!member || paused) continue;
        if (++member.silence > mostSilence + this.#slowest / 40) this.#lost(member);
      }
    }, 1000);
  }

  /**
   * A start or a load has failed, whichever is waited for; otherwise the
   * sampler has ended and will not answer again.
   * @param {Failed} message
   */
  #failedWithoutId(message) {
    if (!['ready', 'model', 'companion'].some((key) => this.#waiting.has(key))) {
      void this.#restart().catch(() => {});
      return;
    }
    for (const key of ['ready', 'model', 'companion']) {
      this.#waiting.get(key)?.reject(key === 'ready' ? new StartError(message.message) : new Refusal(message));
      this.#waiting.delete(key);
    }
  }

  /** @param {string} key @param {any} message */
  #settle(key, message) {
    performance.mark(`tweedie:${key}`);
    this.#waiting.get(key)?.resolve(message);
    this.#waiting.delete(key);
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
    this.#deal = undefined;
    this.#slowest = 0;
    for (const member of this.#members) member.share = -1;
    clearTimeout(this.#patience);
    clearInterval(this.#watch);
    if (this.#idleness || this.#members.length < 2 || this.#remembers) return;
    this.#idleness = setTimeout(() => {
      this.#idleness = 0;
      for (const member of this.#members.splice(1)) member.end();
    }, idleness);
  }

  /** @param {number | string} key @returns {Promise<any>} */
  #answer(key) {
    return new Promise((resolve, reject) => this.#waiting.set(key, { resolve, reject }));
  }

  /** @param {Error} error */
  #rejectAll(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

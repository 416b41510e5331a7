// The workers, and what all of them know: the program and the models. The first
// one answers loads and questions; what is said of a run is passed on.

/** @import { Derived, Describe, Described, Failed, FromWorker, Message, Model, Plot, Plotted, Work, Worked } from '../types.js' */
/** @import { Weights } from './member.js' */
import { Member } from './member.js';
import { ModelFile } from './model-file.js';

/** A refusal by the worker, with the recipe's key at fault if one is. */
export class Refusal extends Error {
  /** @param {Failed} failed */
  constructor({ message, key = '', reason, values, needs = [] }) {
    super(message);
    this.key = key;
    this.reason = reason;
    this.values = values;
    this.needs = needs;
  }
}

/** The worker's script or program did not start. */
export class StartError extends Error {}

/**
 * What is waited for: an answer of a type.
 * @typedef {{type: Message['type'], resolve: (message: FromWorker) => void, reject: (error: Error) => void}} Waiting
 *
 * How many bytes of a file the worker has prepared, where that takes long.
 * @typedef {(done: number, total: number) => void} Prepared
 *
 * @typedef {object} Ears
 * @property {(member: Member, message: FromWorker) => void} heard what a worker says of a request that is no question
 * @property {(member: Member) => void} lost a worker is gone, or of no use
 * @property {() => void} restarting the first worker goes, and what it was doing
 */

export class Crew {
  /** @type {Member[]} */
  members = [];
  /** @type {Promise<WebAssembly.Module> | undefined} */
  #program;
  /** Models that were loaded, to load them again. @type {Map<string, Weights>} */
  #models = new Map();
  /** What was loaded beside the model, or is on its way. @type {Map<string, Promise<void>>} */
  #companions = new Map();
  /** Waiting for an answer, by id, or by the type of a message without one. @type {Map<number | string, Waiting>} */
  #waiting = new Map();
  #lastId = 0;
  /** Counts the loads, of which the last one counts. */
  #loads = 0;
  /** Whether that has not ended. */
  #loading = false;
  /** Hears how far it is. @type {Prepared | undefined} */
  #prepared;
  /**
   * Brings the weights that a recipe needs beside its model's.
   * @type {(name: string) => Promise<ArrayBuffer | ModelFile>}
   */
  supply = () => Promise.reject(new Error());

  /** @param {string} script URL of worker.js @param {Ears} on */
  constructor(script, on) {
    this.script = script;
    this.on = on;
  }

  /** A number for a request, that no other has. */
  nextId() {
    return ++this.#lastId;
  }

  /** The names of all weights that are there, of the model first. */
  get weights() {
    return [...this.#models.keys()];
  }

  /** @param {string} model */
  has(model) {
    return this.#models.has(model);
  }

  /** Whether the first worker has not come up yet. */
  get starting() {
    return this.#waiting.has('ready');
  }

  /** Whether a model is loaded, or on its way, whose place another one would take. @param {string} model */
  isTaken(model) {
    return this.#loading || this.weights.some((name) => name !== model);
  }

  /** Starts the first worker. @param {WebAssembly.Module | Promise<WebAssembly.Module>} program */
  async start(program) {
    this.#program = Promise.resolve(program);
    const ready = this.restart();
    const member = this.members[0];
    try {
      await Promise.all([this.#program, ready]);
    } catch (error) {
      if (member === this.members[0]) {
        this.abandon(member);
        this.reject();
      }
      throw error;
    }
  }

  /** A crew with the same program and models, or no models yet, of which nobody works. @param {Ears} on @param {boolean} empty */
  twin(on, empty) {
    const twin = new Crew(this.script, on);
    twin.supply = this.supply;
    twin.#program = this.#program;
    if (!empty) twin.#models = this.#models;
    return twin;
  }

  /** Starts the first worker again, with the program and the models of the last. */
  async restart() {
    this.members[0]?.end();
    this.on.restarting();
    this.reject();
    this.members[0] = this.#spawn();
    await this.#answer('ready');
  }

  /** The first worker, which is started if no worker is there. */
  get first() {
    if (!this.members[0]) void this.restart().catch(() => {});
    return this.members[0];
  }

  /** Another worker. */
  add() {
    const member = this.#spawn();
    this.members.push(member);
    return member;
  }

  #spawn() {
    const program = /** @type {Promise<WebAssembly.Module>} */ (this.#program);
    return new Member(this.script, program, this.#models, {
      heard: (member, message) => this.#receive(member, message),
      lost: (member) => this.on.lost(member),
    });
  }

  /** Ends a worker without another in its place. @param {Member} member */
  abandon(member) {
    const at = this.members.indexOf(member);
    if (at >= 0) this.members.splice(at, 1)[0].end();
  }

  /** Ends all workers from one on. @param {number} [from] */
  dismiss(from = 0) {
    for (const member of this.members.splice(from)) member.end();
  }

  /**
   * Gives the first worker a model; where another one was there, this one takes
   * its place with a new worker, because WebAssembly never gives memory back. It
   * ends a load that is under way, wherever that is. The bytes of a large file are gone afterwards.
   * @param {string} model @param {ArrayBuffer | ModelFile} bytes @param {boolean} [eight] whether eight bits are left of every weight
   * @param {Prepared} [prepared]
   * @returns {Promise<Model>}
   * @throws {StartError} once another load has taken its place
   */
  async load(model, bytes, eight = false, prepared) {
    const taken = this.isTaken(model);
    const current = this.#since(++this.#loads);
    this.#loading = true;
    try {
      if (taken) {
        this.dismiss(1);
        this.#models.clear();
        this.#companions.clear();
      }
      if (taken || !this.members[0]) await this.restart();
      current();
      const answer = this.#answer('model');
      const weights = { file: ModelFile.of(bytes), eight };
      this.#prepared = prepared;
      this.members[0]?.load(model, weights);
      const loaded = await answer;
      current();
      this.#prepared = undefined; // nobody waits for a worker that loads it again
      this.#models.set(model, weights);
      for (const member of this.members.slice(1)) member.load(model, weights);
      this.#loading = false;
      return loaded;
    } catch (error) {
      current();
      this.#loading = false;
      throw error;
    }
  }

  /** Throws, when it is called, if another load has begun. @param {number} load @returns {() => void} */
  #since(load) {
    return () => {
      if (load !== this.#loads) throw new StartError();
    };
  }

  /**
   * What a recipe comes to, with the names of the pictures that it begins with.
   * @param {Omit<Describe, 'type' | 'id'>} asked
   * @returns {Promise<Described>}
   */
  describe(asked) {
    return this.#supplied(() => this.#ask('described', { ...asked, type: 'describe' }));
  }

  /**
   * The working of a step. It fails with a StartError where a later question takes its place.
   * @param {Omit<Work, 'type' | 'id'>} asked
   * @returns {Promise<Worked>}
   */
  work(asked) {
    return this.#supplied(() => this.#ask('worked', { ...asked, type: 'work' }));
  }

  /**
   * A derivation on the numbers of a step, in the place of other questions about steps.
   * @param {Omit<Work, 'type' | 'id'>} asked
   * @returns {Promise<Derived>}
   */
  derive(asked) {
    return this.#supplied(() => this.#ask('derived', { ...asked, type: 'work' }));
  }

  /**
   * Asks, and where the answer needs more weights than the model's, brings them first.
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #supplied(ask) {
    for (const tried = new Set(); ; ) {
      try {
        return await ask();
      } catch (error) {
        const name = error instanceof Refusal && error.needs.find((each) => !tried.has(each));
        if (!name) throw error;
        tried.add(name);
        await this.accompany(name).catch(() => {
          throw error; // which says what is missing
        });
      }
    }
  }

  /** The noise levels of a recipe. @param {Omit<Plot, 'type' | 'id'>} asked @returns {Promise<Plotted>} */
  plot(asked) {
    return this.#ask('plotted', { ...asked, type: 'plot' });
  }

  /**
   * Asks the first worker, and waits for its answer.
   * @template {Message['type']} T
   * @param {T} answer its type @param {Omit<Describe, 'id'> | Omit<Plot, 'id'> | Omit<Work, 'id'>} asked
   */
  #ask(answer, asked) {
    const id = this.nextId();
    const { first } = this; // to start one ends all waiting
    const answered = this.#answer(answer, id);
    first.post({ ...asked, id });
    return answered;
  }

  /** Gives the workers a network that recipes of the model need. @param {string} name */
  accompany(name) {
    const before = [...this.#companions.values()].at(-1);
    const here = this.#companions.get(name) ?? this.#bring(name, before);
    this.#companions.set(name, here);
    here.catch(() => this.#companions.get(name) === here && this.#companions.delete(name));
    return here;
  }

  /** @param {string} name @param {Promise<void> | undefined} before the one that is loaded before it */
  async #bring(name, before) {
    const current = this.#since(this.#loads);
    const file = ModelFile.of(await this.supply(name));
    await before?.catch(() => {});
    current();
    const answer = this.#answer('companion');
    this.members[0]?.load(name, { file }, true);
    await answer;
    current();
    this.#models.set(name, { file });
    for (const member of this.members.slice(1)) member.load(name, { file }, true);
  }

  /** @param {Member} member @param {FromWorker} message */
  #receive(member, message) {
    if (!('id' in message) || message.id === undefined) {
      if (member !== this.members[0]) {
        if (message.type === 'failed') this.on.lost(member);
      } else if (message.type === 'failed') this.#failed(message);
      else this.#settle(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (message.type === 'failed' && waiting) waiting.reject(new Refusal(message));
    else if (message.type === 'cancelled' && waiting) waiting.reject(new StartError());
    else if (message.type === waiting?.type) waiting.resolve(message);
    else return this.on.heard(member, message);
    this.#waiting.delete(message.id);
  }

  /**
   * A start or a load has failed, whichever is waited for; otherwise the
   * sampler has ended and will not answer again.
   * @param {Failed} message
   */
  #failed(message) {
    const keys = ['ready', 'model', 'companion'].filter((key) => this.#waiting.has(key));
    if (keys.length === 0) void this.restart().catch(() => {});
    for (const key of keys) {
      this.#waiting.get(key)?.reject(key === 'ready' ? new StartError(message.message) : new Refusal(message));
      this.#waiting.delete(key);
    }
  }

  /** @param {FromWorker} message that belongs to no request */
  #settle(message) {
    if (message.type === 'preparing') return this.#prepared?.(message.done, message.total);
    performance.mark(`tweedie:${message.type}`);
    if (message.type === 'companion' && !this.#waiting.has('companion')) {
      // It was to be a model, and draws nothing by itself.
      this.#waiting.get('model')?.reject(new Refusal({ type: 'failed', message: '', key: 'companion' }));
      this.#waiting.delete('model');
      return;
    }
    this.#waiting.get(message.type)?.resolve(message);
    this.#waiting.delete(message.type);
  }

  /**
   * The next message of a type, or the one that answers a request.
   * @template {Message['type']} T
   * @param {T} type @param {number} [id] of the request
   * @returns {Promise<Extract<Message, {type: T}>>}
   */
  #answer(type, id) {
    return new Promise((resolve, reject) => {
      const answer = /** @type {(message: FromWorker) => void} */ (resolve);
      this.#waiting.set(id ?? type, { type, resolve: answer, reject });
    });
  }

  /** Nobody is going to answer. */
  reject() {
    const error = new StartError();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

// One run, dealt to workers: each makes the pictures of its share. What they
// say apart becomes what a single one would have said: every picture of a step
// in order, steps in order, one pause, one end. wasm/protocol decides who makes
// which picture.

/** @import { Combine, Done, Forward, FromWorker, Inputs, Run, RunMessage, Started, Step } from '../types.js' */
/** @import { Member } from './member.js' */

/**
 * A share: who works on it, whether it waits, whether its pictures are done,
 * and in how many milliseconds.
 * @typedef {{member: Member | undefined, begun: boolean, paused: boolean, over: boolean, ms: number}} Share
 */

/** @returns {Share} */
const untouched = () => ({ member: undefined, begun: false, paused: false, over: false, ms: 0 });

export class Deal {
  /** The first share is there before it is known how many there are. */
  shares = [untouched()];
  cancelling = false;
  /** The picture that is noised, in place of a run. @type {Uint8Array | undefined} */
  noised;
  /** Whether its pictures after the first go step by step. @type {boolean | undefined} */
  chain;
  /** The steps that are made again; nothing for a new run. @type {{from: number, to: number} | undefined} */
  again;
  /** Takes the end, where that is not the page's business. @type {((whole: boolean) => void) | undefined} */
  ended;
  /** Bytes that may be held to make steps again. */
  keep = 0;
  /** Bytes of steps that the page keeps. */
  stored = 0;
  /** Whether it began at its first step to wait there. */
  pausing = false;
  /** The recipe that is to follow, '' for none. */
  next = '';
  /** Whether it has begun again with weights that it lacked. */
  supplied = false;
  /** Workers that were lost. */
  losses = 0;
  /** Solver step at which all meet and wait, 0 for none. */
  #until = 0;
  #waits = false;
  /** @type {Started | undefined} */
  #started;
  /** Pictures of steps that were passed on. */
  #shown = 0;
  /** Those that came before their turn, and who sent them. @type {Map<number, {message: Step, member: Member | undefined}>} */
  #early = new Map();
  /** The newest picture of each, for the hash. @type {Uint8Array[]} */
  #pictures = [];

  /**
   * @param {number} id @param {string} recipe
   * @param {number} of how many workers there may be
   * @param {(message: RunMessage) => void} pass takes what a single worker would have said, but for the end
   * @param {Inputs} [inputs] pictures that the recipe begins with
   */
  constructor(id, recipe, of, pass, inputs = {}) {
    this.id = id;
    this.recipe = recipe;
    this.of = of;
    this.pass = pass;
    this.inputs = inputs;
  }

  /** Whether its workers remember how to make steps again. */
  get remembered() {
    return this.#started?.again === true;
  }

  /** Whether another worker can make a part of each step of a share. */
  get divisible() {
    return (this.#started?.passes ?? 1) > 1 && !this.cancelling;
  }

  /** Solver steps of which every picture was passed on. */
  get step() {
    return this.#started ? Math.floor(this.#shown / this.#started.images) : 0;
  }

  /** Whether every share's pictures are there. */
  get complete() {
    return this.#started !== undefined && this.shares.every((share) => share.over);
  }

  /** The number of a share that needs a worker, −1 if no share does. */
  get open() {
    return this.shares.findIndex((share) => !share.member && !share.over);
  }

  /** Gives a share to a worker. @param {number} number @param {Member} member */
  give(number, member) {
    member.share = member.made = number;
    member.begin(this.id);
    this.shares[number] = { ...untouched(), member };
    member.post(this.#request(number));
    if (this.#until) member.post({ type: 'next', id: this.id, until: this.#until });
    else if (this.#waits) member.post({ type: 'pause', id: this.id });
  }

  /** @param {number} share @returns {Run | Forward} */
  #request(share) {
    const { id, recipe, of, noised, chain, inputs, keep, stored, again } = this;
    if (noised) return { type: 'forward', id, recipe, image: noised, share, of, chain };
    return { type: 'run', id, recipe, ...inputs, share, of, keep, stored, ...again };
  }

  /** Takes a share back from a worker. @param {Member} member */
  take(member) {
    const share = this.shares[member.share];
    member.share = -1;
    if (share?.member !== member) return;
    share.member = undefined;
    // One that nobody works on has nothing to end.
    if (this.cancelling) share.over = true;
  }

  /** @param {'pause' | 'resume' | 'step'} type */
  steer(type) {
    this.#waits = type === 'pause';
    this.#until = type === 'step' ? Math.max(this.#until, this.step) + 1 : 0;
    const { id } = this;
    for (const share of this.shares) {
      if (type !== 'pause') share.paused = false;
      if (!share.over) share.member?.post(type === 'step' ? { type: 'next', id, until: this.#until } : { type, id });
    }
  }

  /**
   * Asks for another recipe once this one is whole; says whether it can follow.
   * @param {string} recipe
   */
  follow(recipe) {
    const { member } = this.shares[0];
    const can = this.#started && member && this.shares.length === 1 && !this.inputs.image && !this.cancelling && !this.again && !this.noised;
    if (!can) return false;
    this.next = recipe;
    member.post({ type: 'follow', id: this.id, recipe });
    return true;
  }

  /**
   * Asks every worker to end. One that is still starting for its share has
   * nothing to say; the first always has to answer, if it was asked, so that one
   * that hangs is found out.
   */
  cancel() {
    this.cancelling = true;
    this.shares.forEach((share, number) => {
      if (!share.over) share.member?.post({ type: 'cancel', id: this.id });
      if (!share.member || (!share.begun && number > 0)) share.over = true;
    });
  }

  /**
   * What the worker of a share says of it, other than an end for all.
   * @param {Share} share @param {FromWorker} message
   */
  hear(share, message) {
    switch (message.type) {
      case 'started':
        share.begun = true;
        if (this.#started) return;
        this.#started = message;
        // One that is to end needs no more workers.
        while (!this.cancelling && this.shares.length < message.shares) this.shares.push(untouched());
        return this.pass(message);
      case 'step':
        return this.#arrange(message, share.member);
      case 'paused':
        if (message.step < this.#until) return; // it was asked to go on since
        share.paused = true;
        return this.#rest();
      case 'followed':
        this.#started = undefined;
        this.#shown = 0;
        if (this.next === message.next) this.next = '';
        return this.pass(message);
      case 'part':
      case 'cancelled':
        share.over = true;
        share.ms = message.type === 'part' ? message.ms : 0;
        if (share.member) share.member.share = -1;
        share.member = undefined;
        return this.#rest();
    }
  }

  /** The request that makes the end of all shares' pictures. @returns {Combine} */
  combine() {
    const size = this.#pictures[0].length;
    const bytes = new Uint8Array(size * this.#pictures.length);
    this.#pictures.forEach((pixels, image) => bytes.set(pixels, image * size));
    // The recipe that a worker made of it names its pictures.
    return { type: 'combine', id: this.id, recipe: this.#started?.recipe ?? this.recipe, bytes };
  }

  /**
   * The end with the time that it took: that of the slowest share.
   * @param {Done} done @returns {Done}
   */
  timed(done) {
    return { ...done, ms: Math.max(done.ms, ...this.shares.map((share) => share.ms)) };
  }

  /**
   * Passes pictures on in their order. A share that is made again repeats some.
   * A worker that is too far ahead of the others waits until its pictures are taken.
   * @param {Step} message @param {Member} [member]
   */
  #arrange(message, member) {
    const at = (message.step - (this.again?.from ?? 1)) * message.images + message.image;
    if (member) member.ahead++;
    if (at >= this.#shown) this.#early.set(at, { message, member });
    else member?.took();
    for (let next; (next = this.#early.get(this.#shown)); ) {
      this.#early.delete(this.#shown++);
      this.#pictures[next.message.image] = next.message.xt;
      this.pass(next.message);
      if (next.member?.share !== undefined && next.member.share >= 0) next.member.took();
    }
  }

  /** Says that the run waits, once every share that is not over does. */
  #rest() {
    const open = this.shares.filter((share) => !share.over);
    if (this.cancelling || open.length === 0 || !open.every((share) => share.paused)) return;
    this.pass({ type: 'paused', id: this.id, step: this.step });
  }
}

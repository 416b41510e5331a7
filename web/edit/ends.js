// The ends of the branches of a tree of runs, as small pictures: each is drawn by an engine of
// their own while nothing goes on on the stage, and the engine goes once all are drawn.

/** @import { Host } from './extras.js' */
/** @import { RunMessage, Started, Step } from '../types.js' */
import { rested } from '../document/rest.js';

/** Milliseconds that they may be expected to take without being asked for. */
const patience = 15_000;

/** The end of a branch. @typedef {{xt: Uint8Array<ArrayBuffer>, width: number, height: number, channels: number}} End */

/**
 * @typedef {object} Wishes
 * @property {() => {root: string, branches: string[], seen: boolean}} tree the recipe that it is of, its branches, and whether it is seen
 * @property {(fork: string) => string} recipe of a branch
 * @property {(fork: string) => void} drawn a branch has its end
 * @property {(time: number) => void} waiting the missing ends would take `time` milliseconds, and are drawn when a person asks; 0 if none wait
 */

export class Ends {
  /** By recipe, without the branch and then the branch. @type {Map<string, End>} */
  #drawn = new Map();
  /** @type {import('../engine/engine.js').Engine | undefined} */
  #engine;
  /** Counts the wishes to draw, so that what comes late changes nothing. */
  #wishes = 0;
  /** Whether all are drawn, however long that takes. */
  patient = false;

  /** @param {Host} host @param {Wishes} wishes */
  constructor(host, wishes) {
    this.host = host;
    this.wishes = wishes;
  }

  /** The end of a branch, if it is drawn. @param {string} fork */
  of(fork) {
    return this.#drawn.get(this.#key(fork));
  }

  /** @param {string} fork @param {End} end */
  take(fork, end) {
    this.#drawn.set(this.#key(fork), end);
    this.wishes.drawn(fork);
  }

  /** Whether some are being drawn. */
  get busy() {
    return this.#engine !== undefined;
  }

  /** Draws the ends that are missing, once nothing goes on on the stage. */
  async draw() {
    const wish = ++this.#wishes;
    await rested();
    if (wish !== this.#wishes || !this.wishes.tree().seen) return;
    const expected = this.host.estimate(this.host.stage.film.shape.steps, this.#left.length);
    const waits = this.#left.length > 0 && !this.patient && expected >= patience;
    this.wishes.waiting(waits ? expected : 0);
    if (waits) return;
    for (const fork of this.#left) {
      const recipe = await this.#single(fork).catch(() => '');
      if (wish !== this.#wishes) return;
      this.#engine ??= this.host.engine.twin((message) => this.#heard(message));
      if (recipe) await this.#run(fork, recipe);
      if (wish !== this.#wishes) return;
    }
    this.letGo();
  }

  /** Lets the engine go: it holds memory. */
  letGo() {
    this.#wishes++;
    if (!this.#engine) return;
    this.#engine.end();
    this.#engine = undefined;
    this.host.engine.alone();
  }

  /** @param {string} fork */
  #key(fork) {
    return `${this.wishes.tree().root} ${fork}`;
  }

  /** The branches whose end is not drawn yet. */
  get #left() {
    return this.wishes.tree().branches.filter((fork) => !this.of(fork));
  }

  /** The recipe of the first picture of a branch. @param {string} fork */
  async #single(fork) {
    const { engine } = this.host;
    const whole = await engine.describe(this.wishes.recipe(fork));
    const one = await engine.describe(whole.recipe, {}, { set: { n: '1' } }).catch(() => whole); // on the way between seeds there are several
    return one.recipe;
  }

  /** Takes what is heard of the run that goes on. @type {(message: RunMessage) => void} */
  #heard = () => {};

  /** One run, to its end. @param {string} fork @param {string} recipe @returns {Promise<void>} */
  #run(fork, recipe) {
    return new Promise((resolve) => {
      /** @type {Started | undefined} */
      let run;
      /** @type {Step | undefined} */
      let last;
      this.#heard = (message) => {
        if (message.type === 'started') run = message;
        if (message.type === 'step' && message.image === 0) last = message;
        if (message.type === 'done' && run && last) this.take(fork, { xt: last.xt, width: run.width, height: run.height, channels: run.channels });
        if (message.type === 'done' || message.type === 'failed' || message.type === 'cancelled') resolve();
      };
      this.#engine?.run(recipe);
    });
  }
}

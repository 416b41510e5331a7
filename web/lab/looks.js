// What a worker is asked of the plane beside the drawing: the density of the noisy data at a time,
// and the score of the network there.

/** @import { Scored, Shaded } from './messages.js' */
/** @import { Engine } from './engine.js' */
/** @import { Layer } from './compose.js' */
/** @import { Heat, Window } from './scene.js' */
import { heated } from './compose.js';

/** Cells of a side of what is asked, and how far the density reaches. */
const scoreSide = 22;
const densitySide = 72;
const densityReach = 2.2;
/** The last timestep that can be looked at. */
export const lastTime = 999;
/** Timesteps that share a density. */
const densityEach = 25;

/** @typedef {{window: Window, size: {width: number, height: number}}} View what a stage shows of the plane */

export class Looks {
  /** @type {Heat | undefined} */
  heat;
  /** @type {Scored | undefined} */
  scored;
  /** @type {Map<number, Heat>} */
  #heats = new Map();
  /** Of which network and view the score is. */
  #scoredOf = { network: /** @type {unknown} */ (undefined), key: '' };
  /** Counts the recipes: answers that come late are of an earlier one. */
  #begun = 0;

  /** @param {Engine} engine @param {() => void} changed there is something else to show */
  constructor(engine, changed) {
    this.engine = engine;
    this.changed = changed;
  }

  /** Another recipe has begun. @param {boolean} otherData */
  begin(otherData) {
    this.#begun++;
    this.scored = undefined;
    this.#scoredOf = { network: undefined, key: '' };
    if (!otherData) return;
    this.#heats.clear();
    this.heat = undefined;
  }

  /** The densities are of other data, or of other noise. */
  forget() {
    this.#heats.clear();
  }

  /**
   * Asks for what the layers need that is not there.
   * @param {Set<Layer>} layers @param {number} at timestep, −1 for the data themselves
   * @param {View} view @param {unknown} network what changes with it
   */
  async look(layers, at, view, network) {
    if (layers.has('density')) await this.#warm(at < 0 ? -1 : Math.round(at / densityEach) * densityEach);
    if (layers.has('score') || layers.has('exact')) await this.#point(Math.max(0, at), view, network);
  }

  /** @param {number} level */
  async #warm(level) {
    const begun = this.#begun;
    if (!this.#heats.has(level)) {
      const side = { left: -densityReach, right: densityReach, bottom: -densityReach, top: densityReach, columns: densitySide, rows: densitySide };
      const answer = /** @type {Shaded | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'density', t: Math.min(lastTime, level), ...side })).catch(() => undefined));
      if (answer && begun === this.#begun) this.#heats.set(level, heated(answer, densityReach));
    }
    const heat = this.#heats.get(level) ?? this.heat;
    if (heat === this.heat) return;
    this.heat = heat;
    this.changed();
  }

  /** @param {number} t @param {View} view @param {unknown} network */
  async #point(t, { window: { x, y, scale }, size: { width, height } }, network) {
    const begun = this.#begun;
    const part = { left: x - width / 2 / scale, right: x + width / 2 / scale, bottom: y - height / 2 / scale, top: y + height / 2 / scale };
    const cells = (/** @type {number} */ side) => Math.max(1, Math.round((scoreSide * side) / Math.max(width, height)));
    const grid = { ...part, columns: cells(width), rows: cells(height) };
    const key = JSON.stringify([t, grid]);
    if (network === this.#scoredOf.network && key === this.#scoredOf.key) return;
    const answer = /** @type {Scored | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'score', t, ...grid })).catch(() => undefined));
    if (!answer || begun !== this.#begun) return;
    this.scored = answer;
    this.#scoredOf = { network, key };
    this.changed();
  }
}

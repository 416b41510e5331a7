// The first second: a recording of the page's own recipe, which tools/pack/first
// makes with the real sampler, plays while sampler and weights are on their way.
// The run that follows makes the same bytes, so that it takes over wherever the
// recording is. If a byte differs, its steps take the place of the recorded ones.

/** @import { Stage } from '../stage/stage.js' */
/** @import { Started, Step } from '../types.js' */
import { downloadBytes } from '../load/download.js';
import { read } from './recording.js';

/** Steps a second. */
const pace = 10;
/** The views that are recorded. */
const planes = /** @type {const} */ (['xt', 'x0']);

export class First {
  /** The pictures of each step that is on the stage. @type {Step[][]} */
  #steps = [];
  /** Those of the steps that come. @type {Iterator<Step[], void>} */
  #coming = [].values();
  #recipe = '';
  #shape = { steps: 0, images: 1, channels: 1, height: 0, width: 0 };
  #playing = false;
  #since = 0;
  /** The run that takes over. @type {Started | undefined} */
  #run;
  /** What it made of the steps on the stage. @type {Step[]} */
  #live = [];

  /** @param {Stage} stage @param {string} file with the recording @param {(step: Step) => void} shown told of each step */
  constructor(stage, file, shown) {
    this.stage = stage;
    this.file = file;
    this.shown = shown;
  }

  /** The recipe of the recorded run, once it is here. */
  get recipe() {
    return this.#recipe;
  }

  /**
   * Fetches the recording and plays it, unless it has become needless.
   * @param {boolean} [still] whether its last step is shown at once, with its film
   */
  async play(still = false) {
    if (this.stage.views.some((view) => view !== 'xt' && view !== 'x0')) return;
    this.#playing = true;
    try {
      const { recipe, shape, pictures } = read(new Uint8Array(await downloadBytes(this.file, () => {})));
      [this.#recipe, this.#shape, this.#coming] = [recipe, shape, pictures];
    } catch {
      this.#playing = false; // then the page begins with the live run
    }
    if (!this.#playing) return;
    this.stage.begin({ ...this.#shape, columns: 0 });
    this.stage.parts.box.toggleAttribute('data-first', true);
    performance.mark('tweedie:first');
    if (still) return this.#show(this.#shape.steps);
    this.#since = performance.now() - 1000 / pace;
    requestAnimationFrame((now) => this.#tick(now));
  }

  /** Another run than the recorded one is wanted. */
  stop() {
    this.#playing = false;
    this.#steps = [];
    this.#run = undefined;
    this.stage.parts.box.toggleAttribute('data-first', false);
  }

  /** Whether a run is the recorded one, so that the stage goes on with what it shows. @param {Started} started */
  continues(started) {
    const same = this.#steps.length > 0 && started.recipe === this.#recipe && started.steps === this.#shape.steps && started.images === this.#shape.images;
    if (!same) this.stop();
    else this.#run = started;
    this.#live = [];
    return same;
  }

  /**
   * Whether a step of the run is on the stage already. Once the run is ahead of
   * the recording, or has made other bytes, its own steps take the place of the
   * recorded ones, which lack the views that are not shown.
   * @param {Step} live
   */
  covers(live) {
    if (!this.#run) return false;
    const recorded = this.#steps[live.step - 1]?.[live.image];
    const covered = recorded && live.step < live.steps && planes.every((plane) => same(recorded[plane], live[plane]));
    if (!covered) {
      const { shown } = this.stage.film;
      this.stage.begin(this.#run);
      for (const step of this.#live) this.stage.add(step);
      this.stop();
      this.stage.add(live);
      if (shown) this.stage.seek(shown);
      return true;
    }
    this.#live.push(live);
    return true;
  }

  /** @param {number} now */
  #tick(now) {
    if (!this.#playing) return;
    const due = Math.floor(((now - this.#since) * pace) / 1000);
    this.#since += (due * 1000) / pace;
    this.#show(due);
    if (this.#steps.length < this.#shape.steps) requestAnimationFrame((next) => this.#tick(next));
  }

  /** @param {number} count of the next steps */
  #show(count) {
    for (let i = 0; i < count && this.#steps.length < this.#shape.steps; i++) {
      const pictures = /** @type {Step[]} */ (this.#coming.next().value);
      this.#steps.push(pictures);
      for (const picture of pictures) this.stage.add(picture);
      this.shown(pictures[0]);
    }
  }
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function same(a, b) {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

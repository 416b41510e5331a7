// The first second: a recording of the page's own recipe, which tools/pack/first
// makes with the real sampler, plays while sampler and weights are on their way.
// The run that follows makes the same bytes, so that it takes over wherever the
// recording is. If a byte differs, its steps take the place of the recorded ones.

/** @import { Stage } from '../stage/stage.js' */
/** @import { Started, Step } from '../types.js' */
import { through } from '../files/bytes.js';
import { downloadBytes } from '../load/download.js';

/** Steps a second. */
const pace = 10;
/** The views that are recorded, each with the halves of its last change by which it is expected to go on. */
const expected = /** @type {const} */ ({ xt: 2, x0: 1 });
const planes = /** @type {(keyof typeof expected)[]} */ (Object.keys(expected));

export class First {
  /** The pictures of each step. @type {Step[][]} */
  #steps = [];
  #recipe = '';
  /** Steps that are on the stage. */
  #at = 0;
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
      const packed = new Uint8Array(await downloadBytes(this.file, () => {}));
      this.#read(await through(new DecompressionStream('gzip'), packed));
    } catch {
      this.#playing = false; // then the page begins with the live run
    }
    if (!this.#playing) return;
    this.stage.begin({ ...this.#shape, columns: 0 });
    this.stage.parts.box.toggleAttribute('data-first', true);
    performance.mark('tweedie:first');
    if (still) return this.#show(this.#steps.length);
    this.#since = performance.now() - 1000 / pace;
    requestAnimationFrame((now) => this.#tick(now));
  }

  /** Another run than the recorded one is wanted. */
  stop() {
    this.#playing = false;
    this.#at = 0;
    this.#run = undefined;
    this.stage.parts.box.toggleAttribute('data-first', false);
  }

  /** Whether a run is the recorded one, so that the stage goes on with what it shows. @param {Started} started */
  continues(started) {
    const same = this.#at > 0 && started.recipe === this.#recipe && started.steps === this.#steps.length && started.images === this.#shape.images;
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
    const covered = live.step <= this.#at && live.step < live.steps && planes.every((plane) => same(recorded[plane], live[plane]));
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
    if (this.#at < this.#steps.length) requestAnimationFrame((next) => this.#tick(next));
  }

  /** @param {number} count of the next steps */
  #show(count) {
    for (let i = 0; i < count && this.#at < this.#steps.length; i++) {
      const pictures = this.#steps[this.#at++];
      for (const picture of pictures) this.stage.add(picture);
      this.shown(pictures[0]);
    }
  }

  #shape = { steps: 0, images: 1, channels: 1, height: 0, width: 0 };

  /** @param {Uint8Array} bytes unpacked */
  #read(bytes) {
    const length = new DataView(bytes.buffer).getUint32(0);
    const film = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    const { recipe, steps, images, channels, height, width } = film;
    this.#recipe = recipe;
    this.#shape = { steps, images, channels, height, width };
    const size = channels * height * width;
    const blank = new Uint8Array(size).fill(128);
    this.#steps = Array.from({ length: steps }, (_, i) => {
      const facts = { t: film.t[i], alphaBar: film.alphaBar[i], largest: 0, rms: NaN, ms: 0 };
      return Array.from({ length: images }, (_, image) => {
        const pictures = { xt: new Uint8Array(size), x0: new Uint8Array(size), epsilon: blank, change: blank };
        return { type: /** @type {const} */ ('step'), id: 0, step: i + 1, steps, image, images, ...facts, ...pictures };
      });
    });
    let from = 4 + length;
    for (const plane of planes) {
      for (let j = 0; j < images * size; j++) {
        let [before, change] = [0, 0];
        for (const pictures of this.#steps) {
          const leads = Math.min(255, Math.max(0, before + ((change * expected[plane]) >> 1)));
          const value = (leads + bytes[from++]) & 255;
          const { step, [plane]: pixels } = pictures[Math.trunc(j / size)];
          change = step > 1 ? value - before : 0;
          pixels[j % size] = before = value;
        }
      }
    }
  }
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function same(a, b) {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

// What the page tells of its state: the files that load, the step, the time,
// one sentence below the stage, and the same now and then to screen readers.

/** @import { Key, Values } from '../text/i18n.js' */
import { bytes, say, text } from '../text/i18n.js';
import { element } from './elements.js';
import { Pace } from './pace.js';

/** How often a screen reader hears of a run that goes on. */
const quiet = 5000;
/** Seconds that have to be left of a run for that to be said. */
const worth = 20;

/** A count of bytes in words, with the time that is left where it is long. */
export class Count {
  #pace = new Pace();
  /** What is written there: parts come more often than it changes. */
  #written = '';

  /**
   * @param {Element} place @param {Key} [key] of a sentence about the count
   */
  constructor(place, key = 'load.some') {
    this.place = place;
    this.key = key;
  }

  /** @param {number} done @param {number} total 0 where it is not known */
  show(done, total) {
    const n = this.#pace.left(done, total) ?? 0;
    const written = [Math.round(done / 1e5), total, n].join();
    if (written === this.#written) return;
    this.#written = written;
    const left = () => text(n < 100 ? 'readout.seconds' : 'readout.minutes', { n: n < 100 ? n : Math.ceil(n / 60) });
    const parts = { done: () => bytes(done), total: () => bytes(total), left };
    say(this.place, this.key, { done: () => (total ? text(n ? 'load.left' : 'load.part', parts) : bytes(done)) });
  }
}

/** One line of the list of files that are being loaded. */
export class FileLine {
  /** @param {string} id */
  constructor(id) {
    const line = element(id);
    this.text = /** @type {HTMLElement} */ (line.querySelector('dd'));
    this.bar = /** @type {HTMLProgressElement} */ (line.querySelector('progress'));
    this.done = 0;
    this.come = new Count(this.text);
    this.prepared = new Count(this.text, 'load.preparing');
  }

  /** @param {number} done @param {number} total 0 where it is not known */
  progress(done, total) {
    this.done = done;
    this.#fill(done, total);
    this.come.show(done, total);
  }

  /** What has come is made ready. @param {number} done @param {number} total */
  prepare(done, total) {
    this.#fill(done, total);
    this.prepared.show(done, total);
  }

  /** @param {number} done @param {number} total 0 where it is not known */
  #fill(done, total) {
    if (!total) return;
    this.bar.max = total;
    this.bar.value = done;
  }

  /** @param {boolean | undefined} cached undefined where that is not known */
  finish(cached) {
    this.bar.max = 1;
    this.bar.value = 1;
    say(this.text, cached ? 'load.cached' : 'load.all', { total: () => bytes(this.done) });
  }

  reset() {
    this.come = new Count(this.text);
    this.prepared = new Count(this.text, 'load.preparing');
    this.bar.removeAttribute('value');
    say(this.text, 'load.waiting');
  }
}

/** Steps, milliseconds and noise level of a run. */
export class Counters {
  #spent = 0;
  #pictures = 0;
  #shares = 1;

  constructor() {
    this.bar = /** @type {HTMLProgressElement} */ (element('progress'));
  }

  /** @param {number} steps @param {number} [shares] workers that make pictures at the same time */
  begin(steps, shares = 1) {
    this.#spent = 0;
    this.#pictures = 0;
    this.#shares = shares;
    this.bar.max = steps;
    this.bar.value = 0;
    say(element('readout-ms'), '');
    say(element('readout-left'), '');
    this.show({ step: 0, steps });
  }

  /**
   * One picture of one step.
   * @param {{step: number, steps: number, image: number, images: number, ms: number, workers?: number}} message
   */
  add({ step, steps, image, images, ms, workers = 1 }) {
    this.#spent += ms;
    this.#pictures++;
    if (image < images - 1) return;
    this.bar.value = step;
    const each = this.perStep(images);
    say(element('readout-ms'), workers > 1 ? 'readout.on' : 'readout.ms', { ms: rounded(each), workers });
    const left = ((steps - step) * each) / this.#shares / 1000;
    const much = /** @type {Key} */ (left < 100 ? 'readout.seconds' : 'readout.minutes');
    say(element('readout-left'), left < worth ? '' : much, { n: Math.ceil(left < 100 ? left / 10 : left / 60) * (left < 100 ? 10 : 1) });
  }

  /** The run has ended before its last step. */
  stop() {
    say(element('readout-left'), '');
  }

  /**
   * The step that is on the stage.
   * @param {{step: number, steps: number, first?: number, t?: number, decided?: number, noised?: boolean, forks?: number[]}} moment
   *   first: the number of steps of a cascade's first stage; decided: the part of the
   *   final picture that it has, if that is known; noised: whether the steps are levels of noise; forks: the steps after which it is another run
   */
  show({ step, steps, first = 0, t, decided, noised, forks = [] }) {
    const stage = first === 0 ? 0 : step > first ? 2 : 1;
    const within = stage === 2 ? { step: step - first, steps: steps - first } : { step, steps: first || steps };
    say(element('readout-step'), stage ? 'readout.stage' : noised ? 'readout.level' : forks.length > 0 ? 'readout.forked' : 'readout.step', { stage, ...within, forks: forks.join(', ') });
    say(element('readout-t'), t === undefined ? '' : 'readout.t', { t: t ?? 0 });
    say(element('readout-decided'), decided === undefined ? '' : 'readout.decided', { percent: percent(decided) });
  }

  /** Milliseconds of computing for one step of all pictures. @param {number} images */
  perStep(images) {
    return (this.#spent / this.#pictures) * images;
  }
}

/** Whole percents; all only when it is all. @param {number | undefined} part */
export function percent(part) {
  return part === undefined ? '' : Math.floor(part * 100);
}

/** @param {number} ms */
function rounded(ms) {
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
}

let last = 0;

/**
 * One sentence about the state, for everyone.
 * @param {Key} key @param {Values} [values]
 * @param {'' | 'certified' | 'differs' | 'wrong'} [seal] what is known of the pixels
 */
export function tell(key, values = {}, seal = '') {
  element('status').dataset.seal = seal;
  say(element('status'), key, values);
  say(element('live'), key, values);
  last = performance.now();
}

/** The two sentences of tellWhy, by the element that they are in. @type {Map<Element, [Element, Element]>} */
const pairs = new Map();

/**
 * That something cannot be, and why, for everyone.
 * @param {Key} key @param {Values} values @param {(element: Element) => void} why writes the reason
 */
export function tellWhy(key, values, why) {
  element('status').dataset.seal = '';
  for (const place of [element('status'), element('live')]) {
    const [what, reason] = pairs.get(place) ?? [document.createElement('span'), document.createElement('span')];
    pairs.set(place, [what, reason]);
    say(place, '');
    say(what, key, values);
    why(reason);
    place.append(what, ' ', reason);
  }
  last = performance.now();
}

/**
 * How far a run is, for those who do not see it; not at every step.
 * @param {Values} values
 */
export function whisper(values) {
  if (performance.now() - last < quiet) return;
  last = performance.now();
  say(element('live'), 'status.progress', values);
}

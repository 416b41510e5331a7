// Time on the stage: a slider over all steps, which lies on the film strip, and
// playing them again. It may be moved while the run goes on. At the newest step it
// follows the run, and its buttons pause the run and take single steps of it.

/** @import { Stage } from '../stage/stage.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Step } from '../types.js' */
import { say, text } from '../text/i18n.js';
import { percent } from '../document/readout.js';
import { allow, element, lessMotion, onClick } from '../document/elements.js';

/** Steps a second at speed 1. */
const pace = 10;
/** Milliseconds that the last step stays when they are played in a loop. */
const linger = 800;
/** Milliseconds of rest after which a step is made again. */
const calm = 120;
/** Milliseconds in which a step comes out of the one before where they are not played. */
const fadeTime = 180;

export class Timeline {
  #playing = false;
  #still = lessMotion();
  /** When the last step was shown, as requestAnimationFrame tells time. */
  #since = 0;
  /** The animation that is under way. */
  #fade = 0;
  /** Whether a step comes out of the one before, for those who do not mind motion. */
  fading = false;
  /** Whether the steps are played from the last to the first. */
  backwards = false;
  /**
   * Makes steps again that were not kept, once the run is over; says whether all came.
   * @type {((steps: {from: number, to: number}, take: (message: Step) => void) => Promise<boolean>) | undefined}
   */
  recall;
  /**
   * The run that goes on, where there is one.
   * @type {{goes: () => boolean, paused: () => boolean, pause: () => void, stride: () => void} | undefined}
   */
  run;
  /** Told when another moment is shown. */
  shown = () => {};
  /** What else is said of the moment, '' for nothing. */
  also = () => '';
  /** The step that is made again, 0 for none. */
  #wanted = 0;
  #calling = 0;

  /**
   * @param {Stage} stage
   * @param {() => void} moved called when another step is shown
   */
  constructor(stage, moved) {
    this.stage = stage;
    this.moved = moved;
    this.range = /** @type {HTMLInputElement} */ (element('timeline'));
    this.speed = /** @type {HTMLSelectElement} */ (element('speed'));
    this.range.addEventListener('input', () => this.scrub(Number(this.range.value)));
    onClick('play', () => this.toggle());
    onClick('back', () => this.move(-1));
    onClick('next', () => this.move(1));
    onClick('loop', () => this.toggleLoop());
    onClick('backwards', () => this.turn());
    this.show();
  }

  get #film() {
    return this.stage.clock;
  }

  get looping() {
    return element('loop').getAttribute('aria-pressed') === 'true';
  }

  /** A run begins: its newest step is shown until a person goes elsewhere. */
  begin() {
    this.hold();
    this.#settle();
    this.range.max = String(this.#film.shape.steps);
    this.show();
  }

  /**
   * Goes to a step; the newest follows the run.
   * @param {number} step
   */
  seek(step) {
    this.#fade++;
    this.#settle();
    this.stage.seek(step >= this.#film.latest ? 0 : Math.max(1, step));
    this.show();
    this.moved();
  }

  /** Goes to a step by hand, also to one that is not kept. @param {number} step */
  scrub(step) {
    this.hold();
    this.#want(step);
  }

  /** One kept step back or on. @param {1 | -1} direction */
  move(direction) {
    if (direction === 1 && this.#follows) return this.run?.stride();
    this.hold();
    const { current, stride, latest } = this.#film;
    if (stride > 1 && this.recall) return this.#want(Math.max(1, Math.min(latest, (this.#wanted || current) + direction)));
    this.#to(direction);
    this.#comeFrom(current, fadeTime);
  }

  first() {
    this.hold();
    this.#want(1);
  }

  last() {
    this.hold();
    this.seek(this.#film.latest);
  }

  /** Whether the newest step of a run is shown that goes on. */
  get #follows() {
    return this.run?.goes() === true && this.stage.following;
  }

  /** Plays the steps or stops that; where a run is followed, pauses it or lets it go on. */
  toggle() {
    if (this.#follows) return this.run?.pause();
    if (this.#playing) return this.hold();
    if (this.#film.latest < 2) return;
    if (this.#isOver()) this.#again();
    this.#playing = true;
    this.#since = performance.now();
    this.#showPlaying();
    requestAnimationFrame((now) => this.#play(now));
  }

  hold() {
    if (this.#playing) this.stage.fade(0, Infinity);
    this.#fade++;
    this.#playing = false;
    this.#showPlaying();
  }

  toggleLoop() {
    element('loop').setAttribute('aria-pressed', String(!this.looping));
  }

  /** Plays the other way. */
  turn() {
    this.backwards = !this.backwards;
    element('backwards').setAttribute('aria-pressed', String(this.backwards));
  }

  /** Whether there is nothing left to play. */
  #isOver() {
    const { current, first, latest } = this.#film;
    return this.backwards ? current <= first : current === latest;
  }

  /** Whether it will not go on by itself either. */
  #isEnd() {
    return this.#isOver() && (this.backwards || this.#film.complete);
  }

  #again() {
    this.seek(this.backwards ? this.#film.latest : 1);
  }

  /** @param {1 | -1} direction in the list of speeds */
  changeSpeed(direction) {
    const { length } = this.speed.options;
    this.speed.selectedIndex = Math.min(length - 1, Math.max(0, this.speed.selectedIndex + direction));
  }

  /** @param {number} now */
  #play(now) {
    if (!this.#playing) return;
    const each = 1000 / (pace * Number(this.speed.value));
    if (now - this.#since >= each) {
      if (this.#isEnd()) this.#again();
      // A slow screen skips steps and does not slow the film down.
      const due = Math.floor((now - this.#since) / each);
      this.#since += due * each;
      const before = this.#film.current;
      for (let i = 0; i < due && !this.#isOver(); i++) this.#to(this.backwards ? -1 : 1);
      if (this.#isEnd()) {
        if (!this.looping) return this.hold();
        this.#since = now + linger;
      }
      this.#comeFrom(before, each);
    }
    requestAnimationFrame((next) => this.#play(next));
  }

  /**
   * Goes to a step, also to one that is not kept: then the nearest one is shown
   * until it was made again.
   * @param {number} step
   */
  #want(step) {
    const film = this.#film;
    if (film.has(step) || step > film.latest || !this.recall || this.stage.films.length > 1) return this.seek(step);
    if (Math.abs(step - film.current) >= film.stride) this.seek(step);
    this.#settle();
    this.#wanted = step;
    this.#calling = setTimeout(() => void this.#make(step), calm);
  }

  /** @param {number} step that is wanted */
  async #make(step) {
    const film = this.#film;
    say(element('readout-again'), 'time.again', { step });
    film.forget();
    const shown = () => this.#wanted === step && this.#film === film && this.seek(step);
    await this.recall?.(film.gap(step), (message) => {
      film.recall(message);
      if (message.step === step && film.has(step)) shown();
    });
    shown(); // or the nearest one, where it cannot be made
  }

  /** No step is made again for its own sake any more. */
  #settle() {
    clearTimeout(this.#calling);
    this.#wanted = 0;
    say(element('readout-again'), '');
  }

  /**
   * Lets the step that is shown come out of another.
   * @param {number} from @param {number} duration milliseconds
   */
  #comeFrom(from, duration) {
    const { current } = this.#film;
    if (!this.fading || this.#still.matches || from === current || from === 0) return;
    const fade = ++this.#fade;
    const began = performance.now();
    const go = () => {
      if (fade !== this.#fade) return;
      const part = (256 * (performance.now() - began)) / duration;
      this.stage.fade(from, part);
      if (part < 256) requestAnimationFrame(go);
    };
    go();
  }

  /** @param {1 | -1} direction */
  #to(direction) {
    const { current, stride, first, latest } = this.#film;
    if (direction > 0) return this.seek(current < first ? first : current + stride);
    // The newest step need not be one that is kept.
    const kept = (current - first) % stride === 0;
    return this.seek(kept ? current - stride : Math.min(latest, current) - ((current - first) % stride));
  }

  /** Shows where the stage is. */
  show() {
    const { current, latest, shape } = this.#film;
    this.range.value = String(Math.max(1, current));
    this.range.style.setProperty('--at', String((Math.max(1, current) - 1) / Math.max(1, shape.steps - 1)));
    const decided = this.#film.decided();
    const key = latest === 0 ? 'time.empty' : decided === undefined ? 'time.at' : 'time.decided';
    this.range.disabled = latest === 0;
    allow('play', latest > 1 || this.#follows);
    allow('back', current > this.#film.first);
    allow('next', current < latest || this.#follows);
    this.#showPlaying();
    this.shown();
    const also = this.also();
    this.range.setAttribute('aria-valuetext', text(key, { step: current, steps: shape.steps, percent: percent(decided) }) + (also && `. ${also}`));
  }

  /** Says what the buttons do now. */
  #showPlaying() {
    const live = this.#follows;
    const goes = live ? !this.run?.paused() : this.#playing;
    const play = live ? (goes ? 'run.pause' : 'run.resume') : goes ? 'time.hold' : 'time.play';
    name('play', play);
    name('next', live ? 'run.step' : 'time.next');
    element('play').querySelector('use')?.setAttribute('href', goes ? '#icon-pause' : '#icon-start');
  }
}

/** @param {string} id of a button @param {Key} key */
function name(id, key) {
  say(element(id), key, {}, 'aria-label');
  say(element(id), key, {}, 'title');
}

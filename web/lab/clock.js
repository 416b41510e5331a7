// The time of the drawing: from noise, 0, to the data, 1. Played, it goes there again and
// again, and rests at the end for a moment.

/** Milliseconds from noise to the data, and of the rest. */
const way = 2600;
const rest = 1500;

export class Clock {
  /** Where it stands, from 0 to 1. */
  moment = 1;
  playing = false;
  /** Whether it begins again at the end. */
  again = true;
  #since = 0;

  /** @param {(moment: number) => void} shown @param {() => void} changed it plays, or does not */
  constructor(shown, changed) {
    this.shown = shown;
    this.changed = changed;
  }

  /** Begins to play, from noise where it stands at the end. */
  play() {
    if (this.playing) return;
    this.playing = true;
    this.#since = performance.now() - (this.moment < 1 ? this.moment * way : 0);
    this.changed();
    requestAnimationFrame((now) => this.#tick(now));
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.changed();
  }

  /** Stands still at a moment. @param {number} moment */
  set(moment) {
    this.stop();
    this.moment = moment;
    this.shown(moment);
  }

  /** @param {number} now */
  #tick(now) {
    if (!this.playing) return;
    const spent = Math.max(0, now - this.#since);
    const moment = Math.min(1, spent / way);
    if (moment !== this.moment) {
      this.moment = moment;
      this.shown(moment);
    }
    if (spent >= way + rest) {
      if (!this.again) return this.stop();
      this.#since = now;
    }
    requestAnimationFrame((next) => this.#tick(next));
  }
}

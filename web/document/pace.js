// How long a count of bytes still takes.

/** Milliseconds over which the speed is taken, and that have to pass before it says something. */
const [span, settled] = [5000, 1000];
/** Seconds that have to be left for that to be said: what is over soon needs no word. */
const worth = 3;

export class Pace {
  /** Earlier counts, at most one for each tenth of the span. @type {{at: number, done: number}[]} */
  #counts = [];

  /**
   * Seconds until the whole is there: whole ones, and above ten in tens, rounded up. Nothing where that is not known, or little.
   * @param {number} done of total, 0 where that is not known @param {number} total
   */
  left(done, total) {
    const at = performance.now();
    const last = this.#counts.at(-1);
    if (last && done < last.done) this.#counts = []; // it has begun again
    if (!last || done < last.done || at - last.at >= span / 10) this.#counts.push({ at, done });
    while (this.#counts.length > 1 && at - this.#counts[1].at >= span) this.#counts.shift();
    const [first] = this.#counts;
    if (total <= done || done === first.done || at - first.at < settled) return undefined;
    const seconds = ((total - done) * (at - first.at)) / (done - first.done) / 1000;
    if (seconds < worth) return undefined;
    return seconds <= 10 ? Math.ceil(seconds) : Math.ceil(seconds / 10) * 10;
  }
}

// The end of a run, where x_t and x̂0 are the same picture: the finished one grows,
// and x_t goes back to where it began. Away from the end the two are equal again.

/** @import { Film } from './film.js' */
/** @import { View } from './views.js' */
import { Motion } from './motion.js';

/** Milliseconds that it takes to grow. */
const duration = 320;
/** Milliseconds that a run is over before it grows: while a slider is dragged, the next one begins at once. */
const rest = 200;
/** Milliseconds that a new run may take without a change: a short one ends where it was. */
const short = 400;
/** How many of 256 levels two pixels may be apart to look alike, and the share of those that do. */
const tolerance = 8;
const most = 0.9;

export class Ending {
  /** Whether the finished picture is to be large. */
  grown = false;
  #motion;
  #wanted = false;
  #due = 0;

  /** @param {() => void} turned it is to be large, or not any more @param {() => void} moved one frame on the way */
  constructor(turned, moved) {
    this.turned = turned;
    this.#motion = new Motion(0, moved);
  }

  /** How far it has grown, 0 to 1. */
  get part() {
    return this.#motion.part;
  }

  /** Whether it is not yet as it is to be. */
  get turning() {
    return Number(this.#wanted) !== this.part;
  }

  /**
   * Takes what is on the stage now.
   * @param {boolean} ended whether that is a finished picture, with room to grow
   * @param {boolean} running whether a run goes on
   */
  see(ended, running) {
    if (ended === this.#wanted) return;
    this.#wanted = ended;
    clearTimeout(this.#due);
    if (ended === this.grown) return;
    const wait = ended ? (this.#motion.still ? 0 : rest) : running ? short : 0;
    if (wait === 0) this.#turn();
    else this.#due = setTimeout(() => this.#turn(), wait);
  }

  /** There is no such end any more, nor a way back from it. */
  leave() {
    clearTimeout(this.#due);
    this.#wanted = this.grown = false;
    this.#motion.stay(0);
  }

  #turn() {
    this.grown = this.#wanted;
    this.turned();
    const to = Number(this.grown);
    this.#motion.go(to, duration * Math.abs(to - this.part));
  }
}

/** Whether the finished picture of a run is shown, of one picture that came of noise. @param {Film} film */
export function isFinished(film) {
  return !film.noised && film.complete && film.current === film.shape.steps;
}

/** Whether what is shown is x_t and x̂0. @param {View[]} views */
export function isPair(views) {
  return views.join() === 'xt,x0';
}

/** Whether every finished picture stands twice, and there is where it began to show instead. @param {Film} film */
export function repeats(film) {
  const twice = (/** @type {number} */ image) => {
    const { xt, x0 } = film.frame(image) ?? {};
    return xt !== undefined && x0 !== undefined && alike(xt, x0);
  };
  return film.first < film.shape.steps && film.live.every((_, image) => twice(image));
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function alike(a, b) {
  let same = 0;
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i] - b[i]) <= tolerance) same++;
  return same >= most * a.length;
}

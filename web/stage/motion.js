// A number that goes from one value to another in a while, gently at both ends, or
// at once for those who do not want motion.

import { lessMotion } from '../document/elements.js';

export class Motion {
  #still = lessMotion();
  #count = 0;

  /** @param {number} part where it stands @param {() => void} moved told at every frame on the way, and at the end */
  constructor(part, moved) {
    this.part = part;
    this.moved = moved;
  }

  /** Whether motion is unwanted. */
  get still() {
    return this.#still.matches;
  }

  /** @param {number} to @param {number} duration milliseconds */
  go(to, duration) {
    const count = ++this.#count;
    const from = this.part;
    const began = performance.now();
    const step = () => {
      if (count !== this.#count) return;
      const way = this.still || duration === 0 ? 1 : Math.min(1, (performance.now() - began) / duration);
      this.part = from + (to - from) * way * way * (3 - 2 * way);
      this.moved();
      if (way < 1) requestAnimationFrame(step);
    };
    step();
  }

  /** Goes nowhere from here. @param {number} part */
  stay(part) {
    this.#count++;
    this.part = part;
  }
}

// The seeds at the corners of a plane, as buttons around the pad: a press gives a corner
// another seed, and one that is dragged to another corner, or sent there by an arrow key,
// swaps seeds with it.

import { element } from '../document/elements.js';
import { say } from '../text/i18n.js';
import { neighbour } from './place.js';

/** CSS pixels that a pointer moves before a press is a drag. */
const slack = 8;

export class Corners {
  /** @type {string[]} */
  #seeds = [];
  /** The drag that goes on: which corner, from where, and whether it is one yet. */
  #drag = { from: -1, x: 0, y: 0, moved: false };
  /** Whether corners stay as they are. */
  #held = false;

  /**
   * @param {(corner: number) => void} another gives a corner another seed
   * @param {(one: number, other: number) => void} swap has two corners swap their seeds
   */
  constructor(another, swap) {
    this.another = another;
    this.swap = swap;
    this.frame = element('plane-frame');
    this.buttons = [1, 2, 3, 4].map((number) => element(`plane-corner-${number}`));
    this.buttons.forEach((button, corner) => {
      button.addEventListener('click', () => this.#pressed(corner));
      button.addEventListener('keydown', (event) => this.#key(event, corner));
      button.addEventListener('pointerdown', (event) => this.#begin(event, corner));
      button.addEventListener('pointermove', (event) => this.#move(event));
      for (const type of /** @type {const} */ (['pointerup', 'pointercancel'])) button.addEventListener(type, (event) => this.#end(event));
    });
  }

  /** Shows seeds, the recipe's own first. @param {string[]} seeds @param {boolean} held whether they stay as they are */
  show(seeds, held) {
    this.#seeds = seeds;
    this.#held = held;
    this.frame.dataset.corners = String(seeds.length);
    this.buttons.forEach((button, i) => {
      const seed = seeds[i] ?? '';
      button.hidden = seed === '';
      button.setAttribute('aria-disabled', String(held));
      if (button.hidden) return;
      /** @type {HTMLElement} */ (button.lastElementChild).textContent = seed;
      const words = { corner: i + 1, seed };
      say(button, 'plane.corner', words, 'aria-label');
      say(button, 'plane.corner', words, 'title');
    });
  }

  /** @param {number} corner */
  #pressed(corner) {
    if (!this.#drag.moved && !this.#held) this.another(corner);
  }

  /** @param {KeyboardEvent} event @param {number} corner */
  #key(event, corner) {
    const to = neighbour(corner, event.key, this.#seeds.length);
    if (to === undefined || this.#held) return;
    event.preventDefault();
    this.swap(corner, to);
    this.buttons[to].focus();
  }

  /** @param {PointerEvent} event @param {number} from */
  #begin({ button, clientX: x, clientY: y, pointerId }, from) {
    if (button !== 0 || this.#held) return;
    this.#drag = { from, x, y, moved: false };
    this.buttons[from].setPointerCapture(pointerId);
  }

  /** @param {PointerEvent} event */
  #move({ clientX, clientY }) {
    const { from, x, y } = this.#drag;
    if (from < 0) return;
    this.#drag.moved ||= Math.hypot(clientX - x, clientY - y) > slack;
    if (!this.#drag.moved) return;
    const dragged = this.buttons[from];
    dragged.dataset.dragged = '';
    dragged.style.translate = `${clientX - x}px ${clientY - y}px`;
    const to = this.#under(clientX, clientY);
    this.buttons.forEach((button, i) => button.toggleAttribute('data-target', i === to && i !== from));
  }

  /** @param {PointerEvent} event */
  #end({ type, clientX, clientY }) {
    const { from, moved } = this.#drag;
    this.#drag.from = -1;
    if (from < 0) return;
    setTimeout(() => (this.#drag.moved = false)); // a click follows the drag of a mouse, and none that of a finger
    delete this.buttons[from].dataset.dragged;
    this.buttons[from].style.translate = '';
    for (const button of this.buttons) button.removeAttribute('data-target');
    if (!moved || type === 'pointercancel') return;
    const to = this.#under(clientX, clientY);
    if (to >= 0 && to !== from) this.swap(from, to);
  }

  /** The corner of the quarter that a pointer is in; −1 off the square. @param {number} x @param {number} y */
  #under(x, y) {
    const { left, top, right, bottom } = this.frame.getBoundingClientRect();
    if (x < left || x > right || y < top || y > bottom) return -1;
    const below = y > (top + bottom) / 2;
    if (below && this.#seeds.length === 3) return 2;
    return Number(x > (left + right) / 2) + 2 * Number(below);
  }
}

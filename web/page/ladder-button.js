// The button that runs the recipe with few steps and with many. What does that
// comes when it is pressed first.

/** @import { Ladder, Wishes } from '../run/ladder.js' */
import { element, onClick } from '../document/elements.js';
import { tell } from '../document/readout.js';
import { isLoaded } from '../document/state.js';

export class LadderButton {
  /** @type {Ladder | undefined} */
  #ladder;
  /** Whether it is wanted, also while it comes. */
  #on = false;

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.wishes = { ...wishes, left: () => this.leave() };
    this.button = element('ladder-open');
    onClick('ladder-open', () => (this.#on ? this.leave() : void this.open()));
    // Whatever else is pressed there is about what lies below.
    element('panel-compare').addEventListener('click', ({ target }) => target !== this.button && this.leave());
  }

  async open() {
    if (!this.wishes.recipe() || !isLoaded()) return;
    this.#show(true);
    try {
      const { Ladder } = await import('../run/ladder.js');
      this.#ladder ??= new Ladder(element('ladder'), this.wishes);
    } catch {
      this.#show(false);
      return tell('extras.lacking');
    }
    try {
      if (this.#on) await this.#ladder.open();
    } catch {
      if (!this.#on) return; // what it was told of came to nothing because something else was asked for
      this.leave();
      tell('error.worker');
    }
  }

  leave() {
    if (!this.#on) return;
    const within = element('ladder').contains(document.activeElement);
    this.#show(false);
    this.#ladder?.close();
    if (within && this.button.checkVisibility()) this.button.focus();
  }

  /** @param {boolean} on */
  #show(on) {
    this.#on = on;
    this.button.setAttribute('aria-pressed', String(on));
    element('ladder').hidden = !on;
    element('box').toggleAttribute('data-ladder', on);
  }
}

// The button of the plots under the film strip. What draws them comes when they are
// shown first.

/** @import { Plots, Wishes } from '../plots/plots.js' */
import { asked, note } from '../document/address.js';
import { element, onClick } from '../document/elements.js';
import { tell } from '../document/readout.js';

export class PlotsButton {
  /** @type {Plots | undefined} */
  #plots;
  #on = false;

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.wishes = wishes;
    onClick('plots-open', () => {
      note(this.#on ? { plots: null, beside: null } : { plots: '' });
      void this.read();
    });
    void this.read();
  }

  /** Takes what the address asks for. */
  async read() {
    const on = asked('plots') !== null;
    const were = this.#on;
    this.#turn(on);
    if (were && !on) this.wishes.told();
    if (!on) return;
    if (this.#plots) return this.#plots.read();
    try {
      const { Plots } = await import('../plots/plots.js');
      this.#plots ??= new Plots(element('plots'), this.wishes);
    } catch {
      this.#turn(false);
      tell('extras.lacking');
    }
  }

  /** Something is different on the stage. */
  show() {
    if (this.#on) this.#plots?.show();
  }

  /** What the plots say of the moment, '' where they are not shown. */
  get spoken() {
    return (this.#on && this.#plots?.spoken) || '';
  }

  /** @param {boolean} on */
  #turn(on) {
    this.#on = on;
    element('plots').hidden = !on;
    element('plots-open').setAttribute('aria-expanded', String(on));
  }
}

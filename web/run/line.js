// The line that may go through the pictures of two runs; in the address, &wipe=30 has
// it at 30 % of their width. What moves it comes when there is one.

/** @import { Stage } from '../stage/stage.js' */
import { asked, note } from '../document/address.js';
import { element, onClick } from '../document/elements.js';
import { middle, partOf, percentOf } from '../stage/wipe.js';

export class Line {
  /** As a part of the pictures' width; undefined where there is none. @type {number | undefined} */
  part;
  /** @type {import('./handles.js').Handles | undefined} */
  #handles;

  /** @param {Stage} stage @param {() => void} changed there is one, or none any more */
  constructor(stage, changed) {
    this.stage = stage;
    this.changed = changed;
    onClick('wipe', () => {
      this.part = this.part === undefined ? middle : undefined;
      this.#note();
      changed();
    });
  }

  /** Takes what the address asks for. */
  read() {
    const wipe = asked('wipe');
    this.part = wipe === null ? undefined : partOf(wipe);
  }

  /** @param {boolean} on whether there are two runs @param {{one: string, other: string}} words what they are called */
  show(on, words) {
    element('wipe').hidden = !on;
    element('wipe').setAttribute('aria-pressed', String(this.part !== undefined));
    this.#handles?.call(words);
    if (on && this.part !== undefined && !this.#handles) void this.#bring();
  }

  async #bring() {
    try {
      const { Handles } = await import('./handles.js');
      this.#handles ??= new Handles(this.stage, (part, rests) => {
        this.part = part;
        this.stage.cut(part);
        if (rests) this.#note();
      });
      this.changed();
    } catch {
      // Turning it on once more tries again.
    }
  }

  #note() {
    note({ wipe: this.part === undefined ? null : percentOf(this.part) });
  }
}

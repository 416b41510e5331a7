// The ways to use the stage, as tabs above it: to view a run, to go forward from a
// picture to noise, to draw what a run begins with, to compare two runs.

import { element } from '../document/elements.js';

/** The panel of each, in the order of the tabs. */
const panels = { view: 'panel-view', forward: 'panel-forward', draw: 'edit', compare: 'panel-compare' };
/** @typedef {keyof typeof panels} Mode */
const modes = /** @type {Mode[]} */ (Object.keys(panels));

export class Modes {
  /** @type {Mode} */
  current = 'view';

  /** @param {(mode: Mode) => void} opened */
  constructor(opened) {
    this.opened = opened;
    for (const mode of modes) {
      const tab = element(`mode-${mode}`);
      tab.addEventListener('click', () => this.open(mode));
      tab.addEventListener('keydown', (event) => this.#pressed(event));
    }
  }

  /** @param {Mode} mode */
  open(mode) {
    this.current = mode;
    for (const other of modes) {
      const chosen = other === mode;
      element(panels[other]).hidden = !chosen;
      element(`mode-${other}`).setAttribute('aria-selected', String(chosen));
      element(`mode-${other}`).tabIndex = chosen ? 0 : -1;
    }
    this.opened(mode);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const at = modes.indexOf(this.current);
    const last = modes.length - 1;
    const to = { ArrowRight: (at + 1) % modes.length, ArrowLeft: (at + last) % modes.length, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.open(modes[to]);
    element(`mode-${modes[to]}`).focus();
  }
}

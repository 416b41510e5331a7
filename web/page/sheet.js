// The recipe on a phone: a sheet that comes up from below and leaves the pictures in
// sight. Where there is room it stands beside them, and is always open.

import { element, onClick } from '../document/elements.js';

export class Sheet {
  constructor() {
    onClick('sheet-open', () => this.show(!this.shown));
    addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.shown || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      if (!element('controls').contains(document.activeElement)) return;
      event.preventDefault();
      this.show(false);
      element('sheet-open').focus();
    });
    addEventListener('focusin', ({ target }) => requestAnimationFrame(() => this.#uncover(/** @type {Element} */ (target))));
  }

  /** Leaves the place to what a keyboard has come to below the sheet. @param {Element} target */
  #uncover(target) {
    if (!this.shown || !target.matches(':focus-visible')) return;
    const { left, top, width, height } = (target.closest('label') ?? target).getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    const sheet = element('controls');
    if (sheet.contains(over) && !sheet.contains(target)) this.show(false);
  }

  get shown() {
    return 'sheet' in document.documentElement.dataset;
  }

  /** @param {boolean} shown */
  show(shown) {
    document.documentElement.toggleAttribute('data-sheet', shown);
    element('sheet-open').setAttribute('aria-expanded', String(shown));
    if (shown) scrollTo({ top: 0 });
  }
}

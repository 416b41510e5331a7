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

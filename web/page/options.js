// The options of a recipe that few need, in one disclosure. A key is written
// only where a recipe had it already or a person has changed it, because what a
// sampler does without it is its own affair.

import { say } from '../text/i18n.js';
import { element } from '../document/elements.js';

export class Options {
  /** Keys that belong to the recipe. @type {Set<string>} */
  #written = new Set();

  constructor() {
    this.box = /** @type {HTMLDetailsElement} */ (element('options'));
    this.controls = /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ ([...this.box.querySelectorAll('input, select')]);
    this.box.addEventListener('input', (event) => {
      this.#written.add(/** @type {HTMLInputElement} */ (event.target).name);
      this.#count();
    });
  }

  /** @param {string} key */
  has(key) {
    return this.controls.some(({ name }) => name === key);
  }

  /**
   * Shows what a recipe comes to. A key without a value means nothing to its
   * sampler, unless the control can be empty.
   * @param {string} recipe canonical
   * @param {Record<string, string>} fields
   */
  fill(recipe, fields) {
    this.#written = new Set([...new URLSearchParams(recipe).keys()].filter((key) => this.has(key)));
    for (const control of this.controls) {
      const value = fields[control.name] ?? '';
      if (value && control instanceof HTMLSelectElement && ![...control.options].some((option) => option.value === value)) {
        control.add(new Option(value, value));
      }
      control.value = value;
      control.closest('.field')?.toggleAttribute('hidden', value === '' && !('optional' in control.dataset));
    }
    this.#count();
  }

  /** What a recipe has to say of them, as key=value. */
  parts() {
    return this.controls
      .filter(({ name, value }) => this.#written.has(name) && value.trim() !== '')
      .map(({ name, value }) => `${name}=${encodeURIComponent(value.trim())}`);
  }

  toggle() {
    this.box.open = !this.box.open;
    if (this.box.open) this.box.querySelector('summary')?.focus();
  }

  /** Says how many are set, so that none works unseen. */
  #count() {
    const n = this.parts().length;
    say(element('options-count'), n > 0 ? 'options.count' : '', { n });
  }
}

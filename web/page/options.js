// The options of a recipe that few need, in one disclosure. A key is written
// only where a recipe had it already or a person has changed it, because what a
// sampler does without it is its own affair.

/** @import { Described, Field } from '../types.js' */
import { written } from '../engine/fields.js';
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
   * Shows what a recipe comes to. A key without a field means nothing here.
   * @param {Described['fields']} fields
   */
  fill(fields) {
    this.#written = new Set(written(fields).map(({ key }) => key));
    for (const control of this.controls) {
      const field = fields[control.name];
      control.closest('.field')?.toggleAttribute('hidden', !field);
      if (field && control instanceof HTMLSelectElement) offer(control, field.choices);
      else if (field) limit(control, field);
      control.value = field?.value ?? '';
    }
    this.#count();
  }

  /** What a recipe has to say of them. @returns {[string, string][]} */
  entries() {
    return this.controls
      .filter(({ name, value }) => this.#written.has(name) && value.trim() !== '')
      .map(({ name, value }) => [name, value.trim()]);
  }

  toggle() {
    this.box.open = !this.box.open;
    if (this.box.open) this.box.querySelector('summary')?.focus();
  }

  /** Says how many are set, so that none works unseen. */
  #count() {
    const n = this.entries().length;
    say(element('options-count'), n > 0 ? 'options.count' : '', { n });
  }
}

/** Has a menu offer some values. @param {HTMLSelectElement} menu @param {string[]} choices */
function offer(menu, choices) {
  const named = new Map([...menu.options].map((option) => [option.value, option]));
  menu.replaceChildren(...choices.map((value) => named.get(value) ?? new Option(value, value)));
}

/** Has a control keep to the limits of its key. @param {HTMLInputElement | HTMLSelectElement} control @param {Field} field */
export function limit(control, { min, max }) {
  if (control instanceof HTMLInputElement) Object.assign(control, { min: String(min), max: String(max) });
}

// The options of a recipe that few need, in one disclosure. Their controls are drawn
// from the fields that the worker describes, each labelled by the sentence
// options.KEY. A key is written only where a recipe had it already or a person has
// changed it: what a sampler does without it, the worker decides.

/** @import { Described, Field } from '../types.js' */
import { written } from '../engine/fields.js';
import { knows, say } from '../text/i18n.js';
import { element } from '../document/elements.js';
import { hold, reason } from '../document/idle.js';

/** The groups of keys that stand here; the others have controls of their own. @type {Set<string>} */
export const groups = new Set(['sampler', 'guidance', 'langevin', 'cascade']);

export class Options {
  /** Keys that belong to the recipe. @type {Set<string>} */
  #written = new Set();
  /** By key, in the order of the recipe. @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
  #controls = new Map();

  /** @param {Set<string>} elsewhere keys that have a control of their own */
  constructor(elsewhere) {
    this.elsewhere = elsewhere;
    this.box = /** @type {HTMLDetailsElement} */ (element('options'));
    this.inside = element('options-fields');
    this.box.addEventListener('input', (event) => {
      this.#written.add(/** @type {HTMLInputElement} */ (event.target).name);
      this.#count();
    });
  }

  /** Whether a field stands here. @param {Field} field */
  has({ key, group }) {
    return groups.has(group) && !this.elsewhere.has(key);
  }

  /**
   * Shows what a recipe comes to. A key without a field does not belong here.
   * @param {Described['fields']} fields @param {() => string} sampler its title
   * @param {boolean} keep whether what a person has set stays set, also where this sampler does the same without it
   */
  fill(fields, sampler, keep) {
    this.#written = new Set([...written(fields).map(({ key }) => key), ...(keep ? this.#written : [])]);
    let next = this.inside.firstElementChild;
    for (const field of /** @type {Field[]} */ (Object.values(fields))) {
      if (!this.has(field)) continue;
      const control = this.#controls.get(field.key) ?? this.#draw(field);
      const box = /** @type {HTMLElement} */ (control.closest('.field') ?? control);
      while (next && next !== box && this.#hidden(next, fields)) next = next.nextElementSibling;
      if (next === box) next = box.nextElementSibling;
      else this.inside.insertBefore(box, next);
      if (control instanceof HTMLSelectElement) offer(control, field);
      else limit(control, field);
      control.value = field.value;
    }
    for (const [key, control] of this.#controls) control.closest('.field')?.toggleAttribute('hidden', !fields[key]);
    this.judge(fields, sampler);
    this.#count();
  }

  /** Disables what has no effect, with the reason. @param {Described['fields']} fields @param {() => string} sampler its title */
  judge(fields, sampler) {
    for (const [key, control] of this.#controls) {
      const why = reason(fields[key]);
      const about = `options.${key}.hint`;
      hold(control, why !== '');
      say(element(`hint-${key}`), why || (knows(about) ? about : ''), { sampler });
    }
  }

  /** What a recipe has to say of them; also that there is no number where there has to be one. @returns {[string, string][]} */
  entries() {
    return [...this.#controls.values()]
      .filter(({ name, value, validity }) => this.#written.has(name) && (value.trim() !== '' || validity.badInput))
      .map(({ name, value }) => [name, value.trim()]);
  }

  toggle() {
    this.box.open = !this.box.open;
    if (this.box.open) this.box.querySelector('summary')?.focus();
  }

  /** Whether what is drawn belongs to no field. @param {Element} box @param {Described['fields']} fields */
  #hidden(box, fields) {
    return ![...this.#controls].some(([key, control]) => fields[key] && box.contains(control));
  }

  /** The control of a field, with its label, hint and room for a complaint. @param {Field} field */
  #draw({ key, kind }) {
    const control = document.createElement(kind === 'choice' ? 'select' : 'input');
    control.id = `option-${key}`;
    control.name = key;
    control.setAttribute('aria-describedby', `hint-${key} error-${key}`);
    if (control instanceof HTMLInputElement && kind !== 'text') {
      control.type = 'number';
      control.inputMode = kind === 'whole' ? 'numeric' : 'decimal';
    }
    if (control instanceof HTMLInputElement) control.maxLength = 64; // of text; longer than any value
    const label = document.createElement('label');
    label.htmlFor = control.id;
    const hint = paragraph('hint', key);
    const name = `options.${key}`;
    if (knows(name)) label.append(sentence('span', name));
    else label.textContent = key;
    const term = `${name}.term`; // the field's, beside the plain word
    if (knows(term)) label.append(' ', sentence('small', term));
    const error = paragraph('error', key);
    error.hidden = true;
    const box = document.createElement('div');
    box.className = 'field';
    box.append(label, control, hint, error);
    this.#controls.set(key, control);
    return control;
  }

  /** Says how many are set, so that none works unseen. */
  #count() {
    const n = this.entries().length;
    say(element('options-count'), n > 0 ? 'options.count' : '', { n });
  }
}

/** @param {string} of @param {import('../text/i18n.js').Key} key */
function sentence(of, key) {
  const element = document.createElement(of);
  say(element, key);
  return element;
}

/** @param {string} of @param {string} key */
function paragraph(of, key) {
  const p = document.createElement('p');
  p.className = of;
  p.id = `${of}-${key}`;
  return p;
}

/** Has a menu offer the choices of its key. @param {HTMLSelectElement} menu @param {Field} field */
function offer(menu, { key, choices }) {
  const offered = [...menu.options].map((option) => option.value);
  if (String(offered) === String(choices)) return;
  menu.replaceChildren(
    ...choices.map((value) => {
      const option = new Option(value, value);
      const name = `options.${key}.${value}`;
      if (knows(name)) say(option, name);
      return option;
    }),
  );
}

/** Has a control keep to the limits of its key. @param {HTMLInputElement | HTMLSelectElement} control @param {Field} field */
export function limit(control, { kind, min, max, open }) {
  if (!(control instanceof HTMLInputElement) || kind === 'text') return;
  const step = kind === 'whole' ? 1 : max > 1 || open ? 'any' : 0.05;
  Object.assign(control, { min: String(min), max: String(max), step: String(step) });
}

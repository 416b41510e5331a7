// The lines of the chosen point beside the plane: each with its colour, its name and where it ends.
// One that is pressed, pointed at or has the focus stands out on the plane.

/** @import { Line } from './chosen.js' */
import { endsOf } from './chosen.js';
import { label } from './controls.js';
import { fixed } from './figures.js';
import { element } from '../document/elements.js';

export class Legend {
  /** Those that are pressed, by key. @type {Set<string>} */
  #pressed = new Set();
  /** The one that is looked at. */
  #under = '';
  #body = element('lines');
  #shown = '';

  /** @param {(sampler: string) => string} title of a sampler @param {() => void} changed another stands out */
  constructor(title, changed) {
    this.title = title;
    this.changed = changed;
    this.#body.addEventListener('click', ({ target }) => this.#press(keyAt(target)));
    for (const type of ['pointerover', 'focusin']) this.#body.addEventListener(type, ({ target }) => this.#look(keyAt(target)));
    for (const type of ['pointerleave', 'focusout']) this.#body.addEventListener(type, () => this.#look(''));
  }

  /** Whether a line stands out. @param {Line} line */
  out(line) {
    const key = keyOf(line);
    return this.#under === key || this.#pressed.has(key);
  }

  /** @param {Line[]} lines */
  show(lines) {
    element('chosen').hidden = lines.length === 0;
    const keys = lines.map(keyOf);
    for (const key of this.#pressed) if (!keys.includes(key)) this.#pressed.delete(key);
    if (keys.join() !== this.#shown) this.#body.replaceChildren(...lines.map((line) => this.#row(line)));
    this.#shown = keys.join();
    lines.forEach((line, i) => {
      const [, end] = this.#body.children[i].children;
      end.textContent = endsOf(line).map((at) => [...at].map((value) => fixed(value)).join(', ')).join('; ');
    });
  }

  /** @param {Line} line */
  #row(line) {
    const row = document.createElement('tr');
    const head = document.createElement('th');
    head.scope = 'row';
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'line' });
    button.dataset.line = keyOf(line);
    button.setAttribute('aria-pressed', String(this.#pressed.has(keyOf(line))));
    const swatch = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    swatch.setAttribute('viewBox', '0 0 14 4');
    swatch.setAttribute('aria-hidden', 'true');
    const stroke = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    stroke.setAttribute('d', 'M1 2H13');
    stroke.setAttribute('stroke', line.colour);
    swatch.append(stroke);
    const name = document.createElement('span');
    label(name, line.sampler ? this.title(line.sampler) : [line.kind === 'flow' ? 'lab.line.flow' : 'lab.line.exact', {}]);
    button.append(swatch, name);
    head.append(button);
    row.append(head, document.createElement('td'));
    return row;
  }

  /** @param {string} key */
  #press(key) {
    if (!key) return;
    if (!this.#pressed.delete(key)) this.#pressed.add(key);
    for (const button of this.#body.querySelectorAll('button')) button.setAttribute('aria-pressed', String(this.#pressed.has(button.dataset.line ?? '')));
    this.changed();
  }

  /** @param {string} key */
  #look(key) {
    if (key === this.#under) return;
    this.#under = key;
    this.changed();
  }
}

/** @param {Line} line */
function keyOf({ kind, sampler }) {
  return sampler || `.${kind}`;
}

/** The line of the row that an event is about. @param {EventTarget | null} target */
function keyAt(target) {
  const row = target instanceof Element ? target.closest('tr') : null;
  return row?.querySelector('button')?.dataset.line ?? '';
}

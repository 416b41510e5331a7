// The list of what can be saved: of each file a picture, what it is for, what is
// known of it, its choices and its button.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Picture } from '../files/png.js' */
import { allow } from '../document/elements.js';
import { language, say, text } from '../text/i18n.js';

/** @typedef {'scale' | 'speed'} Choice */
/** @typedef {'picture' | 'animation' | 'video' | 'strip' | 'demo' | 'trace'} Kind */
/** @typedef {{kind: Kind, format: string, name: Key, hint: Key, choices?: Choice[]}} Described */

/** In the order of the list. @type {Described[]} */
export const kinds = [
  { kind: 'picture', format: 'PNG', name: 'save.picture', hint: 'save.picture.hint', choices: ['scale'] },
  { kind: 'animation', format: 'GIF', name: 'save.animation', hint: 'save.animation.hint', choices: ['scale', 'speed'] },
  { kind: 'video', format: 'MP4, WebM', name: 'save.video', hint: 'save.video.hint', choices: ['scale', 'speed'] },
  { kind: 'strip', format: 'PNG', name: 'save.strip', hint: 'save.strip.hint' },
  { kind: 'demo', format: 'HTML', name: 'save.demo', hint: 'save.demo.hint' },
  { kind: 'trace', format: 'safetensors', name: 'save.trace', hint: 'save.trace.hint' },
];

/** @type {Record<Choice, Key>} */
const labels = { scale: 'save.scale', speed: 'save.speed' };

/** What is said of a file, in parts. @typedef {[key: Key, values?: Values][]} Facts */

/** A row of the list. */
export class Take {
  /** @type {Partial<Record<Choice, HTMLSelectElement>>} */
  #selects = {};

  /** @param {Described} described */
  constructor({ kind, format, name, hint, choices = [] }) {
    const id = (this.id = `save-${kind}`);
    this.row = make('li', 'take');
    this.row.dataset.kind = kind;
    this.row.setAttribute('aria-labelledby', `${id}-name`);
    this.preview = /** @type {HTMLCanvasElement} */ (make('canvas', ''));
    const seen = make('div', 'seen');
    seen.setAttribute('aria-hidden', 'true');
    seen.append(this.preview);
    const title = make('h3', '');
    const word = make('span', '', `${id}-name`);
    say(word, name);
    const small = make('small', '');
    small.textContent = format;
    title.append(word, ' ', small);
    const about = make('p', 'hint', `${id}-hint`);
    say(about, hint);
    this.line = make('p', 'facts', `${id}-facts`);
    const said = make('div', 'about');
    said.append(title, about, this.line);
    const acts = make('div', 'acts');
    acts.append(...choices.map((choice) => this.#choice(choice, kind === 'picture' ? `save-${choice}` : `${id}-${choice}`)));
    this.button = make('button', '', id);
    this.button.className = 'button square';
    this.button.setAttribute('type', 'button');
    say(this.button, 'save.save');
    this.button.setAttribute('aria-labelledby', `${id} ${id}-name`);
    this.button.setAttribute('aria-describedby', `${id}-hint ${id}-facts`);
    acts.append(this.button);
    this.row.append(seen, said, acts);
  }

  /** @param {Choice} choice @param {string} id */
  #choice(choice, id) {
    const field = make('label', 'field');
    const label = make('span', 'label', `${id}-label`);
    say(label, labels[choice]);
    const select = /** @type {HTMLSelectElement} */ (make('select', '', id));
    select.autocomplete = 'off';
    select.setAttribute('aria-labelledby', `${label.id} ${this.id}-name`);
    this.#selects[choice] = select;
    field.append(label, select);
    return field;
  }

  /** Offers values of a choice; what was chosen stays, where it is among them. @param {Choice} choice @param {number[]} values @param {number} usual */
  offer(choice, values, usual) {
    const select = this.#selects[choice];
    if (!select || [...select.options].map(({ value }) => value).join() === values.join()) return;
    const chosen = values.includes(Number(select.value)) ? Number(select.value) : usual;
    select.replaceChildren(...values.map((value) => new Option(`${value === 0.5 ? '½' : value}×`, String(value), false, value === chosen)));
  }

  /** @param {Choice} choice */
  chosen(choice) {
    return Number(this.#selects[choice]?.value ?? 1);
  }

  /** @param {() => void} changed */
  listen(changed) {
    for (const select of Object.values(this.#selects)) select.addEventListener('change', changed);
  }

  /** @param {Facts} facts */
  tell(facts) {
    const parts = facts.map(([key, values]) => {
      const part = make('span', '');
      say(part, key, values);
      return part;
    });
    for (const old of this.line.children) say(old, '');
    this.line.replaceChildren(...parts.flatMap((part, i) => (i ? [' · ', part] : [part])));
  }

  /** @param {boolean} allowed */
  allow(allowed) {
    allow(this.id, allowed);
  }

  /** @param {Picture} picture */
  show({ width, height, data }) {
    Object.assign(this.preview, { width, height });
    this.preview.getContext('2d')?.putImageData(new ImageData(Uint8ClampedArray.from(data), width, height), 0, 0);
  }
}

/** A number of bytes as people say it. @param {number} bytes @param {boolean} [about] whether two digits are enough */
export function sized(bytes, about = false) {
  const n = about ? Number(bytes.toPrecision(2)) : bytes;
  const [unit, value] = n < 999_500 ? /** @type {const} */ (['save.kb', n / 1e3]) : /** @type {const} */ (['unit.mb', n / 1e6]);
  const digits = value < 9.95 && !(about && value >= 10) ? 1 : 0;
  return text(unit, { n: value.toLocaleString(language(), { maximumFractionDigits: unit === 'unit.mb' && !about ? 1 : digits }) });
}

/** @param {string} tag @param {string} of its class @param {string} [id] */
function make(tag, of, id) {
  const element = document.createElement(tag);
  if (of) element.className = of;
  if (id) element.id = id;
  return element;
}

// The menu of models: what each draws, in a small picture, a name, a sentence and
// the bytes to download. To choose means to fetch megabytes, so that arrows only
// move a mark, and Enter or a tap decides; the focus stays on the button.

/** @import { Key } from '../text/i18n.js' */
/** @import { ModelEntry } from '../types.js' */
import { downloadBytes } from '../load/download.js';
import { bytes, foreign, knows, say } from '../text/i18n.js';
import { element } from '../document/elements.js';

/** The small pictures, of all models in one file, which is asked for when the menu is opened first. */
const pictures = 'web/thumbnails.json';
/** Milliseconds in which typed letters belong together. */
const typing = 700;

/** @typedef {Pick<ModelEntry, 'name' | 'title' | 'classes' | 'bytes' | 'yours' | 'picture'>} Choice */

export class ModelMenu {
  /** @type {Choice[]} */
  #choices = [];
  /** The one that is marked. */
  #at = 0;
  #typed = '';
  #typedAt = 0;
  #fetched = false;
  /** Whether a key is down that has done its work. */
  #held = false;

  /** @param {(name: string) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.button = /** @type {HTMLButtonElement} */ (element('models'));
    this.list = element('models-list');
    this.button.addEventListener('click', ({ detail }) => {
      // Browsers make a click of Enter, too.
      if (detail > 0 || !this.#held) this.#show(this.list.hidden);
    });
    this.button.addEventListener('keydown', (event) => this.#pressed(event));
    this.button.addEventListener('keyup', () => (this.#held = false));
    this.button.addEventListener('blur', () => {
      this.#held = false;
      this.#show(false);
    });
    // The focus stays where it is.
    this.list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.list.addEventListener('click', (event) => {
      const option = /** @type {Element} */ (event.target).closest('[role=option]');
      if (option) this.#take([...this.list.children].indexOf(option));
    });
  }

  /** The name of the model that is shown. */
  get value() {
    return this.button.value;
  }

  set value(name) {
    this.button.value = name;
    const chosen = this.#choices.find((choice) => choice.name === name);
    say(element('models-title'), 'models.about', { text: () => foreign(chosen?.title ?? name) });
    if (chosen?.bytes) say(element('models-size'), 'models.about', { text: () => bytes(chosen.bytes) });
    else say(element('models-size'), '');
    [...this.list.children].forEach((option, i) => {
      option.setAttribute('aria-selected', String(this.#choices[i]?.name === name));
    });
  }

  /** @param {Choice[]} choices */
  offer(choices) {
    this.#choices = choices;
    this.list.replaceChildren(...choices.map(drawn));
    this.#fetched = false;
    this.value = this.button.value;
  }

  /** Offers one more, unless it is there. @param {Choice} choice */
  add(choice) {
    if (!this.#choices.some(({ name }) => name === choice.name)) this.offer([...this.#choices, choice]);
  }

  /** @param {boolean} open */
  #show(open) {
    if (open === !this.list.hidden || (open && this.#choices.length === 0)) return;
    this.list.hidden = !open;
    this.button.setAttribute('aria-expanded', String(open));
    if (!open) {
      this.#typed = '';
      return this.button.removeAttribute('aria-activedescendant');
    }
    this.#mark(Math.max(0, this.#choices.findIndex(({ name }) => name === this.value)));
    this.list.scrollIntoView({ block: 'nearest' });
    if (!this.#fetched) void this.#picture();
  }

  /** @param {number} at */
  #mark(at) {
    this.#at = Math.min(this.#choices.length - 1, Math.max(0, at));
    [...this.list.children].forEach((option, i) => option.toggleAttribute('data-marked', i === this.#at));
    const marked = this.list.children[this.#at];
    this.button.setAttribute('aria-activedescendant', marked.id);
    marked.scrollIntoView({ block: 'nearest' });
  }

  /** @param {number} at */
  #take(at) {
    this.#show(false);
    const { name } = this.#choices[at];
    if (name !== this.value) this.choose(name);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || (event.altKey && !key.startsWith('Arrow'))) return;
    const open = !this.list.hidden;
    const moves = { ArrowDown: this.#at + 1, ArrowUp: this.#at - 1, Home: 0, End: this.#choices.length - 1, PageDown: this.#at + 4, PageUp: this.#at - 4 };
    if (open && key === 'Escape') this.#show(false);
    else if (open && (key === 'Enter' || key === ' ')) this.#take(this.#at);
    else if (open && key in moves) this.#mark(moves[/** @type {keyof typeof moves} */ (key)]);
    else if (!open && (key === 'ArrowDown' || key === 'ArrowUp')) this.#show(true);
    else if (key.length === 1 && key !== ' ') this.#find(event);
    else return;
    this.#held = true;
    event.preventDefault();
  }

  /** Goes to the next whose name begins with what is typed. @param {KeyboardEvent} event */
  #find({ key, timeStamp }) {
    this.#typed = timeStamp - this.#typedAt < typing ? this.#typed + key : key;
    this.#typedAt = timeStamp;
    this.#show(true);
    const { length } = this.#choices;
    const typed = this.#typed.toLowerCase();
    // The same letter, once or more, goes on to the next choice; different letters may mean the marked one.
    const one = [...typed].every((letter) => letter === typed[0]);
    for (let i = one ? 1 : 0; i <= length; i++) {
      const at = (this.#at + i) % length;
      if (foreign(this.#choices[at].title).toLowerCase().startsWith(one ? typed[0] : typed)) return this.#mark(at);
    }
  }

  async #picture() {
    this.#fetched = true;
    /** @type {Record<string, string>} */
    let all = {};
    try {
      all = JSON.parse(new TextDecoder().decode(await downloadBytes(pictures, () => {})));
    } catch {
      this.#fetched = false; // names and sentences do without
    }
    this.#choices.forEach(({ name }, i) => {
      const picture = this.list.children[i]?.querySelector('img');
      if (picture && all[name]) picture.src = all[name];
    });
  }
}

/**
 * One model of the list.
 * @param {Choice} choice @param {number} i
 */
function drawn({ name, title, classes, bytes: size, yours, picture: own }, i) {
  const option = document.createElement('li');
  option.id = `models-${i}`;
  option.setAttribute('role', 'option');
  const picture = document.createElement('img');
  Object.assign(picture, { alt: '', width: 64, height: 64, ...(own && { src: own }) });
  const part = (/** @type {string} */ className, /** @type {Key} */ key, /** @type {import('../text/i18n.js').Values} */ values) => {
    const span = document.createElement('span');
    span.className = className;
    say(span, key, values);
    return span;
  };
  const words = document.createElement('span');
  words.append(part('title', 'models.about', { text: () => foreign(title) }), ' ');
  if (size) words.append(part('size', 'models.about', { text: () => bytes(size) }), ' ');
  if (yours) words.append(part('hint', 'models.yours', {}));
  const about = `models.of.${name}`;
  if (knows(about)) words.append(part('hint', about, {}));
  else if (classes.length) words.append(part('hint', 'models.classes', { classes: classes.length }));
  option.append(picture, words);
  return option;
}

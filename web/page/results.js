// The last results, as small pictures beside the button: one press draws one again,
// and shows that it has the same pixels.

/** @import { Film } from '../stage/film.js' */
import { element } from '../document/elements.js';
import { rgba } from '../stage/colours.js';
import { inWords } from '../run/view.js';
import { say } from '../text/i18n.js';

const most = 6;
/** The attributes that say what a button is. */
const named = ['aria-label', 'title'];

export class Results {
  /** @type {{link: string, button: HTMLButtonElement}[]} */
  #results = [];
  /** Results so far. */
  #made = 0;

  /** @param {(recipe: string) => void} open */
  constructor(open) {
    this.open = open;
    this.list = element('results');
  }

  /**
   * A run that is over, with its recipe as an address holds it, and what its pictures are of.
   * @param {Film} film @param {string} link @param {string} subject
   */
  add(film, link, subject) {
    const at = this.#results.findIndex((result) => result.link === link);
    const result = this.#results[at] ?? { link, button: this.#drawn(film, link, subject) };
    if (at < 0) {
      this.#results.unshift(result);
      this.list.prepend(result.button);
    }
    for (const { button } of this.#results.splice(most)) {
      for (const attribute of named) say(button, '', {}, attribute); // nobody says it again
      button.remove();
    }
    for (const { button } of this.#results) {
      if (button === result.button) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  }

  /** @param {Film} film @param {string} link @param {string} subject */
  #drawn({ live, shape: { width, height, channels } }, link, subject) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'result';
    const values = { n: ++this.#made, what: () => inWords(subject) };
    for (const attribute of named) say(button, 'results.one', values, attribute);
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const [first] = live;
    if (first) canvas.getContext('2d')?.putImageData(rgba(first.xt, width, height, channels, 'xt'), 0, 0);
    button.append(canvas);
    button.addEventListener('click', () => this.open(link));
    return button;
  }
}

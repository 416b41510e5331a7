// What stands above the columns of runs that are compared: what differs between
// them. Where there is one film strip, it says as well whose that is.

/** @import { Value } from '../text/i18n.js' */
/** @import { Columns } from './columns.js' */
/** @import { Layout, Rect } from './layout.js' */
export { arrangeColumns } from './columns.js';
import { say, text } from '../text/i18n.js';

/**
 * What a side is called. A knob may be cut short, its value never.
 * @typedef {{knob: Value, value: Value}} Name
 */

export class Headings {
  /** By side; the first is what a screen reader reads. @type {HTMLElement[][]} */
  #headings = [];
  /** @type {Name[]} */
  #names = [];
  /** @type {HTMLElement | undefined} */
  #owner;

  /** @param {HTMLElement} before the element that they come before */
  constructor(before) {
    this.before = before;
  }

  /** @param {Name[]} names of the sides; none where there is one side alone */
  call(names) {
    this.#names = names;
    names.forEach((name, side) => {
      this.#headings[side] ??= [this.#made('h3')];
      for (const heading of this.#headings[side]) write(heading, name);
    });
  }

  /**
   * @param {Layout & Partial<Columns>} layout
   * @param {{sides: number[], wipe?: number}} shown @param {number} ratio device pixels per CSS pixel
   */
  place({ headings = [], over = [], owner, films = [] }, { sides, wipe }, ratio) {
    this.#headings.forEach((made, side) => {
      const wiped = wipe !== undefined && side < 2;
      const column = sides.indexOf(side);
      const own = column < 0 ? [] : headings.slice(column, column + 1);
      const at = wiped ? over.map((rect) => half(rect, side)) : own;
      while (made.length < at.length) made.push(this.#again(side));
      made.forEach((heading, i) => {
        heading.hidden = !at[i];
        heading.toggleAttribute('data-end', wiped && side === 1);
        if (at[i]) put(heading, at[i], ratio);
      });
    });
    if (this.#owner) this.#owner.hidden = !owner;
    if (!owner) return;
    this.#owner ??= this.#ownerMade();
    const name = this.#names[films[0]?.side];
    say(this.#owner, name ? 'compare.film' : '', { what: () => text('compare.side', name).trim() });
    put(this.#owner, owner, ratio);
  }

  /** @param {string} tag */
  #made(tag) {
    const heading = document.createElement(tag);
    heading.className = 'side';
    const [knob, value] = ['knob', 'value'].map((name) => Object.assign(document.createElement('span'), { className: name }));
    heading.append(knob, ' ', value);
    this.before.before(heading);
    return heading;
  }

  /** The heading of a side above another of its pictures. @param {number} side */
  #again(side) {
    const heading = this.#made('p');
    heading.setAttribute('aria-hidden', 'true');
    write(heading, this.#names[side]);
    return heading;
  }

  #ownerMade() {
    const owner = document.createElement('p');
    owner.className = 'owner';
    this.before.before(owner);
    return owner;
  }
}

/** @param {HTMLElement} heading @param {Name} name */
function write({ children: [first, second] }, { knob, value }) {
  say(first, 'models.about', { text: knob });
  say(second, 'models.about', { text: value });
}

/** The part of a heading's place for a side that is left or right of a line. @param {Rect} rect @param {number} side */
function half({ x, y, w, h }, side) {
  const wide = Math.trunc(w / 2);
  return { x: x + side * (w - wide), y, w: wide, h };
}

/** @param {HTMLElement} element @param {Rect} rect @param {number} ratio */
function put({ style }, { x, y, w, h }, ratio) {
  style.left = `${x / ratio}px`;
  style.top = `${y / ratio}px`;
  style.width = `${w / ratio}px`;
  style.height = `${h / ratio}px`;
}

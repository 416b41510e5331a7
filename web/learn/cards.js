// The cards of a course below a stage, the page's or the lab's: each has a text, a formula that
// has the values of the stage, a button that sets it, and a question that is answered from it. What
// they say and set is in web/learn/lessons, of which tools/pack makes a file for each stage.
//
// In the address: ?lesson=1.2 is a card, and &present shows it to a room.

/** @import { Key } from '../text/i18n.js' */
/** @import { Answer } from './right.js' */
import { asked, note } from '../document/address.js';
import { element } from '../document/elements.js';
import { downloadBytes } from '../load/download.js';
import { learn, say, text } from '../text/i18n.js';
import { en, zh } from '../text/lessons.js';
import { Ask } from './ask.js';
import { Hand } from './hand.js';
import { made, math, press } from './make.js';

/**
 * As tools/pack/lessons writes it.
 * @typedef {{id: string, recipe: string, view: string, step: number, formula: string, equations: {name: string, url: string}[], check: string, choices?: string[]}} Card
 * @typedef {{before?: string, lessons: {number: number, cards: Card[]}[], said: {en: Record<string, string>, zh: Record<string, string>}, symbols: Record<string, string>}} Course
 */

/**
 * What the cards ask of the document that they are in.
 * @typedef {object} Room
 * @property {(card: Card, arriving: boolean) => void} show sets the stage; of a card that one arrives at, in the same entry of the history
 * @property {(card: Card) => boolean} has whether the stage has all that a card is about
 * @property {(card: Card) => Key} lacking what is to be done before it has
 * @property {(card: Card) => Promise<string | undefined>} refused why the card cannot be shown here, if it cannot
 * @property {(card: Card) => string} letters of the card's formula, as MathML
 * @property {(card: Card) => string | undefined} values the same with the values of the stage
 * @property {(card: Card) => Promise<Answer | undefined>} answer to the card's question, from the stage
 * @property {(way: 1 | -1) => string | undefined} beyond the address of the card after the last, or before the first, if there is one
 * @property {(open: boolean) => void} turned a card is open, or none any more
 * @property {() => void} closed the cards are put away
 */

export class Cards {
  /** @type {Card | undefined} */
  #card;
  /** Whether the stage had all that the card is about. */
  #there = false;
  /** What the formula had its values from. */
  #valued = '';
  box = element('lessons');
  body = /** @type {HTMLElement} */ (this.box.querySelector('.inside'));
  links = /** @type {HTMLElement} */ (this.box.querySelector('.presets'));
  back = press('lessons.back', 'square', '‹');
  on = press('lessons.on', 'square', '›');
  name = made('span');
  text = made('p', 'words');
  show = press('lessons.show', 'solid');
  lacking = made('p', 'lacking');
  letters = math();
  values = math();
  equations = made('p', 'equations');
  tools = made('span', 'tools-of-lessons');
  present = press('lessons.present', 'square');

  /** @param {Room} room @param {Course} course */
  constructor(room, course) {
    this.room = room;
    this.cards = course.lessons.flatMap(({ cards }) => cards);
    this.ask = new Ask(room);
    this.hand = new Hand();
    this.#build();
    addEventListener('popstate', () => this.#read());
    // The link itself has written the address.
    this.box.addEventListener('click', ({ target }) => /** @type {Element} */ (target).closest('[href^="?"]') && this.#read());
    addEventListener('keydown', (event) => this.#pressed(event), { capture: true });
    this.#read();
    if (location.hash.length < 2) this.#show(true);
  }

  #build() {
    this.values.classList.add('values');
    this.back.addEventListener('click', () => this.#turn(-1));
    this.on.addEventListener('click', () => this.#turn(1));
    this.show.addEventListener('click', () => this.#show());
    const hand = press('lessons.hand', 'square');
    hand.addEventListener('click', () => this.#card && this.hand.open(this.#card.id));
    this.present.classList.add('for-rooms');
    this.present.addEventListener('click', () => this.#turnPresent(!this.#presents));
    const close = press('lessons.close', 'plain', '×');
    close.classList.add('leave');
    close.addEventListener('click', () => {
      note({ lesson: null, present: null }, true);
      this.#read();
      this.room.closed();
    });
    this.tools.append(hand, this.present, close);
    this.links.append(this.tools);
    const turns = made('div', 'does', this.back, this.on, this.show, this.lacking);
    this.body.append(
      made('div', 'told', made('h3', '', this.name), this.text, turns),
      made('div', 'formula-of-card', this.letters, this.values, this.equations),
      this.ask.form,
      this.hand.dialog,
    );
  }

  get #presents() {
    return asked('present') !== null;
  }

  /** Shows the card that the address asks for. */
  #read() {
    const id = asked('lesson');
    this.room.turned(id !== null);
    const root = document.documentElement;
    root.toggleAttribute('data-lesson', id !== null);
    root.toggleAttribute('data-present', id !== null && this.#presents);
    say(this.present, this.#presents ? 'lessons.leave' : 'lessons.present');
    this.body.hidden = this.tools.hidden = id === null;
    if (id === null) return void (this.#card = undefined);
    const known = this.cards.find((each) => each.id === id);
    const elsewhere = known ? undefined : this.#elsewhere(id);
    if (elsewhere) return location.replace(this.#kept(elsewhere));
    const card = known ?? this.cards[0];
    if (card.id !== id) note({ lesson: card.id });
    const other = id === '' || card.id === id ? '' : id;
    if (card === this.#card && !other) return;
    this.#card = card;
    this.#fill(card, other);
  }

  /** The address of a card that another page has: its lesson comes before those here, or after them. @param {string} id */
  #elsewhere(id) {
    const lesson = (/** @type {string | undefined} */ of) => Number.parseInt(of ?? '');
    const way = lesson(id) > lesson(this.cards.at(-1)?.id) ? 1 : lesson(id) < lesson(this.cards[0].id) ? -1 : undefined;
    return way && this.room.beyond(way)?.replace(/lesson=[^&]*/, `lesson=${encodeURIComponent(id)}`);
  }

  /** @param {Card} card @param {string} other what the address asked for, where there is no such card */
  #fill(card, other) {
    const said = (/** @type {string} */ part) => /** @type {Key} */ (`card.${card.id}.${part}`);
    const at = this.cards.indexOf(card);
    this.back.disabled = at === 0 && !this.room.beyond(-1);
    this.on.disabled = at === this.cards.length - 1 && !this.room.beyond(1);
    const title = { id: card.id, title: () => text(said('title')) };
    say(this.name, 'lessons.name', title);
    say(element('lessons-said'), 'lessons.card', title);
    say(this.text, said('text'));
    this.equations.replaceChildren();
    const papers = made('span');
    say(papers, 'lessons.equations');
    this.equations.append(papers, ...card.equations.map(({ name, url }) => {
      const link = made('a', '', name);
      Object.assign(link, { href: url, lang: 'en' });
      return link;
    }));
    for (const link of this.links.querySelectorAll('[href^="?"]')) {
      if (link.getAttribute('href')?.split(/[=.]/)[1] === card.id.split('.')[0]) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    this.letters.innerHTML = this.room.letters(card);
    this.#valued = this.values.innerHTML = '';
    this.ask.fill(card);
    this.value();
    void this.#look(card, other);
    this.box.scrollIntoView({ block: 'nearest' });
  }

  /** Says whether the page has what the card shows. @param {Card} card @param {string} other */
  async #look(card, other) {
    say(this.lacking, other && 'lessons.unknown', { id: other.slice(0, 20) });
    const detail = await this.room.refused(card);
    if (card !== this.#card) return;
    this.show.disabled = detail !== undefined;
    if (detail !== undefined) say(this.lacking, 'lessons.lacks', { detail });
  }

  #show(arriving = false) {
    if (!this.#card) return;
    this.ask.clear();
    this.room.show(this.#card, arriving);
  }

  /** @param {1 | -1} way */
  #turn(way) {
    if (!this.#card) return;
    const card = this.cards[this.cards.indexOf(this.#card) + way];
    if (card) {
      note({ lesson: card.id }, true);
      return this.#read();
    }
    const beyond = this.room.beyond(way);
    if (beyond) location.assign(this.#kept(beyond));
  }

  /** An address on the other page, with what stays of this one. @param {string} address */
  #kept(address) {
    const lang = asked('lang');
    return address + (this.#presents ? '&present' : '') + (lang ? `&lang=${encodeURIComponent(lang)}` : '');
  }

  /** @param {boolean} on */
  #turnPresent(on) {
    note({ present: on ? '' : null });
    this.#read();
  }

  /** The formula has the values of the stage, which are others now. */
  value() {
    if (!this.#card) return;
    // An answer was read from a stage that is another now.
    const there = this.room.has(this.#card);
    if (there !== this.#there) this.ask.clear();
    this.#there = there;
    const given = this.room.values(this.#card) ?? '';
    if (given === this.#valued) return;
    this.#valued = given;
    this.values.innerHTML = given;
    this.values.toggleAttribute('hidden', given === '');
  }

  /** Before a room, keys turn the cards. @param {KeyboardEvent} event */
  #pressed(event) {
    if (!this.#card || !this.#presents || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const way = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 }[event.key];
    const target = /** @type {Element} */ (event.target);
    const needed = target.closest('input, select, textarea, [role=tab], [role=application], [role=combobox]');
    if (event.key === 'Escape') this.#turnPresent(false);
    else if (way && !needed) this.#turn(/** @type {1 | -1} */ (way));
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** Style sheets come with what they are for. @param {URL} address */
async function sheetOf(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await answer.text());
  return sheet;
}

/**
 * Fetches a course, and all that its cards need to be seen.
 * @param {string} data the file that holds it @param {URL} layout style sheet of the document with cards
 * @returns {Promise<Course>}
 */
export async function courseOf(data, layout) {
  const looks = [new URL('../look/lessons.css', import.meta.url), layout];
  const [bytes, ...sheets] = await Promise.all([downloadBytes(data, () => {}), ...looks.map(sheetOf)]);
  /** @type {Course} */
  const course = JSON.parse(new TextDecoder().decode(bytes));
  document.adoptedStyleSheets.push(...sheets);
  for (const [name, inner] of Object.entries(course.symbols)) {
    const symbol = made('template');
    symbol.id = `sym-${name}`;
    symbol.innerHTML = `<math>${inner}</math>`;
    document.body.append(symbol);
  }
  learn(en, zh);
  learn(course.said.en, course.said.zh);
  return course;
}

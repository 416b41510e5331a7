// The question of a card, and whether an answer is right on this stage.

/** @import { Key } from '../text/i18n.js' */
/** @import { Card, Room } from './cards.js' */
import { say } from '../text/i18n.js';
import { made, press } from './make.js';
import { isRight } from './right.js';

export class Ask {
  /** @type {Card | undefined} */
  #card;
  /** What has been said of the choices, so that it can be taken back. @type {HTMLElement[]} */
  #spans = [];
  form = made('form', 'ask');
  question = made('legend');
  answers = made('div', 'answers');
  number = made('input');
  check = press('lessons.check', 'square');
  mark = made('b');
  why = made('span');
  verdict = made('p', 'verdict', this.mark, ' ', this.why);

  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    Object.assign(this.number, { name: 'answer', inputMode: 'decimal', autocomplete: 'off', maxLength: 12 });
    say(this.number, 'lessons.answer', {}, 'aria-label');
    this.check.type = 'submit';
    this.verdict.setAttribute('role', 'status');
    this.form.noValidate = true;
    this.form.append(made('fieldset', '', this.question, this.answers), made('div', 'does', this.check, this.verdict));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#check();
    });
    // Enter in the field is not for the first button of the panel.
    this.number.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      void this.#check();
    });
    this.form.addEventListener('input', () => this.#judge('', ''));
  }

  /** @param {Card} card */
  fill(card) {
    this.#card = card;
    for (const span of this.#spans) say(span, '');
    say(this.question, /** @type {Key} */ (`card.${card.id}.question`));
    this.#spans = (card.choices ?? []).map((choice) => {
      const span = made('span');
      say(span, /** @type {Key} */ (`card.${card.id}.choice.${choice}`));
      return span;
    });
    const labels = (card.choices ?? []).map((value, i) => {
      const radio = made('input');
      Object.assign(radio, { type: 'radio', name: 'answer', value, autocomplete: 'off' });
      return made('label', 'chip', radio, this.#spans[i]);
    });
    this.number.value = '';
    this.answers.replaceChildren(...(card.choices ? labels : [this.number]));
    this.#judge('', '');
  }

  /** Takes back what was said of an answer. */
  clear() {
    this.#judge('', '');
  }

  /** @param {'' | 'right' | 'wrong' | 'hint'} verdict @param {Key | ''} key */
  #judge(verdict, key) {
    this.verdict.dataset.verdict = verdict;
    say(this.mark, verdict === 'right' ? 'lessons.right' : '');
    say(this.why, key);
  }

  async #check() {
    const card = this.#card;
    if (!card) return;
    const given = card.choices ? String(new FormData(this.form).get('answer') ?? '') : this.number.value.trim();
    if (given === '') return this.#judge('hint', card.choices ? 'lessons.none' : 'lessons.none.number');
    if (!this.room.has(card)) return this.#judge('hint', this.room.lacking(card));
    const right = await this.room.answer(card).catch(() => undefined);
    if (card !== this.#card) return;
    if (right === undefined) return this.#judge('hint', this.room.lacking(card));
    if (!isRight(right, given)) return this.#judge('wrong', 'lessons.wrong');
    this.#judge('right', /** @type {Key} */ (`card.${card.id}.why`));
  }
}

// The code and the link of a card, to hand it to a class.

import { drawn } from '../files/code.js';
import { qr } from '../files/qr.js';
import { say } from '../text/i18n.js';
import { made, press } from './make.js';

export class Hand {
  dialog = made('dialog', 'hand');
  name = made('h2');
  code = made('div', 'code');
  link = made('input');
  said = made('p', 'said');

  constructor() {
    const close = press('keys.close', 'plain', '×');
    close.addEventListener('click', () => this.dialog.close());
    const copy = press('lessons.hand.copy', 'square');
    copy.addEventListener('click', () => void this.#copy());
    this.link.readOnly = true;
    say(this.link, 'lessons.hand.link', {}, 'aria-label');
    this.code.setAttribute('role', 'img');
    say(this.code, 'lessons.hand', {}, 'aria-label');
    this.said.setAttribute('role', 'status');
    this.name.id = 'hand-title';
    this.dialog.setAttribute('aria-labelledby', this.name.id);
    this.dialog.append(made('div', 'head', this.name, close), this.code, this.link, made('div', 'row', copy), this.said);
  }

  /** @param {string} id of a card */
  open(id) {
    const { href } = new URL(`?lesson=${id}`, location.href);
    say(this.name, 'lessons.hand.title', { id });
    say(this.said, '');
    this.code.replaceChildren(drawn(qr(href)));
    this.link.value = href;
    this.dialog.showModal();
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.link.value);
      say(this.said, 'lessons.hand.copied');
    } catch {
      // Pages without a secure origin have no clipboard; the keys do.
      this.link.focus();
      this.link.select();
      say(this.said, 'lessons.hand.selected');
    }
  }
}

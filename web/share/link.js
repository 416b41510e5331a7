// The link of what is on the stage: to copy, to hand to another app, to scan.

/** @import { Taken } from './share.js' */
import { element, onClick } from '../document/elements.js';
import { drawn } from '../files/code.js';
import { longest, qr } from '../files/qr.js';
import { finalPicture } from '../files/pictures.js';
import { isRecorded, namesOf } from '../document/fragment.js';
import { say } from '../text/i18n.js';
import { copied } from './copied.js';
import { pack } from './preview.js';

/** Characters up to which a link gets a picture; messengers and mail cut longer ones off. */
const most = 2000;

export class Link {
  /** Counts what is shown, so that a slow picture does not undo it. */
  #shown = 0;

  /** @param {Taken} taken */
  constructor({ stage, address }) {
    this.stage = stage;
    this.address = address;
    this.link = /** @type {HTMLInputElement} */ (element('share-link'));
    this.wish = /** @type {HTMLInputElement} */ (element('share-preview').firstElementChild);
    this.wish.addEventListener('change', () => void this.show());
    element('share-send').hidden = typeof navigator.share !== 'function';
    onClick('share-copy', () => void copied(this.link));
    onClick('share-send', () => void this.#send());
    this.link.addEventListener('focus', () => this.link.select());
  }

  /** Shows the link of what is on the stage now. */
  async show() {
    const shown = ++this.#shown;
    const { film } = this.stage;
    const plain = this.address();
    const { hash } = new URL(plain);
    const begun = namesOf(hash).length > 0;
    const proved = /[#&]h=/.test(hash);
    say(element('share-hint'), !begun ? (proved ? 'share.hint' : 'share.unproved') : hash.includes('&pixels=') ? 'share.with' : 'share.without');
    const code = new TextEncoder().encode(plain).length <= longest;
    element('share-code').hidden = !code;
    if (code) element('share-code').replaceChildren(drawn(qr(plain)));
    // The recorded run is shown to everyone anyway.
    const small = film.complete && !isRecorded(hash) ? `&preview=${await pack(finalPicture(film, 1))}` : '';
    if (shown !== this.#shown) return;
    const offered = small !== '' && plain.length + small.length <= most;
    for (const id of ['share-preview', 'share-preview-hint']) element(id).hidden = !offered;
    this.link.value = offered && this.wish.checked ? plain + small : plain;
  }

  async #send() {
    try {
      await navigator.share({ title: document.title, url: this.link.value });
    } catch {
      // A person who closes the sheet does not want to share.
    }
  }
}

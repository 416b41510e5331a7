// The link of what is on the stage: to copy, to hand to another app, to scan.

/** @import { Taken } from './share.js' */
import { element, onClick } from '../document/elements.js';
import { longest, qr } from '../files/qr.js';
import { namesOf } from '../document/fragment.js';
import { say } from '../text/i18n.js';
import { copied } from './copied.js';

const svg = 'http://www.w3.org/2000/svg';
/** Modules of quiet around a code. */
const quiet = 4;

export class Link {
  /** @param {Taken} taken */
  constructor({ address }) {
    this.address = address;
    this.link = /** @type {HTMLInputElement} */ (element('share-link'));
    element('share-send').hidden = typeof navigator.share !== 'function';
    onClick('share-copy', () => void copied(this.link));
    onClick('share-send', () => void this.#send());
    this.link.addEventListener('focus', () => this.link.select());
  }

  /** Shows the link of what is on the stage now. */
  show() {
    this.link.value = this.address();
    const { hash } = new URL(this.link.value);
    const begun = namesOf(hash).length > 0;
    const proved = /[#&]h=/.test(hash);
    say(element('share-hint'), !begun ? (proved ? 'share.hint' : 'share.unproved') : hash.includes('&pixels=') ? 'share.with' : 'share.without');
    const code = new TextEncoder().encode(this.link.value).length <= longest;
    element('share-code').hidden = !code;
    if (code) element('share-code').replaceChildren(drawn(qr(this.link.value)));
  }

  async #send() {
    try {
      await navigator.share({ title: document.title, url: this.link.value });
    } catch {
      // A person who closes the sheet does not want to share.
    }
  }
}

/** @param {Uint8Array[]} modules */
function drawn(modules) {
  const size = modules.length + 2 * quiet;
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', `0 0 ${size} ${size}`);
  picture.setAttribute('shape-rendering', 'crispEdges');
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svg, 'path');
  const runs = modules.flatMap((row, y) =>
    [...Array.from(row).join('').matchAll(/1+/g)].map((m) => `M${m.index + quiet} ${y + quiet}h${m[0].length}v1h-${m[0].length}z`),
  );
  path.setAttribute('d', runs.join(''));
  picture.append(path);
  return picture;
}

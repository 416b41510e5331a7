// The link of what is on the stage: to copy, to hand to another app, to scan.

/** @import { Stage } from '../stage/stage.js' */
import { say } from '../text/i18n.js';
import { namesOf } from '../run/inputs.js';
import { element, onClick } from '../document/elements.js';

const svg = 'http://www.w3.org/2000/svg';
/** Modules of quiet around a code. */
const quiet = 4;

export class Share {
  /** @param {() => string} address of what is on the stage */
  constructor(address) {
    this.address = address;
    this.dialog = /** @type {HTMLDialogElement} */ (element('share'));
    this.link = /** @type {HTMLInputElement} */ (element('share-link'));
    element('share-send').hidden = typeof navigator.share !== 'function';
    onClick('share-open', () => this.open());
    onClick('share-close', () => this.dialog.close());
    onClick('share-copy', () => void this.copy());
    onClick('share-send', () => void this.#send());
    this.link.addEventListener('focus', () => this.link.select());
    // A run ends, or another one begins, also while the dialog is open.
    const changed = () => this.dialog.open && this.link.value !== this.address() && this.#show();
    new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ['data-state'] });
    addEventListener('popstate', changed);
  }

  open() {
    this.#show();
    this.dialog.showModal();
  }

  #show() {
    this.link.value = this.address();
    const { hash } = new URL(this.link.value);
    const begun = namesOf(hash).length > 0;
    say(element('share-hint'), !begun ? 'share.hint' : hash.includes('&pixels=') ? 'share.with' : 'share.without');
    say(element('share-said'), '');
    void this.#code(this.link.value);
  }

  /** Draws the code of the link, as long as it is that. @param {string} link */
  async #code(link) {
    const coded = await import('../files/qr.js').catch(() => undefined);
    if (link !== this.link.value) return;
    const code = coded && new TextEncoder().encode(link).length <= coded.longest;
    element('share-code').hidden = !code;
    if (code) element('share-code').replaceChildren(drawn(coded.qr(link)));
  }

  async copy() {
    this.link.value = this.address();
    try {
      await navigator.clipboard.writeText(this.link.value);
      say(element('share-said'), 'share.copied');
    } catch {
      // Pages without a secure origin have no clipboard; the keys do.
      this.link.focus();
      this.link.select();
      say(element('share-said'), 'share.selected');
    }
  }

  async #send() {
    try {
      await navigator.share({ title: document.title, url: this.link.value });
    } catch {
      // A person who closes the sheet does not want to share.
    }
  }
}

/**
 * The address of what is on the stage: with the step that is shown if it is not
 * the last.
 * @param {Stage} stage @param {string} recipe
 */
export function linkOf({ film }, recipe) {
  const link = new URL(location.href);
  link.hash = recipe;
  const query = link.search.slice(1).split('&').filter((part) => part !== '' && !part.startsWith('step='));
  if (film.shown && film.shown < film.latest) query.push(`step=${film.shown}`);
  link.search = query.join('&');
  return link.href;
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

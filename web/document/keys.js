// Every action by key, and the help that lists them. Single letters can be a nuisance
// to those who speak to their computer, so that they can be switched off.

/** @import { Key } from '../text/i18n.js' */
import { element } from './elements.js';
import { say } from '../text/i18n.js';

const memory = 'tweedie-keys';

/**
 * @typedef {object} Shortcut
 * @property {Record<string, () => void>} acts by KeyboardEvent.key; letters small
 * @property {string[]} [shown] how the list writes the keys, if not as they are
 * @property {Key} what
 * @property {boolean} [scrolls] whether the key also scrolls, so that it is left
 *   alone while the stage is out of sight
 */

export class Keys {
  /**
   * @param {Shortcut[]} shortcuts
   * @param {(shortcuts: Shortcut[]) => Promise<void>} explain fills in the help, which comes when it is asked for
   */
  constructor(shortcuts, explain) {
    this.shortcuts = shortcuts;
    this.explain = explain;
    this.dialog = /** @type {HTMLDialogElement} */ (document.getElementById('help'));
    this.on = /** @type {HTMLInputElement} */ (document.getElementById('keys-on'));
    this.on.checked = remembered() !== 'off';
    this.on.addEventListener('change', () => remember(this.on.checked ? 'on' : 'off'));
    element('help-open').addEventListener('click', () => void this.#explain());
    document.getElementById('help-close')?.addEventListener('click', () => this.dialog.close());
    addEventListener('keydown', (event) => this.#pressed(event));
  }

  async #explain() {
    this.dialog.showModal();
    try {
      await this.explain(this.shortcuts);
    } catch {
      say(element('tour'), 'extras.lacking'); // opening it once more tries again
    }
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!this.on.checked || document.querySelector('dialog[open]')) return;
    const shifted = event.shiftKey && event.key.length > 1 ? 'Shift+' : '';
    const key = event.key.length === 1 ? event.key.toLowerCase() : shifted + event.key;
    const shortcut = this.shortcuts.find(({ acts }) => Object.hasOwn(acts, key));
    if (!shortcut || takes(/** @type {Element} */ (event.target), key)) return;
    if (shortcut.scrolls && !inSight()) return;
    event.preventDefault();
    shortcut.acts[key]();
  }
}

/**
 * Whether a control needs a key for itself.
 * @param {Element} target @param {string} key
 */
function takes(target, key) {
  if (target.matches('select, textarea, [role=combobox], input:not([type=radio], [type=range], [type=checkbox])')) return true;
  if (target.matches('input')) return key.length > 1 || key === ' ';
  return target.matches('button, a, summary') && (key === ' ' || key === 'Enter');
}

/** Whether the stage is where keys that scroll can be meant for it. */
function inSight() {
  const { top, bottom } = /** @type {HTMLElement} */ (document.getElementById('box')).getBoundingClientRect();
  return bottom > 0 && top < innerHeight && (top + bottom) / 2 > 0;
}

function remembered() {
  try {
    return localStorage.getItem(memory);
  } catch {
    return null;
  }
}

/** @param {string} choice */
function remember(choice) {
  try {
    localStorage.setItem(memory, choice);
  } catch {
    // Storage may be refused; then the choice lasts as long as the page.
  }
}

// The help of a document: what a tour says one after the other, and the list of keys.

/** @import { Key } from '../text/i18n.js' */
/** @import { Shortcut } from './keys.js' */
import { say } from '../text/i18n.js';
import { element } from './elements.js';

/** @param {Key[]} sentences */
export function tour(sentences) {
  say(element('tour'), '');
  element('tour').replaceChildren(
    ...sentences.map((sentence) => {
      const item = document.createElement('li');
      say(item, sentence);
      return item;
    }),
  );
}

/** @param {Shortcut[]} shortcuts */
export function listKeys(shortcuts) {
  element('keys-list').replaceChildren(...shortcuts.flatMap(line));
}

/** What the list says of a key. @param {Shortcut} shortcut */
function line({ acts, shown = Object.keys(acts), what }) {
  const term = document.createElement('dt');
  for (const key of shown) {
    if (key === '…') {
      term.append(key);
      continue;
    }
    const kbd = document.createElement('kbd');
    if (key === ' ') say(kbd, 'keys.space');
    else kbd.textContent = key.length === 1 ? key.toUpperCase() : key;
    term.append(kbd);
  }
  const description = document.createElement('dd');
  say(description, what);
  return [term, description];
}

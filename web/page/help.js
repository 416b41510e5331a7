// What help says, when it is asked for: a short tour of the page, and the list of keys.

/** @import { Shortcut } from './keys.js' */
import { element } from '../document/elements.js';
import { en, zh } from '../text/help.js';
import { learn, say } from '../text/i18n.js';

const tour = /** @type {const} */ (['tour.stage', 'tour.class', 'tour.strip', 'tour.recipe', 'tour.modes', 'tour.share']);

learn(en, zh);

/** @param {Shortcut[]} shortcuts */
export function explain(shortcuts) {
  if (element('keys-list').childElementCount > 0) return;
  say(element('tour'), '');
  element('tour').replaceChildren(
    ...tour.map((sentence) => {
      const item = document.createElement('li');
      say(item, sentence);
      return item;
    }),
  );
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

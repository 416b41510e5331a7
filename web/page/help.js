// What help says of the page: a short tour, and the list of keys.

/** @import { Shortcut } from '../document/keys.js' */
import { listKeys, tour } from '../document/help.js';
import { en, zh } from '../text/help.js';
import { learn } from '../text/i18n.js';

learn(en, zh);

/** @param {Shortcut[]} shortcuts */
export function explain(shortcuts) {
  tour(['tour.stage', 'tour.class', 'tour.strip', 'tour.recipe', 'tour.modes', 'tour.share']);
  listKeys(shortcuts);
}

// Brings the sentences that say why a recipe of the lab is refused: those that every page has, and
// the lab's own.

import { sentences } from '../text/refusal.js';
import { learn } from '../text/i18n.js';

let asked = /** @type {Promise<unknown> | undefined} */ (undefined);

/** Without them the program's own sentences will do. */
export function reasons() {
  asked ??= import('../text/lab-refused.js').then(
    ({ en, zh }) => learn(en, zh),
    () => void (asked = undefined),
  );
  return Promise.all([sentences(), asked]);
}

// Copying a text that is shown: by the clipboard, or else by the person.

import { element } from '../document/elements.js';
import { say } from '../text/i18n.js';

/** @param {HTMLInputElement | HTMLTextAreaElement} field */
export async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    say(element('share-said'), 'share.copied');
  } catch {
    // Pages without a secure origin have no clipboard; the keys do.
    field.focus();
    field.select();
    say(element('share-said'), 'share.selected');
  }
}

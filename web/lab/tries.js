// What to try: recipes that show the theory, topic by topic. Each is a link, which the page
// carries out as it does any that it is given.

/** @import { Described } from './messages.js' */
/** @import { Key } from '../text/i18n.js' */
import { element, onClick } from '../document/elements.js';
import { say } from '../text/i18n.js';

/** @param {Described['examples']} examples */
export function offerTries(examples) {
  const topics = [...new Set(examples.map(({ topic }) => topic))];
  element('tries-list').replaceChildren(...topics.map((topic) => part(topic, examples.filter((example) => example.topic === topic))));
  const dialog = leaving('tries');
  onClick('tries-open', () => dialog.showModal());
  onClick('tries-close', () => dialog.close());
  element('tries-open').hidden = false;
}

/** A dialog of links: one that is taken closes it, as does a press beside it. @param {string} id */
export function leaving(id) {
  const dialog = /** @type {HTMLDialogElement} */ (element(id));
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog || (target instanceof Element && target.closest('a'))) dialog.close();
  });
  return dialog;
}

/** @param {string} topic @param {Described['examples']} examples */
function part(topic, examples) {
  const section = document.createElement('section');
  const title = document.createElement('h3');
  say(title, /** @type {Key} */ (`lab.topic.${topic}`));
  section.append(title, ...examples.map(link));
  return section;
}

/** @param {Described['examples'][number]} example */
export function link({ name, recipe }) {
  const a = document.createElement('a');
  a.href = `#${recipe}`;
  const what = document.createElement('span');
  say(what, /** @type {Key} */ (`lab.try.${name}`));
  const text = document.createElement('code');
  text.textContent = recipe;
  a.append(what, text);
  return a;
}

// What help says of the lab: what is seen, what to try, four questions with the recipes that answer
// them, and the list of keys.

/** @import { Described } from './messages.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Shortcut } from '../document/keys.js' */
import { element } from '../document/elements.js';
import { listKeys, tour } from '../document/help.js';
import { en as shared, zh as sharedZh } from '../text/help.js';
import { learn, say } from '../text/i18n.js';
import { en, zh } from '../text/lab-help.js';
import { link } from './tries.js';

learn(shared, sharedZh);
learn(en, zh);

/** Questions, answers, and the examples that show them. @type {[question: Key, answer: Key, examples: string[]][]} */
const questions = [
  ['lab.ask.prediction', 'lab.answer.prediction', ['epsilon', 'x0']],
  ['lab.ask.level', 'lab.answer.level', ['off', 'annealed']],
  ['lab.ask.guidance', 'lab.answer.guidance', ['free']],
  ['lab.ask.vae', 'lab.answer.vae', ['vae', 'hierarchy']],
];

/** @param {Shortcut[]} shortcuts @param {Described['examples']} examples */
export function explain(shortcuts, examples) {
  tour(['lab.tour.see', 'lab.tour.learn', 'lab.tour.turn', 'lab.tour.press', 'lab.tour.link']);
  element('questions').replaceChildren(
    ...questions.map(([question, answer, names]) => {
      const section = document.createElement('section');
      const head = document.createElement('h3');
      say(head, question);
      const text = document.createElement('p');
      say(text, answer);
      section.append(head, text, ...names.flatMap((name) => examples.filter((example) => example.name === name)).map(link));
      return section;
    }),
  );
  listKeys(shortcuts);
}

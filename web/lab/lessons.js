// The lessons below the lab's stage: its cards set the lab by its address, and read its models.

/** @import { Measure, Started } from './messages.js' */
/** @import { Take } from './film.js' */
/** @import { Card, Course, Room } from '../learn/cards.js' */
import { asked } from '../document/address.js';
import { element } from '../document/elements.js';
import { Cards, courseOf } from '../learn/cards.js';
import { learn } from '../text/i18n.js';
import { en, zh } from '../text/lab-lessons.js';
import { checks } from './lesson-checks.js';
import { formulas } from './lesson-formulas.js';

const data = 'web/lab/lessons.json';

/**
 * What is on the lab's stage.
 * @typedef {object} Read
 * @property {Started | undefined} started what the recipe that is carried out has told of itself
 * @property {number} t timestep that is shown
 * @property {Float32Array} alphaBar of each timestep, none of a network of one noise level
 * @property {Model[]} models the first, and the one beside it
 */

/** @typedef {{take: Take | undefined, measures: Measure[] | undefined}} Model measures once its recipe came to its end, and was judged */

/**
 * What the lessons ask of the lab.
 * @typedef {object} Lab
 * @property {() => Read} read
 * @property {() => void} open carries out what the address asks for
 * @property {() => void} look looks at the stage as the address asks for
 */

/** What an address says of how the stage is looked at, all of which a card sets. */
const looks = ['against', 'layers'];

/** @param {Card} card */
const viewOf = (card) => new URLSearchParams(card.view);

/** @param {Lab} lab @param {Course} course @returns {Room} */
function room(lab, course) {
  const others = element('lessons-others');
  const against = (/** @type {Card} */ card) => viewOf(card).get('against') ?? '';
  /** Whether the stage is on its way to what the card is about. @param {Card} card */
  const sets = (card) => lab.read().started?.recipe === card.recipe && (asked('against') ?? '') === against(card);
  const has = (/** @type {Card} */ card) => {
    const { models } = lab.read();
    return sets(card) && models.length === (against(card) ? 2 : 1) && models.every(({ measures }) => measures);
  };
  return {
    show: (card, arriving) => {
      const there = has(card);
      const query = new URLSearchParams(location.search);
      for (const key of looks) query.delete(key);
      for (const [key, value] of viewOf(card)) query.set(key, value);
      const search = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replace(/=(?=&|$)/g, '');
      const address = `${location.pathname}?${search}${there ? location.hash : `#${card.recipe}`}`;
      if (address !== location.pathname + location.search + location.hash) history[arriving ? 'replaceState' : 'pushState'](null, '', address);
      lab.look();
      if (!there) lab.open();
    },
    has,
    lacking: (card) => (sets(card) ? 'lessons.wait' : 'lessons.first'),
    refused: async () => undefined,
    letters: ({ formula }) => formulas[formula].letters,
    values: ({ formula }) => formulas[formula].values(lab.read()),
    answer: async ({ check }) => checks[check](lab.read()),
    // The course begins on the page, where that is there.
    beyond: (way) => (way < 0 && course.before && !others.hidden ? `../?lesson=${course.before}` : undefined),
    turned: () => {},
    closed: () => element('tries-open').focus(),
  };
}

/** Shows the card of the address. @param {Lab} lab */
export async function open(lab) {
  const course = await courseOf(data, new URL('../lab/lessons.css', import.meta.url));
  learn(en, zh);
  return new Cards(room(lab, course), course);
}

// The lessons below the stage of the page.

/** @import { Host, Panel } from '../edit/extras.js' */
/** @import { Course, Room } from './cards.js' */
import { Cards, courseOf } from './cards.js';
import { checks } from './checks.js';
import { formulas } from './formulas.js';
import { Setting } from './setting.js';

const data = 'web/learn/lessons.json';

/** @implements {Panel} */
class Lessons {
  /** @param {Host} host @param {Course} course */
  constructor(host, course) {
    this.host = host;
    this.setting = new Setting(host, () => this.cards.value());
    this.cards = new Cards(this.#room(), course);
  }

  /** @returns {Room} */
  #room() {
    const { host, setting } = this;
    const links = /** @type {HTMLElement} */ (document.querySelector('#lessons-links'));
    return {
      show: (card, arriving) => setting.show(card, arriving),
      has: (card) => setting.has(card),
      lacking: (card) => (setting.runs(card) ? 'lessons.running' : 'lessons.first'),
      refused: ({ recipe }) => host.lacks(new URLSearchParams(recipe).get('m') ?? ''),
      letters: ({ formula }) => formulas[formula].letters,
      values: (card) => {
        const { film } = host.stage;
        const step = film.current;
        const { pixel, values } = formulas[card.formula];
        return values({ film, step, worked: pixel ? setting.worked(card, step) : undefined });
      },
      answer: async (card) => {
        const { films } = host.stage;
        const place = setting.placeOf(card);
        return checks[card.check]({ films, step: card.step, place, work: () => setting.work(card.step, place) });
      },
      // The lab goes on with the course, where it is there.
      beyond: (way) => (way > 0 && links.querySelector('[href*="lab"]:not([hidden])')?.getAttribute('href')) || undefined,
      // Cards speak of x_t and the guess as they are, also at the end.
      turned: (open) => void (host.stage.grows = !open),
      closed: () => /** @type {HTMLElement | null} */ (links.querySelector('[href^="?"]'))?.focus(),
    };
  }

  fill() {
    this.cards.value();
  }

  ended() {
    this.setting.ended();
    this.cards.value();
  }

  moved() {
    this.setting.moved();
    this.cards.value();
  }
}

/** @param {Host} host @returns {Promise<Panel>} */
export async function panel(host) {
  return new Lessons(host, await courseOf(data, new URL('../look/lessons-page.css', import.meta.url)));
}

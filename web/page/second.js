// The slider of the second of two runs, on the film strip of that run: it has the
// steps of that run, and whoever moves it moves both.

/** @import { Columns } from '../stage/columns.js' */
/** @import { Layout } from '../stage/layout.js' */
/** @import { Stage } from '../stage/stage.js' */
/** @import { Timeline } from './timeline.js' */
import { element } from '../document/elements.js';
import { partner } from '../stage/align.js';
import { say, text } from '../text/i18n.js';

export class Second {
  /** @param {Stage} stage @param {Timeline} timeline @param {() => {one: string, other: string}} words what the sides are called */
  constructor(stage, timeline, words) {
    this.stage = stage;
    this.words = words;
    this.range = /** @type {HTMLInputElement} */ (element('timeline-second'));
    this.range.addEventListener('input', () => {
      const { clock } = stage;
      timeline.scrub(partner(this.#film, Number(this.range.value), clock));
    });
    stage.watchers.push((layout, ratio) => this.#place(layout, ratio));
  }

  /** The number of the film that does not give the time. */
  get #side() {
    return this.stage.films[0] === this.stage.clock ? 1 : 0;
  }

  get #film() {
    return this.stage.films[this.#side] ?? this.stage.clock;
  }

  /** @param {Layout & Partial<Columns>} layout @param {number} ratio */
  #place({ films = [] }, ratio) {
    const own = films.find(({ side }) => side === this.#side);
    this.range.hidden = films.length < 2 || !own;
    if (!own) return;
    const { style } = this.range;
    style.setProperty('--from', `${(own.strip.x + own.strip.tileWidth / 2) / ratio}px`);
    style.setProperty('--long', `${(own.strip.w - own.strip.tileWidth) / ratio}px`);
    this.show();
  }

  /** Shows where that run is. */
  show() {
    if (this.range.hidden) return;
    const { shape, current, latest } = this.#film;
    this.range.max = String(shape.steps);
    this.range.value = String(Math.max(1, current));
    this.range.disabled = latest === 0;
    say(this.range, 'compare.slider', { what: () => (this.#side ? this.words().other : this.words().one) }, 'aria-label');
    this.range.setAttribute('aria-valuetext', text(latest === 0 ? 'time.empty' : 'time.at', { step: current, steps: shape.steps }));
  }
}

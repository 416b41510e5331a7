// The moment that the stage shows: in numbers below it, and in words for those
// who do not see it.

/** @import { Compare } from '../run/compare.js' */
/** @import { Extras } from '../edit/extras.js' */
/** @import { Forward } from '../run/forward.js' */
/** @import { Runs } from './runs.js' */
import { text } from '../text/i18n.js';
import { showLegends } from '../stage/views.js';

export class Moment {
  /** @param {Runs} runs @param {{compare: Compare, extras: Extras, forward: Forward}} also what else may be on the stage */
  constructor({ view, counters }, also) {
    this.view = view;
    this.counters = counters;
    this.also = also;
  }

  /** Says what can be counted at the step that is shown. @param {boolean} [inWords] */
  show(inWords = true) {
    const { clock, films } = this.view.stage;
    const { extras, forward } = this.also;
    const facts = clock.facts.get(clock.current);
    const t = facts && facts.t >= 0 ? facts.t : undefined;
    this.counters.show({ step: clock.current, steps: clock.shape.steps, first: clock.shape.first, forks: clock.shape.forks, t, decided: clock.decided(), noised: forward.on });
    forward.moved();
    extras.moved();
    films.forEach((film, side) => showLegends(film.facts.get(film.current), this.view.images, side));
    if (inWords) this.describe();
  }

  /** Says in words what the stage shows. */
  describe() {
    const { compare, forward } = this.also;
    const both = compare.on && !forward.on;
    const shown = both ? text('compare.alt', { shown: this.view.shown, ...compare.words }) : this.view.shown;
    this.view.describe({ shown, noised: forward.on });
  }
}

// The moment that the stage shows: in numbers below it, and in words for those
// who do not see it.

/** @import { Compare } from '../run/compare.js' */
/** @import { Extras } from '../edit/extras.js' */
/** @import { Forward } from '../run/forward.js' */
/** @import { Counters } from '../document/readout.js' */
/** @import { Stage } from '../stage/stage.js' */
import { text } from '../text/i18n.js';
import { showLegends, spoken } from '../stage/views.js';

/**
 * @typedef {object} Subject
 * @property {number} steps of the run, 0 before any
 * @property {number} images
 * @property {string} className `none`, `all`, a class or a word
 */

export class Moment {
  /**
   * @param {Stage} stage @param {Counters} counters @param {Subject} run
   * @param {() => {forward: Forward, compare: Compare, extras: Extras}} also what else may be on the stage
   */
  constructor(stage, counters, run, also) {
    this.stage = stage;
    this.counters = counters;
    this.run = run;
    this.also = also;
  }

  /** Says what can be counted at the step that is shown. @param {boolean} [inWords] */
  show(inWords = true) {
    const { clock, films } = this.stage;
    const facts = clock.facts.get(clock.current);
    const t = facts && facts.t >= 0 ? facts.t : undefined;
    this.counters.show({ step: clock.current, steps: clock.shape.steps, t, decided: clock.decided() });
    const { forward, extras } = this.also();
    forward.moved();
    extras.moved();
    films.forEach((film, side) => showLegends(film.facts.get(film.current), this.run.images, side));
    if (inWords) this.describe();
  }

  /** Says in words what the stage shows. */
  describe() {
    const { stage } = this;
    const { steps, images, className } = this.run;
    const { forward, compare } = this.also();
    if (steps === 0) return stage.describe(text('stage.alt.empty'));
    const named = className === 'none' ? text('controls.class.none') : className === 'all' ? text('controls.class.all') : className;
    let shown = stage.views.map((view) => text(spoken[view])).join(text('stage.alt.and'));
    if (compare.on && !forward.on) shown = text('compare.alt', { shown, ...compare.words });
    const values = { step: stage.clock.current, steps: stage.clock.shape.steps, images, shown, class: named };
    if (forward.on) return stage.describe(text('forward.alt', values));
    stage.describe(text(images > 1 ? 'stage.alt.many' : 'stage.alt.one', values));
  }
}

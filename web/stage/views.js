// The ways to look at a step: which are shown, the buttons that choose them,
// and what is written above each on the stage.

/** @import { Facts, Frame } from './film.js' */
/** @import { Key } from '../text/i18n.js' */
import { language, say } from '../text/i18n.js';
import { element } from '../document/elements.js';

/** In the order in which they stand on the stage. */
export const views = /** @type {const} */ (['xt', 'x0', 'epsilon', 'score', 'change']);
/** @typedef {typeof views[number]} View */

/** Standard deviations that a picture of the noise tells apart, as in wasm/protocol. */
const noiseRange = 3;

/**
 * The pixels of a view. The score is the noise times a negative number.
 * @param {Frame | undefined} frame @param {View} view
 */
export function pixelsOf(frame, view) {
  return frame?.[view === 'score' ? 'epsilon' : view];
}

/** @param {View} view */
export function isSigned(view) {
  return view !== 'xt' && view !== 'x0';
}

/** How each is called in words alone. @type {Record<View, Key>} */
export const spoken = {
  xt: 'stage.alt.xt',
  x0: 'stage.alt.x0',
  epsilon: 'stage.alt.epsilon',
  score: 'stage.alt.score',
  change: 'stage.alt.change',
};

/** The views of the page where there is room for two. @type {View[]} */
const both = ['xt', 'x0'];
/** Where there is room for one. */
const narrow = '(max-width: 39.99rem)';

/** The buttons above the stage, of which at least one stays pressed. */
export class ViewButtons {
  /**
   * @param {View[]} shown
   * @param {(shown: View[]) => void} changed
   */
  constructor(shown, changed) {
    this.shown = shown;
    this.changed = changed;
    for (const view of views) element(`view-${view}`).addEventListener('click', () => this.toggle(view));
    this.#press();
  }

  /** On a phone x_t and x̂0 take each other's place. @param {View} view */
  toggle(view) {
    if (this.turns && both.includes(view) && matchMedia(narrow).matches) return this.show([view]);
    const shown = views.filter((v) => this.shown.includes(v) !== (v === view));
    if (shown.length === 0) return;
    this.shown = shown;
    this.#press();
    this.changed(shown);
  }

  /** Whether one of x_t and x̂0 is shown alone, so that the other can take its place. */
  get turns() {
    return this.shown.length === 1 && both.includes(this.shown[0]);
  }

  /** Goes from x_t on to x̂0, or back. @param {1 | -1} way */
  turn(way) {
    const to = this.turns && both[both.indexOf(this.shown[0]) + way];
    if (to) this.show([to]);
  }

  /** Shows views that were asked for elsewhere. @param {View[]} shown */
  show(shown) {
    if (shown.join() === this.shown.join()) return;
    this.shown = shown;
    this.#press();
    this.changed(shown);
  }

  #press() {
    for (const view of views) element(`view-${view}`).setAttribute('aria-pressed', String(this.shown.includes(view)));
  }
}

/**
 * What the colours of the signed views stand for at a step. Pictures of a grid
 * differ in their largest change, so there is no number for it then.
 * @param {Facts | undefined} facts @param {number} images
 * @param {number} [side] of those that are compared
 */
export function showLegends(facts, images, side = 0) {
  const of = (/** @type {View} */ view) => element(side ? `caption-${view}-${side}` : `caption-${view}`);
  legend(of('epsilon'), noiseRange);
  legend(of('score'), facts && facts.alphaBar < 1 ? noiseRange / Math.sqrt(1 - facts.alphaBar) : undefined);
  legend(of('change'), images === 1 ? facts?.largest : undefined);
}

/** @param {HTMLElement} caption @param {number | undefined} range */
function legend(caption, range) {
  const [low, high] = caption.querySelectorAll('.legend span');
  const n = () => (range === undefined ? '' : range.toLocaleString(language(), { maximumSignificantDigits: 2 }));
  say(low, 'stage.below', { n });
  say(high, 'stage.above', { n });
}

/**
 * The views of the page without a wish: on a phone, which has room for one, x_t alone,
 * unless two runs are compared, whose pictures are small.
 * @returns {View[]}
 */
export function usual() {
  const compared = new URLSearchParams(location.search).has('against');
  return matchMedia(narrow).matches && !compared ? ['xt'] : both;
}

/** The views that an address asks for, ?views=xt,score. @param {View[]} [otherwise] */
export function wished(otherwise = both) {
  const asked = (new URLSearchParams(location.search).get('views') ?? '').split(',');
  const known = views.filter((view) => asked.includes(view));
  return known.length > 0 ? known : otherwise;
}

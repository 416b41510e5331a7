// The names above the pictures: one for each view and, where runs are
// compared, for each side of it.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Layout } from './layout.js' */
/** @import { View } from './views.js' */
import { say } from '../text/i18n.js';
import { views as allViews } from './views.js';

/** As in page.css, and no more than layout.js leaves room for. */
const height = 26;

/** @typedef {[Key, Values]} Sentence */

/** @type {Record<View, Key>} */
const names = { xt: 'stage.xt', x0: 'stage.x0', epsilon: 'stage.epsilon', score: 'stage.score', change: 'stage.change' };

export class Captions {
  /** @param {Record<View, HTMLElement>} captions of the first side */
  constructor(captions) {
    this.captions = captions;
    /** @type {Map<View, HTMLElement[]>} */
    this.sides = new Map(allViews.map((view) => [view, [captions[view]]]));
  }

  /** Sees that each side has captions. @param {number} sides */
  sided(sides) {
    for (const [view, captions] of this.sides) while (captions.length < sides) captions.push(this.#another(view, captions.length));
  }

  /** Says what a view shows, on each side. @param {View} view @param {Key} key @param {Values} [values] */
  name(view, key, values) {
    for (const caption of this.sides.get(view) ?? []) say(/** @type {Element} */ (caption.querySelector('.name')), key, values);
  }

  /**
   * Puts the captions above their pictures.
   * @param {Layout} layout @param {View[]} views @param {number[]} sides that are shown
   * @param {number} ratio device pixels per CSS pixel
   */
  place(layout, views, sides, ratio) {
    for (const [view, captions] of this.sides) {
      captions.forEach((caption, side) => {
        const at = views.indexOf(view);
        const column = sides.indexOf(side);
        const shown = at >= 0 && column >= 0;
        caption.hidden = !shown;
        if (shown) put(caption, layout.panels[at * sides.length + column], ratio);
      });
    }
  }

  /** A caption like that of the first side. @param {View} view @param {number} side */
  #another(view, side) {
    const caption = /** @type {HTMLElement} */ (this.captions[view].cloneNode(true));
    caption.id = `caption-${view}-${side}`;
    // What it is called there may be that of a finished run.
    say(/** @type {Element} */ (caption.querySelector('.name')), names[view]);
    // Of a difference there are only greys.
    if (side === 2) caption.querySelector('.legend')?.remove();
    const before = /** @type {HTMLElement[]} */ (this.sides.get(view));
    before[before.length - 1].after(caption);
    return caption;
  }
}

/**
 * Puts a caption above pictures. It is moved by a transform, so that growing pictures do not shift the layout.
 * @param {HTMLElement} caption @param {{x: number, y: number, w: number}} grid @param {number} ratio
 */
function put(caption, grid, ratio) {
  caption.style.transform = `translate(${grid.x / ratio}px, ${grid.y / ratio - height}px)`;
  caption.style.width = `${grid.w / ratio}px`;
}

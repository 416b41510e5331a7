// The names above the pictures: one for each view and, where runs are
// compared, for each side of it, which says what differs.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Layout } from './layout.js' */
/** @import { View } from './views.js' */
import { say } from '../text/i18n.js';
import { views as allViews } from './views.js';

/** As in page.css, and no more than layout.js leaves room for. */
const height = 26;

/** @typedef {[Key, Values]} Sentence */

export class Captions {
  /** What each side is called, where there are several. @type {Sentence[]} */
  #names = [];

  /** @param {Record<View, HTMLElement>} captions of the first side */
  constructor(captions) {
    this.captions = captions;
    /** @type {Map<View, HTMLElement[]>} */
    this.sides = new Map(allViews.map((view) => [view, [captions[view]]]));
  }

  /** @param {Sentence[]} names of the sides; none where there is one side alone */
  call(names) {
    this.#names = names;
    for (const view of allViews) names.forEach((_, side) => this.#named(view, side));
  }

  /**
   * Puts the captions above their pictures.
   * @param {Layout} layout @param {View[]} views @param {number} sides
   * @param {number} ratio device pixels per CSS pixel
   */
  place(layout, views, sides, ratio) {
    for (const [view, captions] of this.sides) {
      captions.forEach((caption, side) => {
        const at = views.indexOf(view);
        const shown = at >= 0 && side < sides;
        caption.hidden = !shown;
        if (shown) put(caption, layout.panels[at * sides + side], ratio);
        const name = caption.querySelector('.side');
        if (name) /** @type {HTMLElement} */ (name).hidden = this.#names.length === 0;
      });
    }
  }

  /** Writes what a side is called. @param {View} view @param {number} side */
  #named(view, side) {
    const captions = /** @type {HTMLElement[]} */ (this.sides.get(view));
    const caption = (captions[side] ??= this.#another(view, side));
    let name = caption.querySelector('.side');
    if (!name) {
      name = document.createElement('span');
      name.className = 'side';
      caption.prepend(name, ' ');
    }
    say(name, ...this.#names[side]);
  }

  /** A caption like that of the first side. @param {View} view @param {number} side */
  #another(view, side) {
    const caption = /** @type {HTMLElement} */ (this.captions[view].cloneNode(true));
    caption.id = `caption-${view}-${side}`;
    caption.querySelector('.side')?.remove();
    // Of a difference there are only greys.
    if (side === 2) caption.querySelector('.legend')?.remove();
    const before = /** @type {HTMLElement[]} */ (this.sides.get(view));
    before[before.length - 1].after(caption);
    return caption;
  }
}

/**
 * Puts a caption above pictures.
 * @param {HTMLElement} caption @param {{x: number, y: number, w: number}} grid @param {number} ratio
 */
function put(caption, grid, ratio) {
  caption.style.left = `${grid.x / ratio}px`;
  caption.style.width = `${grid.w / ratio}px`;
  caption.style.top = `${grid.y / ratio - height}px`;
}

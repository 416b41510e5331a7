// What can be taken away of a run: its link, a tag for another page, files. They are
// in one dialog, whose scripts come when it is opened first. And what comes back: a
// file that carries a recipe.

/** @import { Brought } from '../files/demo.js' */
/** @import { Stage } from '../stage/stage.js' */
import { allow, element, onClick } from '../document/elements.js';
import { say } from '../text/i18n.js';

/**
 * What is on the stage. weights: names of those in use, own: those among them that a person has brought;
 * whole: the recipe with the pixels that it begins with; query: the address's, how it is looked at
 * @typedef {{recipe: string, whole: string, query: string, sha256: string, name: string, weights: string[], own?: Brought}} Made
 * @typedef {{stage: Stage, made: () => Made, address: () => string, take: (file: File) => void}} Taken
 */

/** The script of each part, by the end of its tab's id. */
const parts = {
  link: async (/** @type {Taken} */ taken) => new (await import('./link.js')).Link(taken),
  embed: async (/** @type {Taken} */ taken) => new (await import('./embed.js')).Embed(taken),
  files: async (/** @type {Taken} */ taken) => new (await import('./files.js')).Files(taken),
};
/** @typedef {keyof typeof parts} Part */
const order = /** @type {Part[]} */ (Object.keys(parts));

export class Share {
  /** @type {Part} */
  #current = 'link';
  /** @type {Map<Part, Promise<{show: () => unknown}>>} */
  #there = new Map();
  /** Whether the run on the stage is a recording, which has to be drawn here before it can be saved. */
  #recorded = false;
  /** Whether it is being drawn. */
  #drawing = false;

  /**
   * @param {Omit<Taken, 'take'>} taken
   * @param {(recipe: string) => void} open
   * @param {(file: File) => void} foreign takes a file without a recipe
   * @param {() => void} draw draws the recording that is on the stage, if it can
   */
  constructor(taken, open, foreign, draw) {
    this.draw = draw;
    this.taken = { ...taken, take: (/** @type {File} */ file) => void this.take(file) };
    this.open = open;
    this.foreign = foreign;
    this.dialog = /** @type {HTMLDialogElement} */ (element('share'));
    onClick('share-open', () => this.#open('link'));
    onClick('save-open', () => this.#open('files'));
    onClick('share-close', () => this.dialog.close());
    for (const part of order) {
      const tab = element(`share-tab-${part}`);
      tab.addEventListener('click', () => void this.#show(part));
      tab.addEventListener('keydown', (event) => this.#pressed(event));
    }
  }

  /** Whether the run is whole, so that it can be saved. @param {boolean} whole */
  offer(whole) {
    const awaited = this.#recorded;
    this.#recorded = false;
    this.#drawing = awaited && !whole;
    allow('save-open', whole);
    if (!this.dialog.open) return;
    if (!whole && !awaited) this.dialog.close();
    else void this.#show(this.#current);
  }

  /** A recording is on the stage: its recipe can be shared, and its files made once it is drawn. @param {boolean} loaded whether it can be drawn */
  record(loaded) {
    this.#recorded = true;
    allow('share-open', true);
    allow('save-open', loaded);
  }

  /** There is a model now, which can draw it. */
  loaded() {
    if (!this.#recorded) return;
    allow('save-open', true);
    if (this.dialog.open) this.draw();
  }

  /**
   * Runs the recipe that is in a file.
   * @param {File} file @param {(file: File) => void} [foreign] takes one without a recipe
   */
  async take(file, foreign = this.foreign) {
    const { recipeIn } = await import('../files/png.js');
    const recipe = await recipeIn(file).catch(() => undefined); // then foreign says that it cannot be read
    if (this.dialog.open) this.dialog.close();
    if (recipe === undefined) return foreign(file);
    this.open(recipe);
  }

  /** @param {Part} part */
  #open(part) {
    this.dialog.showModal();
    if (this.#recorded) this.draw();
    void this.#show(part);
  }

  /** @param {Part} part */
  async #show(part) {
    this.#current = part;
    for (const other of order) {
      const chosen = other === part;
      element(`share-${other}-panel`).hidden = !chosen;
      element(`share-tab-${other}`).setAttribute('aria-selected', String(chosen));
      element(`share-tab-${other}`).tabIndex = chosen ? 0 : -1;
    }
    say(element('share-said'), '');
    let there = this.#there.get(part);
    if (!there) this.#there.set(part, (there = parts[part](this.taken)));
    try {
      const shown = await there;
      const lacking = part === 'files' && (this.#recorded || this.#drawing);
      element(`share-${part}-panel`).inert = lacking;
      if (lacking) return say(element('share-said'), 'share.drawing');
      await shown.show();
    } catch {
      this.#there.delete(part); // choosing it once more tries again
      say(element('share-said'), 'extras.lacking');
    }
  }

  /** @param {KeyboardEvent} event */
  #pressed({ key }) {
    const way = { ArrowRight: 1, ArrowLeft: order.length - 1 }[key];
    if (way === undefined) return;
    const to = order[(order.indexOf(this.#current) + way) % order.length];
    element(`share-tab-${to}`).focus();
    void this.#show(to);
  }
}

/**
 * The address of what is on the stage: with the step that is shown if it is not
 * the last.
 * @param {Stage} stage @param {string} recipe
 */
export function linkOf({ film }, recipe) {
  const link = new URL(location.href);
  link.hash = recipe;
  const query = link.search.slice(1).split('&').filter((part) => part !== '' && !part.startsWith('step='));
  if (film.shown && film.shown < film.latest) query.push(`step=${film.shown}`);
  link.search = query.join('&');
  return link.href;
}

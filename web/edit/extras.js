// Panels that few open: the script of each is fetched when it is opened first. Three
// lie beside the pictures: to draw one that a run begins with, to go from one seed to
// another, or about in a plane of seeds. One is a disclosure among the controls, two
// below the stage, which look into a step and fork a run there; and there are the lessons.

/** @import { Controls } from '../page/controls.js' */
/** @import { Mode } from '../page/modes.js' */
/** @import { Turn } from '../page/turning.js' */
/** @import { Engine } from '../engine/engine.js' */
/** @import { Inputs } from '../run/inputs.js' */
/** @import { Stage } from '../stage/stage.js' */
/** @import { Described, Model } from '../types.js' */
import { valueOf } from '../engine/fields.js';
import { say } from '../text/i18n.js';
import { element, onClick } from '../document/elements.js';

/**
 * What the panels may ask of the page.
 * @typedef {object} Host
 * @property {Stage} stage @property {Engine} engine @property {Inputs} inputs @property {Controls} controls
 * @property {() => Model | undefined} model @property {() => string} recipe of what is on the stage
 * @property {(recipe: string) => void} open runs a recipe
 * @property {(turn: Turn) => void} turned a control of a panel acts as those of the recipe do
 * @property {(step: number) => void} seek goes to a step
 * @property {(steps: number, images: number) => number} estimate milliseconds that a run takes, 0 if nothing is known
 * @property {(chain: boolean) => void} noise noises the picture on the stage, step by step as well or not
 * @property {(mode: Mode) => void} mode uses the stage in another way
 * @property {() => void} arrive shows what the address says
 * @property {(name: string) => Promise<string | undefined>} lacks why the page cannot have a model, if it cannot
 * @property {() => Uint8Array | undefined} [drawing] what was drawn, once the panel for that is there
 */

/**
 * @typedef {object} Panel
 * @property {(described: Described) => void} fill shows what a recipe comes to
 * @property {() => void} ended a run is over
 * @property {() => void} moved the stage shows another step
 * @property {() => Promise<boolean> | undefined} [settled] what is to end before the controls have its part of the recipe; whether they have then
 */

/** By the id of the panel. @type {Record<string, () => Promise<{panel: (host: Host) => Panel | Promise<Panel>}>>} */
const scripts = {
  edit: () => import('./edit.js'),
  between: () => import('./seeds.js'),
  plane: () => import('./plane.js'),
  bound: () => import('./bound.js'),
  work: () => import('../learn/work.js'),
  tree: () => import('./tree.js'),
  lessons: () => import('../learn/lessons.js'),
};

/** By what a run begins with, where that is chosen. */
const places = { picture: 'from-picture', seeds: 'between', plane: 'plane' };

export class Extras {
  /** @type {Panel[]} */
  #panels = [];
  /** @type {Described | undefined} */
  #described;

  /** Those whose script is here or on its way. @type {Set<string>} */
  #asked = new Set();

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    for (const id of Object.keys(scripts)) {
      const box = element(id);
      box.addEventListener('keydown', (event) => {
        // Enter is the panel's own button, not that of the form it stands in.
        if (event.key !== 'Enter' || event.defaultPrevented || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        /** @type {HTMLElement} */ (box.querySelector('.solid')).click();
      });
      if (box instanceof HTMLDetailsElement) box.addEventListener('toggle', () => box.open && this.open(id));
    }
    for (const radio of this.#from) radio.addEventListener('change', () => this.#show());
    onClick('fork', () => {
      const box = element('tree');
      const { current, shape } = this.host.stage.film;
      // After the last step there is nothing to fork.
      if (current === shape.steps && shape.steps > 1) this.host.seek(Math.round(shape.steps / 2));
      box.setAttribute('open', '');
      box.scrollIntoView({ block: 'center' });
      box.querySelector('summary')?.focus();
    });
  }

  /** What a run begins with: a picture, two seeds, or a plane of them. */
  get #from() {
    return /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('input[name="draw-from"]')]);
  }

  /** The mode is opened in which one draws. */
  draw() {
    void this.open('edit');
    this.#show();
  }

  #show() {
    const from = this.#from.find(({ checked }) => checked)?.value ?? 'picture';
    for (const [value, id] of Object.entries(places)) {
      element(id).hidden = value !== from;
      if (value === from && id in scripts && !element('edit').hidden) void this.open(id);
    }
  }

  /** A panel is opened; says whether it is there. @param {string} id */
  async open(id) {
    if (this.#asked.has(id)) return true;
    this.#asked.add(id);
    try {
      const { panel } = await scripts[id]();
      const there = await panel(this.host);
      say(element(`${id}-said`), '');
      if (this.#described) there.fill(this.#described);
      this.#panels.push(there);
      /** @type {HTMLElement} */ (element(id).querySelector('.inside')).inert = false;
      return true;
    } catch {
      this.#asked.delete(id); // opening it once more tries again
      say(element(`${id}-said`), 'extras.lacking');
      return false;
    }
  }

  /** Shows what a recipe comes to. @param {Described} described */
  fill(described) {
    const [image, to, plane] = ['image', 'to', 'plane'].map((key) => valueOf(described.fields, key));
    const before = (/** @type {string} */ key) => (this.#described ? valueOf(this.#described.fields, key) : '');
    if (to !== '' && before('to') === '') this.#choose('seeds');
    else if (plane !== '' && before('plane') === '') this.#choose('plane');
    else if (image !== '' && before('image') === '') this.#choose('picture');
    this.#described = described;
    element('mode-draw').toggleAttribute('data-used', image !== '' || to !== '' || plane !== '');
    element('tree').toggleAttribute('data-used', valueOf(described.fields, 'fork') !== '');
    for (const panel of this.#panels) panel.fill(described);
  }

  /** Shows what the recipe begins with. @param {keyof typeof places} from */
  #choose(from) {
    for (const radio of this.#from) radio.checked = radio.value === from;
    this.#show();
  }

  /** What is to end before the controls have the whole recipe; whether they have then. */
  settled() {
    return this.#panels.map((panel) => panel.settled?.()).find(Boolean);
  }

  /** The stage shows another step. */
  moved() {
    for (const panel of this.#panels) panel.moved();
  }

  /** A run is over. */
  ended() {
    for (const panel of this.#panels) panel.ended();
  }
}

// How a card sets the page: its recipe, how the stage is looked at, and the step. All of
// it goes through the address, as if its link had been followed.

/** @import { Host } from '../edit/extras.js' */
/** @import { Worked } from '../types.js' */
/** @import { Card } from './cards.js' */
import { asked } from '../document/address.js';
import { element } from '../document/elements.js';
import { wanted } from '../document/fragment.js';
import { isRunning } from '../document/state.js';

/** What an address says of how the stage is looked at, all of which a card sets. */
const looks = ['views', 'against', 'against-h', 'difference', 'wipe', 'forward', 'work', 'derive', 'plots', 'beside', 'zoom', 'at', 'step'];

/** @param {Card} card */
const viewOf = (card) => new URLSearchParams(card.view);

export class Setting {
  /** The card that is on its way to the stage. @type {Card | undefined} */
  #coming;
  /** What the panel beside has looked into last. @type {Worked | undefined} */
  #worked;

  /** @param {Host} host @param {() => void} worked told when the panel has looked into a step */
  constructor(host, worked) {
    this.host = host;
    element('work').addEventListener('worked', (event) => {
      this.#worked = /** @type {CustomEvent<Worked>} */ (event).detail;
      worked();
    });
  }

  /** The pixel that a card is about. @param {Card} card */
  placeOf(card) {
    const [column, row] = (viewOf(card).get('work') ?? '').split(',').map(Number);
    return Number.isInteger(row) ? { column, row } : undefined;
  }

  /** Whether the stage has the whole film of a card: its recipe, and what is shown beside. @param {Card} card */
  has(card) {
    const { films, film } = this.host.stage;
    const view = viewOf(card);
    const forward = view.get('forward');
    if (wanted(this.host.recipe()) !== card.recipe || !films.every((each) => each.complete)) return false;
    if (film.noised !== (forward !== null)) return false;
    if (film.noised) return film.shape.images === (forward === 'chain' ? 2 : 1);
    return films.length === (view.has('against') ? 2 : 1) && (asked('against') ?? '') === (view.get('against') ?? '');
  }

  /** Whether the stage is on its way to what a card is about. @param {Card} card */
  runs(card) {
    return isRunning() && wanted(this.host.recipe()) === card.recipe;
  }

  /** @param {Card} card @param {boolean} [arriving] in the present entry of the history */
  show(card, arriving = false) {
    const there = this.has(card);
    const view = viewOf(card);
    const query = new URLSearchParams(location.search);
    for (const key of looks) query.delete(key);
    for (const [key, value] of view) query.set(key, value);
    query.set('step', String(card.step));
    const search = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replace(/=(?=&|$)/g, '');
    // Only the pictures that the recipe makes can be noised, and these may be there already.
    const made = there || (view.has('forward') && this.#drawn(card));
    const address = `${location.pathname}?${search}${made ? location.hash : `#${card.recipe}`}`;
    if (address !== location.pathname + location.search + location.hash) history[arriving ? 'replaceState' : 'pushState'](null, '', address);
    this.#coming = card;
    dispatchEvent(new PopStateEvent('popstate'));
    this.host.mode(view.has('forward') ? 'forward' : view.has('against') ? 'compare' : 'view');
    const work = /** @type {HTMLDetailsElement} */ (element('work'));
    work.open = view.has('work');
    if (there) this.#arrive();
    else if (made) this.host.noise(view.get('forward') === 'chain');
  }

  /** Whether the finished picture of a card's recipe is on the stage, as it is or on its way into noise. @param {Card} card */
  #drawn(card) {
    const { films, film } = this.host.stage;
    return wanted(this.host.recipe()) === card.recipe && films.length === 1 && film.complete && !isRunning();
  }

  /** A run is over. */
  ended() {
    const card = this.#coming;
    if (!card || !this.#drawn(card)) return this.#came();
    const forward = viewOf(card).get('forward');
    if (forward === null) return this.#came();
    this.host.noise(forward === 'chain');
  }

  /** The stage shows another step. */
  moved() {
    if (this.host.stage.film.noised) this.#came();
  }

  /** What is on the stage may be what a card waits for. */
  #came() {
    if (this.#coming && this.has(this.#coming)) this.#arrive();
  }

  #arrive() {
    const card = this.#coming;
    this.#coming = undefined;
    if (!card) return;
    this.host.seek(card.step);
    // The stage may be higher now.
    element('lessons').scrollIntoView({ block: 'nearest' });
  }

  /** The numbers of the pixel that a card is about, where the panel shows them. @param {Card} card @param {number} step */
  worked(card, step) {
    const place = this.placeOf(card);
    const at = this.#worked;
    const same = place && at && at.step === step && at.column === place.column && at.row === place.row;
    return same && wanted(at.recipe) === wanted(this.host.recipe()) && !this.host.stage.film.noised ? at : undefined;
  }

  /** Looks into a step of what is on the stage. @param {number} step @param {{column: number, row: number}} [place] */
  work(step, place = { column: 0, row: 0 }) {
    const recipe = this.host.recipe();
    return this.host.engine.work({ recipe, ...this.host.inputs.of(recipe), step, ...place, picture: 0, channel: 0, drawn: false });
  }
}

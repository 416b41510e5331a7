// What is turned, acts: a control that a person changes runs what it comes to. While
// a slider is dragged, short runs of the same noise follow it. A run that will take
// long is offered instead, on the button that otherwise draws another picture.

/** @import { Described } from '../types.js' */
/** @import { Controls } from './controls.js' */
/** @import { Opener } from './opener.js' */
/** @import { Runs } from './runs.js' */
import { element } from '../document/elements.js';
import { isLoaded } from '../document/state.js';
import { recipeText, valueOf } from '../engine/fields.js';
import { say, seconds } from '../text/i18n.js';

/** Milliseconds of rest after which what is typed is meant. */
const rest = 500;
/** Milliseconds that a run may be expected to take, to begin without being asked for. */
const patience = 5000;
/** Milliseconds that a run may be expected to take, to follow a slider whole. */
const quick = 250;
/** Steps of the runs that follow a slider otherwise. */
const few = 8;

/** How a control is turned: at once, by typing, by dragging, or to the end of either. @typedef {'set' | 'type' | 'drag' | 'end'} Turn */

export class Turning {
  #due = 0;
  /** Whether a slider is dragged, so that the runs that follow it are one entry of the history. */
  #dragging = false;
  /** Whether the run that goes on follows a slider. */
  #glimpsing = false;
  /** Whether the slider has moved since. */
  #moved = false;
  /** Whether something was chosen, and the controls do not show yet what it comes to. */
  #chosen = false;
  /** Whether the button offers what the controls show. */
  offering = false;

  /** @param {Runs} runs @param {Controls} controls @param {Opener} opener */
  constructor(runs, controls, opener) {
    this.runs = runs;
    this.controls = controls;
    this.opener = opener;
  }

  /** @param {Turn} turn */
  turned(turn) {
    if (!this.forget() && turn === 'end' && !this.#dragging) return;
    this.#moved = false;
    if (!isLoaded()) return;
    this.opener.forestall();
    if (turn === 'drag') return this.#glimpse();
    const typed = turn === 'type';
    this.#chosen ||= !typed;
    this.#due = setTimeout(() => this.#run(), typed ? rest : 0);
  }

  /** The pointer is let go: a slider that is back where it was says nothing of that. */
  released() {
    if (this.#dragging) this.turned('end');
  }

  /** The button: what is offered, or another picture. */
  press() {
    if (!isLoaded()) return;
    if (!this.offering) this.controls.roll();
    void this.opener.draw();
  }

  #run() {
    this.#due = 0;
    const push = !this.#dragging;
    this.#dragging = this.#moved = false;
    void this.opener.turned(this.#chosen, push);
  }

  /** The controls show what they come to. */
  filled() {
    this.#chosen = false;
  }

  /** Whether what the controls come to is better offered than run; then it is. @param {Described} described */
  offers({ fields, taken }) {
    const expected = this.runs.estimate(taken, Number(valueOf(fields, 'n')));
    if (expected < patience) return false;
    this.runs.stay();
    this.#offer(true);
    say(element('start-name'), 'run.draw', { time: () => seconds(expected) });
    return true;
  }

  /** Another recipe is asked for: what is due is not wanted any more. Says whether something was. */
  forget() {
    const due = this.#due !== 0;
    clearTimeout(this.#due);
    this.#due = 0;
    return due;
  }

  /** A run is asked for: it follows no slider unless that is said next, and takes the place of what is due. */
  settle() {
    this.forget();
    this.#glimpsing = false;
  }

  /** What the controls show is run, or is what is on the stage again: there is nothing to offer. */
  taken() {
    this.#offer(false);
    say(element('start-name'), 'run.another');
  }

  /** A run is over: says whether it is a result, and not one that followed a slider. */
  ended() {
    if (this.runs.goes) return false; // another follows it already
    const glimpsed = this.#glimpsing;
    this.#glimpsing = false;
    if (this.#moved) this.#glimpse();
    return !glimpsed;
  }

  /** The run has ended early, or cannot be made. */
  stopped() {
    this.#glimpsing = false;
  }

  /** @param {boolean} offering */
  #offer(offering) {
    this.offering = offering;
    document.documentElement.toggleAttribute('data-offering', offering);
    element('ribbon').hidden = !offering;
  }

  #glimpse() {
    const { steps, n } = this.controls.numbers;
    const entries = this.controls.entries();
    const forked = entries.some(([key]) => key === 'fork'); // after a number of these steps
    const whole = forked || this.runs.estimate(steps, n) < quick;
    const recipe = recipeText(entries.map(([key, value]) => [key, key === 'steps' && !whole ? String(Math.min(few, steps)) : value]));
    const atOnce = whole || this.runs.estimate(Math.min(few, steps), n) < quick;
    if (this.#glimpsing) this.#moved = !(atOnce && this.runs.follow(recipe));
    else this.opener.glimpse(recipe, !this.#dragging, atOnce);
    this.#glimpsing = true;
    this.#dragging = true;
  }
}

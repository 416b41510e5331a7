// What saves a walk through the plane, round its corners, as a GIF or a video. It is
// built when it is opened first. Pictures are drawn while the page is used.

/** @import { Host } from './extras.js' */
/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Place } from './place.js' */
import { element } from '../document/elements.js';
import { Refusal, StartError } from '../engine/crew.js';
import { animation } from '../files/pictures.js';
import { hasEncoders, NoEncoderError, video } from '../files/video.js';
import { withoutStop } from '../load/loader.js';
import { button, handOver, made } from '../own/parts.js';
import { sized } from '../share/takes.js';
import { learn, say, seconds, text } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { en, zh } from '../text/save.js';
import { round } from './place.js';
import { Walk } from './walk.js';

/** How many pictures a walk may have: as many on each edge, of three and of four. */
const lengths = [24, 48, 96];
const usual = 48;
/** Milliseconds of a picture. */
const pace = 100;

/**
 * What the pad tells of the plane, and is told.
 * @typedef {object} Pad
 * @property {() => {corners: number, placed: boolean}} plane whether its recipe is of one place
 * @property {(goes: boolean) => void} saves whether a walk is being saved
 * @property {(place: Place) => void} went up to where it is drawn
 * @property {() => void} closed it is not wanted any more
 */

export class Saving {
  /** @type {Walk | undefined} */
  #walk;

  /** @param {Host} host @param {Pad} pad */
  constructor(host, pad) {
    learn(en, zh);
    this.host = host;
    this.pad = pad;
    this.hint = made('p', { class: 'hint', id: 'plane-saving-hint' });
    this.frames = made('select', { id: 'plane-frames', autocomplete: 'off' });
    for (const n of lengths) {
      const option = new Option('', String(n), n === usual, n === usual);
      say(option, 'plane.frames', { n });
      this.frames.append(option);
    }
    say(this.frames, 'plane.frames.label', {}, 'aria-label');
    this.frames.addEventListener('change', () => {
      this.#say('');
      this.show();
    });
    const close = made('button', { type: 'button', class: 'button icon-only plain', id: 'plane-close' });
    close.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#icon-close"/></svg>';
    for (const attribute of ['aria-label', 'title']) say(close, 'keys.close', {}, attribute);
    close.addEventListener('click', () => pad.closed());
    this.choices = made('div', { class: 'together' }, this.frames, this.#saves('gif', 'plane.gif'), this.#saves('video', 'save.video'), close);
    this.bar = made('progress', { id: 'plane-bar', max: '1', value: '0' });
    say(this.bar, 'save.bar', {}, 'aria-label');
    this.count = made('span', { class: 'count', id: 'plane-count' });
    this.cancel = button('plane-cancel', 'pill', 'run.cancel', () => this.#walk?.end());
    this.cancel.setAttribute('aria-describedby', this.count.id);
    this.progress = made('div', { class: 'together', id: 'plane-progress', hidden: '' }, this.bar, this.count, this.cancel);
    this.said = made('p', { class: 'hint', id: 'plane-saved', role: 'status' });
    const box = element('plane-saving');
    box.append(this.hint, this.said, this.choices, this.progress);
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      if (this.#walk) this.#walk.end();
      else pad.closed();
    });
  }

  /** It comes into sight, and takes the focus. */
  open() {
    this.#say('');
    this.show();
    this.frames.focus();
  }

  /** Whether a walk is being saved. */
  get goes() {
    return this.#walk !== undefined;
  }

  /** Says what there will be. */
  show() {
    const { controls, estimate } = this.host;
    const { steps, n } = controls.numbers;
    const frames = Number(this.frames.value);
    const expected = frames * estimate(steps, this.pad.plane().placed ? n : 1);
    const length = () => seconds(pace * frames);
    if (expected > 0) say(this.hint, 'plane.saving.time', { length, time: () => text('unit.s', { n: Math.ceil(expected / 1000) }) });
    else say(this.hint, 'plane.saving', { length });
  }

  /** @param {'gif' | 'video'} kind @param {Key} name */
  #saves(kind, name) {
    const made = button(`plane-${kind}`, 'pill', name, () => void this.#save(kind, made));
    made.setAttribute('aria-describedby', this.hint.id);
    made.hidden = kind === 'video' && !hasEncoders();
    return made;
  }

  /** @param {'gif' | 'video'} kind @param {HTMLElement} asked the button */
  async #save(kind, asked) {
    if (this.#walk) return;
    const { controls, engine, inputs } = this.host;
    const recipe = controls.recipe();
    const walk = (this.#walk = new Walk(engine, recipe, inputs.of(recipe)));
    this.#turn(true, this.cancel);
    this.#say('');
    try {
      const file = await this.#made(walk, kind);
      if (!file) return this.#say('save.cancelled');
      const { name, blob } = file;
      handOver(name, blob);
      this.#say('save.saved', { file: name, size: () => sized(blob.size) });
    } catch (error) {
      await this.#complain(error);
    } finally {
      walk.end();
      this.#walk = undefined;
      this.#turn(false, asked);
    }
  }

  /**
   * Draws a walk and makes a file of it.
   * @param {Walk} walk @param {'gif' | 'video'} kind
   * @returns {Promise<{name: string, blob: Blob} | undefined>} nothing after a cancel
   */
  async #made(walk, kind) {
    const { corners, placed } = this.pad.plane();
    const places = round(corners, Number(this.frames.value));
    this.#tell(0, places.length);
    this.pad.went(places[0]);
    const drawn = await walk.film(places, placed ? {} : { n: '1' }, (done) => {
      this.#tell(done, places.length);
      this.pad.went(places[done % places.length]);
    });
    if (!drawn) return undefined;
    const { film, recipe, hash } = drawn;
    const blob = await (kind === 'gif' ? animation : video)(film, ['xt'], recipe, () => !walk.over, { loops: true });
    return blob && { name: `tweedie-walk-${hash.slice(0, 8)}.${blob.type.split('/')[1]}`, blob };
  }

  /** @param {unknown} error */
  async #complain(error) {
    if (error instanceof Refusal && error.message) {
      await sentences();
      explain(this.said, error);
      this.hint.hidden = true;
    } else if (error instanceof Refusal) this.#say('error.crash');
    else if (error instanceof StartError) this.#say('error.worker');
    else if (error instanceof NoEncoderError) this.#say('plane.novideo');
    else this.#say('save.failed', { detail: error instanceof Error ? withoutStop(error.message) : '' });
  }

  /** Says what has come of it, in place of what there will be. @param {Key | ''} key @param {Values} [values] */
  #say(key, values) {
    say(this.said, key, values);
    this.hint.hidden = key !== '' || this.goes;
  }

  /** @param {number} done @param {number} of how many pictures */
  #tell(done, of) {
    this.bar.value = done / of;
    say(this.count, 'plane.count', { done, of });
  }

  /** A walk is saved from now on, or not any more; the focus stays where there is something to press. @param {boolean} goes @param {HTMLElement} next */
  #turn(goes, next) {
    const from = goes ? this.choices : this.progress;
    const focused = from.contains(document.activeElement);
    this.progress.hidden = !goes;
    this.choices.hidden = goes;
    if (focused) next.focus();
    this.show();
    this.pad.saves(goes);
  }
}

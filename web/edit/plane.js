// The panel of a plane between seeds, as a pad: where the pointer is, is what is drawn.
// Runs follow it as they follow a slider. While nothing else is drawn, a map of small
// pictures is made behind it, by an engine of its own.

/** @import { Host, Panel } from './extras.js' */
/** @import { Described, RunMessage, Started } from '../types.js' */
import { valueOf } from '../engine/fields.js';
import { en, zh } from '../text/edit.js';
import { learn, say, text } from '../text/i18n.js';
import { rgba } from '../stage/colours.js';
import { allow, element, lessMotion, onClick } from '../document/elements.js';
import { reason } from '../document/idle.js';
import { asPlace, inMap, stride, turns, walked } from './place.js';

learn(en, zh);

/** Pictures in a row of the map. */
const side = 8;
/** Steps of the map's pictures. */
const few = 8;
/** Milliseconds that the map may be expected to take. */
const patience = 15_000;
/** Milliseconds of rest after which the map goes on, or a place is meant that is only pointed at. */
const rest = 300;

/** @implements {Panel} */
class Plane {
  /** Seeds of the corners but the first, '' without a plane. */
  #seeds = '';
  #place = { x: 0.5, y: 0.5 };
  /** Whether the pointer that is not pressed moves the place. */
  #loose = true;
  /** The timer of a pointer that rests, and that of the map. */
  #rest = 0;
  #idle = 0;
  /** Seconds that the place has walked; −1 while it stands. */
  #walk = -1;
  #frame = 0;
  /** What the map on the canvas is of. */
  #mapped = '';
  /** @type {import('../engine/engine.js').Engine | undefined} */
  #engine;
  /** @type {Started | undefined} */
  #run;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.pad = element('plane-pad');
    const canvas = /** @type {HTMLCanvasElement} */ (element('plane-map'));
    this.map = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel', 'pointerleave'])
      this.pad.addEventListener(type, (event) => this.#pointed(/** @type {PointerEvent} */ (event)));
    this.pad.addEventListener('keydown', (event) => this.#key(event));
    this.pad.addEventListener('keyup', ({ key }) => key in turns && this.host.turned('end'));
    onClick('plane-dice', () => this.#throw());
    onClick('plane-walk', () => (this.#walk < 0 ? this.#go() : this.#stand()));
    onClick('plane-leave', () => this.#leave());
    this.#show();
  }

  /** @param {Described} described */
  fill({ fields }) {
    const [seeds, at] = [valueOf(fields, 'plane'), valueOf(fields, 'at')];
    this.#seeds = seeds;
    if (at) this.#place = asPlace(at);
    const idle = reason(fields.plane);
    for (const id of ['plane-dice', 'plane-walk']) allow(id, idle === '');
    this.pad.setAttribute('aria-disabled', String(idle !== ''));
    say(element('plane-said'), idle);
    this.#show();
  }

  ended() {
    clearTimeout(this.#idle);
    if (this.#walk < 0) this.#idle = setTimeout(() => void this.#draw(), rest);
  }

  moved() {}

  #show() {
    const { x, y } = this.#place;
    const used = this.#seeds !== '';
    element('plane-leave').hidden = !used;
    element('plane-walk').hidden = !used || lessMotion().matches; // what moves by itself is not wanted there
    this.pad.toggleAttribute('data-used', used);
    this.pad.toggleAttribute('data-locked', !this.#loose);
    this.pad.style.setProperty('--x', String(inMap(x, side)));
    this.pad.style.setProperty('--y', String(inMap(y, side)));
    const percent = (/** @type {number} */ part) => Math.round(100 * part);
    this.pad.setAttribute('aria-valuenow', String(percent(x)));
    this.pad.setAttribute('aria-valuetext', used ? text('plane.at', { x: percent(x), y: percent(y) }) : text('plane.none'));
    say(element('plane-walk'), this.#walk < 0 ? 'plane.walk' : 'time.hold');
    if (!used) this.#forget();
  }

  /** @param {PointerEvent} event */
  #pointed(event) {
    if (this.pad.getAttribute('aria-disabled') === 'true') return;
    const { type, pointerId, pointerType, clientX, clientY, buttons } = event;
    if (type === 'pointerdown') {
      if (event.button !== 0) return;
      this.#stand();
      this.pad.setPointerCapture(pointerId);
      this.#loose = !this.#seeds || !this.#loose;
    }
    const pressed = buttons % 2 === 1;
    const points = pressed || (this.#loose && pointerType === 'mouse' && this.#seeds !== '' && this.#walk < 0);
    if (type === 'pointermove' || type === 'pointerdown') {
      if (!points) return;
      const { left, top, width, height } = this.pad.getBoundingClientRect();
      this.#to((clientX - left) / width, (clientY - top) / height);
      this.#restSoon();
    } else if (points || type !== 'pointerleave') this.#meant();
  }

  /** The pad is at a place of its own size. @param {number} x @param {number} y */
  #to(x, y) {
    this.#move(inMap(x, side, true), inMap(y, side, true));
  }

  /** A pointer that rests means where it is. */
  #restSoon() {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#meant(), rest);
  }

  #meant() {
    clearTimeout(this.#rest);
    if (this.#seeds) this.host.turned('end');
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, shiftKey } = event;
    const way = turns[key];
    if (!way || this.pad.getAttribute('aria-disabled') === 'true') return;
    event.preventDefault();
    this.#stand();
    const { x, y } = this.#place;
    this.#move(x + way[0] * stride(shiftKey), y + way[1] * stride(shiftKey));
  }

  /** Draws what is at a place. @param {number} x @param {number} y */
  #move(x, y) {
    const { controls, turned } = this.host;
    const within = (/** @type {number} */ part) => Math.round(1000 * Math.min(1, Math.max(0, part))) / 1000;
    this.#place = { x: within(x), y: within(y) };
    if (!this.#seeds) this.#roll();
    controls.write({ plane: this.#seeds, at: `${this.#place.x},${this.#place.y}`, to: '' });
    /** @type {HTMLInputElement} */ (element('images')).value = '1';
    clearTimeout(this.#idle);
    this.#engine?.steer('pause');
    this.#show();
    turned('drag');
  }

  #roll() {
    const own = Number(/** @type {HTMLInputElement} */ (element('seed')).value) % 1_000_000;
    /** @type {Set<number>} */
    const seeds = new Set([own]);
    while (seeds.size < 4) seeds.add(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000);
    this.#seeds = [...seeds].slice(1).join(',');
  }

  /** Gives the other corners other seeds. */
  #throw() {
    this.#seeds = '';
    this.#forget();
    this.#move(this.#place.x, this.#place.y);
    this.host.turned('end');
  }

  /** The place walks by itself. */
  #go() {
    const began = performance.now();
    const { x, y } = this.#place;
    this.#walk = 0;
    const step = (/** @type {number} */ now) => {
      if (this.#walk < 0) return;
      this.#walk = (now - began) / 1000;
      const at = walked(x, y, this.#walk);
      if (!this.pad.checkVisibility()) return this.#stand();
      this.#move(at.x, at.y);
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
    this.#show();
  }

  #stand() {
    if (this.#walk < 0) return;
    cancelAnimationFrame(this.#frame);
    this.#walk = -1;
    this.#show();
    this.host.turned('end');
  }

  #leave() {
    const { controls, open } = this.host;
    this.#stand();
    controls.write({ plane: '', at: '' });
    element('plane-pad').focus();
    open(controls.recipe());
  }

  /** Makes the map, or what is left of it, while nothing else is drawn. */
  async #draw() {
    if (!this.#seeds || !this.pad.checkVisibility()) return;
    const { engine, inputs, recipe, estimate } = this.host;
    const of = recipe();
    if (!of) return;
    const images = [side * side, 16].find((n) => estimate(few, n) < patience);
    if (!images) return;
    const wanted = await engine
      .describe(of, inputs.of(of), { without: ['result', 'at'], set: { n: String(images), steps: String(few) } })
      .then((described) => described.recipe, () => '');
    if (!wanted || !this.#seeds) return;
    if (wanted === this.#mapped) return void this.#engine?.steer('resume');
    this.#forget();
    this.#mapped = wanted;
    this.#engine = engine.twin((message) => this.#heard(message));
    this.#engine.run(wanted, false, inputs.of(of));
  }

  /** @param {RunMessage} message */
  #heard(message) {
    if (message.type === 'started') this.#run = message;
    if (message.type === 'step' && this.#run) {
      const { images, width, height, channels } = this.#run;
      const row = Math.sqrt(images);
      const { canvas } = this.map;
      if (canvas.width !== row * width) Object.assign(canvas, { width: row * width, height: row * height });
      this.map.putImageData(rgba(message.x0, width, height, channels, 'x0'), (message.image % row) * width, Math.trunc(message.image / row) * height);
    }
    if (message.type === 'done' || message.type === 'failed') this.#release();
  }

  /** The map's engine goes: it holds memory. */
  #release() {
    if (!this.#engine) return;
    this.#engine.end();
    this.#engine = undefined;
    this.host.engine.alone();
  }

  /** The map is of other pictures. */
  #forget() {
    this.#mapped = '';
    this.#run = undefined;
    this.#release();
    this.map.clearRect(0, 0, this.map.canvas.width, this.map.canvas.height);
  }
}

/** @param {Host} host */
export function panel(host) {
  return new Plane(host);
}

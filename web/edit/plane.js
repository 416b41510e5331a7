// The panel of a plane between seeds, as a pad: where the pointer is, is what is drawn.
// Runs follow it as they follow a slider. While nothing else is drawn, a map of small
// pictures is made behind it, by an engine of its own. Around it are the seeds.

/** @import { Host, Panel } from './extras.js' */
/** @import { Described, RunMessage, Started } from '../types.js' */
import { valueOf } from '../engine/fields.js';
import { en, zh } from '../text/edit.js';
import { learn, say, text } from '../text/i18n.js';
import { rgba } from '../stage/colours.js';
import { allow, element, lessMotion, onClick } from '../document/elements.js';
import { reason } from '../document/idle.js';
import { isRunning } from '../document/state.js';
import { Corners } from './corners.js';
import { asPlace, inMap, spread, stride, turns, walked } from './place.js';

learn(en, zh);

/** Pictures in a row of the fullest map. */
const side = 8;
/** How many a map may have. */
const full = [side * side, 36, 16];
/** Pixels of the canvas for one of a picture, so that few pictures can be larger. */
const zoom = 2;
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
  /** Those that a plane will have which is begun here. */
  #next = '';
  /** The seed of the first, which is the recipe's own. */
  #first = '';
  #place = { x: 0.5, y: 0.5 };
  /** Whether the pointer that is not pressed moves the place. */
  #loose = true;
  /** The timer of a pointer that rests, and that of the map. */
  #rest = 0;
  #idle = 0;
  /** Seconds that the place has walked; −1 while it stands. */
  #walk = -1;
  #frame = 0;
  /** What saves a walk, once it was opened. @type {import('./saving.js').Saving | undefined} */
  #saving;
  /** Whether the recipe is of one place in the plane. */
  #placed = false;
  /** The corners of the walk that is saved. */
  #way = '';
  /** What the map on the canvas is of. */
  #mapped = '';
  /** @type {import('../engine/engine.js').Engine | undefined} */
  #engine;
  /** @type {Started | undefined} */
  #run;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.#first = field('seed').value;
    this.pad = element('plane-pad');
    this.corners = new Corners((corner) => this.#another(corner), (one, other) => this.#swap(one, other));
    const canvas = /** @type {HTMLCanvasElement} */ (element('plane-map'));
    this.map = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    this.small = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
    for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel', 'pointerleave'])
      this.pad.addEventListener(type, (event) => this.#pointed(/** @type {PointerEvent} */ (event)));
    this.pad.addEventListener('keydown', (event) => this.#key(event));
    this.pad.addEventListener('keyup', ({ key }) => key in turns && this.host.turned('end'));
    onClick('plane-dice', () => this.#throw());
    onClick('plane-walk', () => (this.#walk < 0 ? this.#go() : this.#stand()));
    onClick('plane-save', () => void this.#unfold());
    onClick('plane-leave', () => this.#leave());
    new ResizeObserver(() => this.ended()).observe(this.pad); // it comes into sight
    this.#show();
  }

  /** @param {Described} described */
  fill({ fields }) {
    const [seeds, at] = [valueOf(fields, 'plane'), valueOf(fields, 'at')];
    this.#next = seeds || this.#seeds || this.#next; // the same again for who leaves it
    this.#seeds = seeds;
    this.#first = valueOf(fields, 's');
    this.#placed = at !== '';
    if (at) this.#place = asPlace(at);
    const idle = reason(fields.plane);
    for (const id of ['plane-dice', 'plane-walk', 'plane-save']) allow(id, idle === '');
    this.pad.setAttribute('aria-disabled', String(idle !== ''));
    say(element('plane-said'), idle);
    this.#show();
    this.#saving?.show();
  }

  ended() {
    clearTimeout(this.#idle);
    if (this.#walk < 0) this.#idle = setTimeout(() => isRunning() || void this.#draw(), rest);
  }

  moved() {}

  #show() {
    const { x, y } = this.#place;
    const used = this.#seeds !== '';
    element('plane-hint').hidden = used;
    element('plane-used').hidden = !used;
    this.corners.show(this.#all, this.pad.getAttribute('aria-disabled') === 'true');
    element('plane-walk').hidden = !used || lessMotion().matches; // what moves by itself is not wanted there
    element('plane-save').hidden = !used;
    if (!used && !this.#saving?.goes) this.#fold(true);
    this.pad.toggleAttribute('data-used', used);
    this.pad.toggleAttribute('data-locked', !this.#loose);
    this.pad.toggleAttribute('data-walks', this.#walk >= 0);
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
    this.host.turned('end'); // also where another recipe has taken the plane away meanwhile
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
    const within = (/** @type {number} */ part) => Math.round(1000 * Math.min(1, Math.max(0, part))) / 1000;
    this.#place = { x: within(x), y: within(y) };
    if (!this.#seeds) this.#seeds = this.#all.slice(1).join(',');
    this.#put();
    clearTimeout(this.#idle);
    this.#engine?.steer('pause');
    this.#show();
    this.host.turned('drag');
  }

  /** The seeds of all corners, also of a plane that is not begun yet. */
  get #all() {
    if (!this.#seeds && (!this.#next || this.#next.split(',').includes(this.#first))) this.#next = others(this.#first);
    return [this.#first, ...(this.#seeds || this.#next).split(',')];
  }

  /** Gives one corner another seed. @param {number} corner */
  #another(corner) {
    const seeds = this.#all;
    const seed = (seeds[corner] = another(seeds));
    this.#take(seeds);
    say(element('plane-changed'), 'plane.changed', { corner: corner + 1, seed });
  }

  /** @param {number} one @param {number} other corners that swap their seeds */
  #swap(one, other) {
    const seeds = this.#all;
    [seeds[one], seeds[other]] = [seeds[other], seeds[one]];
    this.#take(seeds);
    say(element('plane-changed'), 'plane.swapped', { one: one + 1, other: other + 1 });
  }

  /** The corners have these seeds, of which the first is that of the recipe. @param {string[]} seeds */
  #take([first, ...others]) {
    const { controls, turned } = this.host;
    this.#stand();
    if (first !== this.#first) this.#first = field('seed').value = first; // what is wrong with it is another matter
    const begins = !this.#seeds;
    this.#seeds = others.join(',');
    if (begins) this.#put();
    else controls.write({ plane: this.#seeds });
    this.#forget();
    this.#show();
    turned('set');
  }

  /** The recipe is of one place in the plane. */
  #put() {
    this.#placed = true;
    this.host.controls.write({ plane: this.#seeds, at: `${this.#place.x},${this.#place.y}`, to: '' });
    field('images').value = '1';
  }

  /** Gives the other corners other seeds. */
  #throw() {
    this.#seeds = others(this.#first);
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
      this.#walk = Math.max(0, now - began) / 1000; // a frame may have begun before the press
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

  /** What saves a walk takes the place of the other buttons: one that walks would keep it waiting. */
  async #unfold() {
    try {
      const { Saving } = await import('./saving.js');
      this.#saving ??= new Saving(this.host, {
        plane: () => ({ corners: this.#all.length, placed: this.#placed }),
        saves: (goes) => this.#saves(goes),
        went: ({ x, y }) => this.#went(x, y),
        closed: () => {
          this.#fold(true);
          element('plane-save').focus();
        },
      });
    } catch {
      return say(element('plane-said'), 'extras.lacking'); // pressing it once more tries again
    }
    this.#stand();
    this.#fold(false);
    this.#saving.open();
  }

  /** @param {boolean} folded */
  #fold(folded) {
    element('plane-saving').hidden = folded;
    element('plane-acts').hidden = !folded;
    this.pad.toggleAttribute('data-way', !folded);
  }

  /** A walk is saved from now on, or not any more: the map waits for that. @param {boolean} goes */
  #saves(goes) {
    this.#way = goes ? this.#all.join() : '';
    if (goes) this.#engine?.steer('pause');
    else this.ended();
    this.#show();
    this.#went(0, 0);
  }

  /** The walk that is saved is at a place. @param {number} x @param {number} y */
  #went(x, y) {
    this.pad.toggleAttribute('data-went', this.#way === this.#all.join());
    this.pad.style.setProperty('--went-x', String(x));
    this.pad.style.setProperty('--went-y', String(y));
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
    if (!this.#seeds || this.#saving?.goes || !this.pad.checkVisibility()) return;
    const { engine, inputs, recipe, estimate } = this.host;
    const of = recipe();
    if (!of) return;
    const images = full.find((n) => estimate(few, n) < patience);
    if (!images) return;
    const wanted = await engine
      .describe(of, inputs.of(of), { without: ['result', 'at'], set: { n: String(images), steps: String(few) } })
      .then((described) => described.recipe, () => '');
    if (!wanted || !this.#seeds || this.#saving?.goes) return;
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
      Object.assign(this.small.canvas, { width, height });
      this.small.putImageData(rgba(message.x0, width, height, channels, 'x0'), 0, 0);
      if (canvas.width !== zoom * side * width) Object.assign(canvas, { width: zoom * side * width, height: zoom * side * height });
      const { from, size } = spread(row, side);
      const at = (/** @type {number} */ i, /** @type {number} */ pixels) => zoom * pixels * from(i);
      this.map.imageSmoothingEnabled = false;
      this.map.drawImage(this.small.canvas, at(message.image % row, width), at(Math.trunc(message.image / row), height), zoom * size * width, zoom * size * height);
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

/** @param {string} id */
function field(id) {
  return /** @type {HTMLInputElement} */ (element(id));
}

/** Seeds of the other corners of a square. @param {string} first */
function others(first) {
  const seeds = [first];
  while (seeds.length < 4) seeds.push(another(seeds));
  return seeds.slice(1).join(',');
}

/** A seed that none of some is. @param {string[]} seeds */
function another(seeds) {
  for (;;) {
    const seed = String(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000);
    if (!seeds.includes(seed)) return seed;
  }
}

/** @param {Host} host */
export function panel(host) {
  return new Plane(host);
}

// The pad on which a fork is painted: the network's guess of the step on the stage,
// with spots of paint, by pointer, or by keys, which move a brush.

/** @import { Spot } from './spots.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Stage } from '../stage/stage.js' */
import { option } from '../run/knobs.js';
import { rgba } from '../stage/colours.js';
import { say } from '../text/i18n.js';
import { mostSpots, painted, textOfSpots } from './spots.js';

/** Radii of the brush, in pixels of the picture. */
const radii = [0, 1, 2, 3, 5, 8];
/** @type {[string, Key][]} */
const greys = [['ff', 'tree.white'], ['80', 'tree.grey'], ['00', 'tree.black']];
/** Device pixels of the pad for one of the picture, at least so that all are about as large. */
const side = 320;
/** @type {Record<string, [number, number]>} */
const turns = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Dabs {
  /** @type {Spot[]} */
  spots = [];
  /** Where the brush is. */
  #at = { x: 0, y: 0 };
  /** Where the last spot of a stroke is. @type {{x: number, y: number} | undefined} */
  #last;
  box = document.createElement('div');
  canvas = document.createElement('canvas');
  shade = document.createElement('select');
  colour = document.createElement('input');
  size = document.createElement('select');
  clear = document.createElement('button');
  said = document.createElement('p');
  #small = document.createElement('canvas');

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.box.className = 'dabs';
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'application');
    say(this.canvas, 'tree.pad', {}, 'aria-label');
    this.shade.append(...greys.map(([value, name]) => option(value, name)));
    this.colour.type = 'color';
    this.colour.value = '#d2421e';
    for (const control of [this.shade, this.colour]) say(control, 'tree.colour', {}, 'aria-label');
    this.size.append(...radii.map((radius) => new Option('', String(radius))));
    for (const each of this.size.options) say(each, 'tree.brush', { n: 2 * Number(each.value) + 1 });
    say(this.size, 'tree.size', {}, 'aria-label');
    this.size.value = '2';
    this.clear.type = 'button';
    this.clear.className = 'button pill';
    say(this.clear, 'tree.clear');
    this.clear.addEventListener('click', () => this.empty());
    this.said.className = 'hint';
    this.said.setAttribute('role', 'status');
    const tools = document.createElement('div');
    tools.append(this.size, this.shade, this.colour, this.clear, this.said);
    this.box.append(this.canvas, tools);
    this.canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.canvas.setPointerCapture(event.pointerId);
      this.#last = undefined;
      this.#pointed(event);
    });
    this.canvas.addEventListener('pointermove', (event) => event.buttons % 2 === 1 && this.#pointed(event));
    this.canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  /** The value of the paint in a recipe, '' without any. */
  get value() {
    return textOfSpots(this.spots);
  }

  /** Takes all paint away. */
  empty() {
    this.spots = [];
    say(this.said, '');
    this.show();
  }

  /** Shows the guess of the step on the stage, painted. */
  show() {
    const { film } = this.stage;
    const { width, height, channels } = film.shape;
    const x0 = film.frame(0)?.x0;
    if (!x0 || channels > 3) return;
    if (this.#small.width !== width || this.#small.height !== height) {
      Object.assign(this.#small, { width, height });
      const scale = Math.max(1, Math.round(side / Math.max(width, height)));
      Object.assign(this.canvas, { width: scale * width, height: scale * height });
      this.#at = { x: width >> 1, y: height >> 1 };
      this.spots = []; // they were of pictures of another size
    }
    this.shade.hidden = channels > 1;
    this.colour.hidden = channels === 1;
    this.#small.getContext('2d')?.putImageData(painted(rgba(x0, width, height, channels, 'x0'), this.spots), 0, 0);
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    const scale = this.canvas.width / width;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#small, 0, 0, this.canvas.width, this.canvas.height);
    context.lineWidth = 2;
    context.strokeStyle = '#ffc24d';
    context.beginPath();
    context.arc((this.#at.x + 0.5) * scale, (this.#at.y + 0.5) * scale, (Number(this.size.value) + 0.5) * scale, 0, 2 * Math.PI);
    context.stroke();
  }

  /** @param {PointerEvent} event */
  #pointed({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    this.#move(Math.floor(((clientX - left) / width) * this.#small.width), Math.floor(((clientY - top) / height) * this.#small.height));
    const apart = Math.max(1, Number(this.size.value));
    if (this.#last && Math.hypot(this.#at.x - this.#last.x, this.#at.y - this.#last.y) < apart) return this.show();
    this.#paint();
  }

  /** @param {number} x @param {number} y */
  #move(x, y) {
    const within = (/** @type {number} */ at, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, at));
    this.#at = { x: within(x, this.#small.width), y: within(y, this.#small.height) };
  }

  #paint() {
    this.#last = this.#at;
    if (this.spots.length === mostSpots) return say(this.said, 'tree.full', { most: mostSpots });
    this.spots.push({ ...this.#at, radius: Number(this.size.value), colour: this.colour.hidden ? this.shade.value : this.colour.value.slice(1) });
    say(this.said, 'tree.spots', { n: this.spots.length, most: mostSpots });
    this.show();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key } = event;
    const way = turns[key];
    if (!way && key !== ' ') return;
    event.preventDefault();
    if (!way) return this.#paint();
    this.#move(this.#at.x + way[0], this.#at.y + way[1]);
    say(this.said, 'tree.brush.at', { x: this.#at.x + 1, y: this.#at.y + 1 });
    this.show();
  }
}

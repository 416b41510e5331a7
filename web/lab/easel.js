// The canvas above the plane while the brush is in hand: it shows the painting and the brush, and
// tells of touches, by pointer, finger, pen or keys. What they paint the lab's program says.

/** @import { Painted } from './messages.js' */
/** @import { Window } from './scene.js' */
import { placed } from './painter.js';
import { paints } from './paints.js';

/** How strongly paint shows: the least of it, and what a full cell has more. */
const thin = 0.14;
const thick = 0.5;
/** Cells that a key goes with Shift. */
const stride = 4;
/** The button of a pen's other end. */
const rubber = 5;

/**
 * @typedef {object} Told
 * @property {(rubber: boolean) => void} begun a stroke, with the eraser of a pen or not
 * @property {(x: number, y: number, pressure: number) => void} touched a point of the plane
 * @property {() => void} lifted the stroke is over
 * @property {(cursor: {column: number, row: number}, down: boolean) => void} moved by keys
 * @property {(key: string) => boolean} pressed another key; whether it meant something
 */

export class Easel {
  /** What is painted. @type {Pick<Painted, 'cells' | 'colours'> | undefined} */
  painting;
  /** Cells along a side, levels of a cell, and the names of the colours. */
  side = 1;
  levels = 1;
  /** @type {string[]} */
  names = [];
  /** Of the brush, in cells. */
  radius = 1.5;
  /** Of the brush; none for an eraser. */
  colour = '';
  /** The cell that keys have come to. @type {{column: number, row: number} | undefined} */
  cursor;
  /** Where the brush is, in the plane. @type {[number, number] | undefined} */
  #at;
  /** The pointer that paints. */
  #pointer = -1;
  /** Whether keys have put the brush down. */
  #down = false;
  #asked = false;
  #small = document.createElement('canvas');

  /** @param {HTMLCanvasElement} canvas @param {() => Window} window that is seen of the plane @param {Told} on */
  constructor(canvas, window, on) {
    this.canvas = canvas;
    this.window = window;
    this.on = on;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    new ResizeObserver(() => this.show()).observe(canvas);
    canvas.addEventListener('pointerdown', (event) => this.#begin(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) canvas.addEventListener(end, (event) => this.#end(event));
    canvas.addEventListener('pointerleave', () => this.#hover(undefined));
    canvas.addEventListener('contextmenu', (event) => event.preventDefault()); // a long press paints
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('blur', () => this.rest());
  }

  /** The brush is lifted, whatever held it, and is nowhere. */
  rest() {
    this.#lift();
    if (this.#pointer >= 0) this.on.lifted();
    this.#pointer = -1;
    this.cursor = undefined;
    this.#hover(undefined);
  }

  /** The paint of a cell. @param {{column: number, row: number}} cell */
  at({ column, row }) {
    const i = row * this.side + column;
    return { level: this.painting?.cells[i] ?? 0, colour: this.names[this.painting?.colours[i] ?? 0] };
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if ((event.button !== 0 && event.button !== rubber) || this.#pointer >= 0) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.#lift();
    this.cursor = undefined;
    this.#pointer = event.pointerId;
    this.on.begun(event.button === rubber);
    this.#touch(event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.#pointer) return this.#hover(event.pointerType === 'touch' ? undefined : this.#plane(event));
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of all.length > 0 ? all : [event]) this.#touch(each);
  }

  /** @param {PointerEvent} event */
  #end(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = -1;
    this.on.lifted();
    this.#hover(event.pointerType === 'touch' ? undefined : this.#plane(event));
  }

  /** @param {PointerEvent} event */
  #touch(event) {
    this.#at = this.#plane(event);
    this.on.touched(...this.#at, event.pointerType === 'pen' ? event.pressure : 1);
    this.show();
  }

  /** @param {[number, number] | undefined} place */
  #hover(place) {
    if (this.#pointer >= 0 || this.cursor) return;
    this.#at = place;
    this.show();
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  #plane({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { x, y, scale } = this.window();
    return [x + (clientX - left - width / 2) / scale, y - (clientY - top - height / 2) / scale];
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const control = event.ctrlKey || event.metaKey;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.altKey || this.#pointer >= 0) return;
    if (way && !control) this.#go(way.map((each) => each * (event.shiftKey ? stride : 1)));
    else if (event.key === ' ') this.#dab();
    else if (event.key === 'Enter' && !event.repeat) this.#tap();
    else if (!this.on.pressed(control ? `Control+${event.key.toLowerCase()}` : event.key)) return;
    event.preventDefault();
  }

  /** @param {number[]} way in cells */
  #go([across, down]) {
    const { column, row } = this.cursor ?? this.#middle();
    const within = (/** @type {number} */ v) => Math.max(0, Math.min(this.side - 1, v));
    this.#stand({ column: within(column + across), row: within(row + down) });
    if (this.#down) this.#press();
  }

  #dab() {
    this.#stand(this.cursor ?? this.#middle());
    if (!this.#down) this.on.begun(false);
    this.#press();
    if (!this.#down) this.on.lifted();
  }

  #tap() {
    if (this.#down) return this.#lift();
    this.#down = true;
    this.on.begun(false);
    this.#stand(this.cursor ?? this.#middle());
    this.#press();
  }

  #lift() {
    if (!this.#down) return;
    this.#down = false;
    this.on.lifted();
    if (this.cursor) this.on.moved(this.cursor, false);
  }

  #middle() {
    return { column: this.side >> 1, row: this.side >> 1 };
  }

  /** @param {{column: number, row: number}} cell */
  #stand(cell) {
    this.cursor = cell;
    this.#at = [(2 * cell.column + 1) / this.side - 1, 1 - (2 * cell.row + 1) / this.side];
    this.on.moved(cell, this.#down);
    this.show();
  }

  #press() {
    if (this.#at) this.on.touched(...this.#at, 1);
  }

  /** Draws soon. */
  show() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #draw() {
    const { canvas, context, side } = this;
    const [width, height, ratio] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio];
    if (width === 0) return;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const window = this.window();
    const place = placed(window, width, height);
    const [left, top] = place(-1, 1);
    const cell = (2 * window.scale) / side;
    this.picture(context, left, top, 2 * window.scale);
    if (!this.#at) return;
    const [x, y] = place(...this.#at);
    context.beginPath();
    context.arc(x, y, Math.max(3, this.radius * cell), 0, 2 * Math.PI);
    // Dark and in colour, to be seen on everything.
    for (const [colour, line] of /** @type {[string, number][]} */ ([['#000a', 4], [paints[this.colour] ?? '#fff', 1.75]])) {
      Object.assign(context, { strokeStyle: colour, lineWidth: line });
      context.setLineDash(this.colour || line > 2 ? [] : [4, 3]);
      context.stroke();
    }
    context.setLineDash([]);
    if (!this.#down) return;
    context.fillStyle = '#fff';
    context.fillRect(x - 2, y - 2, 4, 4);
  }

  /** Draws the painting alone into a square. @param {CanvasRenderingContext2D} context @param {number} left @param {number} top @param {number} size */
  picture(context, left, top, size) {
    const { painting, side, levels } = this;
    if (!painting) return;
    const small = this.#small;
    Object.assign(small, { width: side, height: side });
    const of = /** @type {CanvasRenderingContext2D} */ (small.getContext('2d'));
    const image = of.createImageData(side, side);
    const colours = this.names.map((name) => [1, 3, 5].map((at) => parseInt(paints[name].slice(at, at + 2), 16)));
    painting.cells.forEach((level, i) => {
      if (level === 0) return;
      image.data.set([...colours[painting.colours[i]], 255 * (thin + (thick * level) / levels)], 4 * i);
    });
    of.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, left, top, size, size);
  }
}

// A picture that is drawn by hand, pixel by pixel of a model, and a mask over
// it: by pointer, or by keys, which move a brush that is up or down.

import { alike } from '../run/inputs.js';
import { rgba } from '../stage/colours.js';

/** Pictures that can be gone back to. */
const remembered = 100;
/** Device pixels of the canvas on a side, at least. */
const side = 480;

/** @typedef {{pixels: Uint8Array, mask: Uint8Array}} Sheet [H,W,C] and [H,W] */

export class Sketch {
  width = 32;
  height = 32;
  channels = 1;
  /** @type {Sheet} */
  sheet = { pixels: new Uint8Array(32 * 32), mask: new Uint8Array(32 * 32) };
  /** What the brush does. */
  rubber = false;
  /** Whether it paints the mask, and not the picture. */
  masking = false;
  /** Whether the mask is seen. */
  masked = false;
  /** Diameter of the brush in pixels of the picture. */
  brush = 2.5;
  /** @type {number[]} */
  colour = [255, 255, 255];
  /** @type {Sheet[]} */
  #past = [];
  /** How much of each pixel the stroke has covered, and what was there before. @type {Float32Array} */
  #covered = new Float32Array(0);
  #before = this.sheet;
  /** The pointer that draws. */
  #pointer = -1;
  /** Where the brush is, in pixels; nowhere without a pointer above. @type {{x: number, y: number} | undefined} */
  #at;
  /** Whether the keys' brush is down. */
  #down = false;
  #painting = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} changed told when a stroke is over, and of each other change
   * @param {(at: {x: number, y: number}, down: boolean) => void} moved told where keys have moved the brush
   */
  constructor(canvas, changed, moved) {
    this.canvas = canvas;
    this.changed = changed;
    this.moved = moved;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    this.small = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
    canvas.addEventListener('pointerdown', (event) => this.#begin(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) canvas.addEventListener(end, (event) => this.#end(event));
    canvas.addEventListener('pointerleave', () => this.#hover(undefined));
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('blur', () => {
      this.#lift();
      this.#hover(undefined);
    });
  }

  /**
   * Empty sheets in a model's shape; what is there stays if it fits.
   * @param {{width: number, height: number, channels: number}} shape
   */
  shape({ width, height, channels }) {
    if (this.small.canvas.width === width && this.small.canvas.height === height && this.channels === channels) return this.show();
    Object.assign(this, { width, height, channels });
    this.sheet = this.#blank();
    this.#past = [];
    const scale = Math.ceil(side / Math.max(width, height));
    Object.assign(this.canvas, { width: width * scale, height: height * scale });
    Object.assign(this.small.canvas, { width, height });
    this.show();
  }

  get empty() {
    return this.sheet.pixels.every((v) => v === this.paper);
  }

  /** Digits are light on dark; colours are on white. */
  get paper() {
    return this.channels === 1 ? 0 : 255;
  }

  /** Whether there is something to go back to. */
  get undoable() {
    return this.#past.length > 0;
  }

  /** @returns {Sheet} */
  #blank() {
    const size = this.width * this.height;
    return { pixels: new Uint8Array(size * this.channels).fill(this.paper), mask: new Uint8Array(size) };
  }

  /** Puts something else in place of what is there. @param {Partial<Sheet>} sheet */
  set(sheet) {
    const { pixels, mask } = { ...this.sheet, ...sheet };
    if (alike(pixels, this.sheet.pixels) && alike(mask, this.sheet.mask)) return;
    this.#remember();
    this.sheet = { pixels: pixels.slice(), mask: mask.slice() };
    this.show();
    this.changed();
  }

  /** Empties what the brush paints on. */
  clear() {
    const { pixels, mask } = this.#blank();
    this.set(this.masking ? { mask } : { pixels });
  }

  undo() {
    const before = this.#past.pop();
    if (!before) return;
    this.sheet = before;
    this.show();
    this.changed();
  }

  #remember() {
    this.#past.push(this.sheet);
    if (this.#past.length > remembered) this.#past.shift();
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0 || this.#pointer >= 0) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.#lift();
    this.#pointer = event.pointerId;
    this.#at = this.#place(event);
    this.#press();
    this.#draw(this.#at, this.#at);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.#pointer) return this.#hover(event.pointerType === 'touch' ? undefined : this.#place(event));
    for (const each of event.getCoalescedEvents?.() ?? []) this.#to(this.#place(each));
    this.#to(this.#place(event));
  }

  /** @param {PointerEvent} event */
  #end(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = -1;
    this.#at = undefined;
    this.#over();
  }

  /** @param {{x: number, y: number}} place */
  #to(place) {
    this.#draw(this.#at ?? place, place);
    this.#at = place;
  }

  /** @param {{x: number, y: number} | undefined} place */
  #hover(place) {
    if (this.#pointer >= 0) return;
    this.#at = place;
    this.show();
  }

  /** Arrows move the brush, space puts it down and lifts it. @param {KeyboardEvent} event */
  #key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if ((event.ctrlKey || event.metaKey) && event.key === 'z') this.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (way) this.#stride(way[0] * (event.shiftKey ? 4 : 1), way[1] * (event.shiftKey ? 4 : 1));
    else if (event.key === ' ' || event.key === 'Enter') this.#tap();
    else return;
    event.preventDefault();
  }

  /** @param {number} x @param {number} y */
  #stride(x, y) {
    const from = this.#at ?? { x: this.width / 2, y: this.height / 2 };
    const within = (/** @type {number} */ v, /** @type {number} */ size) => Math.min(size - 0.5, Math.max(0.5, v));
    const to = { x: within(Math.floor(from.x) + 0.5 + x, this.width), y: within(Math.floor(from.y) + 0.5 + y, this.height) };
    if (this.#down) this.#draw(from, to);
    this.#at = to;
    this.show();
    this.moved(to, this.#down);
  }

  #tap() {
    if (this.#down) {
      this.#lift();
    } else {
      this.#at ??= { x: Math.floor(this.width / 2) + 0.5, y: Math.floor(this.height / 2) + 0.5 };
      this.#press();
      this.#down = true;
      this.#draw(this.#at, this.#at);
    }
    if (this.#at) this.moved(this.#at, this.#down);
  }

  #lift() {
    if (!this.#down) return;
    this.#down = false;
    this.#over();
  }

  /** A stroke begins. */
  #press() {
    this.#before = this.sheet;
    this.#covered = new Float32Array(this.width * this.height);
    this.sheet = { pixels: this.sheet.pixels.slice(), mask: this.sheet.mask.slice() };
  }

  /** A stroke is over. */
  #over() {
    const { sheet } = this;
    this.sheet = this.#before;
    if (!alike(sheet.pixels, this.sheet.pixels) || !alike(sheet.mask, this.sheet.mask)) {
      this.#remember();
      this.sheet = sheet;
      this.changed();
    }
    this.show();
  }

  /** @param {PointerEvent} event */
  #place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: ((event.clientX - left) / width) * this.width, y: ((event.clientY - top) / height) * this.height };
  }

  /**
   * Paints with a round brush from one place to another: whole pixels within it,
   * and those at its edge as far as they are.
   * @param {{x: number, y: number}} from @param {{x: number, y: number}} to
   */
  #draw(from, to) {
    const radius = this.brush / 2;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = dx * dx + dy * dy;
    const first = (/** @type {number} */ a, /** @type {number} */ b) => Math.max(0, Math.floor(Math.min(a, b) - radius - 1));
    const last = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ size) => Math.min(size - 1, Math.ceil(Math.max(a, b) + radius + 1));
    for (let y = first(from.y, to.y); y <= last(from.y, to.y, this.height); y++) {
      for (let x = first(from.x, to.x); x <= last(from.x, to.x, this.width); x++) {
        const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y];
        const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
        const away = Math.hypot(px - along * dx, py - along * dy);
        this.#cover(y * this.width + x, Math.min(1, Math.max(0, radius + 0.5 - away)));
      }
    }
    this.show();
  }

  /** @param {number} i pixel @param {number} part of it that the brush covers */
  #cover(i, part) {
    if (part <= this.#covered[i]) return;
    this.#covered[i] = part;
    const { pixels, mask } = this.sheet;
    if (this.masking) {
      if (part >= 0.5) mask[i] = this.rubber ? 0 : 255;
      return;
    }
    for (let c = 0; c < this.channels; c++) {
      const j = i * this.channels + c;
      const ink = this.rubber ? this.paper : this.channels === 1 ? 255 - this.paper : this.colour[c];
      pixels[j] = Math.round(this.#before.pixels[j] + (ink - this.#before.pixels[j]) * part);
    }
  }

  /** Draws the picture at the next frame. */
  show() {
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      this.#paint();
    });
  }

  #paint() {
    const { context, canvas, width, height } = this;
    const scale = canvas.width / width;
    this.small.putImageData(rgba(this.sheet.pixels, width, height, this.channels, 'xt'), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.small.canvas, 0, 0, canvas.width, canvas.height);
    if (this.masked) this.#hatch(scale);
    if (!this.#at) return;
    // Dark and light, to be seen on everything.
    for (const [colour, line] of /** @type {[string, number][]} */ ([['#000', 5], ['#fff', 2]])) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.beginPath();
      context.arc(this.#at.x * scale, this.#at.y * scale, Math.max(scale / 3, (this.brush / 2) * scale), 0, 2 * Math.PI);
      context.stroke();
    }
    if (!this.#down) return;
    context.fillStyle = '#fff';
    context.fillRect(this.#at.x * scale - 3, this.#at.y * scale - 3, 6, 6);
  }

  /** Tints and hatches the part that is drawn again. @param {number} scale */
  #hatch(scale) {
    const { context, canvas, width } = this;
    const path = new Path2D();
    this.sheet.mask.forEach((v, i) => v >= 128 && path.rect((i % width) * scale, Math.floor(i / width) * scale, scale, scale));
    context.save();
    context.clip(path);
    context.fillStyle = 'rgb(255 178 74 / 45%)';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = 'rgb(20 14 0 / 70%)';
    context.lineWidth = 2;
    context.beginPath();
    for (let x = -canvas.height; x < canvas.width; x += 16) {
      context.moveTo(x, canvas.height);
      context.lineTo(x + canvas.height, 0);
    }
    context.stroke();
    context.restore();
  }
}

// The digits of latent diffusion: where they are encoded to, a sheet of those that the plane decodes
// to, behind the points, and the one under the pointer or in the middle of the view, which the
// keyboard moves.

/** @import { Decoded, Encoded, Started } from './messages.js' */
/** @import { Heat, Window } from './scene.js' */
/** @import { Engine } from './engine.js' */
import { fixed } from './figures.js';
import { numbers } from './film.js';
import { say } from '../text/i18n.js';

/** CSS pixels that a digit of the sheet is wide, and how many there are at most to a side. */
const wide = 48;
const most = 40;
/** CSS pixels between a place and its digit. */
const apart = 18;

/** @typedef {{window: Window, size: {width: number, height: number}}} View */

/** A sheet of digits as one picture of the plane. @param {Decoded} decoded @param {Omit<Heat, 'values' | 'width' | 'height' | 'colours' | 'opacity'>} part that it covers @returns {Heat} */
export function sheetOf({ ink, columns, rows, side }, part) {
  const width = columns * side;
  const values = new Float32Array(width * rows * side);
  for (let i = 0; i < ink.length; i++) {
    const [cell, pixel] = [Math.floor(i / (side * side)), i % (side * side)];
    const y = Math.floor(cell / columns) * side + Math.floor(pixel / side);
    values[y * width + (cell % columns) * side + (pixel % side)] = ink[i] / 255;
  }
  return { values, width, height: rows * side, ...part, colours: ['#66758a'], opacity: 1 };
}

/** The part of the plane that is seen, in cells of about the width of a digit. @param {View} view */
export function cellsOf({ window: { x, y, scale }, size: { width, height } }) {
  const cells = (/** @type {number} */ length) => Math.max(1, Math.min(most, Math.round(length / wide)));
  return { left: x - width / 2 / scale, right: x + width / 2 / scale, bottom: y - height / 2 / scale, top: y + height / 2 / scale, columns: cells(width), rows: cells(height) };
}

export class Digits {
  /** The sheet, if it was asked for. @type {Heat | undefined} */
  sheet;
  /** Where digits are encoded to. @type {{points: Float32Array, classes: Uint8Array} | undefined} */
  data;
  /** Training steps of the autoencoder; 0 without one. */
  #encodes = 0;
  /** What sheet and data were asked for. */
  #sheetOf = '';
  #dataOf = -1;
  /** @type {{x: number, y: number, aloud: boolean} | undefined} */
  #place;
  #asking = false;
  #figure = document.createElement('figure');
  #picture = document.createElement('canvas');
  #words = document.createElement('p');

  /**
   * @param {Engine} engine
   * @param {HTMLElement} box that the plane is in
   * @param {() => View} view what is seen of it
   */
  constructor(engine, box, view) {
    this.engine = engine;
    this.view = view;
    this.#figure.className = 'decoded';
    this.#figure.hidden = true;
    this.#figure.setAttribute('aria-hidden', 'true');
    this.#figure.append(this.#picture);
    this.#words.className = 'unseen';
    this.#words.setAttribute('role', 'status');
    box.append(this.#figure, this.#words);
  }

  /** Another recipe is carried out. @param {Started} started */
  begin({ encodes }) {
    this.#encodes = encodes;
    this.sheet = this.data = undefined;
    this.#sheetOf = '';
    this.#dataOf = -1;
    if (!encodes) this.leave();
  }

  /** Whether there are any. */
  get there() {
    return this.#encodes > 0;
  }

  /**
   * Asks for what is shown of the present autoencoder, if it is not there.
   * @param {number} step of training @param {boolean} sheet whether the sheet is shown
   * @returns {Promise<boolean>} whether something has changed
   */
  async look(step, sheet) {
    const of = Math.min(step, this.#encodes);
    const cells = cellsOf(this.view());
    const wanted = JSON.stringify([of, cells]);
    let changed = false;
    if (of !== this.#dataOf) {
      const answer = /** @type {Encoded | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'encode' })).catch(() => undefined));
      if (answer) {
        this.data = { points: numbers(answer.points), classes: answer.classes };
        this.#dataOf = of;
        changed = true;
        if (this.#place) void this.#show();
      }
    }
    if (sheet && wanted !== this.#sheetOf) {
      const answer = /** @type {Decoded | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'decode', ...cells })).catch(() => undefined));
      if (answer) {
        const { left, right, bottom, top } = cells;
        this.sheet = sheetOf(answer, { left, right, bottom, top });
        this.#sheetOf = wanted;
        changed = true;
      }
    }
    return changed;
  }

  /** Shows the digit of a place. @param {number} x @param {number} y @param {boolean} [aloud] whether it is said, too */
  at(x, y, aloud = false) {
    if (!this.there) return;
    this.#place = { x, y, aloud };
    void this.#show();
  }

  /** The pointer is gone. */
  leave() {
    this.#place = undefined;
    this.#figure.hidden = true;
  }

  /** Asks for one digit at a time, the last wish last. */
  async #show() {
    if (this.#asking) return;
    this.#asking = true;
    for (let shown; this.#place && shown !== this.#place; ) {
      shown = this.#place;
      const { x, y, aloud } = shown;
      const half = 1e-3;
      const answer = /** @type {Decoded | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'decode', left: x - half, right: x + half, bottom: y - half, top: y + half, columns: 1, rows: 1, name: aloud })).catch(() => undefined));
      if (!answer || !this.#place) break;
      this.#draw(answer, shown);
      if (aloud) say(this.#words, 'lab.decodes', { x: fixed(x), y: fixed(y), digit: answer.names[0] });
    }
    this.#asking = false;
  }

  /** Draws a digit beside its place, on the side where there is room. @param {Decoded} decoded @param {{x: number, y: number}} place */
  #draw({ ink, side }, { x, y }) {
    const { window, size } = this.view();
    this.#picture.width = this.#picture.height = side;
    const context = /** @type {CanvasRenderingContext2D} */ (this.#picture.getContext('2d'));
    const image = context.createImageData(side, side);
    ink.forEach((v, i) => image.data.set([255, 255, 255, v], 4 * i));
    context.putImageData(image, 0, 0);
    this.#figure.hidden = false;
    const [left, top] = [size.width / 2 + (x - window.x) * window.scale, size.height / 2 - (y - window.y) * window.scale];
    const { offsetWidth: width, offsetHeight: height } = this.#figure;
    const along = left + apart + width > size.width ? left - apart - width : left + apart;
    const down = top - apart - height < 0 ? top + apart : top - apart - height;
    this.#figure.style.translate = `${Math.round(along)}px ${Math.round(down)}px`;
  }
}

// The ribbon below the plane: how likely one coordinate of the noisy data is at every time, the data
// on the left and noise on the right, and drawn points on their way across. A line is at the time
// that is shown; a slider above it, which nobody sees, moves it.

/** @import { Margined } from './messages.js' */
/** @import { Engine } from './engine.js' */
/** @import { Take } from './film.js' */
import { element } from '../document/elements.js';
import { say, text } from '../text/i18n.js';
import { coldOn, drawn, reach } from './compose.js';
import { numbers } from './film.js';
import { pictureOf } from './painter.js';

/** The grid that is asked for, and how far it goes to each side. */
const columns = 96;
const rows = 48;
const side = 1.3 * reach;
/** How many points are seen on their way. */
const tracks = 30;
const last = 999;

export class Ribbon {
  #axis = 0;
  /** What is known, and of which data. @type {{key: string, picture: HTMLCanvasElement} | undefined} */
  #known;
  /** The picture without the line, and of what it is. @type {{of: unknown[], picture: HTMLCanvasElement} | undefined} */
  #drawn;
  #canvas = /** @type {HTMLCanvasElement} */ (element('ribbon-canvas'));
  #slider = /** @type {HTMLInputElement} */ (element('ribbon-time'));

  /** @param {Engine} engine @param {{moved: (t: number) => void, turned: () => void}} on a person moves the line; another coordinate is wanted, or there is another size */
  constructor(engine, on) {
    this.engine = engine;
    this.#slider.addEventListener('input', () => on.moved(Number(this.#slider.value)));
    element('ribbon-axis').addEventListener('click', () => {
      this.#axis = 1 - this.#axis;
      on.turned();
    });
    new ResizeObserver(() => on.turned()).observe(this.#canvas);
  }

  /** Asks for the density of data that it does not know. @param {string} data what it follows from @param {string} background */
  async look(data, background) {
    const key = `${this.#axis} ${data}`;
    if (key === this.#known?.key) return;
    const axis = this.#axis;
    const answer = /** @type {Margined | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'margin', axis, low: -side, high: side, columns, rows })).catch(() => undefined));
    const heat = answer && { values: warmed(answer), width: columns, height: rows, colours: coldOn(background) };
    this.#known = heat && { key, picture: pictureOf(heat) };
  }

  /** @param {boolean} there @param {Take | undefined} take @param {number} t */
  draw(there, take, t) {
    element('ribbon').hidden = !there;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!there || width === 0) return;
    say(element('ribbon-axis'), this.#axis ? 'lab.ribbon.y' : 'lab.ribbon.x');
    this.#slider.value = String(t);
    this.#slider.setAttribute('aria-valuetext', text('lab.t', { t }));
    const ratio = Math.min(devicePixelRatio, 2.5);
    const of = [this.#known, take, this.#axis, width, height, ratio];
    if (!of.every((value, i) => value === this.#drawn?.of[i])) this.#drawn = { of, picture: this.#all(take, width, height, ratio) };
    const picture = /** @type {HTMLCanvasElement} */ (this.#drawn?.picture);
    Object.assign(this.#canvas, { width: picture.width, height: picture.height });
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
    context.drawImage(picture, 0, 0);
    context.fillStyle = '#ffffff';
    context.fillRect(Math.round(ratio * ((t / last) * (width - 2))), 0, 2 * ratio, picture.height);
  }

  /** @param {Take | undefined} take @param {number} width @param {number} height @param {number} ratio */
  #all(take, width, height, ratio) {
    const picture = document.createElement('canvas');
    Object.assign(picture, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d'));
    context.scale(ratio, ratio);
    context.imageSmoothingQuality = 'high';
    if (this.#known) context.drawImage(this.#known.picture, 0, 0, width, height);
    if (!take) return picture;
    context.lineWidth = 0.75;
    for (const { cloud, points } of across(take, this.#axis)) {
      Object.assign(context, { strokeStyle: drawn[cloud % drawn.length], globalAlpha: 0.5 });
      context.beginPath();
      for (const [t, value] of points) context.lineTo((t / last) * (width - 2) + 1, (height * (1 - value / side)) / 2);
      context.stroke();
    }
    return picture;
  }
}

/** The densities of each time as parts of its largest, of which the root is shown. @param {Pick<Margined, 'values' | 'columns' | 'rows'>} margined */
export function warmed({ values, columns, rows }) {
  const all = numbers(values);
  const shown = new Float32Array(all.length);
  for (let column = 0; column < columns; column++) {
    let most = 1e-12;
    for (let row = 0; row < rows; row++) most = Math.max(most, all[row * columns + column]);
    for (let row = 0; row < rows; row++) shown[row * columns + column] = Math.sqrt(all[row * columns + column] / most);
  }
  return shown;
}

/** Some points of each cloud: their times and one coordinate. @param {Pick<Take, 'times' | 'states'>} take @param {number} axis */
export function across({ times, states }, axis) {
  const [clouds] = states;
  const each = Math.max(1, Math.floor(tracks / clouds.length));
  return clouds.flatMap((all, cloud) => {
    const count = all.length / 2;
    const some = Math.min(each, count);
    return Array.from({ length: some }, (_, n) => {
      const i = 2 * Math.floor((n * count) / some) + axis;
      return { cloud, points: states.map((frame, k) => [times[k], frame[cloud][i]]) };
    });
  });
}

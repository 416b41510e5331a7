// The panel of the way between two seeds: the pictures on it are a run like
// others, and a slider leads along them.

/** @import { Host, Panel } from './extras.js' */
/** @import { Described } from '../types.js' */
import { valueOf } from '../engine/fields.js';
import { en, zh } from '../text/edit.js';
import { learn, say } from '../text/i18n.js';
import { rgba } from '../stage/colours.js';
import { allow, element, onClick } from '../document/elements.js';
import { reason } from '../document/idle.js';

learn(en, zh);

/** Milliseconds of a picture when the way is played. */
const pace = 150;

/** @param {string} id */
function field(id) {
  return /** @type {HTMLInputElement} */ (element(id));
}

/** @implements {Panel} */
class Seeds {
  /** Whether the recipe goes between two seeds. */
  #used = false;
  /** Steps of the playing on its way to the other end and back; 0 while it stands. */
  #way = 0;
  #timer = 0;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.place = field('between-place');
    const canvas = /** @type {HTMLCanvasElement} */ (element('between-canvas'));
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    this.small = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
    this.place.addEventListener('input', () => {
      this.#stop();
      this.moved();
    });
    onClick('between-dice', () => (field('between-to').value = String(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000)));
    onClick('between-start', () => this.#start());
    onClick('between-leave', () => this.#leave());
    onClick('between-play', () => (this.#way ? this.#stop() : this.#play()));
    this.moved();
  }

  /** @param {Described} described */
  fill({ fields }) {
    const to = valueOf(fields, 'to');
    this.#used = to !== '';
    if (this.#used) {
      field('between-to').value = to;
      field('between-images').value = valueOf(fields, 'n');
    }
    if (fields.n) field('between-images').max = String(fields.n.max);
    const idle = reason(fields.to);
    allow('between-start', idle === '');
    say(element('between-said'), idle);
    element('between-leave').hidden = !this.#used;
    element('between-hint').hidden = this.#used; // the pictures say it
    if (!this.#used) this.#stop();
    this.moved();
  }

  ended() {
    this.moved();
  }

  #start() {
    const { controls, open } = this.host;
    controls.write({ to: field('between-to').value.trim() || String(Number(field('seed').value) + 1) });
    field('images').value = field('between-images').value;
    element('box').scrollIntoView({ block: 'nearest' });
    open(controls.recipe());
  }

  #leave() {
    const { controls, open } = this.host;
    controls.write({ to: '' });
    field('images').value = '1';
    element('between-start').focus();
    open(controls.recipe());
  }

  #play() {
    this.#way = Number(this.place.value) < Number(this.place.max) ? 1 : -1;
    this.#timer = setInterval(() => {
      const next = Number(this.place.value) + this.#way;
      if (next < 1 || next > Number(this.place.max)) this.#way = -this.#way;
      this.place.value = String(Number(this.place.value) + this.#way);
      this.moved();
    }, pace);
    this.moved();
  }

  #stop() {
    clearInterval(this.#timer);
    this.#way = 0;
    say(element('between-play'), 'between.play');
  }

  /** Draws the picture at the place of the slider as it is at the step on the stage, and all of them below it. */
  moved() {
    const { film } = this.host.stage;
    const { images, width, height, channels } = film.shape;
    const shown = this.#used && images > 1 && !film.noised;
    element('between-film').hidden = !shown;
    allow('between-play', shown);
    if (!shown) return;
    this.place.max = String(images);
    const at = Math.min(images, Number(this.place.value));
    this.place.setAttribute('aria-valuetext', `${at} / ${images}`);
    say(element('between-play'), this.#way ? 'time.hold' : 'between.play');
    say(element('between-canvas'), 'between.alt', { at, images, step: film.current }, 'aria-label');
    const { canvas } = this.context;
    Object.assign(this.small.canvas, { width, height });
    this.context.imageSmoothingEnabled = false;
    this.context.fillStyle = '#0e1014';
    this.context.fillRect(0, 0, canvas.width, canvas.height);
    const side = canvas.width / images;
    for (let i = 0; i <= images; i++) {
      const image = i === images ? at - 1 : i;
      const pixels = film.pixels(image, 'xt');
      if (!pixels) continue;
      this.small.putImageData(rgba(pixels, width, height, channels, 'xt'), 0, 0);
      if (i === images) this.context.drawImage(this.small.canvas, 0, 0, canvas.width, canvas.width);
      else this.context.drawImage(this.small.canvas, Math.round(i * side), canvas.width + 8, Math.ceil(side) - 1, canvas.height - canvas.width - 8);
    }
    this.context.fillStyle = '#ffc24d';
    this.context.fillRect(Math.round((at - 1) * side), canvas.width + 2, Math.ceil(side) - 1, 4);
  }
}

/** @param {Host} host */
export function panel(host) {
  return new Seeds(host);
}

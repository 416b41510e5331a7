// What the player does with the steps of a finished run: it plays them again
// and makes a PNG of the newest.

/** @import { Film } from '../stage/film.js' */
/** @import { Stage } from '../stage/stage.js' */
import { finalPicture } from '../files/pictures.js';
import { png } from '../files/png.js';

/** Steps a second; and how long the last step stays before the loop repeats, in milliseconds. */
const pace = 12;
const rest = 1600;
/** Pixels that a PNG is wide at least. */
const leastWidth = 256;

export class Replay {
  playing = false;
  /** Whether time stands still. */
  held = false;
  #loop = false;
  #due = 0;
  /** Called when it begins or ends. */
  changed = () => {};

  /** @param {Stage} stage @param {() => void} moved */
  constructor(stage, moved) {
    this.stage = stage;
    this.moved = moved;
  }

  /** From where the stage is, or from the first step if that is the end. @param {boolean} [loop] */
  start(loop = false) {
    this.#loop = loop;
    const { current, latest, first } = this.stage.film;
    this.#due = performance.now() + (loop ? rest : 0);
    if (!loop && current >= latest) this.stage.seek(first);
    if (this.playing) return;
    this.playing = true;
    this.changed();
    this.#tick();
  }

  hold() {
    if (!this.playing) return;
    this.playing = false;
    this.changed();
  }

  #tick() {
    if (!this.playing) return;
    requestAnimationFrame((now) => {
      if (!this.playing) return;
      if (!this.held && now >= this.#due) this.#move(now);
      this.#tick();
    });
  }

  /** @param {number} now */
  #move(now) {
    const { current, latest, first, stride } = this.stage.film;
    this.#due = now + (1000 * stride) / pace;
    if (current >= latest) {
      if (!this.#loop) return this.hold();
      this.stage.seek(first);
    } else {
      this.stage.seek(current + stride >= latest ? 0 : current + stride);
      if (this.#loop && this.stage.film.current >= latest) this.#due = now + rest;
    }
    this.moved();
  }
}

/** What a canvas shows stays for a moment and dissolves. @param {HTMLCanvasElement} canvas */
export function dissolve(canvas) {
  const copy = /** @type {HTMLCanvasElement} */ (canvas.cloneNode());
  copy.removeAttribute('id');
  copy.setAttribute('aria-hidden', 'true');
  copy.getContext('2d')?.drawImage(canvas, 0, 0);
  canvas.after(copy);
  copy.animate({ opacity: [1, 0] }, 400).finished.then(() => copy.remove(), () => copy.remove());
}

/**
 * The newest pictures as one PNG with the recipe in it.
 * @param {Film} film @param {string} recipe @param {number} [least] pixels that it is wide at least
 * @returns {Promise<Blob | null>} null before there are any
 */
export async function picture(film, recipe, least = leastWidth) {
  if (film.latest === 0) return null;
  const { images, width } = film.shape;
  const zoom = Math.max(1, Math.ceil(least / (width * Math.ceil(Math.sqrt(images)))));
  return await png(finalPicture(film, zoom), recipe);
}

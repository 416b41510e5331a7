// What the player does with the steps of a finished run: it plays them again
// and makes a PNG of the newest.

/** @import { Film } from './film.js' */
/** @import { Stage } from './stage.js' */
import { rgba } from './painter.js';

/** Steps a second, and milliseconds that the last stays before a loop begins anew. */
const pace = 12;
const rest = 1600;
/** Device pixels that a PNG is wide at least, if a whole zoom of its pixels is. */
const width = 256;

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

/**
 * The newest pictures as one PNG, enlarged by a whole number.
 * @param {Film} film
 * @returns {Promise<Blob | null>} null before there are any
 */
export async function picture(film) {
  const { images, channels, height, width: side } = film.shape;
  if (film.latest === 0) return null;
  const cols = Math.ceil(Math.sqrt(images));
  const zoom = Math.max(1, Math.ceil(width / (cols * side)));
  const canvas = document.createElement('canvas');
  canvas.width = cols * side * zoom;
  canvas.height = Math.ceil(images / cols) * height * zoom;
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.imageSmoothingEnabled = false;
  for (let i = 0; i < images; i++) {
    const frame = film.live[i];
    if (!frame) continue;
    const bitmap = await createImageBitmap(rgba(frame.xt, side, height, channels, 'xt'));
    context.drawImage(bitmap, (i % cols) * side * zoom, Math.floor(i / cols) * height * zoom, side * zoom, height * zoom);
  }
  return await new Promise((resolve) => canvas.toBlob(resolve));
}

// A drawing in the form in which the viewer takes it: numbers, and the pixels that
// it does not hold yet.

/** @import { Drawing, Mark, Picture } from './drawing.js' */
import { colour } from './colours.js';

/** Numbers of a mark, as in wasm/viewer/marks.go. */
const fields = 11;

/** Knows which pictures a viewer holds, and gives it the others. */
export class Packer {
  /** What the picture at each place was made of. @type {unknown[][]} */
  #held = [];
  #size = '';
  #marks = new Int32Array(0);
  #pixels = new Uint8Array(0);

  /**
   * @param {Drawing} drawing
   * @returns {{marks: Int32Array, pixels: Uint8Array}}
   *   marks: [marks, 11]: the rectangle, what it is within, the place of its
   *   picture or −1, whether that is smoothed or else the colour, whether its
   *   pixels follow. pixels: [new pictures, H, W, RGBA]
   */
  pack({ size, marks }) {
    const { width, height, channels } = size;
    const sized = `${width}×${height}×${channels}`;
    if (sized !== this.#size) this.#held = [];
    this.#size = sized;
    const bytes = 4 * width * height;
    const fresh = marks.map(({ picture }) => picture !== undefined && this.#isNew(picture));
    this.#marks = room(this.#marks, fields * marks.length, Int32Array);
    this.#pixels = room(this.#pixels, bytes * fresh.filter(Boolean).length, Uint8Array);
    let from = 0;
    marks.forEach((mark, i) => {
      this.#marks.set(numbers(mark, fresh[i]), fields * i);
      const { picture } = mark;
      if (!picture || !fresh[i]) return;
      colour(this.#pixels.subarray(from, from + bytes), picture.pixels, channels, picture.view);
      from += bytes;
      this.#held[picture.place] = picture.of;
    });
    return { marks: this.#marks.subarray(0, fields * marks.length), pixels: this.#pixels.subarray(0, from) };
  }

  /** @param {Picture} picture */
  #isNew({ place, of }) {
    const held = this.#held[place];
    return of.length === 0 || held?.length !== of.length || of.some((what, i) => what !== held[i]);
  }
}

/** @param {Mark} mark @param {boolean} fresh */
function numbers({ to, within, colour: fill = '', picture }, fresh) {
  const how = picture ? Number(picture.smooth) : parseInt(fill.slice(1), 16);
  const place = picture?.place ?? -1;
  return [to.x, to.y, to.w, to.h, within.x, within.y, within.w, within.h, place, how, Number(fresh)];
}

/**
 * @template {Int32Array | Uint8Array} A
 * @param {A} array @param {number} length @param {{new (length: number): A}} type
 */
function room(array, length, type) {
  return array.length < length ? new type(length) : array;
}

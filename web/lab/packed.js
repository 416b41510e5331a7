// A scene in the form in which the viewer takes it, as wasm/plane/scene.go reads it: two arrays of
// numbers, in which an array of the scene is only there when the viewer does not hold it yet.

/** @import { Scene } from './scene.js' */

/** Knows which arrays a viewer holds, and gives it the others. */
export class Packer {
  /** Where the viewer holds an array. @type {Map<Float32Array, number>} */
  #places = new Map();
  #ints = new Numbers(Int32Array);
  #floats = new Numbers(Float32Array);

  /**
   * @param {Scene} scene @param {number} ratio of device pixels to CSS pixels
   * @returns {{ints: Int32Array, floats: Float32Array}} good until the next call
   */
  pack({ window, background, heat, arrows, clouds, paths }, ratio) {
    const [ints, floats] = [this.#ints.begin(), this.#floats.begin()];
    ints.add(colour(background));
    floats.add(window.x, window.y, window.scale, ratio);
    const of = this.#hold([
      ...(heat ? [heat.values] : []),
      ...arrows.flatMap(({ from, to }) => [from, to]),
      ...clouds.flatMap(({ points, before, trails }) => [points, ...(before ? [before] : []), ...trails]),
      ...paths.map(({ points }) => points),
    ]);
    ints.add(Number(Boolean(heat)));
    if (heat) {
      ints.add(of(heat.values), heat.width, heat.height, heat.colours.length, ...heat.colours.map(colour));
      floats.add(heat.left, heat.right, heat.bottom, heat.top, heat.opacity);
    }
    ints.add(arrows.length);
    for (const { from, to, colour: name, opacity, width } of arrows) {
      ints.add(of(from), of(to), colour(name));
      floats.add(opacity, width);
    }
    ints.add(clouds.length);
    for (const { points, before, way, trails, colour: name, opacity, radius } of clouds) {
      ints.add(of(points), before ? of(before) : -1, colour(name), trails.length, ...trails.map(of));
      floats.add(opacity, radius, way ?? 1);
    }
    ints.add(paths.length);
    for (const { points, colour: name, opacity, width } of paths) {
      ints.add(of(points), colour(name));
      floats.add(opacity, width);
    }
    return { ints: ints.all(), floats: floats.all() };
  }

  /**
   * Gives every array a place, and writes those down that are new; what is in none of them goes.
   * @param {Float32Array[]} arrays
   * @returns {(array: Float32Array) => number} the place of an array, −1 for none
   */
  #hold(arrays) {
    const held = this.#places;
    /** @type {Map<Float32Array, number>} */
    const places = new Map();
    /** @type {Set<Float32Array>} */
    const fresh = new Set();
    for (const array of arrays) {
      const place = held.get(array);
      if (place !== undefined) places.set(array, place);
      else if (array?.length) fresh.add(array);
    }
    const taken = new Set(places.values());
    this.#ints.add(fresh.size);
    let place = 0;
    for (const array of fresh) {
      while (taken.has(place)) place++;
      places.set(array, place);
      this.#ints.add(place++, array.length);
      this.#floats.append(array);
    }
    this.#places = places;
    return (array) => places.get(array) ?? -1;
  }
}

/**
 * Numbers in a row, in memory that is used again.
 * @template {Int32Array | Float32Array} A
 */
class Numbers {
  #length = 0;

  /** @param {{new (length: number): A}} type */
  constructor(type) {
    this.type = type;
    this.array = new type(1024);
  }

  begin() {
    this.#length = 0;
    return this;
  }

  /** @param {number[]} numbers */
  add(...numbers) {
    this.append(numbers);
  }

  /** @param {ArrayLike<number>} numbers */
  append(numbers) {
    const [from, length] = [this.#length, this.#length + numbers.length];
    if (length > this.array.length) {
      const { array } = this;
      this.array = new this.type(2 * length);
      this.array.set(array.subarray(0, from));
    }
    this.array.set(numbers, from);
    this.#length = length;
  }

  all() {
    return /** @type {A} */ (this.array.subarray(0, this.#length));
  }
}

/** @param {string} name #rrggbb */
function colour(name) {
  return parseInt(name.slice(1), 16);
}

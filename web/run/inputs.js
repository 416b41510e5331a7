// The pictures and masks that recipes begin with. A recipe has only their names,
// the hashes of their pixels, which the sampler gives and checks; the pixels
// themselves travel beside it, in an address after the recipe as &pixels=…, and
// in a PNG: packed, in base64 for addresses, with a dot before the mask's.
//
// What is after # is never sent to a host.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Changes, Inputs as Pixels } from '../types.js' */
import { modelOf, namesOf, read } from '../document/fragment.js';
import { valueOf } from '../engine/fields.js';
import { through } from '../files/bytes.js';

/** Characters of pixels that an address holds; messengers and mail cut longer ones off. */
const most = 2000;
/** Bytes that a picture from an address may unpack to. */
const largest = 1 << 20;

export class Inputs {
  /** By name: the pixels, and the same packed. @type {Map<string, {pixels: Uint8Array<ArrayBuffer>, text: string}>} */
  #known = new Map();
  /** Where models came from, by name: a link begins with the address of the recipe's. @type {Map<string, string>} */
  addresses = new Map();

  /**
   * The recipe of a text that may hold pixels as well, which are kept.
   * @param {string} text
   */
  async read(text) {
    const { recipe, pixels: packed } = read(text);
    const names = namesOf(recipe);
    for (const [i, packing] of (packed ?? '').split('.').entries()) {
      const pixels = names[i] ? await unpacked(packing).catch(() => undefined) : undefined;
      if (pixels) this.#known.set(names[i], { pixels, text: packing });
    }
    return recipe;
  }

  /**
   * Has pictures named in a recipe, and keeps them by these names.
   * @param {Engine} engine @param {string} recipe @param {Pixels} pictures
   * @param {Changes} [changes] made to the recipe before
   */
  async name(engine, recipe, pictures, changes) {
    const described = await engine.describe(recipe, pictures, changes);
    const [image, mask] = ['image', 'mask'].map((key) => valueOf(described.fields, key));
    for (const [name, pixels] of /** @type {const} */ ([[image, pictures.image], [mask, pictures.mask]])) {
      if (!pixels || !name || alike(pixels, this.#known.get(name)?.pixels)) continue;
      this.#known.set(name, { pixels: pixels.slice(), text: await packedText(pixels) });
    }
    return described;
  }

  /** The pictures that a recipe begins with, as far as they are here. @param {string} recipe @returns {Pixels} */
  of(recipe) {
    const [image, mask] = namesOf(recipe).map((name) => this.#known.get(name)?.pixels);
    return { ...(image && { image }), ...(mask && { mask }) };
  }

  /**
   * A recipe with its pixels; without, if there are none or they are not here.
   * @param {string} recipe
   */
  whole(recipe) {
    const texts = namesOf(recipe).map((name) => this.#known.get(name)?.text);
    return texts.length > 0 && texts.every(Boolean) ? `${recipe}&pixels=${texts.join('.')}` : recipe;
  }

  /**
   * What an address holds of a recipe: all, unless the pixels are too many for
   * one, behind the address that the model came from.
   * @param {string} recipe
   */
  link(recipe) {
    const whole = this.whole(recipe);
    const from = this.addresses.get(modelOf(recipe));
    // As it is, or else packed whole: see readAddress.
    const model = from ? `model=${from.includes('://') && !/[&#]/.test(from) ? from : encodeURIComponent(from)}&` : '';
    return model + (whole.length - recipe.length > most ? recipe : whole);
  }
}

/** @param {Uint8Array} one @param {Uint8Array | undefined} other */
export function alike(one, other) {
  return one.length === other?.length && one.every((v, i) => v === other[i]);
}

/** @param {Uint8Array} pixels */
async function packedText(pixels) {
  const bytes = await through(new CompressionStream('deflate-raw'), pixels.slice());
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {string} text */
async function unpacked(text) {
  const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return await through(new DecompressionStream('deflate-raw'), Uint8Array.from(letters, (c) => c.charCodeAt(0)), largest);
}

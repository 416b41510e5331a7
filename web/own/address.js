// Models at addresses. In the page's own address, #model=ADDRESS stands alone or
// before a recipe, which it is no part of.

import { read } from '../document/fragment.js';
import { Trouble } from '../load/loader.js';

/** Bytes that a file from an address, or one that is loaded as it is, may have: more fit in no worker. */
export const limits = { file: 2_000_000_000 };

/**
 * @typedef {object} Asked
 * @property {string} address as it was written @property {URL | undefined} url nothing if that is no address of a file
 * @property {string} recipe that stands beside it
 */

/**
 * What an address of the page asks for.
 * @param {string} text behind # @param {string} page address of the page, which relative ones are relative to
 * @returns {Asked}
 */
export function readAddress(text, page) {
  const { model: written = '', recipe, pixels } = read(text);
  // An address that stands there as it is may have percent signs itself.
  const address = written.includes('://') ? written : decoded(written);
  return { address, url: urlOf(address, page), recipe: pixels ? `${recipe}&pixels=${pixels}` : recipe };
}

/** @param {string} address @param {string} page */
export function urlOf(address, page) {
  try {
    const url = new URL(address, page);
    url.hash = '';
    return address !== '' && /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** A part of an address as people write it. @param {string} text */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The name of the file at an address. @param {URL} url */
export function fileName({ pathname, hostname }) {
  return decoded(pathname.split('/').pop() ?? '') || hostname;
}

/** A recipe of the model that has got a name here. @param {string} recipe @param {string} name */
export function renamed(recipe, name) {
  const others = recipe.split('&').filter((part) => part !== '' && !part.startsWith('m='));
  return [`m=${name}`, ...others].join('&');
}

/** @param {number} size @throws {Trouble} */
export function fits(size) {
  if (size > limits.file) throw new Trouble('own.large', { most: limits.file / 1e9 });
}

// What a recipe comes to, key by key, as the worker answers it; and the text of
// keys with values, which the worker reads. Nothing here knows a key.

/** @import { Described, Field } from '../types.js' */

/**
 * The value of a key, empty where it means nothing.
 * @param {Described['fields']} fields @param {string} key
 */
export function valueOf(fields, key) {
  return fields[key]?.value ?? '';
}

/**
 * The keys whose value is not the one that they have unwritten.
 * @param {Described['fields']} fields
 * @returns {Field[]}
 */
export function written(fields) {
  const all = /** @type {Field[]} */ (Object.values(fields));
  return all.filter(({ value, standard }) => value !== '' && value !== standard);
}

/** The text of a recipe. @param {Iterable<[string, string]>} entries keys with their values */
export function recipeText(entries) {
  return Array.from(entries, ([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&');
}

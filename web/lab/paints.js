// The colours of paint, on the stage and in the brush: those of the classes of painted data.

/** @import { Started } from './messages.js' */

/** By the names that the lab's program has for them. @type {Record<string, string>} */
export const paints = { blue: '#5fb4ff', orange: '#ffab4a', green: '#8fe07d', pink: '#ff93c1' };

/**
 * The colours of the classes of painted data, and of the clouds that are drawn of them; nothing
 * for other data, or where classes are not told apart.
 * @param {Pick<Started, 'classes' | 'fields'> | undefined} of
 * @returns {{classes: string[], clouds: string[]} | undefined}
 */
export function tints(of) {
  const value = (/** @type {string} */ key) => of?.fields.find((field) => field.key === key)?.value ?? '';
  const drawn = value('c');
  if (!of || value('d') !== 'painted' || drawn === '' || drawn === 'none') return undefined;
  const classes = of.classes.map((name) => paints[name]);
  return { classes, clouds: drawn === 'all' ? classes : [paints[drawn]] };
}

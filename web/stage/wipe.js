// A line over pictures that are compared: left of it is the first run, right of
// it the second.

/** @import { Rect } from './layout.js' */

/** Where the line is before it is moved, as a part 0 to 1 of a panel. */
export const middle = 0.5;

/**
 * What is left and right of the line.
 * @param {Rect} panel @param {number} part 0 to 1 of its width
 * @returns {[Rect, Rect]}
 */
export function halves({ x, y, w, h }, part) {
  const cut = Math.floor(Math.min(1, Math.max(0, part)) * w + 0.5);
  return [{ x, y, w: cut, h }, { x: x + cut, y, w: w - cut, h }];
}

/** The part that an address has, in per cent; the middle where it names none. @param {string} text */
export function partOf(text) {
  const percent = text === '' ? NaN : Number(text);
  return percent >= 0 && percent <= 100 ? percent / 100 : middle;
}

/** The same for an address. @param {number} part */
export function percentOf(part) {
  return part === middle ? '' : String(Math.round(part * 100));
}

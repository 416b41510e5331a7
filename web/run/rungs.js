// The numbers of steps of a ladder, and how far its pictures are from another.

/** @import { Step } from '../types.js' */

/** @type {readonly number[]} */
const wanted = [4, 8, 16, 50, 250];

/** @param {number} most steps that the model allows */
export function rungsOf(most) {
  return [...new Set(wanted.map((steps) => Math.min(steps, Math.max(1, most))))];
}

/**
 * The root mean square of the difference of two lists of pictures, in parts of their
 * range of 2, from −1 to 1; undefined where they are not as many.
 * @param {Pick<Step, 'xt'>[]} pictures @param {Pick<Step, 'xt'>[]} others
 */
export function errorOf(pictures, others) {
  if (pictures.length !== others.length || pictures.length === 0) return undefined;
  let sum = 0;
  let size = 0;
  pictures.forEach(({ xt }, i) => {
    xt.forEach((byte, j) => (sum += ((byte - others[i].xt[j]) / 127.5) ** 2));
    size += xt.length;
  });
  return Math.sqrt(sum / size);
}

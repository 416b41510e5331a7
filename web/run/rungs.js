// The numbers of steps of a ladder.

/** @type {readonly number[]} */
const wanted = [4, 8, 16, 50, 250];

/** @param {number} most steps that the model allows */
export function rungsOf(most) {
  return [...new Set(wanted.map((steps) => Math.min(steps, Math.max(1, most))))];
}

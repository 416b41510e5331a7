// The numbers of steps of a ladder, and where its pictures stand.

/** @type {readonly number[]} */
const wanted = [4, 8, 16, 50, 250];

/** @param {number} most steps that the model allows */
export function rungsOf(most) {
  return [...new Set(wanted.map((steps) => Math.min(steps, Math.max(1, most))))];
}

/**
 * Columns and rows of a run's pictures, as the stage has them where there is room.
 * @param {{images: number, columns: number}} shape
 */
export function gridOf({ images, columns }) {
  const cols = columns || Math.ceil(Math.sqrt(images));
  return { cols, rows: Math.ceil(images / cols) };
}

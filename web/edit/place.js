// Places in a plane between seeds: as a recipe writes them, and as they lie on a pad
// whose small pictures have their centres at the places.

/** @typedef {{x: number, y: number}} Place from the left and from above, 0 to 1 */

/** Which way an arrow key moves a place. @type {Record<string, [number, number]>} */
export const turns = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** How far it moves it. @param {boolean} far */
export function stride(far) {
  return far ? 0.1 : 0.01;
}

/** The place that a recipe writes. @param {string} at @returns {Place} */
export function asPlace(at) {
  const [x, y] = at.split(',').map(Number);
  return { x, y };
}

/**
 * The part of a pad's side where a part of the plane's side lies, or the reverse. In a row of pictures the centre
 * of the first is at 0 and that of the last at 1.
 * @param {number} part @param {number} side @param {boolean} [back]
 */
export function inMap(part, side, back = false) {
  return back ? (part * side - 0.5) / (side - 1) : (part * (side - 1) + 0.5) / side;
}

/**
 * How small pictures lie on a pad, each with its centre at its place: few are larger, and at the edge cut off a
 * little. Lengths are in pictures of the fullest map.
 * @param {number} row pictures in a row of this map @param {number} side in one of the fullest
 */
export function spread(row, side) {
  const apart = (side - 1) / (row - 1);
  const size = Math.min(1.5, apart);
  return { size, from: (/** @type {number} */ i) => i * apart + (1 - size) / 2 };
}

/** The place that a walk has reached after some seconds, on a slow curve that does not close soon. @param {number} x @param {number} y @param {number} seconds @returns {Place} */
export function walked(x, y, seconds) {
  return { x: swung(x, seconds / 7), y: swung(y, seconds / 9) };
}

/** A swing between 0 and 1 that begins at a value. @param {number} from @param {number} turns */
function swung(from, turns) {
  return (1 - Math.cos(Math.acos(1 - 2 * from) + 2 * Math.PI * turns)) / 2;
}

/**
 * The corner that an arrow key leads to from another: numbers 0 to 3, row by row. Of three corners the
 * last is all of the lower edge.
 * @param {number} corner @param {string} key @param {number} corners how many there are
 */
export function neighbour(corner, key, corners) {
  const way = turns[key];
  if (!way) return undefined;
  const [x, y] = [(corner % 2) + way[0], Math.trunc(corner / 2) + way[1]];
  if (x < 0 || x > 1 || y < 0 || y > 1) return undefined;
  const to = x + 2 * y;
  if (corners === 4) return to;
  return Math.min(to, 2) === corner ? undefined : Math.min(to, 2);
}

/**
 * The places of a walk from corner to corner, in equal strides; the last is one before the first, which follows
 * it. Of three corners the lower edge is one picture, and is not walked along.
 * @param {number} corners @param {number} n @returns {Place[]}
 */
export function round(corners, n) {
  const exact = (/** @type {number} */ part) => Math.round(1000 * part) / 1000;
  return Array.from({ length: n }, (_, i) => {
    const edge = Math.floor((i * corners) / n);
    const way = (i * corners) / n - edge;
    if (edge === 0) return { x: exact(way), y: 0 };
    if (edge === 1) return { x: 1, y: exact(way) };
    if (edge === corners - 1) return { x: 0, y: exact(1 - way) };
    return { x: exact(1 - way), y: 1 };
  });
}

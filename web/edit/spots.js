// Spots of paint as a link has them: 14-12-3-ff_9-20-2-00 is a white one in column 14
// and row 12, and a black one; the same as sampler/recipe reads them.

/** @typedef {{x: number, y: number, radius: number, colour: string}} Spot A colour has two hexadecimal digits for a grey, or six. */

/** Spots that a fork may have. */
export const mostSpots = 32;

/** Whether a pixel has the paint of a spot. @param {Spot} spot @param {number} x @param {number} y */
export function covers({ x: column, y: row, radius }, x, y) {
  return (x - column) ** 2 + (y - row) ** 2 <= radius * radius + radius;
}

/** @param {Spot[]} spots */
export function textOfSpots(spots) {
  return spots.map(({ x, y, radius, colour }) => [x, y, radius, colour].join('-')).join('_');
}

/** How many spots a text has. @param {string} text */
export function countSpots(text) {
  return text === '' ? 0 : text.split('_').length;
}

/** Red, green and blue of a colour. @param {string} colour */
export function shades(colour) {
  const digits = colour.length === 2 ? colour.repeat(3) : colour;
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/**
 * A picture with spots of paint on it.
 * @param {ImageData} picture is changed @param {Spot[]} spots later ones over earlier ones
 */
export function painted(picture, spots) {
  const { data, width, height } = picture;
  for (const spot of spots) {
    const colour = shades(spot.colour);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) if (covers(spot, x, y)) data.set(colour, 4 * (y * width + x));
    }
  }
  return picture;
}

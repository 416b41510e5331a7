// The small picture of a model in the menu, from a run that it has finished.

/** @import { Film } from '../stage/film.js' */
import { finalPicture } from '../files/pictures.js';

/** Pixels of its side, as in tools/pack/thumbnails. */
const side = 64;

/** @param {Film} film @returns {string} a PNG, as a data: address */
export function thumbnail(film) {
  const whole = finalPicture(film, 1);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const to = canvas.getContext('2d');
  if (!to) return '';
  const fits = side / Math.max(whole.width, whole.height);
  // Enlarged by a whole number of pixels, or reduced to the means of some.
  const by = fits > 1 ? Math.floor(fits) : fits;
  to.imageSmoothingEnabled = fits < 1;
  to.imageSmoothingQuality = 'high';
  to.fillRect(0, 0, side, side);
  const [width, height] = [Math.round(whole.width * by), Math.round(whole.height * by)];
  to.drawImage(whole, Math.floor((side - width) / 2), Math.floor((side - height) / 2), width, height);
  return canvas.toDataURL('image/png');
}

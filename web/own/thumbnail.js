// The small picture of a model in the menu, from a run that it has finished.

/** @import { Film } from '../stage/film.js' */
import { finalPicture } from '../files/pictures.js';

/** Pixels of its side, as in tools/pack/thumbnails. */
const side = 64;

/** @param {Film} film @returns {string} a PNG, as a data: address */
export function thumbnail(film) {
  const { width, height, data } = finalPicture(film, 1);
  const whole = new OffscreenCanvas(width, height);
  whole.getContext('2d')?.putImageData(new ImageData(Uint8ClampedArray.from(data), width), 0, 0);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const to = canvas.getContext('2d');
  if (!to) return '';
  const fits = side / Math.max(width, height);
  // Enlarged by a whole number of pixels, or reduced to the means of some.
  const by = fits > 1 ? Math.floor(fits) : fits;
  to.imageSmoothingEnabled = fits < 1;
  to.imageSmoothingQuality = 'high';
  to.fillRect(0, 0, side, side);
  const [w, h] = [Math.round(width * by), Math.round(height * by)];
  to.drawImage(whole, Math.floor((side - w) / 2), Math.floor((side - h) / 2), w, h);
  return canvas.toDataURL('image/png');
}

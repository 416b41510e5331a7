// Which pixel of which picture of the stage a point of the window is on.

/** @import { Stage } from '../stage/stage.js' */
import { tile } from '../stage/layout.js';

/**
 * @param {Pick<Stage, 'placed' | 'film' | 'parts'>} stage @param {number} x @param {number} y CSS pixels in the window
 * @returns {{picture: number, row: number, column: number} | undefined}
 */
export function pixelAt({ placed, film, parts }, x, y) {
  if (!placed) return undefined;
  const { layout, ratio, camera } = placed;
  const { left, top } = parts.box.getBoundingClientRect();
  const [px, py] = [(x - left) * ratio, (y - top) * ratio];
  const panel = layout.panels.find((p) => px >= p.x && py >= p.y && px < p.x + p.w && py < p.y + p.h);
  if (!panel || camera.scale !== 1) return undefined;
  const { width, height, images } = film.shape;
  for (let picture = 0; picture < images; picture++) {
    const r = tile(panel, picture);
    const [column, row] = [Math.floor(((px - r.x) / r.w) * width), Math.floor(((py - r.y) / r.h) * height)];
    if (column >= 0 && row >= 0 && column < width && row < height) return { picture, row, column };
  }
  return undefined;
}

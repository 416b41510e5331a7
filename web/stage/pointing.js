// What of the stage a point of the window is on.

/** @import { Layout } from './layout.js' */
/**
 * Where a point is in a panel, as parts 0 to 1 of it, and how large that is in
 * CSS pixels; nothing where there is no panel.
 * @param {Layout} layout @param {Element} box that it is laid out in @param {number} ratio
 * @param {number} x @param {number} y CSS pixels in the window
 */
export function panelAt(layout, box, ratio, x, y) {
  const at = inside(box, ratio, x, y);
  const panel = layout.panels.find((p) => at.x >= p.x && at.y >= p.y && at.x < p.x + p.w && at.y < p.y + p.h);
  if (!panel) return undefined;
  return { x: (at.x - panel.x) / panel.w, y: (at.y - panel.y) / panel.h, width: panel.w / ratio, height: panel.h / ratio };
}

/** A point in the device pixels of the box. @param {Element} box @param {number} ratio @param {number} x @param {number} y */
function inside(box, ratio, x, y) {
  const { left, top } = box.getBoundingClientRect();
  return { x: (x - left) * ratio, y: (y - top) * ratio };
}

// Where everything on the stage belongs, in whole device pixels: the views of a
// step, or grids of them, and the film strip.

/** @import { RunShape } from '../types.js' */

const panelGap = 20;
const leastGap = 8;
const panelLabel = 30;
const tileGap = 2;
const stripLabel = 34;
const stripBand = 80;
const stripGap = 4;
const thumbSide = 28;
const markWidth = 2;

/**
 * @typedef {{width: number, height: number, ratio: number, strip?: number}} Box
 *   Device pixels, device pixels per CSS pixel, and, where the stage is to be
 *   compact, CSS pixels of the film strip's height, 0 for none: it has no name
 *   then, and everything keeps together in the middle.
 * @typedef {{x: number, y: number, w: number, h: number}} Rect
 * @typedef {Rect & {zoom: number, cols: number, rows: number, gap: number, tileWidth: number, tileHeight: number}} Grid
 * @typedef {{panels: Grid[], strip: Grid, slots: number, mark: number}} Layout
 */

/**
 * Rectangle of the i-th picture of a grid.
 * @param {Grid} g
 * @param {number} i
 * @returns {Rect}
 */
export function tile(g, i) {
  return {
    x: g.x + Math.trunc(((i % g.cols) * (g.w - g.tileWidth)) / Math.max(1, g.cols - 1)),
    y: g.y + Math.trunc(i / g.cols) * (g.tileHeight + g.gap),
    w: g.tileWidth,
    h: g.tileHeight,
  };
}

/**
 * @param {Box} b
 * @param {RunShape} r
 * @param {number} views how many are shown, at least one
 * @param {number} sides how many runs, and their difference, are compared, at least one
 * @param {number} kept number of steps that can be shown
 * @returns {Layout}
 */
export function arrange(b, r, views, sides, kept) {
  const band = bandOf(b, r);
  const zone = b.height - band - (b.strip === undefined ? px(b, stripLabel) : band && px(b, leastGap));
  const label = px(b, panelLabel);
  const gap = Math.min(px(b, panelGap), Math.max(px(b, leastGap), Math.trunc(b.width / 40)));
  const { g, cols, rows } = rowsOfViews(b, r, { count: views * sides, sides }, { zone, label, gap });

  let across = gap;
  const between = b.width - cols * g.w;
  if (b.strip === undefined && cols > 1 && between <= Math.trunc(((cols - 1) * b.width) / 8)) {
    across = Math.max(gap, Math.trunc(between / (cols - 1)));
  }
  const left = Math.trunc((b.width - (cols - 1) * across - cols * g.w) / 2);
  const top = label + Math.max(0, Math.trunc((zone - (rows - 1) * gap - rows * (label + g.h)) / 2));
  const panels = Array.from({ length: views * sides }, (_, i) => ({
    ...g,
    x: left + (i % cols) * (g.w + across),
    y: top + Math.trunc(i / cols) * (label + g.h + gap),
  }));
  return { panels, ...arrangeStrip(b, r, band ? kept : 0) };
}

/**
 * @param {Box} b @param {RunShape} r @param {{count: number, sides: number}} panels
 * @param {{zone: number, label: number, gap: number}} space
 */
function rowsOfViews(b, r, { count, sides }, { zone, label, gap }) {
  /** @type {{g: Grid, cols: number, rows: number} | undefined} */
  let best;
  let last = 0;
  for (let cols = 1; cols <= count; cols++) {
    const rows = Math.ceil(count / cols);
    if (rows === last || (cols > 1 && cols % sides !== 0)) continue;
    last = rows;
    const width = Math.trunc((b.width - (cols - 1) * gap) / cols);
    const height = Math.trunc((zone - (rows - 1) * gap) / rows) - label;
    const g = fit(width, height, r, px(b, tileGap));
    if (best && g.w > width) continue;
    if (!best || g.zoom > best.g.zoom || (g.zoom === best.g.zoom && longest(g) <= longest(best.g))) {
      best = { g, cols, rows };
    }
  }
  return /** @type {{g: Grid, cols: number, rows: number}} */ (best);
}

/** Height of the film strip: a row of it holds a picture. @param {Box} b @param {RunShape} r */
function bandOf(b, r) {
  if (b.strip === undefined) return px(b, stripBand);
  return b.strip && Math.max(px(b, b.strip), r.height) + px(b, markWidth);
}

/** @param {Box} b @param {number} css */
function px(b, css) {
  return Math.floor(css * b.ratio + 0.5);
}

/** @param {number} w @param {number} h @param {RunShape} r @param {number} gap */
function fit(w, h, r, gap) {
  /** @type {Grid | undefined} */
  let best;
  for (let cols = r.images; cols >= 1; cols--) {
    if (r.columns && cols !== r.columns) continue;
    const rows = Math.ceil(r.images / cols);
    const zoom = Math.min(
      Math.trunc((w - (cols - 1) * gap) / (cols * r.width)),
      Math.trunc((h - (rows - 1) * gap) / (rows * r.height)),
    );
    const g = sized(Math.max(1, zoom), cols, rows, gap, r);
    if (!best || better(g, best)) best = g;
  }
  return /** @type {Grid} */ (best);
}

/** @param {Grid} g @param {Grid} o */
function better(g, o) {
  if (g.zoom !== o.zoom) return g.zoom > o.zoom;
  if (g.cols * g.rows !== o.cols * o.rows) return g.cols * g.rows < o.cols * o.rows;
  return longest(g) < longest(o);
}

/** @param {Grid} g */
function longest(g) {
  return Math.max(g.w, g.h);
}

/**
 * @param {number} zoom @param {number} cols @param {number} rows
 * @param {number} gap @param {RunShape} r
 * @returns {Grid}
 */
function sized(zoom, cols, rows, gap, r) {
  const tileWidth = zoom * r.width;
  const tileHeight = zoom * r.height;
  const w = cols * (tileWidth + gap) - gap;
  const h = rows * (tileHeight + gap) - gap;
  return { x: 0, y: 0, w, h, zoom, cols, rows, gap, tileWidth, tileHeight };
}

/** @param {Box} b @param {RunShape} r @param {number} kept */
function arrangeStrip(b, r, kept) {
  const band = bandOf(b, r);
  const gap = px(b, stripGap);
  const mark = px(b, markWidth);
  const room = b.width - 2 * mark;
  const least = Math.max(1, Math.trunc((px(b, thumbSide) + Math.trunc(r.height / 2)) / r.height));
  const colsAt = (/** @type {number} */ z) => Math.max(1, Math.trunc((room + gap) / (z * r.width + gap)));
  const rowsAt = (/** @type {number} */ z) => Math.max(1, Math.trunc((band + gap) / (z * r.height + gap)));

  let zoom = Math.max(least, Math.trunc(band / r.height));
  while (colsAt(zoom) * rowsAt(zoom) < kept && zoom > least) zoom--;
  const slots = Math.min(kept, colsAt(zoom) * rowsAt(zoom));
  const rows = Math.max(1, Math.ceil(slots / colsAt(zoom)));
  const g = sized(zoom, Math.max(1, Math.ceil(slots / rows)), rows, gap, r);
  g.x = mark;
  g.y = b.height - band;
  if (b.strip !== undefined) g.x = Math.max(mark, Math.trunc((b.width - g.w) / 2));
  else if (room - g.cols * g.tileWidth <= (g.cols - 1) * g.tileWidth) g.w = Math.max(g.w, room);
  return { strip: g, slots, mark };
}

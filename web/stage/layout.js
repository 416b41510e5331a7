// Where everything on the stage belongs, in whole device pixels: the views of a
// step, or grids of them, and below them the film strip, one row as wide as the box.

/** @import { RunShape } from '../types.js' */

const panelGap = 20;
const leastGap = 8;
const panelLabel = 26;
const tileGap = 2;
const stripAbove = 8;
const stripBand = 32;
const stripGap = 4;
const markWidth = 2;
/** How wide a picture is beside the finished one, in parts of that. */
const besideHero = 0.35;
/** The same for web/stage/columns.js, in CSS pixels. */
export const lengths = { panelGap, leastGap, panelLabel, tileGap, stripAbove, stripBand, stripGap, markWidth };

/**
 * @typedef {{width: number, height: number, ratio: number, strip?: number}} Box
 *   Device pixels, device pixels per CSS pixel, and, where it is not the page's,
 *   CSS pixels of the film strip's height, 0 for none.
 * @typedef {{x: number, y: number, w: number, h: number}} Rect
 * @typedef {Rect & {zoom: number, cols: number, rows: number, gap: number, tileWidth: number, tileHeight: number}} Grid
 * @typedef {{panels: Grid[], strip: Grid, slots: number, mark: number, least: number}} Layout
 *   least: the height from which on every pixel of the pictures has a device pixel
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
  const film = arrangeStrip(b, r, kept);
  const below = film.slots && film.strip.h + 2 * film.mark + px(b, stripAbove);
  const zone = b.height - below;
  const label = px(b, panelLabel);
  const gap = Math.min(px(b, panelGap), Math.max(px(b, leastGap), Math.trunc(b.width / 40)));
  const { g, cols, rows, least } = rowsOfViews(b, r, { count: views * sides, sides }, { zone, label, gap });

  const left = Math.trunc((b.width - (cols - 1) * gap - cols * g.w) / 2);
  const top = label + Math.max(0, Math.trunc((zone - (rows - 1) * gap - rows * (label + g.h)) / 2));
  const panels = Array.from({ length: views * sides }, (_, i) => ({
    ...g,
    x: left + (i % cols) * (g.w + gap),
    y: top + Math.trunc(i / cols) * (label + g.h + gap),
  }));
  return { panels, ...film, least: least + below };
}

/**
 * Two views at the end of a run: the second as large as the box allows, and the first
 * small beside it. In all else it is the layout of two equal views.
 * @param {Box} b @param {RunShape} r @param {number} kept
 * @returns {Layout}
 */
export function arrangeHero(b, r, kept) {
  const equal = arrange(b, r, 2, 1, kept);
  const [one, other] = equal.panels;
  const label = px(b, panelLabel);
  const beside = one.y === other.y;
  const gap = beside ? other.x - one.x - one.w : other.y - one.y - one.h - label;
  const room = { w: b.width, h: b.height - (equal.slots && equal.strip.h + 2 * equal.mark + px(b, stripAbove)) };
  const sizes = (/** @type {number} */ zoom) => ({
    small: sized(Math.max(1, Math.round(besideHero * zoom)), one.cols, one.rows, one.gap, r),
    hero: sized(zoom, one.cols, one.rows, one.gap, r),
  });
  const taken = (/** @type {{small: Grid, hero: Grid}} */ { small, hero }) =>
    beside ? { w: small.w + gap + hero.w, h: label + hero.h } : { w: hero.w, h: 2 * label + small.h + gap + hero.h };
  const fits = (/** @type {number} */ zoom) => {
    const { w, h } = taken(sizes(zoom));
    return w <= room.w && h <= room.h;
  };
  let { zoom } = one;
  if (!fits(zoom)) return equal;
  while (fits(zoom + 1)) zoom++;
  const { small, hero } = sizes(zoom);
  const { w, h } = taken({ small, hero });
  const [x, y] = [Math.trunc((room.w - w) / 2), label + Math.trunc((room.h - h) / 2)];
  const panels = beside
    ? [{ ...small, x, y: y + hero.h - small.h }, { ...hero, x: x + small.w + gap, y }]
    : [{ ...small, x, y }, { ...hero, x, y: y + small.h + gap + label }];
  return { ...equal, panels };
}

/**
 * A layout on the way from one to another with as many panels.
 * @param {Layout} from @param {Layout} to @param {number} part 0 to 1
 * @returns {Layout}
 */
export function between(from, to, part) {
  const panels = from.panels.map((grid, i) => {
    const end = to.panels[i];
    const mixed = { ...grid };
    for (const key of /** @type {const} */ (['x', 'y', 'w', 'h', 'zoom', 'tileWidth', 'tileHeight'])) {
      mixed[key] = Math.round(grid[key] + part * (end[key] - grid[key]));
    }
    return mixed;
  });
  return { ...to, panels };
}

/**
 * @param {Box} b @param {RunShape} r @param {{count: number, sides: number}} panels
 * @param {{zone: number, label: number, gap: number}} space
 */
function rowsOfViews(b, r, { count, sides }, { zone, label, gap }) {
  /** @type {Rows | undefined} */
  let best;
  let last = 0;
  let least = Infinity;
  for (let cols = 1; cols <= count; cols++) {
    const rows = Math.ceil(count / cols);
    if (rows === last || (cols > 1 && cols % sides !== 0)) continue;
    last = rows;
    const width = Math.trunc((b.width - (cols - 1) * gap) / cols);
    const height = Math.trunc((zone - (rows - 1) * gap) / rows) - label;
    const g = fit(width, height, r, px(b, tileGap));
    const smallest = smallestOf(width, r, px(b, tileGap));
    if (smallest.w <= width) least = Math.min(least, rows * (label + smallest.h) + (rows - 1) * gap);
    const tall = rows * (label + g.h) + (rows - 1) * gap;
    const made = { g, cols, rows, broken: g.cols < r.columns, over: Math.max(0, tall - zone, (g.w - width) * cols) };
    if (!best || suits(made, best)) best = made;
  }
  return { .../** @type {Rows} */ (best), least };
}

/**
 * Views in rows: whether a word is broken, and the pixels that do not fit.
 * @typedef {{g: Grid, cols: number, rows: number, broken: boolean, over: number}} Rows
 */

/** Whether views stand better so than otherwise. @param {Rows} a @param {Rows} o */
export function suits(a, o) {
  if (a.over !== o.over) return a.over < o.over;
  if (a.broken !== o.broken) return o.broken;
  return a.g.zoom > o.g.zoom || (a.g.zoom === o.g.zoom && longest(a.g) <= longest(o.g));
}

/**
 * Columns and rows of a run's pictures where there is room.
 * @param {{images: number, columns: number}} run columns: 0 where nothing asks for a number of them
 */
export function gridOf({ images, columns }) {
  const cols = columns || Math.ceil(Math.sqrt(images));
  return { cols, rows: Math.ceil(images / cols) };
}

/** @param {Box} b @param {number} css */
export function px(b, css) {
  return Math.floor(css * b.ratio + 0.5);
}

/**
 * The largest grid for a room. A word keeps to one row as long as that is wide enough.
 * @param {number} w @param {number} h @param {RunShape} r @param {number} gap
 */
export function fit(w, h, r, gap) {
  /** @type {Grid | undefined} */
  let best;
  for (let cols = mostColumns(w, r, gap); cols >= 1; cols--) {
    if (r.columns && best) break;
    const rows = Math.ceil(r.images / cols);
    const zoom = Math.min(
      Math.trunc((w - (cols - 1) * gap) / (cols * r.width)),
      Math.trunc((h - (rows - 1) * gap) / (rows * r.height)),
    );
    const g = sized(Math.max(1, zoom), cols, rows, gap, r);
    if (!best || (zoom >= 1 && better(g, best))) best = g;
  }
  return /** @type {Grid} */ (best);
}

/** The lowest grid at zoom 1. @param {number} w @param {RunShape} r @param {number} gap */
export function smallestOf(w, r, gap) {
  const cols = mostColumns(w, r, gap);
  return sized(1, cols, Math.ceil(r.images / cols), gap, r);
}

/** How many columns there may be. @param {number} w @param {RunShape} r @param {number} gap */
function mostColumns(w, r, gap) {
  return Math.max(1, Math.min(r.columns || r.images, Math.trunc((w + gap) / (r.width + gap))));
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
export function sized(zoom, cols, rows, gap, r) {
  const tileWidth = zoom * r.width;
  const tileHeight = zoom * r.height;
  const w = cols * (tileWidth + gap) - gap;
  const h = rows * (tileHeight + gap) - gap;
  return { x: 0, y: 0, w, h, zoom, cols, rows, gap, tileWidth, tileHeight };
}

/** @param {Box} b @param {RunShape} r @param {number} kept */
function arrangeStrip(b, r, kept) {
  const gap = px(b, stripGap);
  const mark = px(b, markWidth);
  const room = b.width - 2 * mark;
  const zoom = Math.max(1, Math.trunc(px(b, b.strip ?? stripBand) / r.height));
  const most = Math.max(1, Math.min(kept, Math.trunc((room + gap) / (zoom * r.width + gap))));
  const slots = b.strip === 0 ? 0 : most;
  const strip = sized(zoom, most, 1, gap, r);
  strip.x = mark;
  strip.y = b.height - mark - strip.h;
  if (slots > 1) strip.w = Math.max(strip.w, room);
  return { strip, slots, mark };
}

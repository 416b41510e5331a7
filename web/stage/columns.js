// Where everything belongs while runs are compared: a column for each side, under
// a heading, with the views of that side and the film strip of its run. Where a
// column has no room for a strip, one of the longer run is as wide as the box.

/** @import { RunShape } from '../types.js' */
/** @import { Box, Grid, Layout, Rect, Rows } from './layout.js' */
import { fit, lengths, px, sized, smallestOf, suits } from './layout.js';

const headingHigh = 28;
/** Of a narrow column, where a long value takes two lines. */
const headingTwo = 40;
const narrow = 170;
/** Between columns: more than between the views of one. */
const widestGap = 36;
const columnGap = 12;
/** What says whose one strip is. */
const ownerHigh = 18;
/** Frames without which a strip of its own says little. */
const leastFrames = 4;

/**
 * @typedef {{side: number, strip: Grid, slots: number}} Film a strip, of one of the films
 * @typedef {Layout & {headings: Rect[], over: Rect[], films: Film[], owner?: Rect}} Columns
 *   over: the places above the pictures of the first column that stand beside each other;
 *   owner: where there is one strip alone, the place of the words that say whose
 */

/**
 * @param {Box} b @param {RunShape} r @param {number} views at least one
 * @param {number} columns at least one, of which the first have the films in their order
 * @param {{kept: readonly number[], clock: number, own: boolean}} films steps of each that can be shown, the one
 *   that gives the time, and whether each may have a strip of its own
 * @returns {Columns}
 */
export function arrangeColumns(b, r, views, columns, { kept, clock, own }) {
  const between = Math.max(px(b, columnGap), Math.min(px(b, widestGap), Math.trunc(b.width / 30)));
  const mark = px(b, lengths.markWidth);
  const room = Math.max(1, Math.trunc((b.width - (columns - 1) * between) / columns));
  const frame = frameOf(b, r);
  const four = leastFrames * (frame.w + frame.gap) - frame.gap + 2 * mark;
  const each = own && columns >= kept.length && b.strip !== 0 && room >= four;
  const above = each ? lengths.stripAbove : lengths.stripAbove + ownerHigh;
  const below = b.strip === 0 ? 0 : frame.h + 2 * mark + px(b, above);
  const heading = px(b, room < px(b, narrow) ? headingTwo : headingHigh);
  const label = px(b, lengths.panelLabel);
  const gap = px(b, own ? lengths.leastGap : lengths.panelGap); // or names of pictures with a line would meet
  const zone = b.height - below - heading;
  const { g, cols, rows, least } = viewsOf(b, r, views, { room, zone, label, gap });

  const group = cols * g.w + (cols - 1) * gap;
  const wide = Math.max(group, each ? four : 0);
  const left = Math.trunc((b.width - columns * wide - (columns - 1) * between) / 2);
  const top = heading + Math.max(0, Math.trunc((zone - rows * (label + g.h) - (rows - 1) * gap) / 2));
  const at = Array.from({ length: columns }, (_, i) => left + i * (wide + between));
  const indent = Math.trunc((wide - group) / 2);
  const panels = Array.from({ length: views * columns }, (_, i) => {
    const view = Math.trunc(i / columns);
    return { ...g, x: at[i % columns] + indent + (view % cols) * (g.w + gap), y: top + label + Math.trunc(view / cols) * (label + g.h + gap) };
  });
  const strips = each
    ? kept.map((steps, side) => ({ side, ...stripOf(b, frame, steps, { x: at[side], w: wide }, mark) }))
    : [{ side: clock, ...stripOf(b, frame, kept[clock], { x: 0, w: b.width }, mark) }];
  const { strip, slots } = strips.find(({ side }) => side === clock) ?? strips[0];
  const shown = b.strip === 0 ? [] : strips;
  return {
    ...{ panels, strip, slots: shown.length && slots, mark, films: shown, least: heading + least + below },
    over: panels.slice(0, cols * columns).filter((_, i) => i % columns === 0).map(({ x, w }) => ({ x, y: top - heading, w, h: heading })),
    headings: at.map((x) => ({ x: x + indent, y: top - heading, w: wide - indent, h: heading })),
    ...(shown.length > 0 && !each && { owner: { x: 0, y: strip.y - mark - px(b, ownerHigh), w: b.width, h: px(b, ownerHigh) } }),
  };
}

/**
 * The views of a side in rows, as large as they can be.
 * @param {Box} b @param {RunShape} r @param {number} views
 * @param {{room: number, zone: number, label: number, gap: number}} space
 */
function viewsOf(b, r, views, { room, zone, label, gap }) {
  /** @type {Rows | undefined} */
  let best;
  let last = 0;
  let least = Infinity;
  const between = px(b, lengths.tileGap);
  for (let cols = 1; cols <= views; cols++) {
    const rows = Math.ceil(views / cols);
    if (rows === last) continue;
    last = rows;
    const width = Math.trunc((room - (cols - 1) * gap) / cols);
    const height = Math.trunc((zone - (rows - 1) * gap) / rows) - label;
    const g = fit(width, height, r, between);
    const smallest = smallestOf(width, r, between);
    if (smallest.w <= width || cols === 1) least = Math.min(least, rows * (label + smallest.h) + (rows - 1) * gap);
    const tall = rows * (label + g.h) + (rows - 1) * gap;
    const made = { g, cols, rows, broken: g.cols < r.columns, over: Math.max(0, tall - zone, (g.w - width) * cols) };
    if (!best || suits(made, best)) best = made;
  }
  return { .../** @type {Rows} */ (best), least };
}

/** A picture of a film strip. @param {Box} b @param {RunShape} r */
function frameOf(b, r) {
  const zoom = Math.max(1, Math.trunc(px(b, b.strip ?? lengths.stripBand) / r.height));
  return { r, zoom, w: zoom * r.width, h: zoom * r.height, gap: px(b, lengths.stripGap) };
}

/**
 * A strip at the lower edge, from one side of its room to the other.
 * @param {Box} b @param {ReturnType<typeof frameOf>} frame @param {number} kept
 * @param {{x: number, w: number}} place @param {number} mark
 */
function stripOf(b, { r, zoom, w, gap }, kept, place, mark) {
  const room = place.w - 2 * mark;
  const slots = Math.max(1, Math.min(kept, Math.trunc((room + gap) / (w + gap))));
  const strip = sized(zoom, slots, 1, gap, r);
  strip.x = place.x + mark;
  strip.y = b.height - mark - strip.h;
  if (slots > 1) strip.w = Math.max(strip.w, room);
  return { strip, slots };
}

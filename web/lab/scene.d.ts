// What the lab's stage shows. The page makes a scene, and a painter draws it: a plain
// canvas, or the Ebitengine program where there is WebGL2. Lengths are in units of the
// plane, in which the data lie between −1 and 1, the second coordinate upwards; widths and
// radii are in CSS pixels. Colours are #rrggbb, opacity 0 to 1.
//
// A painter knows an array again, as the same object, and does not read it twice: numbers
// in one that was drawn must not change. What cannot be drawn is left out: a point that is
// not at two numbers, the end of an array that is longer than its partner, a grid whose
// numbers are not width times height.

/** Which part of the plane is seen: its middle, and CSS pixels for a unit. */
export interface Window {
  x: number;
  y: number;
  scale: number;
}

/**
 * Numbers of a grid as colours from one to another, the top row first; 0 is the first colour.
 * Each is that of the middle of its cell; between them, and in the outermost half of a cell, the
 * four nearest are mixed, and then the colour is taken.
 */
export interface Heat {
  values: Float32Array; // [height][width], 0 to 1
  width: number; // up to 1024, as the height
  height: number;
  left: number;
  right: number;
  bottom: number;
  top: number;
  colours: string[]; // two to eight, evenly spaced
  opacity: number;
}

/**
 * Arrows from one point to another each: lines with round ends. An arrow of 2 pixels or more has a
 * head, two lines of 4 pixels, or half the arrow, at 0.45 rad. Arrows of one list do not show
 * through each other.
 */
export interface Arrows {
  from: Float32Array; // [n][2]
  to: Float32Array; // [n][2]
  colour: string;
  opacity: number;
  width: number;
}

/** A cloud of points, drawn as discs that let others through. */
export interface Cloud {
  points: Float32Array; // [n][2]
  colour: string;
  opacity: number;
  radius: number;
  /**
   * Where each point was before, the newest first: drawn below all points of the cloud as a line
   * that fades. Its width is 0.8 of the radius, but 1 at least. It begins with 0.32 of the opacity
   * of the points; of that the k-th of n places, from 0, has 1 − (k + way) ÷ n.
   */
  trails: Float32Array[]; // up to 64, each [n][2]
  /**
   * Where each point comes from, if it glides: it is drawn at before + way · (points − before). A
   * step that glides has the points of the one before as `before` and as the first of `trails`, so
   * that at a way of 0 it looks as that did at a way of 1, without the faintest line of a trail.
   */
  before?: Float32Array; // [n][2]
  way?: number; // 0 to 1, which it is where it is left out
}

/** A line through points, with round joins. It does not show through itself. */
export interface Path {
  points: Float32Array; // [n][2]
  colour: string;
  opacity: number;
  width: number;
}

/** Layers, the lowest first: heat, arrows, clouds, paths. */
export interface Scene {
  window: Window;
  background: string;
  heat?: Heat;
  arrows: Arrows[];
  clouds: Cloud[];
  paths: Path[];
}

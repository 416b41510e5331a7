// What the lab's stage shows. The page makes a scene, and a painter draws it: a plain
// canvas, or the Ebitengine program where there is WebGL2. Lengths are in units of the
// plane, in which the data lie between −1 and 1, the second coordinate upwards; widths and
// radii are in CSS pixels. Colours are #rrggbb, opacity 0 to 1.

/** Which part of the plane is seen: its middle, and CSS pixels for a unit. */
export interface Window {
  x: number;
  y: number;
  scale: number;
}

/** Numbers of a grid as colours from one to another, the top row first; 0 is the first colour. */
export interface Heat {
  values: Float32Array; // [height][width], 0 to 1
  width: number;
  height: number;
  left: number;
  right: number;
  bottom: number;
  top: number;
  colours: string[]; // two or more, evenly spaced
  opacity: number;
}

/** Arrows from one point to another each. */
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
  /** Where each point was before, the newest first: drawn as a line that fades. */
  trails: Float32Array[]; // each [n][2]
}

/** A line through points. */
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

// What the stage shows, made of what is known: the shapes that a painter draws. The types
// are those of scene.d.ts.

/** @import { Shaded, Scored } from './messages.js' */
/** @import { Take } from './film.js' */
/** @import { Cloud, Heat, Scene, Window } from './scene.js' */
import { between, frameOf, numbers, pointsAt } from './film.js';

/** @typedef {'data' | 'points' | 'trails' | 'density' | 'score' | 'exact' | 'guess'} Layer */

/**
 * @typedef {object} Known
 * @property {Window} window
 * @property {string} background
 * @property {Set<Layer>} layers
 * @property {Take | undefined} take
 * @property {number} moment from 0, noise, to 1
 * @property {{points: Float32Array, classes: Uint8Array} | undefined} data
 * @property {boolean} classes whether classes are told apart
 * @property {Heat | undefined} heat
 * @property {Scored | undefined} scored
 * @property {{points: Float32Array, exact?: Float32Array}[]} paths
 */

/** The layers, as they are offered. @type {Layer[]} */
export const layers = ['data', 'points', 'trails', 'density', 'score', 'exact', 'guess'];

/** The part of the plane that is seen at first: so many units to each side of the middle. */
export const reach = 1.55;

// The stage is dark in both themes: these go with web/look/tokens.css.
const drawn = ['#ffc24d', '#5fb4ff', '#ff8f8f', '#9be28c', '#c9a2ff', '#7fe0d8', '#ffd9a0', '#e6e9ee'];
const grey = '#9aa7ba';
const right = '#6fd08c';
const guess = '#8fd0ff';
const cold = ['#10273a', '#174661', '#2b7387', '#76b3ae'];

/** How many frames a trail is long, of clouds of up to so many points. */
const trail = 5;
const mostTrails = 4000;

/** Length of the longest usual arrow in units: that of a point one standard deviation of noise away. */
const arrow = 0.085;

/** @param {Known} known @returns {Scene} */
export function compose({ window, background, layers, take, moment, data, classes, heat, scored, paths }) {
  /** @type {Scene} */
  const scene = { window, background, arrows: [], clouds: [], paths: frame() };
  const size = Math.max(1, Math.min(1.7, window.scale / 150)); // of points, on a large plane
  if (heat && layers.has('density')) scene.heat = { ...heat, colours: [background, ...heat.colours] };
  if (data && layers.has('data')) scene.clouds.push(...dataOf(data, classes, size));
  if (scored) {
    const from = numbers(scored.points);
    if (layers.has('exact') && scored.exact.length > 0) scene.arrows.push({ from, to: ends(from, numbers(scored.exact)), colour: right, opacity: 0.85, width: 2.5 });
    if (layers.has('score')) scene.arrows.push({ from, to: ends(from, numbers(scored.model)), colour: drawn[0], opacity: 0.9, width: 1.25 });
  }
  if (take) {
    if (layers.has('guess')) scene.clouds.push({ points: pointsAt(take, moment, 'guesses'), colour: guess, opacity: 0.55, radius: 1.5 * size, trails: [] });
    if (layers.has('points')) scene.clouds.push(...drawnOf(take, moment, layers.has('trails'), size));
  }
  for (const { points, exact } of paths) {
    for (const end of [points.subarray(0, 2), points.subarray(-2)]) scene.clouds.push({ points: end, colour: '#ffffff', opacity: 1, radius: 3.5, trails: [] });
    if (exact) scene.paths.push({ points: exact, colour: right, opacity: 0.95, width: 2.5 });
    scene.paths.push({ points, colour: '#ffffff', opacity: 0.95, width: 1.75 });
  }
  return scene;
}

/** The axes, and the square of the data. */
function frame() {
  const line = (/** @type {number[]} */ points, opacity = 0.5) => ({ points: new Float32Array(points), colour: '#2a2f39', opacity, width: 1 });
  return [line([-9, 0, 9, 0]), line([0, -9, 0, 9]), line([-1, -1, 1, -1, 1, 1, -1, 1, -1, -1], 1)];
}

/** @param {{points: Float32Array, classes: Uint8Array}} data @param {boolean} apart @param {number} size @returns {Cloud[]} */
function dataOf({ points, classes }, apart, size) {
  const cloud = (/** @type {Float32Array} */ points, /** @type {string} */ colour, /** @type {number} */ opacity) => ({ points, colour, opacity, radius: 1.4 * size, trails: [] });
  if (!apart) return [cloud(points, grey, 0.4)];
  const count = Math.max(0, ...classes) + 1;
  return Array.from({ length: count }, (_, c) => cloud(points.filter((_, i) => classes[i >> 1] === c), drawn[c % drawn.length], 0.35));
}

/** The drawn clouds, with where each point came from. @param {Take} take @param {number} moment @param {boolean} withTrails @param {number} size @returns {Cloud[]} */
function drawnOf(take, moment, withTrails, size) {
  const { frame, share } = between(take, moment);
  /** @type {Float32Array[]} */
  const before = [];
  if (withTrails && take.points <= mostTrails) {
    for (let back = share > 0 ? frame : frame - 1; back >= 0 && before.length < trail; back--) before.push(frameOf(take, back));
  }
  const points = pointsAt(take, moment);
  const each = (2 * take.points) / take.clouds;
  const radius = (take.points > 5000 ? 1.2 : 1.7) * size;
  return Array.from({ length: take.clouds }, (_, c) => {
    const part = (/** @type {Float32Array} */ all) => all.subarray(c * each, (c + 1) * each);
    return { points: part(points), colour: drawn[c % drawn.length], opacity: 0.8, radius, trails: before.map(part) };
  });
}

/** Where arrows end that are as long as a direction says, within reason. @param {Float32Array} from @param {Float32Array} directions */
function ends(from, directions) {
  const to = new Float32Array(from.length);
  for (let i = 0; i < from.length; i += 2) {
    const long = Math.hypot(directions[i], directions[i + 1]) || 1;
    const factor = (arrow * Math.min(1.6, Math.sqrt(long))) / long;
    to[i] = from[i] + factor * directions[i];
    to[i + 1] = from[i + 1] + factor * directions[i + 1];
  }
  return to;
}

/** A density as a heat map: its root, since it is high where it is narrow. @param {Shaded} shaded @param {number} side units to each side of the middle @returns {Heat} */
export function heated({ values, columns, rows }, side) {
  const density = numbers(values);
  const highest = density.reduce((most, value) => Math.max(most, value), 1e-9);
  return { values: density.map((value) => Math.sqrt(value / highest)), width: columns, height: rows, left: -side, right: side, bottom: -side, top: side, colours: cold, opacity: 0.9 };
}

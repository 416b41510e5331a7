// What the stage shows, made of what is known: the shapes that a painter draws. The types
// are those of scene.d.ts.

/** @import { Shaded, Scored } from './messages.js' */
/** @import { Take } from './film.js' */
/** @import { Cloud, Heat, Path, Scene, Window } from './scene.js' */
import { between, numbers } from './film.js';

/** @typedef {'digits' | 'data' | 'points' | 'trails' | 'courses' | 'density' | 'score' | 'exact' | 'guess' | 'ways' | 'posterior'} Layer */

/**
 * @typedef {object} Known
 * @property {Window} window
 * @property {string} background
 * @property {Set<Layer>} layers
 * @property {Take | undefined} take
 * @property {number} moment from 0, noise, to 1
 * @property {{points: Float32Array, classes: Uint8Array} | undefined} data
 * @property {boolean} classes whether classes are told apart
 * @property {{classes: string[], clouds: string[]}} [tints] colours of classes and clouds, where they have their own
 * @property {Heat | undefined} heat
 * @property {Heat} [sheet] of digits
 * @property {Scored | undefined} scored
 * @property {{clouds: Cloud[], paths: Path[]}} chosen of the point that a person chose
 */

/** The layers, as they are offered. @type {Layer[]} */
export const layers = ['data', 'points', 'trails', 'density', 'score', 'exact', 'guess', 'posterior', 'ways', 'digits', 'courses'];

/** The part of the plane that is seen at first: so many units to each side of the middle. */
export const reach = 1.55;

// The stage is dark in both themes: these go with web/look/tokens.css.
export const drawn = ['#ffc24d', '#5fb4ff', '#ff8f8f', '#9be28c', '#c9a2ff', '#7fe0d8', '#ffd9a0', '#e6e9ee', '#d7dd5a', '#c98f6b'];
const grey = '#9aa7ba';
export const right = '#6fd08c';
export const white = '#ffffff';
export const guess = '#8fd0ff';
const cold = ['#10273a', '#174661', '#2b7387', '#76b3ae'];

/** The colours of a density. @param {string} background of nothing */
export function coldOn(background) {
  return [background, ...cold];
}

/** How many frames a trail is long, of clouds of up to so many points; a way of one step has none. */
const trail = 5;
const mostTrails = 4000;
/** And where points go to and fro: longer ones would hide them. */
const wanderingTrail = 2;
/** How much longer than straight the way of a point is that wanders, and how many points are asked. */
const wandering = 3;
const asked = 100;
/** Of how many points whole ways are shown: more would hide each other. */
const courses = 8;

/** Length of the longest usual arrow in units: that of a point one standard deviation of noise away. */
const arrow = 0.085;

/** @param {Known} known @returns {Scene} */
export function compose({ window, background, layers, take, moment, data, classes, tints, heat, sheet, scored, chosen }) {
  /** @type {Scene} */
  const scene = { window, background, arrows: [], clouds: [], paths: [...frame] };
  const size = Math.max(1, Math.min(1.7, window.scale / 150)); // of points, on a large plane
  if (sheet && layers.has('digits')) scene.heat = { ...sheet, colours: [background, ...sheet.colours] };
  else if (heat && layers.has('density')) scene.heat = { ...heat, colours: coldOn(background) };
  if (data && layers.has('data')) scene.clouds.push(...dataOf(data, classes, size, tints?.classes ?? drawn));
  if (scored) {
    const { from, model, exact } = once(arrowsOf, scored);
    if (layers.has('exact') && exact) scene.arrows.push({ from, to: exact, colour: right, opacity: 0.85, width: 2.5 });
    if (layers.has('score')) scene.arrows.push({ from, to: model, colour: drawn[0], opacity: 0.9, width: 1.25 });
  }
  if (take) {
    if (layers.has('guess')) scene.clouds.push(...gliding(take, 'guesses', moment).map((cloud) => ({ ...cloud, colour: guess, opacity: 0.55, radius: 1.5 * size, trails: [] })));
    if (layers.has('courses')) scene.paths.push(...once(coursesOf, take).map((points) => ({ points, colour: white, opacity: 0.6, width: 1 })));
    if (layers.has('points')) scene.clouds.push(...drawnOf(take, moment, layers.has('trails'), size, tints?.clouds ?? drawn));
  }
  scene.clouds.push(...chosen.clouds);
  scene.paths.push(...chosen.paths);
  return scene;
}

/** What follows from something is made once, since a painter knows an array again. @type {WeakMap<object, Map<Function, any>>} */
const made = new WeakMap();

/** @template {object} F @template T @param {(from: F) => T} make @param {F} from @returns {T} */
function once(make, from) {
  const all = made.get(from) ?? new Map();
  made.set(from, all);
  if (!all.has(make)) all.set(make, make(from));
  return all.get(make);
}

/** @param {number[]} points @param {number} opacity */
function line(points, opacity) {
  return { points: new Float32Array(points), colour: '#2a2f39', opacity, width: 1 };
}

/** The axes, and the square of the data. */
const frame = [line([-9, 0, 9, 0], 0.5), line([0, -9, 0, 9], 0.5), line([-1, -1, 1, -1, 1, 1, -1, 1, -1, -1], 1)];

/** @typedef {{points: Float32Array, classes: Uint8Array}} Data */

/** The points of each class. @param {Data} data */
function apart({ points, classes }) {
  const count = Math.max(0, ...classes) + 1;
  return Array.from({ length: count }, (_, c) => points.filter((_, i) => classes[i >> 1] === c));
}

/** @param {Data} data @param {boolean} told whether classes are told apart @param {number} size @param {string[]} colours @returns {Cloud[]} */
function dataOf(data, told, size, colours) {
  if (!told) return [{ points: data.points, colour: grey, opacity: 0.4, radius: 1.4 * size, trails: [] }];
  return once(apart, data).map((points, c) => ({ points, colour: colours[c % colours.length], opacity: 0.35, radius: 1.4 * size, trails: [] }));
}

/** Where the points of each cloud are at a moment. @param {Take} take @param {'states' | 'guesses'} of @param {number} moment */
function gliding(take, of, moment) {
  const { frame, share } = between(take, moment);
  const [from, to] = [take[of][frame], take[of][frame + 1]];
  return share === 1 ? to.map((points) => ({ points })) : from.map((before, c) => ({ points: to[c], before, way: share }));
}

/** The drawn clouds, with where each point came from. @param {Take} take @param {number} moment @param {boolean} withTrails @param {number} size @param {string[]} colours @returns {Cloud[]} */
function drawnOf(take, moment, withTrails, size, colours) {
  const { frame } = between(take, moment);
  const places = !withTrails || take.points > mostTrails || take.times.length <= 2 ? 0 : once(wanders, take) ? wanderingTrail : trail;
  const before = take.states.slice(Math.max(0, frame + 1 - places), frame + 1).reverse();
  const radius = (take.points > 5000 ? 1.2 : 1.7) * size;
  return gliding(take, 'states', moment).map((cloud, c) => ({ ...cloud, colour: colours[c % colours.length], opacity: 0.8, radius, trails: before.map((clouds) => clouds[c]) }));
}

/** The whole ways of a few points of each cloud, from noise to where they end. @param {Take} take */
function coursesOf({ states }) {
  return states[0].flatMap((cloud, c) => {
    const points = Math.min(Math.max(1, Math.trunc(courses / states[0].length)), cloud.length / 2);
    return Array.from({ length: points }, (_, i) => new Float32Array(states.flatMap((clouds) => [...clouds[c].subarray(2 * i, 2 * i + 2)])));
  });
}

/** Whether points go to and fro on their way, as those with fresh noise in every step do. @param {Take} take */
function wanders(take) {
  return wayOf(take) > wandering;
}

/** How long the way of the points is, of the straight one's length. @param {Take} take */
export function wayOf({ states }) {
  const ways = states.map(([points]) => points.subarray(0, 2 * asked));
  const apart = (/** @type {Float32Array} */ from, /** @type {Float32Array} */ to) => {
    let sum = 0;
    for (let i = 0; i < from.length; i += 2) sum += Math.hypot(to[i] - from[i], to[i + 1] - from[i + 1]) || 0;
    return sum;
  };
  const far = ways.slice(1).reduce((sum, to, i) => sum + apart(ways[i], to), 0);
  return far / apart(ways[0], ways[ways.length - 1]);
}

/** @param {Scored} scored */
function arrowsOf({ points, model, exact }) {
  const from = numbers(points);
  return { from, model: ends(from, numbers(model)), exact: exact.length > 0 ? ends(from, numbers(exact)) : undefined };
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

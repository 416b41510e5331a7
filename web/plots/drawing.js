// A plot drawn as SVG: for each film strip its curves, with the axis of the strip, and
// a cursor below the thumb.

/** @import { Axis, Curve, Point } from './course.js' */
import { labelled, placeOf, ticks } from './course.js';

/** Room in CSS pixels: above the curves, and below for what is written along the axis. */
const above = 8;
const below = 20;
/** Between a number and what it belongs to. */
const beside = 6;
/** CSS pixels from one step to the next from which on each has a dot, and from which on a tick. */
const dotted = 9;
const ticked = 3;
/** CSS pixels for what is written below the axis. */
const label = 84;
/** CSS pixels from which on a plot has room for words. */
const wordy = 300;

/** A curve of one of the runs, with the number of its steps. @typedef {{curve: Curve, steps: number}} Run */
/**
 * What is drawn on a strip's axis: all runs, of which one is that of the strip, and what
 * is written below each step.
 * @typedef {Axis & {runs: Run[], own: number, across: string[]}} Part
 */
/** Where a run is: its step, 0 before the first, and the value there. @typedef {{steps: number, step: number, value: number}} Mark */
/**
 * How it is drawn: the values at its lower and upper edge; whether it is filled; what
 * the axis counts, what the areas are, and what lines and dots are.
 * @typedef {{low: number, high: number, filled: boolean, across: string, areas: string[], keys: string[], format: (value: number) => string}} Looks
 */

/** @param {string} name @param {Record<string, string | number>} attributes @param {string | Element[]} [content] */
function made(name, attributes, content = []) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...content);
  return element;
}

/** @param {[number, number][]} points */
function path(points) {
  return points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

export class Drawing {
  #still = made('g', {});
  #moving = made('g', {});
  #bottom = 0;
  #y = (/** @type {number} */ value) => value;

  /** @param {Element} svg */
  constructor(svg) {
    this.svg = svg;
    svg.append(this.#still, this.#moving);
  }

  /** @param {Part[]} parts @param {Looks} looks */
  draw(parts, looks) {
    const { clientWidth: width, clientHeight: height } = this.svg;
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#bottom = height - below;
    const { low, high } = looks;
    this.#y = (value) => above + (this.#bottom - above) * (1 - (value - low) / (high - low));
    const left = Math.min(...parts.map(({ from }) => from));
    this.#still.replaceChildren(...parts.flatMap((part) => this.#part(part, looks, part.from === left)));
  }

  /** @param {Part} part @param {Looks} looks @param {boolean} first */
  #part(part, { low, high, filled, across, areas, keys, format }, first) {
    const { from, long, steps, runs, own } = part;
    const [bottom, to] = [this.#bottom, from + long];
    const at = (/** @type {number} */ steps) => (/** @type {Point} */ [step, value]) => /** @type {Point} */ ([placeOf({ from, long, steps }, step), this.#y(value)]);
    const lines = runs.map(({ curve, steps }) => curve.lines.map((line) => line.map(at(steps))));
    const all = filled ? this.#areas(lines[own]) : [];
    for (const value of ticks(low, high)) {
      const y = this.#y(value);
      all.push(made('path', { class: 'rule', d: `M${from} ${y.toFixed(1)}H${to}` }));
      if (first) all.push(made('text', { x: from - beside, y: y + 3.5, 'text-anchor': 'end' }, format(value)));
    }
    const apart = steps > 1 ? long / (steps - 1) : long;
    if (apart >= ticked) all.push(made('path', { class: 'tick', d: part.across.map((_, i) => `M${placeOf(part, i + 1).toFixed(1)} ${bottom}v4`).join('') }));
    for (const step of labelled(steps, Math.trunc(long / label) + 1)) {
      all.push(made('text', { x: placeOf(part, step), y: bottom + 16, 'text-anchor': 'middle' }, part.across[step - 1] ?? ''));
    }
    if (first) all.push(made('text', { class: 'symbol', x: from - 20, y: bottom + 16, 'text-anchor': 'end' }, across));
    lines.forEach((run, i) => all.push(group(i, run.map((line) => made('path', { class: 'line', d: path(line) })))));
    if (apart >= dotted) all.push(group(own, runs[own].curve.dots.map((point) => dot('dot', 2.5, at(steps)(point)))));
    if (long >= wordy) all.push(...this.#words(part, areas, keys));
    return all;
  }

  /** Signal below the line, and noise above. @param {Point[][]} lines */
  #areas(lines) {
    const closed = (/** @type {Point[]} */ line, /** @type {number} */ y) => `${path(line)}L${line[line.length - 1][0].toFixed(1)} ${y}L${line[0][0].toFixed(1)} ${y}Z`;
    return lines.flatMap((line) => [
      made('path', { class: 'noise', d: closed(line, above) }),
      made('path', { class: 'signal', d: closed(line, this.#bottom) }),
    ]);
  }

  /** What the areas are, each where it is large, and what lines and dots are. @param {Part} part @param {string[]} areas @param {string[]} keys */
  #words({ from, long }, [signal = '', noise = ''], keys) {
    const words = [];
    if (noise) words.push(made('text', { class: 'area', x: from + beside, y: above + 15 }, noise));
    if (signal) words.push(made('text', { class: 'area', x: from + long - beside, y: this.#bottom - 8, 'text-anchor': 'end' }, signal));
    keys.forEach((key, i) => words.push(made('text', { class: 'area', x: from + long - beside, y: above + 9 + 15 * i, 'text-anchor': 'end' }, key)));
    return words;
  }

  /**
   * Moves the cursors.
   * @param {(Axis & {own: number})[]} parts @param {Mark[]} marks of all runs
   */
  mark(parts, marks) {
    const all = parts.flatMap(({ from, long, own }) => {
      const x = (/** @type {Mark} */ { steps, step }) => placeOf({ from, long, steps }, step);
      const dots = marks.map((mark, i) => group(i, Number.isFinite(mark.value) ? [dot('at', 4, [x(mark), this.#y(mark.value)])] : []));
      if (marks[own].step === 0) return dots;
      return [made('path', { class: 'cursor', d: `M${x(marks[own]).toFixed(1)} 0V${this.#bottom + 4}` }), ...dots];
    });
    this.#moving.replaceChildren(...all);
  }
}

/** What is drawn of a run: the second looks different. @param {number} run @param {Element[]} elements */
function group(run, elements) {
  return made('g', run ? { class: 'second' } : {}, elements);
}

/** @param {string} name of its class @param {number} r @param {Point} at */
function dot(name, r, [x, y]) {
  return made('circle', { class: name, cx: x.toFixed(1), cy: y.toFixed(1), r });
}

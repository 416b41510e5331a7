// The noise levels of a run as curves over its steps: what is known of a timestep stands
// where the steps pass it, so that a plot has the axis of the film strip.

/** @import { Level, Plotted } from '../types.js' */

/** What can be plotted. */
export const kinds = /** @type {const} */ (['signal', 'snr', 'sigma', 'beta', 'deviation', 'change', 'loss', 'apart']);
/** @typedef {typeof kinds[number]} Kind */
/** @typedef {Exclude<Kind, 'change' | 'loss' | 'apart'>} LevelKind what is known of a level; films have the others */
/** @typedef {[number, number]} Point a place among the steps, from 1, and a value there */
/** @typedef {{lines: Point[][], dots: Point[]}} Curve what is known between the steps, and at them */

/** What is plotted of a level. @type {Record<LevelKind, (level: Level) => number>} */
const values = {
  signal: ({ alphaBar }) => alphaBar,
  snr: ({ logSNR }) => logSNR,
  sigma: ({ sigma }) => sigma,
  beta: ({ beta }) => beta,
  deviation: ({ deviation }) => deviation,
};

/** Whether a kind is of the way from one level to the next: that of a step is longer than that of a timestep. @param {Kind} kind */
export function isOfSteps(kind) {
  return kind === 'beta' || kind === 'deviation';
}

export class Course {
  /**
   * @param {Pick<Plotted, 'steps' | 'schedule' | 'first'>} plotted
   * @param {{steps: number, first?: number}} film its number of steps, and that of a cascade's first stage
   */
  constructor(plotted, film) {
    /** Where each step of the film is. */
    this.places = plotted.steps.slice(0, film.steps);
    this.schedule = plotted.schedule;
    this.first = plotted.first;
    this.before = film.first ?? 0;
  }

  /** What can be plotted of it. @returns {Kind[]} */
  get kinds() {
    const none = /** @type {Kind[]} */ (['snr', 'sigma', 'change']);
    return this.schedule.length > 0 ? kinds.filter((kind) => !['sigma', 'loss', 'apart'].includes(kind)) : none;
  }

  /** The level of a step, from 1. @param {number} step @returns {Level | undefined} */
  at(step) {
    return this.places[step - 1];
  }

  /** What is plotted of a step; NaN where there is nothing. @param {LevelKind} kind @param {number} step */
  value(kind, step) {
    const level = this.at(step);
    return level ? values[kind](level) : NaN;
  }

  /** The same of the one timestep where a step begins. @param {LevelKind} kind @param {number} step */
  ofTimestep(kind, step) {
    const schedule = this.#scheduleOf(step);
    const level = schedule[Math.min(schedule.length - 1, search(schedule, this.at(step)?.t ?? 0))];
    return level ? values[kind](level) : NaN;
  }

  /** @param {number} step */
  #scheduleOf(step) {
    return step <= this.before ? this.first : this.schedule;
  }

  /** @param {LevelKind} kind @returns {Curve} */
  curve(kind) {
    const value = values[kind];
    const dots = this.places.map((level, i) => /** @type {Point} */ ([i + 1, value(level)])).filter(isFinite);
    const lines = [this.#line(kind, 1, this.before), this.#line(kind, this.before + 1, this.places.length)];
    return { lines: lines.filter((line) => line.length > 1), dots };
  }

  /**
   * The curve of the steps of one stage: by the schedule, between the timesteps that they pass. Where there is
   * none, or no timestep is passed, the levels of the steps are all that is known.
   * @param {LevelKind} kind @param {number} from @param {number} to
   */
  #line(kind, from, to) {
    const value = values[kind];
    /** @type {Point[]} */
    const line = [];
    for (let step = from; step <= to; step++) {
      const schedule = this.#scheduleOf(step);
      const { t } = this.places[step - 1];
      const [before, next] = [step > from ? this.places[step - 2] : undefined, step < to ? this.places[step] : undefined];
      const alone = schedule.length === 0 || t < 0 || t === before?.t || t === next?.t;
      if (alone && !isOfSteps(kind)) line.push([step, this.value(kind, step)]);
      if (!next || next.t === t) continue;
      for (const at of between(schedule, t, next.t)) {
        const x = step + (t - at.t) / (t - next.t);
        if (x !== line.at(-1)?.[0]) line.push([x, value(at)]);
      }
    }
    return line.filter(isFinite);
  }
}

/** @param {Point} point */
function isFinite([, y]) {
  return Number.isFinite(y);
}

/** How many levels of a schedule have a smaller timestep. @param {Level[]} schedule by timestep @param {number} t */
function search(schedule, t) {
  let [low, high] = [0, schedule.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (schedule[middle].t < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The levels of a schedule from one timestep to another, with both.
 * @param {Level[]} schedule by timestep @param {number} from @param {number} to
 */
function between(schedule, from, to) {
  const margin = 1e-9;
  const within = schedule.slice(search(schedule, Math.min(from, to) - margin), search(schedule, Math.max(from, to) + margin));
  return from > to ? within.reverse() : within;
}

/**
 * Round values from low to high: the fewest that are at least three, or else the most.
 * @param {number} low @param {number} high above low
 */
export function ticks(low, high) {
  const power = 10 ** Math.floor(Math.log10(high - low));
  /** @type {number[]} */
  let all = [];
  for (const unit of [5 * power, 2 * power, power, power / 2]) {
    const first = Math.ceil(low / unit - 1e-9);
    const count = Math.floor(high / unit + 1e-9) - first + 1;
    all = Array.from({ length: count }, (_, i) => Number(((first + i) * unit).toPrecision(6)));
    if (count >= 3) return all;
  }
  return all;
}

/**
 * The values that a plot shows: those of a share, or from 0, or of a logarithm all that there are.
 * @param {Kind} kind @param {Point[]} points
 * @returns {[number, number]}
 */
export function range(kind, points) {
  if (kind === 'signal') return [0, 1];
  const zero = kind === 'snr' ? [] : [0];
  const ys = [...zero, ...points.map(([, y]) => y)];
  const high = ys.reduce((a, b) => Math.max(a, b), -Infinity);
  const low = ys.reduce((a, b) => Math.min(a, b), Infinity);
  if (high > low) return [low, high];
  return kind === 'snr' && high === low ? [low - 1, low + 1] : [0, 1];
}

/**
 * The steps whose timesteps are written below the axis: the first, some at even
 * distances, and the last.
 * @param {number} steps @param {number} most of them
 */
export function labelled(steps, most) {
  if (most < 2 || steps < 2) return [1];
  const stride = Math.ceil((steps - 1) / (most - 1));
  const all = [];
  for (let step = 1; step <= steps - 0.7 * stride; step += stride) all.push(step);
  return [...all, steps];
}

/** A film strip as an axis: where its first step is, and how far the last one is from there. @typedef {{from: number, long: number, steps: number}} Axis */

/** Where a step is. @param {Axis} axis @param {number} step */
export function placeOf({ from, long, steps }, step) {
  return from + (steps > 1 ? ((step - 1) / (steps - 1)) * long : 0);
}

/** The step that is nearest to a place. @param {Axis} axis @param {number} x */
export function stepAt({ from, long, steps }, x) {
  const part = long > 0 ? (x - from) / long : 0;
  return 1 + Math.round(Math.min(1, Math.max(0, part)) * (steps - 1));
}

/** The axis that is nearest to a place. @template {Axis} T @param {T[]} axes @param {number} x */
export function axisAt(axes, x) {
  const away = axes.map(({ from, long }) => Math.max(from - x, x - from - long, 0));
  return axes[away.indexOf(Math.min(...away))];
}

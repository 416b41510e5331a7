// The point that a person chooses, and what is known of it: where the flow carries it, of the
// network and exactly, where every solver does from the same noise, and what clean point is expected
// of it on its way.

/** @import { Inferred, Solved, Traced } from './messages.js' */
/** @import { Engine } from './engine.js' */
/** @import { Layer } from './compose.js' */
/** @import { Cloud, Path } from './scene.js' */
import { right, white } from './compose.js';
import { numbers } from './film.js';
import { beliefOf } from './posterior.js';

/**
 * @typedef {object} Line
 * @property {'flow' | 'exact' | 'solver' | 'walk'} kind of what draws it; a walk takes fresh noise
 * @property {string} sampler of a solver, or ''
 * @property {Float32Array[]} paths each [n][2]: one, or of a solver one for each class
 * @property {string} colour
 */

/** @typedef {{x: number, y: number, t: number}} Place where a point is, and when */

/** How lines are drawn, and those that stand out or not while others do. */
const strokes = {
  exact: { width: 2.5, opacity: 0.95 },
  flow: { width: 1.75, opacity: 0.95 },
  solver: { width: 1.5, opacity: 0.9 },
  walk: { width: 1, opacity: 0.3 },
  out: { width: 2.5, opacity: 1 },
  back: { width: 1, opacity: 0.15 },
};

export class Chosen {
  /** @type {Place | undefined} */
  place;
  /** @type {Line[]} */
  #flows = [];
  /** @type {Line[]} */
  #solvers = [];
  /** @type {import('./posterior.js').Belief | undefined} */
  #belief;
  /** Whose answers they are: the network's snapshot, by kind of question. */
  #asked = { flows: /** @type {unknown} */ (undefined), solvers: /** @type {unknown} */ (undefined), belief: /** @type {unknown} */ (undefined), t: -1 };

  /** @param {Engine} engine @param {() => void} changed something else is known */
  constructor(engine, changed) {
    this.engine = engine;
    this.changed = changed;
  }

  /** @param {Place | undefined} place */
  choose(place) {
    this.place = place;
    this.#asked = { flows: undefined, solvers: undefined, belief: undefined, t: -1 };
    this.#belief = undefined;
    if (place) return;
    this.#flows = this.#solvers = [];
    this.changed();
  }

  /** The lines that are shown. @param {Set<Layer>} layers */
  lines(layers) {
    return layers.has('ways') ? [...this.#flows, ...this.#solvers] : this.#flows;
  }

  /** What is expected of it, where that is shown. @param {Set<Layer>} layers */
  belief(layers) {
    return layers.has('posterior') ? this.#belief : undefined;
  }

  /** Where the flow of the network has carried it at a timestep; before the one at which it was chosen, it stays there. @param {number} [t] @returns {Place | undefined} */
  at(t) {
    const { place } = this;
    const [line] = this.#flows;
    if (!place || t === undefined) return place;
    if (!line || this.#asked.flows === undefined || t >= place.t) return { ...place, t };
    const [points] = line.paths;
    const steps = points.length / 2 - 1;
    const step = Math.min(steps, ((place.t - t) * steps) / (place.t + 1));
    const from = Math.min(steps - 1, Math.floor(step));
    const [x, y] = [0, 1].map((i) => points[2 * from + i] + (step - from) * (points[2 * from + 2 + i] - points[2 * from + i]));
    return { x, y, t };
  }

  /**
   * Asks for what is missing, or is of an earlier network or time.
   * @param {unknown} of the present network's snapshot @param {Set<Layer>} layers @param {number} [t] timestep that is shown, without one that at which the point was chosen
   */
  async look(of, layers, t) {
    const { place } = this;
    if (!place) return;
    if (this.#asked.flows !== of) {
      this.#asked.flows = of;
      const answer = /** @type {Traced | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'path', ...place })).catch(() => undefined));
      if (place === this.place) this.#flows = answer ? flows(answer) : [];
      this.changed();
    }
    if (layers.has('ways') && this.#asked.solvers !== of && place === this.place) {
      this.#asked.solvers = of;
      const answer = /** @type {Solved | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'solve', ...place })).catch(() => undefined));
      if (place === this.place) this.#solvers = answer ? solvers(answer) : [];
      this.changed();
    }
    const at = this.at(t);
    if (layers.has('posterior') && at && (this.#asked.belief !== of || this.#asked.t !== at.t) && place === this.place) {
      Object.assign(this.#asked, { belief: of, t: at.t });
      const answer = /** @type {Inferred | undefined} */ (await this.engine.ask(/** @type {const} */ ({ type: 'infer', ...at })).catch(() => undefined));
      if (place === this.place) this.#belief = answer && beliefOf(at, answer);
      this.changed();
    }
  }

  /**
   * What the stage shows of it.
   * @param {Set<Layer>} layers
   * @param {(line: Line) => boolean} out whether a line stands out
   * @returns {{clouds: Cloud[], paths: Path[]}}
   */
  shapes(layers, out) {
    const lines = this.lines(layers);
    const some = lines.some(out);
    const rank = (/** @type {Line} */ line) => (out(line) ? 4 : ['walk', 'solver', 'flow', 'exact'].indexOf(line.kind));
    const ordered = [...lines].sort((one, other) => rank(one) - rank(other));
    const paths = ordered.flatMap((line) => line.paths.map((points) => ({
      points,
      colour: line.colour,
      ...strokes[!some ? line.kind : out(line) ? 'out' : 'back'],
    })));
    const shown = some ? lines.filter(out) : lines;
    const clouds = shown.flatMap((line) => endsOf(line).map((points) => ({ points, colour: line.colour, opacity: 1, radius: 3.5, trails: [] })));
    const [first] = this.#flows.length > 0 ? this.#flows : lines;
    if (first) clouds.push({ points: once(first.paths[0], 0, 2), colour: white, opacity: 1, radius: 3.5, trails: [] });
    const belief = this.belief(layers)?.shapes;
    return { clouds: [...clouds, ...(belief?.clouds ?? [])], paths: [...paths, ...(belief?.paths ?? [])] };
  }
}

/** Parts of an array, each made once: a painter knows an array again. @type {WeakMap<Float32Array, Map<number, Float32Array>>} */
const parts = new WeakMap();

/** @param {Float32Array} array @param {number} from @param {number} [to] */
function once(array, from, to) {
  const made = parts.get(array) ?? new Map();
  parts.set(array, made);
  if (!made.has(from)) made.set(from, array.subarray(from, to));
  return /** @type {Float32Array} */ (made.get(from));
}

/** Where the paths of a line end. @param {Line} line */
export function endsOf({ paths }) {
  return paths.map((points) => once(points, points.length - 2));
}

/** @param {Traced} traced @returns {Line[]} */
function flows({ model, exact }) {
  const line = (/** @type {'flow' | 'exact'} */ kind, /** @type {Float32Array} */ points, /** @type {string} */ colour) => ({ kind, sampler: '', paths: [points], colour });
  return [line('flow', numbers(model), white), ...(exact.length > 0 ? [line('exact', numbers(exact), right)] : [])];
}

/** @param {Pick<Solved, 'clouds' | 'ways' | 'points'>} solved @returns {Line[]} */
export function solvers({ clouds, ways, points }) {
  const all = numbers(points);
  let from = 0;
  return ways.map(({ sampler, fresh, points }, i) => ({
    kind: fresh ? 'walk' : 'solver',
    sampler,
    colour: colourOf(i),
    paths: Array.from({ length: clouds }, () => all.subarray(from, (from += 2 * points))),
  }));
}

/** The colour of one of many, far from those of its neighbours: the hue goes on by the golden angle. @param {number} i */
export function colourOf(i) {
  const hue = (205 + 137.508 * i) % 360;
  const light = [0.68, 0.8, 0.6][i % 3];
  const part = (/** @type {number} */ n) => {
    const k = (n + hue / 30) % 12;
    const share = light - 0.75 * Math.min(light, 1 - light) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * share).toString(16).padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

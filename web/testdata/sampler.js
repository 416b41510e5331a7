// A sampler for tests of the engine: a worker that speaks wasm/protocol and
// makes pictures of nothing but their numbers.

/** @import { FromWorker, ToWorker } from '../types.js' */
/** @import { FakeWorker } from './workers.js' */
import { started, step } from './steps.js';

/** What it can be taught to do wrong. @typedef {{hangs?: boolean, silent?: boolean, mute?: boolean, needs?: string[], unready?: boolean, guides?: string}} Faults */

/** @param {string} recipe @param {string} key @param {number} otherwise */
const number = (recipe, key, otherwise) => Number(new URLSearchParams(recipe).get(key) ?? otherwise);

/** The hash of all pictures of a run, for `done`. @param {Uint8Array} bytes */
const hashed = (bytes) => [...bytes].reduce((sum, v) => (sum * 31 + v) >>> 0, 7).toString(16);

/** The hash that a run must end with, by any number of workers. @param {string} recipe */
export function ends(recipe) {
  const [images, steps] = [number(recipe, 'n', 1), number(recipe, 'steps', 3)];
  return hashed(Uint8Array.from(Array.from({ length: images }, (_, image) => [...step(steps, { image }).xt]).flat()));
}

/**
 * Teaches a worker to sample.
 * @param {FakeWorker} worker @param {Faults} [faults] which may change
 */
export function sampler(worker, faults = {}) {
  /** @typedef {{id: number, at: number, share: number, shares: number, images: number, steps: number, from: number, paused: boolean, until: number, next?: string}} Run */
  /** The run that is under way. @type {Run[]} */
  const runs = [];
  /** @type {{id: number, term: number, terms: number} | undefined} */
  let estimate;
  const weights = new Set();
  const say = (/** @type {FromWorker} */ message) => worker.alive && worker.say(message);
  const of = (/** @type {number} */ id) => runs.filter((run) => run.id === id);
  const later = (/** @type {() => void} */ act) => void setTimeout(() => worker.alive && act());

  /** One picture, or the end. */
  const turn = () => {
    if (faults.hangs || faults.silent || worker.onmessage === null) return;
    for (const run of runs) if (!run.paused) advance(run);
    if (estimate) {
      estimate.term++;
      const unknown = { variance: NaN, x0MSE: NaN, epsilonMSE: NaN, standardError: NaN };
      say({ type: 'term', ...estimate, t: 1, alphaBar: 0.5, bits: 1, total: 1, ms: 1, ...unknown });
      if (estimate.term === estimate.terms) {
        const { id } = estimate;
        estimate = undefined;
        say({ type: 'measured', id, recipe: '', form: '', bits: 1, standardError: 0, ms: 1 });
      }
    }
    if (runs.some(({ paused }) => !paused) || estimate) later(turn);
  };

  const advance = (/** @type {Run} */ r) => {
    const own = Array.from({ length: r.images }, (_, image) => image).filter((image) => image % r.shares === r.share);
    const n = r.from + Math.floor(r.at / own.length);
    if (n > r.steps && r.next) {
      const { id, next } = r;
      say({ type: 'followed', id, recipe: `m=x&h=${r.images}`, hash: '0', ms: 10, differs: '', next });
      return acts.run?.({ type: 'run', id, recipe: next });
    }
    if (n > r.steps) {
      runs.length = 0;
      return say({ type: 'part', id: r.id, ms: 10 + r.share });
    }
    say(step(n, { id: r.id, steps: r.steps, images: r.images, image: own[r.at % own.length] }));
    r.at++;
    const made = r.from - 1 + Math.floor(r.at / own.length);
    if (r.until && made >= r.until && made < r.steps) {
      r.paused = true;
      say({ type: 'paused', id: r.id, step: made });
    }
  };

  /** @type {{[T in ToWorker['type']]?: (message: Extract<ToWorker, {type: T}>) => void}} */
  const acts = {
    sampler: () => !faults.unready && say({ type: 'ready', simd: true }),
    load: ({ model, beside }) => {
      weights.add(model);
      const [parameters, hash] = [1, '0'];
      if (beside || model === faults.guides) return say({ type: 'companion', model, parameters, hash });
      const shape = { channels: 1, height: 2, width: 2, timesteps: 10, pictures: 0, latents: 0 };
      say({ type: 'model', model, title: model, classes: [], ...shape, parameters, hash, samplers: [], defaults: `m=${model}` });
    },
    describe: ({ id, recipe, image }) => {
      if (faults.mute) return;
      const needs = faults.needs?.filter((name) => !weights.has(name)) ?? [];
      if (needs.length > 0) return say({ type: 'failed', id, message: 'Weights are missing.', key: 'cg', needs });
      if (recipe.includes('bad')) return say({ type: 'failed', id, message: 'Bad.', key: 'c' });
      say({ type: 'described', id, recipe: image ? `${recipe}&image=1` : recipe, fields: {}, taken: 3 });
    },
    run: ({ id, recipe, share = 0, of = 1, from, to }) => {
      const needs = faults.needs?.filter((name) => !weights.has(name)) ?? [];
      if (needs.length > 0) return say({ type: 'failed', id, message: 'Weights are missing.', key: 'cg', needs });
      if (recipe.includes('bad')) return say({ type: 'failed', id, message: 'Bad.', key: 'c' });
      if (estimate) say({ type: 'cancelled', id: estimate.id, step: 0 });
      estimate = undefined;
      const [images, steps] = [number(recipe, 'n', 1), number(recipe, 'steps', 3)];
      const shares = Math.min(of, images);
      runs[0] = { id, at: 0, share, shares, images, steps: to ?? steps, from: from ?? 1, paused: false, until: 0 };
      if (!faults.hangs) say(started({ id, recipe: `${recipe}&by=1`, steps, images, shares, again: true, passes: number(recipe, 'passes', 0) }));
      later(turn);
    },
    follow: ({ id, recipe }) => of(id).forEach((run) => (run.next = recipe)),
    forward: ({ id }) => {
      runs[0] = { id, at: 0, share: 0, shares: 1, images: 1, steps: 4, from: 1, paused: false, until: 0 };
      say(started({ id, steps: 4 }));
      later(turn);
    },
    combine: ({ id, recipe, bytes }) => say({ type: 'done', id, recipe: `${recipe}&h=1`, hash: hashed(bytes), ms: 1, differs: '' }),
    pause: ({ id }) => {
      for (const run of faults.hangs ? [] : of(id)) {
        run.paused = true;
        say({ type: 'paused', id, step: Math.floor(run.at / Math.ceil(run.images / run.shares)) });
      }
    },
    resume: ({ id }) => acts.next?.({ type: 'next', id }),
    next: ({ id, until = 0 }) => {
      for (const run of of(id)) {
        Object.assign(run, { paused: false, until });
        later(turn);
      }
    },
    cancel: ({ id }) => {
      if (faults.hangs || faults.silent || (of(id).length === 0 && estimate?.id !== id)) return;
      if (estimate?.id === id) estimate = undefined;
      else runs.length = 0;
      say({ type: 'cancelled', id, step: 0 });
    },
    measure: ({ id, recipe, draws = 1 }) => {
      if (recipe.includes('bad')) return say({ type: 'failed', id, message: 'Bad.', key: 'c' });
      estimate = { id, term: 0, terms: 3 * draws };
      say({ type: 'measuring', id, recipe: '', form: '', terms: 3 * draws, prior: 0, total: 0 });
      later(turn);
    },
  };
  worker.answer = (message) => {
    const act = /** @type {((message: ToWorker) => void) | undefined} */ (acts[message.type]);
    later(() => act?.(message));
  };
}

// How long a guided picture takes: on one worker and on two of the page's engine, and with
// onnxruntime-web on one thread and on two.

/** @import { Plan } from './ddim.js' */
import { apart } from './ddim.js';
import { drawing } from './pool.js';

/** One grey level of 255, of pictures from −1 to 1: pictures that are further apart are not the same. */
const tolerance = 2 / 255;
/** Steps by which each way to make two passes is tried, and how often. */
const [tried, trials] = [10, 3];
/** Milliseconds before each picture, in which threads that wait for work go to sleep. */
const rest = 200;

/**
 * What onnxruntime-web took on a number of threads: the milliseconds of each round, those of a step by a
 * batch of two and by two passes (0 where the model does not take them so), of which together says
 * what was taken, and how far its picture is from this program's.
 * @typedef {{threads: number, ms: number[], batch: number, turns: number, together: boolean, apart: number}} PeerTimes
 */

/** @typedef {import('./pool.js').Pool & {peers: PeerTimes[]}} Guided */

/**
 * Refuses to compare where onnxruntime-web cannot have two threads.
 * @param {{crossOriginIsolated?: boolean, navigator: {hardwareConcurrency?: number}}} scope
 */
export function comparable({ crossOriginIsolated, navigator }) {
  if (!crossOriginIsolated) {
    throw new Error(
      'this page is not cross-origin isolated, so that onnxruntime-web cannot have threads: serve it with the headers ' +
        'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, as tools/bench does',
    );
  }
  if ((navigator.hardwareConcurrency || 1) < 2) {
    throw new Error('the browser has one processor here: comparing two workers with two threads needs two');
  }
}

/** A worker with onnxruntime-web, which draws when it is asked to. */
class Drawer {
  #worker;
  /** @type {(answer: any) => void} */
  #heard = () => {};
  /** @type {(error: Error) => void} */
  #failed = () => {};

  /** @param {string} script */
  constructor(script) {
    this.#worker = new Worker(script, { type: 'module' });
    this.#worker.onmessage = ({ data }) => (data.error ? this.#failed(new Error(data.error)) : this.#heard(data));
    this.#worker.onerror = () => this.#failed(new Error('the worker of onnxruntime-web could not be started'));
  }

  /** @param {object} message @returns {Promise<any>} */
  ask(message) {
    return new Promise((heard, failed) => {
      [this.#heard, this.#failed] = [heard, failed];
      this.#worker.postMessage(message);
    });
  }

  end() {
    this.#worker.terminate();
  }
}

/**
 * Starts onnxruntime-web on a number of threads, and finds out which way to make two passes is faster.
 * @param {string} script @param {{ort: string, model: string, plan: Plan}} what @param {number} threads
 */
async function started(script, { ort, model, plan }, threads) {
  const drawer = new Drawer(script);
  const { takes } = await drawer.ask({ peer: { ort, model, plan, threads } });
  const ways = [...(takes.together ? [true] : []), ...(takes.apart ? [false] : [])];
  const least = new Map(ways.map((way) => [way, Infinity]));
  for (let i = 0; i <= trials; i++) {
    for (const way of ways) {
      const from = performance.now();
      await drawer.ask({ draw: way, count: tried });
      const ms = (performance.now() - from) / Math.min(tried, plan.steps.length);
      if (i > 0) least.set(way, Math.min(least.get(way) ?? ms, ms)); // browsers compile what runs often
    }
  }
  const [batch, turns] = [least.get(true) ?? 0, least.get(false) ?? 0];
  const together = turns === 0 || (batch > 0 && batch <= turns);
  /** @type {PeerTimes} */
  const times = { threads, ms: [], batch, turns, together, apart: 0 };
  const draws = async () => {
    const from = performance.now();
    const { picture } = await drawer.ask({ draw: together });
    times.ms.push(performance.now() - from);
    times.apart = Math.max(times.apart, apart(picture, plan.picture));
    if (!(times.apart <= tolerance)) {
      throw new Error(`onnxruntime-web drew another picture: up to ${times.apart.toPrecision(2)} away, where a grey level is ${tolerance.toPrecision(2)}. The ONNX model is of other weights, or the recipe asks for more than DDIM with guidance`);
    }
  };
  return { draws, times, end: () => drawer.end() };
}

/** The candidates of a round: each has every place as often as the others. @template T @param {T[]} all @param {number} round */
export function turn(all, round) {
  const from = round % all.length;
  const list = [...all.slice(from), ...all.slice(0, from)];
  return Math.floor(round / all.length) % 2 ? list.reverse() : list;
}

/**
 * Draws a guided picture in every way, in turns.
 * @param {string} script URL of worker.js
 * @param {{weights: string, recipe: string, rounds: number, ort: string, model: string, plan: Plan}} ask
 * @returns {Promise<Guided>}
 */
export async function measureGuided(script, ask) {
  comparable(globalThis);
  const { recipe, plan } = ask;
  const own = await drawing(ask.weights);
  const peers = [await started(script, ask, 1), await started(script, ask, 2)];
  /** @param {1 | 2} workers @param {number[]} ms */
  const draws = async (workers, ms) => {
    const made = await own.draw(recipe, workers);
    if (made.hash !== plan.hash) throw new Error(`the page drew another picture than the native program: ${made.hash} in place of ${plan.hash}`);
    ms.push(made.ms);
  };
  /** @type {[number[], number[]]} */
  const [one, two] = [[], []];
  const candidates = [() => draws(1, one), () => draws(2, two), ...peers.map((peer) => peer.draws)];
  // Browsers compile what runs often, and the second worker is started.
  for (const each of [...candidates, candidates[1]]) await each();
  for (const list of [one, two, own.alone, own.shared, ...peers.map(({ times }) => times.ms)]) list.length = 0;
  for (let i = 0; i < ask.rounds; i++) {
    for (const each of turn(candidates, i)) {
      await new Promise((rested) => setTimeout(rested, rest));
      await each();
    }
  }
  own.end();
  for (const peer of peers) peer.end();
  return { one, two, alone: own.alone, shared: own.shared, peers: peers.map(({ times }) => times) };
}

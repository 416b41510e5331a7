// How long pictures take on one worker of the page's engine, and on two.

/** @import { RunMessage } from '../types.js' */
import { Engine } from '../engine/engine.js';
import { address } from '../load/files.js';

/**
 * The milliseconds of each round, and of each step of a picture: made by one worker, and by two.
 * @typedef {{one: number[], two: number[], alone: number[], shared: number[]}} Pool
 */

/** How many processors the engine is to think there are. @param {number} count */
function processors(count) {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: count, configurable: true });
}

/**
 * An engine that draws pictures of the model digits, and notes the milliseconds of the steps that one worker made
 * and that two made.
 * @param {string} weights their address
 */
export async function drawing(weights) {
  /** @type {(message: RunMessage) => void} */
  let heard = () => {};
  const engine = new Engine(address('web/engine/worker.js'), (message) => heard(message));
  const bytes = async (/** @type {string} */ url) => (await fetch(url)).arrayBuffer();
  engine.supply = (name) => bytes(address(`weights/${name}.safetensors`));
  await engine.start(WebAssembly.compileStreaming(fetch(address('web/worker.wasm'))));
  await engine.load('digits', await bytes(weights));
  /** @type {{alone: number[], shared: number[]}} */
  const { alone, shared } = { alone: [], shared: [] };

  /** @param {string} recipe @param {number} workers @returns {Promise<{ms: number, hash: string}>} */
  const draw = (recipe, workers) =>
    new Promise((ended, failed) => {
      const began = performance.now();
      heard = (message) => {
        if (message.type === 'done') ended({ ms: performance.now() - began, hash: message.hash });
        else if (message.type === 'failed') failed(new Error(message.message || 'a worker has ended'));
        else if (message.type === 'step') (message.workers ? shared : alone).push(message.ms);
      };
      processors(workers);
      engine.run(recipe);
    });
  return { draw, alone, shared, end: () => engine.end() };
}

/**
 * Carries a recipe of the model digits out on one worker and on two, in turns.
 * @param {string} weights their address @param {string} recipe @param {number} rounds
 * @returns {Promise<Pool>}
 */
export async function measurePool(weights, recipe, rounds) {
  const engine = await drawing(weights);
  const { alone, shared } = engine;
  let hash = '';
  const run = async (/** @type {number} */ workers) => {
    const made = await engine.draw(recipe, workers);
    if (hash && hash !== made.hash) throw new Error('one worker and two made other pictures');
    hash = made.hash;
    return made.ms;
  };

  for (const workers of [1, 2, 2]) await run(workers); // browsers compile what runs often, and the second worker is started
  alone.length = shared.length = 0;
  /** @type {Pool} */
  const pool = { one: [], two: [], alone, shared };
  for (let i = 0; i < rounds; i++) {
    // Each is first as often as the other.
    if (i % 2) pool.two.push(await run(2));
    pool.one.push(await run(1));
    if (i % 2 === 0) pool.two.push(await run(2));
  }
  engine.end();
  return pool;
}

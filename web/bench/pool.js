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
 * Carries a recipe of the model digits out on one worker and on two, in turns.
 * @param {string} weights their address @param {string} recipe @param {number} rounds
 * @returns {Promise<Pool>}
 */
export async function measurePool(weights, recipe, rounds) {
  /** @type {(message: RunMessage) => void} */
  let heard = () => {};
  const engine = new Engine(address('web/engine/worker.js'), (message) => heard(message));
  const bytes = async (/** @type {string} */ url) => (await fetch(url)).arrayBuffer();
  engine.supply = (name) => bytes(address(`weights/${name}.safetensors`));
  await engine.start(WebAssembly.compileStreaming(fetch(address('web/worker.wasm'))));
  await engine.load('digits', await bytes(weights));
  /** @type {Pool} */
  const pool = { one: [], two: [], alone: [], shared: [] };
  let hash = '';

  /** @param {number} workers @returns {Promise<number>} milliseconds */
  const run = (workers) =>
    new Promise((ended, failed) => {
      const began = performance.now();
      heard = (message) => {
        if (message.type === 'done') {
          if (hash && hash !== message.hash) failed(new Error('one worker and two made other pictures'));
          hash = message.hash;
          ended(performance.now() - began);
        } else if (message.type === 'failed') failed(new Error(message.message || 'a worker has ended'));
        else if (message.type === 'step') (message.workers ? pool.shared : pool.alone).push(message.ms);
      };
      processors(workers);
      engine.run(recipe);
    });

  for (const workers of [1, 2, 2]) await run(workers); // browsers compile what runs often, and the second worker is started
  pool.alone.length = pool.shared.length = 0;
  for (let i = 0; i < rounds; i++) {
    // Each is first as often as the other.
    if (i % 2) pool.two.push(await run(2));
    pool.one.push(await run(1));
    if (i % 2 === 0) pool.two.push(await run(2));
  }
  engine.end();
  return pool;
}

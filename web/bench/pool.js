// How long pictures take on one worker of the page's engine, and on two.

/** @import { RunMessage } from '../types.js' */
import { Engine } from '../engine/engine.js';
import { address } from '../load/files.js';

/**
 * The milliseconds of each round, and the part of the steps with two workers that both had a part in.
 * @typedef {{one: number[], two: number[], shared: number}} Pool
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
  let steps = 0;
  let shared = 0;
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
        else if (message.type === 'step' && workers > 1) {
          steps++;
          shared += (message.workers ?? 1) > 1 ? 1 : 0;
        }
      };
      processors(workers);
      engine.run(recipe);
    });

  for (const workers of [1, 2, 2]) await run(workers); // browsers compile what runs often, and the second worker is started
  steps = shared = 0;
  const times = { one: /** @type {number[]} */ ([]), two: /** @type {number[]} */ ([]) };
  for (let i = 0; i < rounds; i++) {
    // Each is first as often as the other.
    if (i % 2) times.two.push(await run(2));
    times.one.push(await run(1));
    if (i % 2 === 0) times.two.push(await run(2));
  }
  engine.end();
  return { ...times, shared: shared / steps };
}

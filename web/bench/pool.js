// How long pictures take on one worker of the page's engine, and on two.

/** @import { RunMessage } from '../types.js' */
import { Engine } from '../engine/engine.js';
import { address } from '../load/files.js';

/** The milliseconds of each round. @typedef {{one: number[], two: number[]}} Pool */

/**
 * Carries a recipe of the model digits out on one worker and on two, in turns.
 * @param {string} weights their address @param {string} recipe @param {number} rounds
 * @returns {Promise<Pool>}
 */
export async function measurePool(weights, recipe, rounds) {
  /** @type {(message: RunMessage) => void} */
  let heard = () => {};
  const engine = new Engine(address('web/engine/worker.js'), (message) => heard(message));
  await engine.start(WebAssembly.compileStreaming(fetch(address('web/worker.wasm'))));
  await engine.load('digits', await (await fetch(weights)).arrayBuffer());

  /** @param {number} workers @returns {Promise<number>} milliseconds */
  const run = (workers) =>
    new Promise((ended, failed) => {
      const began = performance.now();
      heard = (message) => {
        if (message.type === 'done') ended(performance.now() - began);
        else if (message.type === 'failed') failed(new Error(message.message || 'a worker has ended'));
      };
      engine.workers = workers;
      engine.run(recipe);
    });

  await run(2); // browsers compile what runs often, and the second worker is started
  /** @type {Pool} */
  const pool = { one: [], two: [] };
  for (let i = 0; i < rounds; i++) {
    pool.one.push(await run(1));
    pool.two.push(await run(2));
  }
  engine.end();
  return pool;
}

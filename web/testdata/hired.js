// An engine for tests: with workers that do as they are told, on a number of processors.

/** @import { RunMessage } from '../types.js' */
import assert from 'node:assert/strict';
import { afterEach, beforeEach } from 'node:test';
import { Engine } from '../engine/engine.js';
import { sampler } from './sampler.js';
import { workers } from './workers.js';

/** What the workers do wrong. @type {import('./sampler.js').Faults} */
export const faults = {};
/** Timers that would take long, by their milliseconds. @type {Map<number, () => void>} */
export const long = new Map();
/** The workers of a test. @type {ReturnType<typeof workers>} */
export let made;
const { setTimeout: after, setInterval: every, clearInterval: stop } = globalThis;

/** Has each test of a file begin with three processors and workers that do nothing wrong. */
export function hires() {
  beforeEach(() => {
    for (const key of Object.keys(faults)) delete faults[/** @type {keyof typeof faults} */ (key)];
    long.clear();
    made = workers((worker) => sampler(worker, faults));
    processors(3);
    // What takes seconds is for the tests to let pass.
    Object.assign(globalThis, {
      setTimeout: (/** @type {() => void} */ act, ms = 0) => (ms >= 1000 ? long.set(ms, act) && ms : after(act, ms)),
      setInterval: (/** @type {() => void} */ act, /** @type {number} */ ms) => long.set(ms, act) && ms,
      clearInterval: () => {},
    });
  });
  afterEach(() => {
    made.restore();
    Object.assign(globalThis, { setTimeout: after, setInterval: every, clearInterval: stop });
  });
}

/** @param {number} n */
export function processors(n) {
  Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: n }, configurable: true });
}

/** @param {() => unknown} holds */
export async function until(holds) {
  for (let i = 0; !holds(); i++) {
    if (i > 2000) assert.fail(`never: ${holds}`);
    await new Promise((resolve) => after(resolve));
  }
}

/**
 * @typedef {{message: RunMessage, crashed: boolean}} Heard
 * @typedef {{engine: Engine, heard: Heard[], over: () => Heard[], steps: () => string[],
 *   order: (n: number, images: number) => string[], alive: () => number}} Hired
 */

/** An engine with a model, and what is heard of its runs. @returns {Promise<Hired>} */
export async function started() {
  /** @type {Heard[]} */
  const heard = [];
  const engine = new Engine('worker.js', (message, crashed) => heard.push({ message, crashed }));
  engine.supply = async () => new ArrayBuffer(1);
  await engine.start(/** @type {WebAssembly.Module} */ ({}));
  await engine.load('x', new ArrayBuffer(1));
  const over = () => heard.filter(({ message: { type } }) => ['done', 'cancelled', 'failed'].includes(type));
  const steps = () => heard.flatMap(({ message }) => (message.type === 'step' ? [`${message.step}.${message.image}`] : []));
  const order = (/** @type {number} */ n, /** @type {number} */ images) =>
    Array.from({ length: n * images }, (_, i) => `${1 + Math.floor(i / images)}.${i % images}`);
  const alive = () => made.all.filter((worker) => worker.alive).length;
  return { engine, heard, over, steps, order, alive };
}

// How fast the lab's program learns and draws, the same in Node and in a browser's worker.

/**
 * @typedef {object} Ask
 * @property {string} recipe that is learned
 * @property {string} drawn the recipe by which the network that has learned it draws
 * @property {number} reach a training step, whose time is told
 * @property {number} rounds
 *
 * @typedef {object} Lab one number for each round
 * @property {number[]} rates training steps a second, of each tenth of a second that it trains
 * @property {number[]} reached seconds until that step, with all that is drawn meanwhile
 * @property {number[]} learned seconds until the end
 * @property {number[]} drawing seconds of the drawing
 */

/**
 * Carries the recipe out again and again, and draws with each network. wasm_exec.js must have run.
 * @param {BufferSource} wasm @param {Ask} ask @returns {Promise<Lab>}
 */
export async function measureLab(wasm, { recipe, drawn, reach, rounds }) {
  const run = await started(wasm);
  /** @type {Lab} */
  const lab = { rates: [], reached: [], learned: [], drawing: [] };
  for (let i = 0; i < rounds; i++) {
    const learning = run(recipe, true);
    lab.rates.push(...learning.rates);
    lab.reached.push(learning.at(reach));
    lab.learned.push(learning.seconds);
    lab.drawing.push(run(drawn, false).seconds);
  }
  return lab;
}

/** @param {BufferSource} wasm */
async function started(wasm) {
  const scope = /** @type {any} */ (globalThis);
  const go = new scope.Go();
  const { instance } = await WebAssembly.instantiate(wasm, go.importObject);
  /** @type {(message: any) => void} */
  let hear = () => {};
  scope.tweedie = { send: (/** @type {any} */ message) => hear(message) };
  go.run(instance);
  const advance = /** @type {() => number} */ (instance.exports.advance);
  let id = 0;

  /** @param {string} recipe @param {boolean} again */
  return (recipe, again) => {
    let over = 0;
    /** @type {number[]} */
    const rates = [];
    /** @type {[number, number][]} */
    const told = [];
    let wrong = '';
    const began = performance.now();
    const since = () => (performance.now() - began) / 1000;
    hear = (message) => {
      if (message.type === 'failed') wrong = message.message;
      else if (message.type === 'done') over = since();
      else if (message.type === 'progress') {
        rates.push((1000 * message.losses.length) / 4 / message.milliseconds);
        told.push([message.step, since()]);
      }
    };
    scope.tweedie.receive({ type: 'train', id: ++id, recipe, again });
    while (!over && !wrong && advance());
    if (wrong || !over) throw new Error(wrong || `${recipe} has no end`);
    return { rates, seconds: over, at: (/** @type {number} */ step) => told.find(([at]) => at >= step)?.[1] ?? NaN };
  };
}

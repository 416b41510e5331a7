import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { step } from '../testdata/steps.js';
import { Walk } from './walk.js';

/** @import { Engine } from '../engine/engine.js' */

const places = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }];
/** What the engine of the walk was asked, and what is heard of it. */
const engine = { asked: /** @type {string[]} */ ([]), ended: 0, alone: 0, answers: true };
/** What watches the state of the document. @type {(() => void)[]} */
let watches = [];
const dataset = /** @type {Record<string, string>} */ ({});

beforeEach(() => {
  Object.assign(engine, { asked: [], ended: 0, alone: 0, answers: true });
  watches = [];
  dataset.state = 'done';
  delete dataset.paused;
  const Watch = class {
    constructor(/** @type {() => void} */ act) {
      this.act = act;
    }
    observe() {
      watches.push(this.act);
    }
    disconnect() {}
  };
  Object.assign(globalThis, { document: { documentElement: { dataset } }, MutationObserver: Watch });
});

/** The engine of the stage, whose twin draws pictures that tell how many were drawn before. */
function stage() {
  const page = {
    twin: (/** @type {(message: any) => void} */ heard) => ({
      describe: async (/** @type {string} */ recipe, /** @type {unknown} */ _, /** @type {any} */ { set }) => ({ recipe: `${recipe}&at=${set.at}` }),
      run(/** @type {string} */ recipe) {
        engine.asked.push(recipe);
        if (!engine.answers) return;
        const shape = { steps: 2, images: 2, height: 1, width: 1, channels: 1, columns: 0 };
        heard({ type: 'started', recipe, ...shape });
        for (const n of [1, 2]) {
          for (const image of [0, 1]) heard(step(n, { ...shape, size: 1, image, xt: Uint8Array.of(100 * engine.asked.length + 10 * n + image) }));
        }
        heard({ type: 'done', recipe: `${recipe}&h=${engine.asked.length}`, hash: `hash ${engine.asked.length}` });
      },
      end: () => engine.ended++,
    }),
    alone: () => engine.alone++,
  };
  return /** @type {Engine} */ (/** @type {unknown} */ (page));
}

test('the steps of a walk are its places, as they are at the end of their runs', async () => {
  /** @type {number[]} */
  const told = [];
  const walk = new Walk(stage(), 'm=x', {});
  const drawn = await walk.film(places.slice(0, 2), {}, (done) => told.push(done));
  assert.deepEqual(engine.asked, ['m=x&at=0,0', 'm=x&at=1,0']);
  assert.deepEqual([drawn?.recipe, drawn?.hash], ['m=x&at=0,0&h=1', 'hash 1']);
  assert.deepEqual([1, 2].map((n) => [0, 1].map((image) => drawn?.film.kept.get(n)?.[image]?.xt[0])), [[120, 121], [220, 221]]);
  assert.equal(drawn?.film.complete, true);
  assert.deepEqual(told, [1, 2]);
  walk.end();
  walk.end();
  assert.deepEqual([engine.ended, engine.alone], [1, 1]);
});

test('a walk waits while something is drawn on the stage', async () => {
  dataset.state = 'running';
  const walk = new Walk(stage(), 'm=x', {});
  const film = walk.film(places, {}, () => {});
  await Promise.resolve();
  assert.deepEqual(engine.asked, []);
  dataset.state = 'done';
  for (const act of watches) act();
  await film;
  assert.equal(engine.asked.length, 3);
});

test('a run that is paused holds up no walk', async () => {
  Object.assign(dataset, { state: 'running', paused: '' });
  const walk = new Walk(stage(), 'm=x', {});
  await walk.film(places, {}, () => {});
  assert.equal(engine.asked.length, 3);
});

test('a walk that is ended while it waits for the stage waits no longer', async () => {
  dataset.state = 'running';
  const walk = new Walk(stage(), 'm=x', {});
  const film = walk.film(places, {}, () => {});
  walk.end();
  assert.equal(await film, undefined);
  assert.deepEqual(engine.asked, []);
});

test('a walk that is ended gives nothing, whatever its engine does', async () => {
  engine.answers = false;
  const walk = new Walk(stage(), 'm=x', {});
  const film = walk.film(places, {}, () => assert.fail('nothing was drawn'));
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(engine.asked.length, 1);
  walk.end();
  assert.equal(await film, undefined);
  assert.equal(engine.asked.length, 1);
});

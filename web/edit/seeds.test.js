import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Film } from '../stage/film.js';
import { step } from '../testdata/steps.js';
import { panel } from './seeds.js';

/** @import { Described, Field } from '../types.js' */
/** @import { Host } from './extras.js' */

/** Elements by id, as far as the panel needs them. @type {Map<string, any>} */
let elements;
/** The function that the timer calls, while it runs. @type {(() => void) | undefined} */
let tick;
/** What was drawn on the panel's canvas: the first pixel of each picture, and where. @type {[level: number, x: number, y: number, width: number, height: number][]} */
let drawn;
const timers = { setInterval, clearInterval };

/** A canvas of which the pictures are noted that are drawn on it. */
function canvas() {
  const made = { width: 480, height: 560, level: -1, getContext: () => context };
  const context = {
    canvas: made,
    fillRect() {},
    putImageData: (/** @type {{data: number[]}} */ image) => (made.level = image.data[0]),
    drawImage: (/** @type {{level: number}} */ { level }, /** @type {number[]} */ ...place) =>
      drawn.push(/** @type {[number, number, number, number, number]} */ ([level, ...place])),
  };
  return made;
}

/** One element. @param {string} id */
function made(id) {
  /** @type {Map<string, () => void>} */
  const listeners = new Map();
  const attributes = new Map();
  return {
    ...{ id, value: '', max: '8', hidden: false, said: '', focused: false },
    ...(id.endsWith('canvas') ? canvas() : {}),
    addEventListener: (/** @type {string} */ type, /** @type {(event: object) => void} */ act) => listeners.set(type, () => act({ preventDefault() {} })),
    getAttribute: (/** @type {string} */ name) => attributes.get(name) ?? null,
    setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => attributes.set(name, value),
    removeAttribute: (/** @type {string} */ name) => attributes.delete(name),
    /** @param {string[]} parts */
    replaceChildren(...parts) {
      this.said = parts.join('');
    },
    scrollIntoView() {},
    focus() {
      this.focused = true;
    },
    does: (/** @type {string} */ type) => listeners.get(type)?.(),
  };
}

/** @param {string} id */
function at(id) {
  if (!elements.has(id)) elements.set(id, made(id));
  return elements.get(id);
}

beforeEach(() => {
  elements = new Map();
  drawn = [];
  tick = undefined;
  Object.assign(globalThis, {
    document: { getElementById: at, createElement: canvas },
    HTMLTemplateElement: class {},
    ImageData: class {
      constructor(/** @type {number} */ width, /** @type {number} */ height) {
        this.data = new Uint8ClampedArray(4 * width * height);
      }
    },
    setInterval: (/** @type {() => void} */ act) => ((tick = act), 1),
    clearInterval: () => (tick = undefined),
  });
  at('between-place').value = '1';
  at('between-images').value = '8';
  at('seed').value = '3';
  at('images').value = '1';
});
afterEach(() => {
  Object.assign(globalThis, timers);
});

const plays = () => tick !== undefined;

/** @param {Record<string, string>} values @returns {Described} */
function described(values) {
  /** @type {[string, Field][]} */
  const fields = Object.entries(values).map(([key, value]) => [key, { key, value, standard: '', kind: 'text', group: 'picture', min: 1, max: 64, open: false, choices: [], idle: '' }]);
  return { type: 'described', id: 1, recipe: '', fields: Object.fromEntries(fields), taken: 1 };
}

/** The panel beside a run whose pictures are 100, 101, … at its only step. @param {number} images */
function opened(images) {
  const film = new Film({ steps: 1, images, channels: 1, height: 2, width: 2, columns: 0 });
  for (let image = 0; image < images; image++) {
    film.add({ ...step(1, { steps: 1, images, image }), xt: new Uint8Array(4).fill(100 + image) });
  }
  const keys = new Map([['m', 'digits']]);
  /** @type {string[]} */
  const runs = [];
  const controls = {
    write: (/** @type {Record<string, string>} */ changes) => Object.entries(changes).forEach(([key, value]) => keys.set(key, value)),
    recipe: () => [...keys].filter(([, value]) => value !== '').map((pair) => pair.join('=')).join('&'),
  };
  const host = { stage: { film }, controls, open: (/** @type {string} */ recipe) => runs.push(recipe) };
  return { seeds: panel(/** @type {Host} */ (/** @type {unknown} */ (host))), film, runs };
}

test('the way begins at the seed above and ends at the second', () => {
  const { runs } = opened(1);
  at('between-to').value = ' 9 ';
  at('between-images').value = '5';
  at('between-start').does('click');
  assert.deepEqual(runs, ['m=digits&to=9']);
  assert.equal(at('images').value, '5');
});

test('without a second seed it is the one after the first', () => {
  const { runs } = opened(1);
  at('between-start').does('click');
  assert.deepEqual(runs, ['m=digits&to=4']);
});

test('what a recipe says is in the fields, and how many pictures there may be', () => {
  const { seeds } = opened(4);
  seeds.fill(described({ to: '12', n: '4' }));
  assert.deepEqual([at('between-to').value, at('between-images').value, at('between-images').max], ['12', '4', '64']);
  assert.equal(at('between-leave').hidden, false);
  seeds.fill(described({ n: '16' }));
  assert.deepEqual([at('between-to').value, at('between-images').value], ['12', '4'], 'what was chosen waits for the next way');
  assert.equal(at('between-leave').hidden, true);
});

test('one goes back to one seed', () => {
  const { seeds, runs } = opened(4);
  seeds.fill(described({ to: '12', n: '4' }));
  at('between-to').value = '12';
  at('between-start').does('click');
  at('between-leave').does('click');
  assert.deepEqual(runs, ['m=digits&to=12', 'm=digits']);
  assert.equal(at('images').value, '1');
  assert.equal(at('between-start').focused, true);
});

test('the picture at the place is drawn large, and all of them in a row below', () => {
  const { seeds } = opened(4);
  seeds.fill(described({ to: '12', n: '4' }));
  drawn.length = 0;
  at('between-place').value = '3';
  at('between-place').does('input');
  assert.deepEqual(drawn, [
    [100, 0, 488, 119, 72],
    [101, 120, 488, 119, 72],
    [102, 240, 488, 119, 72],
    [103, 360, 488, 119, 72],
    [102, 0, 0, 480, 480],
  ]);
  assert.equal(at('between-place').max, '4');
  assert.equal(at('between-place').getAttribute('aria-valuetext'), '3 / 4');
  assert.match(at('between-canvas').getAttribute('aria-label'), /3.*4.*1/);
});

test('nothing is shown of runs that are no way between seeds', () => {
  const { seeds, film } = opened(4);
  assert.equal(at('between-film').hidden, true);
  assert.equal(at('between-play').getAttribute('aria-disabled'), 'true');
  seeds.fill(described({ to: '12', n: '4' }));
  assert.equal(at('between-film').hidden, false);
  film.noised = true;
  seeds.moved();
  assert.equal(at('between-film').hidden, true);
  assert.equal(opened(1).film.shape.images, 1);
  assert.equal(at('between-film').hidden, true);
});

test('playing goes to the end and back, until it is held', () => {
  const { seeds } = opened(3);
  seeds.fill(described({ to: '12', n: '3' }));
  at('between-play').does('click');
  const held = at('between-play').said;
  const places = [];
  for (let i = 0; i < 6; i++) {
    tick?.();
    places.push(at('between-place').value);
  }
  assert.deepEqual(places, ['2', '3', '2', '1', '2', '3']);
  at('between-play').does('click');
  assert.equal(plays(), false);
  assert.notEqual(at('between-play').said, held);
  at('between-play').does('click');
  tick?.();
  assert.equal(at('between-place').value, '2', 'from the end it goes back');
  seeds.fill(described({ n: '3' }));
  assert.equal(plays(), false, 'another recipe ends it');
});

test('a hand on the slider stops the playing', () => {
  const { seeds } = opened(3);
  seeds.fill(described({ to: '12', n: '3' }));
  at('between-play').does('click');
  at('between-place').value = '2';
  at('between-place').does('input');
  assert.equal(plays(), false);
  assert.equal(at('between-place').value, '2');
});

test('the dice give a seed of at most six digits', () => {
  opened(1);
  for (let i = 0; i < 20; i++) {
    at('between-to').value = '';
    at('between-dice').does('click');
    assert.match(at('between-to').value, /^\d{1,6}$/);
  }
});

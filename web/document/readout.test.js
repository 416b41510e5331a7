import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Counters, FileLine, percent, tell, whisper } from './readout.js';

/** Elements by id, as far as the lines of figures need them. @type {Map<string, any>} */
let elements;

/** One element, which keeps its text. */
function made() {
  const attributes = new Map();
  const parts = new Map();
  return {
    text: '',
    dataset: {},
    removeAttribute: (/** @type {string} */ name) => attributes.delete(name),
    setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => attributes.set(name, value),
    /** @param {string[]} nodes */
    replaceChildren(...nodes) {
      this.text = nodes.join('');
    },
    querySelector(/** @type {string} */ selector) {
      if (!parts.has(selector)) parts.set(selector, made());
      return parts.get(selector);
    },
  };
}

beforeEach(() => {
  elements = new Map();
  const element = (/** @type {string} */ id) => {
    if (!elements.has(id)) elements.set(id, id.startsWith('sym-') ? null : made());
    return elements.get(id);
  };
  Object.assign(globalThis, { document: { getElementById: element }, HTMLTemplateElement: class {} });
});

/** @param {string} id */
const said = (id) => elements.get(id)?.text;

test('all is said only when it is all', () => {
  assert.deepEqual([percent(0), percent(0.999), percent(1), percent(undefined)], [0, 99, 100, '']);
});

test('milliseconds of a step are those of all its pictures', () => {
  const counters = new Counters();
  counters.begin(10);
  const add = (/** @type {number} */ step, /** @type {number} */ image, /** @type {number} */ ms) => counters.add({ step, steps: 10, image, images: 2, ms });
  add(1, 0, 30);
  assert.equal(said('readout-ms'), '');
  add(1, 1, 50);
  assert.equal(counters.perStep(2), 80);
  assert.match(said('readout-ms'), /80/);
  assert.equal(counters.bar.value, 1);
});

test('how many workers are at a step is said where they are several', () => {
  const counters = new Counters();
  counters.begin(10);
  const of = (/** @type {number | undefined} */ workers) => {
    counters.add({ step: 1, steps: 10, image: 0, images: 1, ms: 8, workers });
    return said('readout-ms');
  };
  assert.deepEqual([of(undefined), of(2), of(undefined)], ['8 ms per step', '8 ms per step on 2 workers', '8 ms per step']);
});

test('what is left is said where it is worth it, and by how many share it', () => {
  const one = new Counters();
  one.begin(100);
  one.add({ step: 1, steps: 100, image: 0, images: 1, ms: 400 });
  assert.match(said('readout-left'), /40/);
  one.begin(100, 4);
  one.add({ step: 1, steps: 100, image: 0, images: 1, ms: 400 });
  assert.equal(said('readout-left'), '');
  one.begin(1000);
  one.add({ step: 1, steps: 1000, image: 0, images: 1, ms: 400 });
  assert.match(said('readout-left'), /7/);
  one.stop();
  assert.equal(said('readout-left'), '');
});

test('steps of a cascade are those of its stage', () => {
  const counters = new Counters();
  counters.show({ step: 3, steps: 8, first: 5 });
  assert.match(said('readout-step'), /1 .*3 .*5/);
  counters.show({ step: 5, steps: 8, first: 5 });
  assert.match(said('readout-step'), /1 .*5 .*5/);
  counters.show({ step: 6, steps: 8, first: 5 });
  assert.match(said('readout-step'), /2 .*1 .*3/);
  counters.show({ step: 6, steps: 8, first: 0 });
  assert.match(said('readout-step'), /^\D*6\D*8$/);
});

test('a file is counted as far as its length is known', () => {
  at(() => {
    const line = new FileLine('file-weights');
    const { text, bar } = /** @type {{text: any, bar: any}} */ (line);
    line.progress(1_000_000, 4_000_000);
    assert.deepEqual([bar.value, bar.max], [1_000_000, 4_000_000]);
    assert.match(text.text, /1\.0.*4\.0/);
    text.text = '';
    line.progress(1_040_000, 4_000_000);
    assert.deepEqual([text.text, bar.value], ['', 1_040_000], 'what is the same is not written again');
    line.progress(1_060_000, 4_000_000);
    assert.match(text.text, /1\.1.*4\.0/);
    line.progress(2_000_000, 0);
    assert.match(text.text, /2\.0/);
    line.finish(undefined);
    assert.deepEqual([bar.value, bar.max], [1, 1]);
  });
});

test('a long count says how long it takes, a short one does not', () => {
  at((move) => {
    const line = new FileLine('file-weights');
    const { text } = /** @type {{text: any}} */ (line);
    line.progress(0, 71_500_000);
    assert.match(text.text, /^0\.0.*71\.5 MB$/);
    move(2000);
    line.progress(11_000_000, 71_500_000);
    assert.match(text.text, /^11\.0.*71\.5.*20 s left$/);
    move(2000);
    line.progress(60_000_000, 71_500_000);
    assert.match(text.text, /^60\.0.*71\.5 MB$/, 'it is soon over');
    line.finish(false);
    line.prepare(1_000_000, 71_500_000);
    assert.match(text.text, /prepared: 1\.0.*71\.5 MB$/);
    move(5000);
    line.prepare(2_000_000, 71_500_000);
    assert.match(text.text, /2\.0.* 6 min left$/);
    line.reset();
    assert.match(text.text, /waiting/);
  });
});

/** Time stands still until it is moved on. @param {(act: (ms: number) => void) => void} act */
function at(act) {
  const now = performance.now.bind(performance);
  let time = 0;
  performance.now = () => time;
  try {
    act((ms) => (time += ms));
  } finally {
    performance.now = now;
  }
}

test('a screen reader hears of a run now and then', () => {
  const now = performance.now.bind(performance);
  let time = 0;
  performance.now = () => time;
  try {
    tell('status.running');
    const began = said('live');
    whisper({ step: 1, steps: 9 });
    assert.equal(said('live'), began);
    time = 6000;
    whisper({ step: 2, steps: 9 });
    assert.match(said('live'), /2/);
    assert.equal(said('status'), began, 'the line below the stage stays');
  } finally {
    performance.now = now;
  }
});

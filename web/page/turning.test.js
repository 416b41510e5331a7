import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { enter, setLoaded } from '../document/state.js';
import { Turning } from './turning.js';

/** @import { Controls } from './controls.js' */
/** @import { Opener } from './opener.js' */
/** @import { Runs } from './runs.js' */

/** What the page was asked for, in order. @type {string[]} */
let asked;
/** Whether another run can follow the one that goes on. */
let follows = false;
/** Milliseconds of a step of a picture, as far as they are known. */
let pace = 0;
/** @type {Map<string, {hidden?: boolean}>} */
let elements;

/** @returns {{turning: Turning, runs: {goes: boolean}, set: (entries: [string, string][]) => void}} */
function turned() {
  /** @type {[string, string][]} */
  let entries = [['m', 'x'], ['steps', '50']];
  const runs = {
    goes: false,
    stay: () => {},
    follow: (/** @type {string} */ recipe) => follows && asked.push(`follow ${recipe}`) > 0,
    estimate: (/** @type {number} */ steps, /** @type {number} */ n) => pace * steps * n,
  };
  const controls = { roll: () => asked.push('roll'), entries: () => entries, numbers: { steps: 50, n: 1 } };
  const opener = {
    forestall: () => {},
    draw: () => asked.push('draw'),
    turned: (/** @type {boolean} */ fill, /** @type {boolean} */ push) => asked.push(`turned${fill ? ' fill' : ''}${push ? ' push' : ''}`),
    glimpse: (/** @type {string} */ recipe, /** @type {boolean} */ push) => asked.push(`glimpse ${recipe}${push ? ' push' : ''}`),
  };
  const as = (/** @type {unknown} */ fake) => fake;
  const turning = new Turning(/** @type {Runs} */ (as(runs)), /** @type {Controls} */ (as(controls)), /** @type {Opener} */ (as(opener)));
  return { turning, runs, set: (now) => (entries = now) };
}

beforeEach(() => {
  asked = [];
  follows = false;
  pace = 0;
  elements = new Map();
  const made = () => ({ hidden: false, replaceChildren: () => {}, setAttribute: () => {}, focus: () => {} });
  const element = (/** @type {string} */ id) => {
    if (id.startsWith('sym-')) return null;
    if (!elements.has(id)) elements.set(id, made());
    return elements.get(id);
  };
  const documentElement = { dataset: /** @type {Record<string, string>} */ ({}), toggleAttribute: () => {} };
  Object.assign(globalThis, { document: { getElementById: element, documentElement }, HTMLTemplateElement: class {} });
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  setLoaded(true);
  enter('done');
});

test('a choice acts at once, and what is typed after a rest', () => {
  const { turning } = turned();
  turning.turned('set');
  mock.timers.tick(0);
  assert.deepEqual(asked, ['turned fill push']);
  turning.filled();
  turning.turned('type');
  mock.timers.tick(300);
  turning.turned('type');
  mock.timers.tick(300);
  assert.equal(asked.length, 1, 'while it is typed nothing runs');
  mock.timers.tick(300);
  assert.deepEqual(asked.slice(1), ['turned push'], 'what is typed is not written over');
});

test('what a choice comes to is shown, also if something is typed before it is known', () => {
  const { turning } = turned();
  turning.turned('set');
  turning.turned('type');
  mock.timers.tick(500);
  assert.deepEqual(asked, ['turned fill push']);
  turning.turned('type');
  mock.timers.tick(500);
  assert.deepEqual(asked.slice(1), ['turned fill push'], 'it is not known yet');
  turning.filled();
  turning.turned('type');
  mock.timers.tick(500);
  assert.deepEqual(asked.slice(2), ['turned push']);
});

test('another recipe takes the place of what was typed', () => {
  const { turning } = turned();
  assert.equal(turning.forget(), false);
  turning.turned('type');
  assert.equal(turning.forget(), true);
  mock.timers.tick(1000);
  assert.deepEqual(asked, []);
});

test('leaving a field acts at once, and only if something was typed', () => {
  const { turning } = turned();
  turning.turned('end');
  mock.timers.tick(1000);
  assert.deepEqual(asked, []);
  turning.turned('type');
  turning.turned('end');
  mock.timers.tick(0);
  assert.deepEqual(asked, ['turned fill push']);
});

test('short runs follow a slider, in one entry of the history', () => {
  pace = 15;
  const { turning, set } = turned();
  turning.turned('drag');
  assert.deepEqual(asked, ['glimpse m=x&steps=8 push']);
  turning.taken();
  enter('running');
  set([['m', 'x'], ['g', '2'], ['steps', '50']]);
  turning.turned('drag');
  turning.turned('drag');
  assert.equal(asked.length, 1, 'one at a time');
  enter('done');
  assert.equal(turning.ended(), false, 'it is no result');
  assert.deepEqual(asked.slice(1), ['glimpse m=x&g=2&steps=8']);
  turning.turned('end');
  mock.timers.tick(0);
  assert.deepEqual(asked.slice(2), ['turned fill']);
  turning.ended();
  assert.equal(turning.ended(), true);
});

test('the next run is asked for before the one that goes on is whole, where it can follow it', () => {
  pace = 1;
  follows = true;
  const { turning, runs, set } = turned();
  turning.turned('drag');
  enter('running');
  set([['m', 'x'], ['g', '2'], ['steps', '50']]);
  turning.turned('drag');
  assert.deepEqual(asked, ['glimpse m=x&steps=50 push', 'follow m=x&g=2&steps=50']);
  runs.goes = true;
  assert.equal(turning.ended(), false, 'it is followed');
  runs.goes = false;
  enter('done');
  assert.equal(turning.ended(), false, 'the last is no result either');
  assert.equal(asked.length, 2);
});

test('what is typed while a run follows a slider ends that, and runs whole', () => {
  pace = 15;
  const { turning } = turned();
  turning.turned('drag');
  turning.taken();
  enter('running');
  turning.turned('drag');
  turning.turned('type');
  enter('done');
  turning.ended();
  assert.deepEqual(asked, ['glimpse m=x&steps=8 push'], 'the slider is followed no more');
  mock.timers.tick(1000);
  assert.deepEqual(asked.slice(1), ['turned']);
});

test('a slider that is taken again while a run still follows it runs whole', () => {
  pace = 15;
  const { turning } = turned();
  turning.turned('drag');
  turning.taken();
  enter('running');
  turning.turned('end');
  mock.timers.tick(0);
  turning.turned('drag');
  turning.turned('end');
  mock.timers.tick(0);
  enter('done');
  assert.deepEqual(asked, ['glimpse m=x&steps=8 push', 'turned fill', 'turned fill']);
});

test('a slider that is let go where it was runs whole', () => {
  pace = 15;
  const { turning } = turned();
  turning.released();
  turning.turned('drag');
  turning.released();
  mock.timers.tick(0);
  assert.deepEqual(asked, ['glimpse m=x&steps=8 push', 'turned fill']);
});

test('what takes the place of a run that follows a slider is a result', () => {
  pace = 15;
  const { turning } = turned();
  turning.turned('drag');
  turning.taken();
  enter('running');
  turning.turned('end');
  mock.timers.tick(0);
  turning.settle(); // as the run begins that was asked for
  enter('done');
  assert.equal(turning.ended(), true);
});

test('a slider is followed by whole runs where they are quick', () => {
  pace = 1;
  const { turning } = turned();
  turning.turned('drag');
  assert.deepEqual(asked, ['glimpse m=x&steps=50 push']);
});

test('a long run is offered, and the button runs it', () => {
  pace = 100;
  const { turning } = turned();
  const described = /** @type {any} */ ({ taken: 50, fields: { n: { value: '1' } } });
  assert.equal(turning.offers(described), true);
  assert.equal(elements.get('ribbon')?.hidden, false);
  turning.press();
  assert.deepEqual(asked, ['draw']);
  turning.taken();
  assert.equal(elements.get('ribbon')?.hidden, true);
  turning.press();
  assert.deepEqual(asked, ['draw', 'roll', 'draw']);
  pace = 20;
  assert.equal(turning.offers(described), false);
});

test('nothing acts before a model is there', () => {
  setLoaded(false);
  const { turning } = turned();
  turning.turned('set');
  turning.press();
  mock.timers.tick(1000);
  assert.deepEqual(asked, []);
});

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ViewerFrame } from './viewer.js';

/** @import { Viewer } from '../types.js' */

/** A drawing of an empty stage. */
const nothing = { background: '#010203', size: { width: 3, height: 2, channels: 1 }, marks: [] };
/** Whether the browser has WebGL2. */
let webgl = true;
/** What listens to messages. @type {((event: any) => void)[]} */
let ears = [];
/** The frames that were made. @type {any[]} */
let frames = [];

beforeEach(() => {
  [webgl, ears, frames] = [true, [], []];
  Object.assign(globalThis, {
    location: { origin: 'https://a.test' },
    requestAnimationFrame: (/** @type {() => void} */ act) => act(),
    addEventListener: (/** @type {string} */ _, /** @type {(event: any) => void} */ act) => ears.push(act),
    document: {
      createElement: (/** @type {string} */ tag) => (tag === 'canvas' ? { getContext: () => (webgl ? { getExtension: () => null } : null) } : framed()),
    },
  });
});

/** A frame whose document can be reloaded. */
function framed() {
  const classes = new Set();
  const frame = {
    ...{ style: {}, reloads: 0, removed: false, shown: () => classes.has('shown') },
    classList: { toggle: (/** @type {string} */ name, /** @type {boolean} */ on) => (on ? classes.add(name) : classes.delete(name)) },
    contentWindow: { viewer: /** @type {any} */ (undefined), location: { reload: () => frame.reloads++ }, addEventListener: (/** @type {string} */ _, /** @type {() => void} */ act) => (frame.hide = act) },
    hide: () => {},
    contentDocument: { querySelector: () => ({ setAttribute: (/** @type {string} */ _, /** @type {string} */ label) => (frame.label = label) }) },
    label: '',
    setAttribute() {},
    remove: () => (frame.removed = true),
  };
  frames.push(frame);
  return frame;
}

/** A viewer that has been asked for, and what a stage hears of it. */
function asked() {
  const box = /** @type {HTMLElement} */ (/** @type {unknown} */ ({ append() {} }));
  /** @type {string[]} */
  const log = [];
  const viewer = new ViewerFrame(box, { up: () => log.push('up'), taken: () => log.push(viewer.taken ? 'taken' : 'left') });
  let settled = false;
  const started = viewer.start('frame.html', { width: 300, height: 200 }).then(() => (settled = true));
  const [frame] = frames;
  const say = (/** @type {string} */ state, more = {}) =>
    ears.forEach((act) => act({ origin: 'https://a.test', source: frame?.contentWindow, data: { type: 'viewer', state }, ...more }));
  /** The Go program is there. @param {(callback: () => void) => void} [drawn] @param {Viewer['draw']} [draw] */
  const up = (drawn = (callback) => callback(), draw = () => '') => {
    frame.contentWindow.viewer = { drawn, draw };
    say('up');
  };
  return { viewer, log, frame, say, up, started, settled: () => settled };
}

test('a viewer is given everything, and takes the stage once it has drawn that', async () => {
  const { viewer, log, frame, up, started } = asked();
  assert.deepEqual(frame.style, { width: '300px', height: '200px' });
  let drawn = () => {};
  viewer.describe('a seven');
  up((callback) => (drawn = callback));
  await started;
  assert.deepEqual([log, viewer.taken, frame.shown(), frame.label], [['up'], false, false, 'a seven']);
  drawn();
  assert.deepEqual([log, viewer.taken, frame.shown()], [['up', 'taken'], true, true]);
});

test('without WebGL2 no viewer starts, and nothing is waited for', async () => {
  webgl = false;
  const { started } = asked();
  await started;
  assert.equal(frames.length, 0);
});

test('a viewer that ends leaves the stage, and may come back twice', () => {
  const { log, frame, up, say } = asked();
  for (const ends of [1, 2, 3]) {
    up();
    if (ends === 2) frame.hide(); // its document is reloaded
    else say('gone');
    assert.equal(frame.removed, ends === 3);
  }
  assert.deepEqual(log, ['up', 'taken', 'left', 'up', 'taken', 'left', 'up', 'taken', 'left']);
  say('up');
  assert.equal(log.length, 9, 'it is not heard any more');
});

test('a reload for another ratio of pixels is no failure', () => {
  const { viewer, frame, up } = asked();
  for (let i = 0; i < 5; i++) {
    up();
    viewer.reload();
    frame.hide();
  }
  assert.deepEqual([frame.reloads, frame.removed], [5, false]);
});

test('a program that has ended throws, and is lost', () => {
  const { viewer, log, up } = asked();
  viewer.draw(nothing);
  up(undefined, () => {
    throw new Error('Go program has already exited');
  });
  viewer.draw(nothing);
  assert.deepEqual([viewer.taken, log.at(-1)], [false, 'left']);
});

test('one that refuses a drawing is lost, so that the canvas shows it', () => {
  const { viewer, log, up } = asked();
  /** @type {unknown[]} */
  const given = [];
  let wrong = '';
  up(undefined, (...drawing) => {
    given.push(drawing);
    return wrong;
  });
  viewer.draw(nothing);
  assert.deepEqual(given, [[0x010203, 3, 2, new Int32Array(0), new Uint8Array(0)]]);
  assert.equal(viewer.taken, true);
  wrong = 'viewer: too many marks';
  viewer.draw(nothing);
  assert.deepEqual([viewer.taken, log.at(-1)], [false, 'left']);
});

test('one that drew too late does not take the stage', () => {
  const { viewer, frame, up, say } = asked();
  let late = () => {};
  up((callback) => (late = callback));
  say('gone');
  late();
  assert.deepEqual([viewer.taken, frame.shown()], [false, false]);
});

test('others are not believed', () => {
  const { log, say } = asked();
  for (const more of [{ origin: 'https://evil.test' }, { source: {} }, { data: null }, { data: { type: 'other', state: 'up' } }]) say('up', more);
  assert.deepEqual(log, []);
});

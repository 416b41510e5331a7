import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { asked, browser, fresh } from '../testdata/frames.js';
import { ViewerFrame } from './viewer.js';

/** A drawing of an empty stage. */
const nothing = { background: '#010203', size: { width: 3, height: 2, channels: 1 }, marks: [] };

beforeEach(fresh);

test('a viewer is given everything, and takes the stage once it has drawn that', async () => {
  const { viewer, log, frame, up, started } = asked(ViewerFrame);
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
  browser.webgl = false;
  const { started } = asked(ViewerFrame);
  await started;
  assert.equal(browser.frames.length, 0);
});

test('a viewer that ends leaves the stage, and may come back twice', () => {
  const { log, frame, up, say } = asked(ViewerFrame);
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
  const { viewer, frame, up } = asked(ViewerFrame);
  for (let i = 0; i < 5; i++) {
    up();
    viewer.reload();
    frame.hide();
  }
  assert.deepEqual([frame.reloads, frame.removed], [5, false]);
});

test('a program that has ended throws, and is lost', () => {
  const { viewer, log, up } = asked(ViewerFrame);
  viewer.draw(nothing);
  const draw = () => {
    throw new Error('Go program has already exited');
  };
  up(undefined, { draw });
  viewer.draw(nothing);
  assert.deepEqual([viewer.taken, log.at(-1)], [false, 'left']);
});

test('one that refuses a drawing is lost, so that the canvas shows it', () => {
  const { viewer, log, up } = asked(ViewerFrame);
  /** @type {unknown[]} */
  const given = [];
  let wrong = '';
  const draw = (/** @type {unknown[]} */ ...drawing) => {
    given.push(drawing);
    return wrong;
  };
  up(undefined, { draw });
  viewer.draw(nothing);
  assert.deepEqual(given, [[0x010203, 3, 2, new Int32Array(0), new Uint8Array(0)]]);
  assert.equal(viewer.taken, true);
  wrong = 'viewer: too many marks';
  viewer.draw(nothing);
  assert.deepEqual([viewer.taken, log.at(-1)], [false, 'left']);
});

test('one that drew too late does not take the stage', () => {
  const { viewer, frame, up, say } = asked(ViewerFrame);
  let late = () => {};
  up((callback) => (late = callback));
  say('gone');
  late();
  assert.deepEqual([viewer.taken, frame.shown()], [false, false]);
});

test('others are not believed', () => {
  const { log, say } = asked(ViewerFrame);
  for (const more of [{ origin: 'https://evil.test' }, { source: {} }, { data: null }, { data: { type: 'other', state: 'up' } }]) say('up', more);
  assert.deepEqual(log, []);
});

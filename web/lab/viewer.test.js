import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { asked, fresh } from '../testdata/frames.js';
import { PlaneViewer } from './viewer.js';

/** @import { Scene } from './scene.js' */

const points = new Float32Array([1, 2]);
/** @type {Scene} */
const scene = {
  window: { x: 0, y: 0, scale: 100 },
  background: '#010203',
  arrows: [],
  clouds: [],
  paths: [{ points, colour: '#ffffff', opacity: 1, width: 1 }],
};

beforeEach(fresh);

/** What is handed to a viewer's plane: how many arrays came with each scene. */
function planes() {
  /** @type {number[]} */
  const came = [];
  const plane = (/** @type {Int32Array} */ ints) => {
    came.push(ints[1]);
    return '';
  };
  return { came, plane };
}

test('a viewer gets each array once, and one that comes back gets all of them', () => {
  const { viewer, frame, up } = asked(PlaneViewer);
  viewer.draw(scene, 300, 200);
  const { came, plane } = planes();
  up(undefined, { plane });
  viewer.draw(scene, 300, 200);
  viewer.draw(scene, 320, 200);
  assert.deepEqual(came, [1, 0]);
  assert.deepEqual(frame.style, { width: '320px', height: '200px' });
  frame.hide();
  up(undefined, { plane });
  viewer.draw(scene, 320, 200);
  assert.deepEqual([came, viewer.taken], [[1, 0, 1], true]);
});

test('it begins again for another ratio of pixels', () => {
  const { viewer, frame, up } = asked(PlaneViewer);
  up(undefined, planes());
  viewer.draw(scene, 300, 200);
  assert.equal(frame.reloads, 0);
  Object.assign(globalThis, { devicePixelRatio: 2 });
  viewer.draw(scene, 300, 200);
  viewer.draw(scene, 300, 200);
  assert.equal(frame.reloads, 1);
});

test('one that cannot draw a scene leaves it to the canvas', () => {
  const { viewer, log, up } = asked(PlaneViewer);
  up(undefined, { plane: () => 'plane: the scene ends too early' });
  viewer.draw(scene, 300, 200);
  assert.deepEqual([viewer.taken, log.at(-1)], [false, 'left']);
});

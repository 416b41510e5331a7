import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { limits } from '../engine/limits.js';
import { step } from '../testdata/steps.js';
import { Film } from './film.js';
import { views } from './views.js';

const { memory } = limits;

test('a page keeps at most 32 MB of steps', () => assert.equal(memory, 33554432));
afterEach(() => {
  limits.memory = memory;
});

/** A film and the steps of its run. @param {number} steps @param {number} images @param {number} fitting steps that may be kept */
function filmed(steps, images, fitting) {
  limits.memory = fitting * 4 * 4 * images;
  const film = new Film({ steps, images, channels: 1, height: 2, width: 2, columns: 0 });
  const add = (/** @type {number} */ upTo) => {
    for (let n = film.latest + 1; n <= upTo; n++) {
      for (let image = 0; image < images; image++) film.add(step(n, { steps, images, image }));
    }
  };
  return { film, add };
}

test('every stride-th step is kept, as far as the memory goes', () => {
  for (const [fitting, want] of /** @type {const} */ ([
    [10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    [9, [2, 4, 6, 8, 10]],
    [5, [2, 4, 6, 8, 10]],
    [4, [1, 4, 7, 10]],
    [3, [2, 6, 10]],
    [1, [10]],
  ])) {
    const { film, add } = filmed(10, 3, fitting);
    assert.deepEqual(film.slots(100), want);
    for (let n = 1; n <= 10; n++) {
      add(n);
      assert.equal(film.current, n, 'the newest is shown');
      assert.deepEqual(film.pixels(2, 'x0'), step(n, { image: 2 }).x0);
      assert.equal(film.thumb(n) !== undefined, want.some((kept) => kept === n), `thumb of ${n} of ${fitting}`);
    }
  }
});

test('a step that is gone to stays, and the newest is followed', () => {
  const { film, add } = filmed(10, 3, 10);
  assert.deepEqual([film.current, film.pixels(0, 'xt')], [0, undefined]);
  add(6);
  for (const [to, want] of [[1, 1], [4, 4], [6, 6], [0, 6], [-3, 6], [99, 6], [2, 2]]) {
    assert.equal(film.show(to), want, `${to}`);
    assert.equal(film.current, want);
    assert.equal(film.shown === 0, want === 6);
    for (const view of views) {
      const plane = /** @type {const} */ ({ score: 'epsilon', xt: 'xt', x0: 'x0', epsilon: 'epsilon', change: 'change' })[view];
      assert.deepEqual(film.pixels(1, view), step(want, { image: 1 })[plane], `${view} of step ${want}`);
    }
  }
  film.add(step(7, { images: 3 }));
  assert.deepEqual([film.current, film.latest], [2, 7]);
  film.show(7);
  assert.deepEqual(film.pixels(1, 'xt'), step(6, { image: 1 }).xt, 'of a picture that has not come the one before');
});

test('of steps that are not kept the nearest before is shown', () => {
  const { film, add } = filmed(10, 1, 3);
  add(9);
  for (const [to, want] of [[1, 2], [2, 2], [5, 2], [6, 6], [8, 6], [9, 9]]) assert.equal(film.show(to), want, `${to}`);
});

test('the strip spreads over what is kept, and marks the place nearest to the shown step', () => {
  const { film, add } = filmed(10, 1, 10);
  assert.deepEqual([1, 2, 3, 4].map((places) => film.slots(places)), [[10], [1, 10], [1, 5, 10], [1, 4, 7, 10]]);
  const slots = film.slots(4);
  assert.equal(film.mark(slots), -1);
  for (const [n, want] of [0, 0, 1, 1, 1, 2, 2, 2, 3, 3].entries()) {
    add(n + 1);
    assert.equal(film.mark(slots), want, `step ${n + 1}`);
  }
});

test('a step comes out of another by parts, until another is shown', () => {
  const { film, add } = filmed(10, 1, 10);
  add(5);
  film.show(4);
  const [before, now] = [3, 4].map((n) => step(n).x0[0]);
  for (const [from, part, want] of [
    [3, 0, before],
    [3, 64, Math.trunc((3 * before + now + 2) / 4)],
    [3, 256, now],
    [3, 999, now],
    [3, -5, before],
    [99, 128, now],
    [0, 128, now],
  ]) {
    film.fade(from, part);
    assert.equal(film.pixels(0, 'x0')?.[0], want, `${part} parts out of step ${from}`);
    assert.equal(film.fades, part < 256);
  }
  film.fade(3, 10);
  film.show(5);
  assert.deepEqual([film.fades, film.pixels(0, 'x0')], [false, step(5).x0]);
});

test('a step that was made again is shown once all of it has come', () => {
  const { film, add } = filmed(100, 3, 10);
  add(100);
  for (let image = 0; image < 3; image++) {
    assert.equal(film.show(47), 40, `${image} pictures have come`);
    film.recall(step(47, { steps: 100, images: 3, image }));
  }
  assert.equal(film.show(47), 47);
  for (let image = 0; image < 3; image++) assert.deepEqual(film.pixels(image, 'x0'), step(47, { image }).x0);
  assert.deepEqual([film.latest, film.thumb(47)], [100, undefined]);
  assert.equal(film.show(53), 50);
  film.forget();
  assert.equal(film.show(47), 40);
});

test('the last step is always among those that are kept', () => {
  for (let steps = 1; steps < 40; steps++) {
    for (const fitting of [1, 2, 7, 39, 100]) {
      const { film } = filmed(steps, 1, fitting);
      assert.ok(film.keptSteps <= fitting, `${steps} in ${fitting}`);
      assert.equal(film.slots(1000).at(-1), steps);
    }
  }
});

test('two films share the memory', () => {
  limits.memory = 16 * 10;
  const shape = { steps: 10, images: 1, channels: 1, height: 2, width: 2, columns: 0 };
  assert.equal(new Film(shape).keptSteps, 10);
  assert.equal(new Film(shape, 2).keptSteps, 5);
});

test('the pictures of a step that is kept lie together', () => {
  const { film, add } = filmed(3, 2, 3);
  add(3);
  const frames = film.kept.get(2) ?? [];
  assert.equal(frames.length, 2);
  assert.equal(new Set(frames.map((frame) => frame?.xt.buffer)).size, 1);
  assert.equal(frames[0]?.xt.buffer.byteLength, 4 * 4 * 2);
});

test('a film is complete with the last step of every picture', () => {
  const { film, add } = filmed(3, 2, 3);
  assert.equal(film.complete, false);
  add(2);
  film.add(step(3, { steps: 3, images: 2, image: 0 }));
  assert.equal(film.complete, false);
  film.add(step(3, { steps: 3, images: 2, image: 1 }));
  assert.equal(film.complete, true);
});

test('a gap is what lies between two steps that are kept', () => {
  const { film, add } = filmed(40, 1, 4);
  assert.deepEqual([film.first, film.stride, film.keptSteps], [10, 10, 4]);
  add(40);
  assert.deepEqual(film.gap(14), { from: 11, to: 19 });
  assert.deepEqual(film.gap(19), { from: 11, to: 19 });
  assert.deepEqual(film.gap(3), { from: 1, to: 9 });
  assert.equal(film.has(14), false);
  film.recall(step(14, { steps: 40 }));
  assert.equal(film.has(14), true);
  assert.equal(film.show(14), 14);
  film.forget();
  assert.equal(film.has(14), true, 'what is shown stays');
  film.show(20);
  film.forget();
  assert.equal(film.has(14), false);
});

test('a part is decided that is within eight levels of the end', () => {
  const { film } = filmed(2, 1, 2);
  film.add(step(1, { steps: 2, x0: Uint8Array.of(100, 109, 91, 200) }));
  assert.equal(film.decided(), undefined);
  film.add(step(2, { steps: 2, x0: Uint8Array.of(100, 100, 100, 208) }));
  assert.equal(film.decided(), 1);
  film.show(1);
  assert.equal(film.decided(), 0.5);
  film.noised = true;
  assert.equal(film.decided(), undefined);
});

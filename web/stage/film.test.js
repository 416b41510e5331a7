import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { limits } from '../engine/limits.js';
import { golden } from '../testdata/golden.js';
import { step } from '../testdata/steps.js';
import { Film } from './film.js';
import { views } from './views.js';

const { memory } = limits;
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

test('a film keeps and shows what wasm/view does', () => {
  const cases = golden('film.json', import.meta.url);
  let count = 0;
  for (const { Run, Limit, Kept, Slots, Acts } of cases) {
    limits.memory = Limit;
    const { Steps: steps, Images: images, Channels: channels, Height: height, Width: width } = Run;
    const film = new Film({ steps, images, channels, height, width, columns: 0 });
    assert.equal(film.keptSteps, Kept);
    assert.deepEqual([1, 2, 5, 100].map((places) => film.slots(places)), Slots);
    const strip = film.slots(5);
    for (const [i, { Do, A, B, Current, Mark, Shown }] of Acts.entries()) {
      if (Do === 'add') film.add(step(A, { steps, images, image: B, size: height * width }));
      if (Do === 'show') film.show(A);
      if (Do === 'fade') film.fade(A, B);
      if (Do === 'again') {
        film.show(0);
        film.forget();
        for (let image = 0; image < images; image++) film.recall(step(A, { steps, images, image, size: height * width }));
        film.show(A);
      }
      const shown = Array.from({ length: images }, (_, image) => views.map((view) => film.pixels(image, view)?.[0] ?? -1)).flat();
      assert.deepEqual([film.current, film.mark(strip), shown], [Current, Mark, Shown], `act ${i} of ${steps} steps: ${Do} ${A} ${B}`);
      count++;
    }
  }
  assert.ok(count > 300, `${count} acts`);
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

test('a viewer that comes late is given everything, oldest first', () => {
  const { film, add } = filmed(9, 2, 3);
  add(8);
  /** @type {string[]} */
  const given = [];
  film.replay((image, frame) => given.push(`${frame.step}:${image}`));
  assert.deepEqual(given, ['3:0', '3:1', '6:0', '6:1', '8:0', '8:1']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden, unbase64 } from '../testdata/golden.js';
import { step } from '../testdata/steps.js';
import { Film } from './film.js';
import { colour, difference } from './painter.js';
import { views } from './views.js';

test('pixels have the colours that wasm/view gives them', () => {
  const cases = golden('colours.json', import.meta.url);
  assert.equal(cases.length, 2 * views.length);
  for (const { View, Channels, Pixels, RGBA } of cases) {
    const pixels = unbase64(Pixels);
    const want = unbase64(RGBA);
    const got = new Uint8ClampedArray(want.length);
    colour(got, pixels, Channels, views[View]);
    assert.deepEqual([...got], [...want], `${views[View]} of ${Channels} channels`);
  }
});

test('the score has the colours of the noise, turned round', () => {
  const pixels = Uint8Array.from({ length: 256 }, (_, i) => i);
  const [noise, score] = [new Uint8ClampedArray(1024), new Uint8ClampedArray(1024)];
  colour(noise, pixels, 1, 'epsilon');
  colour(score, pixels.slice().reverse(), 1, 'score');
  assert.deepEqual([...score], [...noise]);
});

test('two films differ by what their pixels do', () => {
  const shape = { steps: 2, images: 2, channels: 1, height: 2, width: 2, columns: 0 };
  const [a, b] = [new Film(shape, 2), new Film(shape, 2)];
  a.add(step(1, { image: 1, images: 2, steps: 2, xt: Uint8Array.of(0, 10, 200, 255) }));
  assert.equal(difference([a, b], 1, 'xt'), undefined);
  b.add(step(1, { image: 1, images: 2, steps: 2, xt: Uint8Array.of(5, 5, 201, 0) }));
  assert.deepEqual([...(difference([a, b], 1, 'xt') ?? [])], [5, 5, 1, 255]);
  assert.equal(difference([a, b], 0, 'xt'), undefined);
});

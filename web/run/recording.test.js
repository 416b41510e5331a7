import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden, hashOf, unbase64 } from '../testdata/golden.js';
import { read } from './recording.js';

test('a recording is what the sampler sent, every picture of it', async () => {
  const recordings = golden('recordings.json', import.meta.url);
  assert.equal(recordings.length, 3);
  for (const { Recording, Xt, X0 } of recordings) {
    const { recipe, shape, pictures } = read(unbase64(Recording));
    /** @type {string[][]} */
    const hashes = [[], []];
    let at = 0;
    for (const step of pictures) {
      for (const { xt, x0, image, step: number } of step) {
        assert.deepEqual([number, image], [1 + Math.floor(at / shape.images), at % shape.images], recipe);
        hashes[0].push(await hashOf(xt));
        hashes[1].push(await hashOf(x0));
        at++;
      }
    }
    assert.equal(at, shape.steps * shape.images, recipe);
    assert.deepEqual(hashes, [Xt, X0], recipe);
  }
});

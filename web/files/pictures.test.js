import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Film } from '../stage/film.js';
import { signedColour } from '../stage/colours.js';
import { step } from '../testdata/steps.js';
import { animation, animationSize, filmFacts, frames, trace, traceSize, zooms } from './pictures.js';
import { ungif } from './testdata/ungif.js';

/**
 * A film whose pixels tell what they are of.
 * @param {{steps?: number, images?: number, channels?: number, columns?: number}} of
 */
function filmed({ steps = 3, images = 1, channels = 1, columns = 0 }) {
  const film = new Film({ steps, images, channels, height: 4, width: 4, columns });
  for (let n = 1; n <= steps; n++) {
    for (let image = 0; image < images; image++) {
      const plane = (/** @type {number} */ of) => Uint8Array.from({ length: 16 * channels }, (_, i) => (29 * n + 3 * i + 60 * image + 101 * of) & 255);
      film.add(step(n, { steps, images, image, xt: plane(0), x0: plane(1), epsilon: plane(2), change: plane(3) }));
    }
  }
  return film;
}

/** @param {Film} film @param {import('../stage/views.js').View[]} views */
async function played(film, views) {
  const file = await animation(film, views, 'm=x&c=7', () => true);
  assert.ok(file);
  return ungif(new Uint8Array(await file.arrayBuffer()));
}

test('every frame of an animation is a step, pixel by pixel', async () => {
  const film = filmed({ steps: 3 });
  const gif = await played(film, ['xt', 'x0']);
  assert.deepEqual([gif.frames.length, gif.comment], [3, 'm=x&c=7']);
  assert.deepEqual(gif.frames.map(({ delay }) => delay), [10, 10, 150]);
  const zoom = 64;
  assert.deepEqual([gif.width, gif.height], [(4 + 2 + 4) * zoom, 4 * zoom]);
  for (const [i, { indices }] of gif.frames.entries()) {
    const frame = film.kept.get(i + 1)?.[0];
    for (const [left, plane] of /** @type {const} */ ([[0, 'xt'], [4 + 2, 'x0']])) {
      for (let p = 0; p < 16; p++) {
        const at = (Math.floor(p / 4) * zoom + 5) * gif.width + (left + (p % 4)) * zoom + 5;
        assert.equal(gif.palette[3 * indices[at]], frame?.[plane][p], `step ${i + 1}, ${plane}, pixel ${p}`);
      }
    }
  }
});

test('a run of one step has an animation of one frame', async () => {
  const film = filmed({ steps: 1 });
  const gif = await played(film, ['xt']);
  assert.equal(gif.frames.length, 1);
  assert.equal(gif.palette[3 * gif.frames[0].indices[0]], film.live[0]?.xt[0]);
});

test('signed views have colours beside greys', async () => {
  const film = filmed({ steps: 2 });
  const gif = await played(film, ['xt', 'epsilon']);
  const { indices } = gif.frames[1];
  const frame = film.kept.get(2)?.[0];
  for (let c = 0; c < 3; c++) {
    const noise = gif.palette[3 * indices[(4 + 2) * 64] + c];
    assert.ok(Math.abs(noise - signedColour(frame?.epsilon[0] ?? 0, c)) <= 4, `component ${c} is ${noise}`);
    assert.ok(Math.abs(gif.palette[3 * indices[0] + c] - (frame?.xt[0] ?? 0)) <= 1);
  }
});

test('each frame of colours has a palette of its own', async () => {
  const film = filmed({ steps: 2, channels: 3 });
  const gif = await played(film, ['xt']);
  for (const [n, { indices, palette }] of gif.frames.entries()) {
    for (let p = 0; p < 16; p++) {
      const at = 3 * indices[Math.floor(p / 4) * 64 * gif.width + (p % 4) * 64];
      for (let c = 0; c < 3; c++) assert.equal(palette[at + c], film.kept.get(n + 1)?.[0]?.xt[3 * p + c], `step ${n + 1}, pixel ${p}`);
    }
  }
});

test('a word stands in one row', async () => {
  const gif = await played(filmed({ steps: 1, images: 5, columns: 5 }), ['xt']);
  assert.equal(gif.width, 5 * gif.height);
});

test('an animation that is cancelled is none', async () => {
  /** @type {number[]} */
  const told = [];
  const file = await animation(filmed({ steps: 4 }), ['xt'], 'm=x', (part) => told.push(part) < 2);
  assert.equal(file, undefined);
  assert.deepEqual(told, [0.25, 0.5]);
});

test('the trace holds every plane of every step, as safetensors', async () => {
  const film = filmed({ steps: 3, images: 2, channels: 3 });
  const bytes = new Uint8Array(await trace(film, 'm=x', 'ab').arrayBuffer());
  const view = new DataView(bytes.buffer);
  const length = Number(view.getBigUint64(0, true));
  assert.equal(length % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  assert.deepEqual(header.__metadata__, { recipe: 'm=x', sha256: 'ab', format: 'pt' });
  const data = bytes.subarray(8 + length);
  const [from] = header.timesteps.data_offsets;
  assert.deepEqual([0, 1, 2].map((i) => Number(view.getBigInt64(8 + length + from + 8 * i, true))), [999, 998, 997]);
  let end = header.timesteps.data_offsets[1];
  for (const plane of /** @type {const} */ (['xt', 'x0', 'epsilon', 'change'])) {
    const { dtype, shape, data_offsets } = header[plane];
    assert.deepEqual([dtype, shape, data_offsets[0]], ['U8', [3, 2, 4, 4, 3], end]);
    end = data_offsets[1];
    for (let n = 1; n <= 3; n++) {
      for (let image = 0; image < 2; image++) {
        const at = data_offsets[0] + ((n - 1) * 2 + image) * 48;
        assert.deepEqual(data.slice(at, at + 48), film.kept.get(n)?.[image]?.[plane].slice(), `${plane}, step ${n}, picture ${image}`);
      }
    }
  }
  assert.equal(end, data.length);
  assert.equal(traceSize(film, 'm=x', 'ab'), bytes.length);
});

test('an animation is as large and as fast as was said before', async () => {
  const film = filmed({ steps: 3 });
  assert.deepEqual(zooms(film), { usual: 64, all: [32, 64, 128] });
  for (const [zoom, speed, delay] of [[32, 0.5, 20], [64, 1, 10], [128, 2, 5]]) {
    const { width, height, time } = filmFacts(film, ['xt', 'x0'], { zoom, speed });
    const file = await animation(film, ['xt', 'x0'], 'm=x', () => true, { zoom, speed });
    const gif = ungif(new Uint8Array((await file?.arrayBuffer()) ?? []));
    assert.deepEqual([gif.width, gif.height, gif.frames.map((frame) => frame.delay)], [width, height, [delay, delay, 150]]);
    assert.equal(time, 10 * (2 * delay + 150));
    const steps = frames(film, ['xt', 'x0'], zoom);
    assert.deepEqual([steps.count, steps.width, steps.height], [3, width, height]);
  }
});

test('what loops rests no longer at its end than elsewhere', async () => {
  const film = filmed({ steps: 3 });
  const file = await animation(film, ['xt'], 'm=x', () => true, { loops: true });
  const gif = ungif(new Uint8Array((await file?.arrayBuffer()) ?? []));
  assert.deepEqual(gif.frames.map((frame) => frame.delay), [10, 10, 10]);
  assert.equal(filmFacts(film, ['xt'], { loops: true }).time, 300);
});

test('a grid of many is not made smaller than it is', () => {
  assert.deepEqual(zooms(filmed({ steps: 1, images: 5000, columns: 1 })), { usual: 1, all: [1, 2] });
});

test('some frames tell about how many bytes an animation has', async () => {
  for (const steps of [1, 2, 5, 6, 60]) {
    const film = filmed({ steps });
    const size = (await animation(film, ['xt', 'x0'], 'm=x', () => true))?.size ?? 0;
    const told = (await animationSize(film, ['xt', 'x0'], 64, () => true)) ?? 0;
    assert.ok(Math.abs(told - size) < 0.05 * size, `${steps} steps: ${told} of ${size}`);
  }
  let asked = 0;
  assert.equal(await animationSize(filmed({ steps: 60 }), ['xt'], 64, () => ++asked < 3), undefined);
  assert.equal(asked, 3);
});

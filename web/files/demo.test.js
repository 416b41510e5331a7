import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { DownloadError } from '../load/download.js';
import { demo, demoSize } from './demo.js';

const skeleton = '<!doctype html>\n<html lang="en"><body>BODY<template id="carried"></template><script>"<template id=\'carried\'>"</script></body></html>';
const list = { models: [{ name: 'digits' }, { name: 'tiles' }] };
/** What the host has. @type {Map<string, string>} */
let host;
const { fetch: kept } = globalThis;

beforeEach(() => {
  host = new Map([
    ['web/single.html', skeleton],
    ['web/models.json', JSON.stringify(list)],
    ['web/thumbnails.json', JSON.stringify({ digits: 'data:1', tiles: 'data:2' })],
    ['weights/digits.safetensors', 'W'.repeat(50_000)],
    ['weights/tiles.safetensors', 'tiles'],
    ['web/worker.wasm', 'worker'],
    ['web/viewer.wasm', 'viewer'],
    ['web/worker-scalar.wasm', 'scalar'],
  ]);
  globalThis.fetch = async (url, init) => {
    const name = String(url).split('/').slice(-2).join('/');
    init?.signal?.throwIfAborted();
    const text = host.get(name);
    return text === undefined ? new Response('', { status: 404 }) : new Response(text, { headers: { 'content-length': String(text.length) } });
  };
});
afterEach(() => {
  globalThis.fetch = kept;
});

const run = { whole: 'm=digits&c="7"<8', query: 'views=x0&fade', weights: ['digits'] };

/** @param {Blob | undefined} file */
async function read(file) {
  const text = (await file?.text()) ?? '';
  const carried = new Map(
    [...text.matchAll(/<script type="application\/gzip" data-file="([^"]+)" data-bytes="(\d+)">([^<]+)<\/script>/g)].map(([, name, size, base64]) => {
      const bytes = gunzipSync(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
      assert.equal(bytes.length, Number(size), name);
      return [name, new TextDecoder().decode(bytes)];
    }),
  );
  return { text, carried };
}

test('a file carries the run, its model and the programs', async () => {
  const { text, carried } = await read(await demo(run, () => true));
  assert.deepEqual([...carried.keys()].sort(), [...host.keys()].filter((name) => name !== 'web/single.html' && !name.includes('tiles')).concat('web/single.html').sort());
  for (const name of ['weights/digits.safetensors', 'web/worker.wasm', 'web/viewer.wasm', 'web/worker-scalar.wasm']) assert.equal(carried.get(name), host.get(name));
  assert.match(text, /<html data-model="digits" data-recipe="m=digits&amp;c=&quot;7&quot;&lt;8" data-query="views=x0&amp;fade" lang="en">/);
  assert.ok(text.includes('<body>BODY<script type="application/gzip"'), 'where the skeleton takes it in');
  assert.ok(text.endsWith('</body></html>'));
});

test('lists are of what is in the file', async () => {
  const { carried } = await read(await demo(run, () => true));
  assert.deepEqual(JSON.parse(carried.get('web/models.json') ?? ''), { models: [{ name: 'digits' }] });
  assert.deepEqual(JSON.parse(carried.get('web/thumbnails.json') ?? ''), { digits: 'data:1' });
});

test('a model that a person has brought is carried as one of the page', async () => {
  const entry = { name: 'cat', title: 'Cat', bytes: 3, classes: [], licence: '', data: '', yours: true };
  const bytes = async (/** @type {string} */ name) => (name === 'cat' ? new TextEncoder().encode('cat').buffer : undefined);
  const { carried } = await read(await demo({ ...run, weights: ['cat'], own: { entries: [entry], bytes } }, () => true));
  assert.equal(carried.get('weights/cat.safetensors'), 'cat');
  assert.deepEqual(JSON.parse(carried.get('web/models.json') ?? ''), { models: [{ ...entry, yours: undefined }].map((line) => JSON.parse(JSON.stringify(line))) });
});

test('two models are carried where two are compared', async () => {
  const { text, carried } = await read(await demo({ ...run, weights: ['tiles', 'digits'] }, () => true));
  assert.equal(carried.get('weights/tiles.safetensors'), 'tiles');
  assert.match(text, /data-model="tiles"/);
});

test('progress goes from nothing to all, and never back', async () => {
  /** @type {number[]} */
  const parts = [];
  await demo(run, (part) => parts.push(part) > 0);
  assert.ok(parts.length > 10 && parts[0] === 0 && parts[parts.length - 1] <= 1);
  assert.ok(parts.every((part, i) => i === 0 || part >= parts[i - 1]), parts.join());
});

test('a person may cancel at any moment, and gets no file', async () => {
  for (let most = 0; ; most++) {
    let told = 0;
    const file = await demo(run, () => ++told <= most);
    if (file) break;
    assert.ok(most < 1000);
  }
});

test('what is missing is said, unless browsers do without', async () => {
  host.delete('web/worker-scalar.wasm');
  const { carried } = await read(await demo(run, () => true));
  assert.equal(carried.has('web/worker-scalar.wasm'), false);
  host.delete('web/viewer.wasm');
  await assert.rejects(demo(run, () => true), (/** @type {unknown} */ error) => error instanceof DownloadError && error.file === 'web/viewer.wasm');
});

test('how large a file will be is not guessed where the sizes of its parts are not known', () => {
  assert.equal(demoSize(['digits']), undefined);
  // In such a file they are there.
  Object.assign(globalThis, { document: { querySelector: () => ({ textContent: 'x'.repeat(100) }) }, CSS: { escape: String } });
  try {
    assert.equal(demoSize(['digits']), 700);
    assert.equal(demoSize(['digits', 'digits-classifier']), 800);
  } finally {
    for (const name of ['document', 'CSS']) Reflect.deleteProperty(globalThis, name);
  }
});

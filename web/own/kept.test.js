import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { ModelFile } from '../engine/model-file.js';
import { Kept, NameTaken, cacheStore } from './kept.js';

/** @typedef {import('./kept.js').Model} Model */

/** What is in the storage. @type {Map<string, Map<string, Response>>} */
let stored;
/** @type {Map<string, string>} */
let local;
/** What a storage says that is full. @type {Error | undefined} */
let full;

beforeEach(() => {
  stored = new Map();
  local = new Map();
  full = undefined;
  const caches = {
    async open(/** @type {string} */ name) {
      const cache = stored.get(name) ?? new Map();
      stored.set(name, cache);
      return {
        keys: async () => [...cache.keys()].map((url) => ({ url })),
        match: async (/** @type {string | {url: string}} */ key) => cache.get(typeof key === 'string' ? key : key.url)?.clone(),
        delete: async (/** @type {string} */ url) => cache.delete(url),
        async put(/** @type {string} */ url, /** @type {Response} */ answer) {
          if (full && url.endsWith('.json')) throw full;
          cache.set(url, answer);
        },
      };
    },
  };
  const localStorage = { getItem: (/** @type {string} */ key) => local.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => local.set(key, value), removeItem: (/** @type {string} */ key) => local.delete(key) };
  Object.assign(globalThis, { caches, localStorage });
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'caches');
  Reflect.deleteProperty(globalThis, 'localStorage');
});

/** @param {string} name @returns {Model} */
function model(name, address = '') {
  const entry = { name, title: name.toUpperCase(), bytes: 3, classes: [], licence: '', data: '', yours: true };
  return { entry, hash: '', address, parameters: 5, timesteps: 10, file: ModelFile.of(Uint8Array.from([1, 2, 3]).buffer), said: [], remembered: false };
}

const kept = (page = 'https://a.test/x/') => new Kept(cacheStore(`mark ${page}`, page));

test('a model is in memory until it is forgotten', async () => {
  const here = kept();
  here.add(model('cat', 'https://b.test/cat.pt'));
  assert.equal((await here.bytes('cat'))?.byteLength, 3);
  assert.equal(here.from('https://b.test/cat.pt')?.entry.name, 'cat');
  assert.equal(await here.bytes('dog'), undefined);
  assert.deepEqual(await kept().restore(), [], 'nothing is remembered unasked');
  await here.forget('cat');
  assert.equal(await here.bytes('cat'), undefined);
  assert.equal(local.size, 0);
});

test('one that is remembered is there after a reload, until it is forgotten', async () => {
  const here = kept();
  for (const name of ['cat', 'dog']) here.add(model(name));
  for (const name of ['cat', 'dog']) await here.remember(name, true);
  assert.equal(local.get('mark https://a.test/x/'), '1');

  const later = kept();
  assert.deepEqual((await later.restore()).map(({ entry, parameters }) => [entry.title, parameters]), [['CAT', 5], ['DOG', 5]]);
  assert.deepEqual([...new Uint8Array(/** @type {ArrayBuffer} */ (await later.bytes('cat')))], [1, 2, 3]);
  assert.equal(later.get('cat')?.remembered, true);
  await later.forget('cat');
  assert.deepEqual((await kept().restore()).map(({ entry }) => entry.name), ['dog']);

  await later.remember('dog', false);
  assert.equal((await later.bytes('dog'))?.byteLength, 3, 'as long as the page is there');
  assert.deepEqual(await kept().restore(), []);
  assert.equal(local.has('mark https://a.test/x/'), false);
});

test('what the converter said, and the small picture, are remembered with it', async () => {
  const here = kept();
  here.add({ ...model('cat'), said: ['took the moving average'] });
  await here.picture('cat', 'data:,1');
  await here.remember('cat', true);
  const later = kept();
  await later.restore();
  assert.deepEqual(later.get('cat')?.said, ['took the moving average']);
  assert.equal(later.get('cat')?.entry.picture, 'data:,1');
  await later.picture('cat', 'data:,2');
  assert.equal((await kept().restore())[0].entry.picture, 'data:,2');
  // What an earlier version has stored has no lines.
  const [cache] = stored.values();
  const [url, about] = [...cache].find(([url]) => url.endsWith('.json')) ?? ['', new Response('{}')];
  const { said, ...old } = await about.json();
  cache.set(url, new Response(JSON.stringify(old)));
  assert.deepEqual((await kept().restore())[0].said, []);
});

test('pages of one origin do not share what they remember', async () => {
  const here = kept();
  here.add(model('cat'));
  await here.remember('cat', true);
  const there = kept('https://a.test/y/');
  assert.deepEqual(await there.restore(), []);
  there.add(model('dog'));
  await there.remember('dog', true);
  await there.forget('dog');
  assert.equal(local.size, 1);
});

test('another window does not lose what it remembers', async () => {
  const [one, other] = [kept(), kept()];
  one.add(model('cat'));
  await one.remember('cat', true);
  other.add({ ...model('cat'), hash: 'another' });
  await assert.rejects(other.remember('cat', true), NameTaken);
  assert.equal((await kept().restore())[0].hash, model('cat').hash);
});

test('a storage that is full leaves nothing behind', async () => {
  const here = kept();
  here.add(model('cat'));
  full = new DOMException('full', 'QuotaExceededError');
  await assert.rejects(here.remember('cat', true), { name: 'QuotaExceededError' });
  assert.equal(here.get('cat')?.remembered, false);
  assert.deepEqual([...stored.values()].map(({ size }) => size), [0]);
  assert.equal(local.size, 0);
});

test('a browser that refuses storage remembers nothing, and says so', async () => {
  Reflect.deleteProperty(globalThis, 'caches');
  const here = kept();
  assert.deepEqual(await here.restore(), []);
  here.add(model('cat'));
  await assert.rejects(here.remember('cat', true));
  assert.equal((await here.bytes('cat'))?.byteLength, 3);
});

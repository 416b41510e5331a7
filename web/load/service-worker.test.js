// The service worker's script runs against a browser's caches and registration,
// which are only maps here.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

const script = readFileSync(new URL('service-worker.js', import.meta.url), 'utf8');
const home = 'https://a.test/page/';

/** @param {string} text */
async function sha256(text) {
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))));
}

/** A browser that has visited a host. */
function browser() {
  /** What the host has, by address. @type {Map<string, string>} */
  const host = new Map();
  /** @type {string[]} */
  const fetched = [];
  /** @type {Map<string, Map<string, Response>>} */
  const stored = new Map();
  const addressOf = (/** @type {string | {url: string}} */ request) => (typeof request === 'string' ? request : request.url);
  const opened = (/** @type {Map<string, Response>} */ held) => ({
    match: async (/** @type {string} */ request) => held.get(addressOf(request))?.clone(),
    put: async (/** @type {string} */ request, /** @type {Response} */ answer) => void held.set(addressOf(request), answer),
  });
  const caches = {
    open: async (/** @type {string} */ name) => opened(stored.get(name) ?? stored.set(name, new Map()).get(name) ?? new Map()),
    keys: async () => [...stored.keys()],
    delete: async (/** @type {string} */ name) => stored.delete(name),
    match: async (/** @type {string} */ request) => [...stored.values()].map((held) => held.get(addressOf(request))).find(Boolean)?.clone(),
  };
  const fetch = async (/** @type {string | {url: string}} */ request) => {
    const address = addressOf(request);
    fetched.push(address);
    const text = host.get(address);
    return text === undefined ? new Response('', { status: 404 }) : new Response(text, { headers: { 'content-length': '1', vary: '*' } });
  };
  const registration = { scope: home, installing: /** @type {object | null} */ (null), waiting: /** @type {object | null} */ (null) };
  /** Pages that are open. */
  const open = { pages: 1 };
  const clients = {
    matchAll: async () => Array.from({ length: open.pages }, () => ({ frameType: 'top-level' })),
    claim: async () => {},
  };

  /**
   * A version of the page, whose files the host has from now on.
   * @param {string} version @param {Record<string, string>} files @param {string[]} [late]
   */
  async function published(version, files, late = []) {
    const list = [];
    for (const [path, text] of Object.entries(files)) {
      host.set(new URL(path === 'index.html' ? '.' : path, home).href, text);
      // A copy of a document is no file of its own.
      if (path.endsWith('.txt')) continue;
      const copy = path.replace('.html', '.0123456789ab.txt');
      list.push({ path, sha256: await sha256(text), late: late.includes(path), ...(copy in files && copy !== path && { copy }) });
    }
    const text = script.replace("{ version: '', files: [] }", JSON.stringify({ version, files: list }));
    assert.notEqual(text, script);
    /** @type {Map<string, (event: any) => void>} */
    const listeners = new Map();
    let skipped = false;
    const self = { registration, clients, skipWaiting: async () => (skipped = true), addEventListener: (/** @type {string} */ type, /** @type {(event: any) => void} */ act) => listeners.set(type, act) };
    runInNewContext(text, { self, caches, fetch, crypto, URL, Response, Headers, btoa, Promise, Map, Set, String, Uint8Array, Error, Array });
    /** @param {string} type @param {object} [event] */
    const dispatch = async (type, event = {}) => {
      /** @type {Promise<unknown>[]} */
      const works = [];
      /** @type {Promise<Response> | undefined} */
      let answer;
      listeners.get(type)?.({ ...event, waitUntil: (/** @type {Promise<unknown>} */ work) => works.push(work), respondWith: (/** @type {Promise<Response>} */ with_) => (answer = with_) });
      const response = await answer;
      await Promise.all(works);
      return response && (await response.text());
    };
    return {
      dispatch,
      get: (/** @type {string} */ path, method = 'GET') => dispatch('fetch', { request: { url: new URL(path, home).href, method } }),
      here: (/** @type {string[]} */ used = []) => dispatch('message', { data: { type: 'here', used: used.map((path) => new URL(path, home).href) } }),
      skipped: () => skipped,
    };
  }
  const versions = () => [...stored.keys()].map((name) => name.split(' ').at(-1)).sort().join();
  const kept = (/** @type {string} */ version) => [...(stored.get(`tweedie /page/ ${version}`) ?? new Map()).keys()].map((address) => address.slice(home.length)).sort();
  return { host, fetched, published, registration, open, versions, kept, stored };
}

const files = { 'index.html': 'page', 'web/a.0123456789ab.js': 'script', 'weights/b.0123456789ab.safetensors': 'weights' };

test('a version is kept whole, but for what comes late', async () => {
  const { published, kept, host, fetched } = browser();
  const worker = await published('A', files, ['weights/b.0123456789ab.safetensors']);
  await worker.dispatch('install');
  assert.deepEqual(kept('A'), ['', 'web/a.0123456789ab.js']);
  host.clear();
  fetched.length = 0;
  assert.deepEqual([await worker.get(''), await worker.get('index.html?x=1'), await worker.get('web/a.0123456789ab.js')], ['page', 'page', 'script']);
  assert.deepEqual(fetched, []);
});

test('a document that the host changes is kept as it was published', async () => {
  const { published, host, kept } = browser();
  const worker = await published('A', { ...files, 'index.0123456789ab.txt': 'page' });
  host.set(home, 'page<script src="/beacon.js"></script>');
  await worker.dispatch('install');
  assert.ok(kept('A').includes(''));
  host.clear();
  assert.equal(await worker.get(''), 'page');
});

test('of a version that is not whole nothing is kept', async () => {
  for (const wrong of [undefined, 'other']) {
    const { published, host, versions } = browser();
    const worker = await published('A', files);
    if (wrong === undefined) host.delete(`${home}web/a.0123456789ab.js`);
    else host.set(`${home}web/a.0123456789ab.js`, wrong);
    await assert.rejects(worker.dispatch('install'), { message: 'web/a.0123456789ab.js is of another version' });
    assert.equal(versions(), '');
  }
});

test('what comes late is kept once it was asked for, or was used before', async () => {
  const { published, kept } = browser();
  const late = ['weights/b.0123456789ab.safetensors'];
  const worker = await published('A', files, late);
  await worker.dispatch('install');
  assert.equal(await worker.get(late[0]), 'weights');
  assert.ok(kept('A').includes(late[0]));
  const other = browser();
  const second = await other.published('A', files, late);
  await second.dispatch('install');
  await second.here(late);
  assert.ok(other.kept('A').includes(late[0]));
});

test('of another version nothing is kept that was asked for late', async () => {
  const { published, kept, host } = browser();
  const late = ['weights/b.0123456789ab.safetensors'];
  const worker = await published('A', files, late);
  await worker.dispatch('install');
  host.set(`${home}${late[0]}`, 'other weights');
  assert.equal(await worker.get(late[0]), 'other weights');
  assert.ok(!kept('A').includes(late[0]));
});

test('the next version takes what is the same from the one before, and takes over when it is asked to', async () => {
  const { published, fetched, versions, kept } = browser();
  const first = await published('A', files);
  await first.dispatch('install');
  const second = await published('B', { ...files, 'index.html': 'another page' });
  fetched.length = 0;
  await second.dispatch('install');
  assert.deepEqual(fetched, [home]);
  assert.deepEqual([versions(), kept('A').length, kept('B').length], ['A,B', 3, 3]);
  assert.equal(second.skipped(), false);
  await second.dispatch('message', { data: { type: 'take' } });
  assert.equal(second.skipped(), true);
});

test('versions are forgotten when no page is left that may be one of theirs', async () => {
  const { published, versions, open } = browser();
  await (await published('A', files)).dispatch('install');
  const second = await published('B', files);
  await second.dispatch('install');
  await second.dispatch('activate');
  assert.equal(versions(), 'A,B', 'a page is open');
  open.pages = 2;
  await second.here();
  assert.equal(versions(), 'A,B', 'two are');
  open.pages = 1;
  await second.here();
  assert.equal(versions(), 'B');
});

test('a version that is on its way, or waits, keeps its files', async () => {
  for (const state of /** @type {const} */ (['installing', 'waiting'])) {
    const { published, versions, registration } = browser();
    const first = await published('A', files);
    await first.dispatch('install');
    await (await published('B', files)).dispatch('install');
    registration[state] = {};
    await first.here();
    assert.equal(versions(), 'A,B', state);
  }
});

test('other copies of the page on the same host are left alone', async () => {
  const { published, versions, stored } = browser();
  stored.set('tweedie /other/ A', new Map());
  stored.set('something else', new Map());
  const worker = await published('B', files);
  await worker.dispatch('install');
  await worker.here();
  assert.equal(versions(), 'A,B,else');
});

test('requests for anything else go their way', async () => {
  const { published, fetched } = browser();
  const worker = await published('A', files);
  await worker.dispatch('install');
  fetched.length = 0;
  for (const [path, method] of [['https://b.test/page/index.html', 'GET'], ['other.html', 'GET'], ['index.html', 'POST']]) {
    assert.equal(await worker.get(path, method), undefined, `${method} ${path}`);
  }
  assert.deepEqual(fetched, []);
  await worker.dispatch('message', { data: null });
  await worker.dispatch('message', { data: { type: 'here', used: 'all' } });
});

test('a page of the version before gets its own files', async () => {
  const { published, host } = browser();
  await (await published('A', files)).dispatch('install');
  const second = await published('B', { 'index.html': 'another page' });
  await second.dispatch('install');
  host.clear();
  assert.equal(await second.get('web/a.0123456789ab.js'), 'script');
});

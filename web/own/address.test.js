import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { fileName, limits, readAddress, renamed } from './address.js';
import { fileAt, sizeAt, withSettings } from './fetched.js';

const page = 'https://a.test/tweedie/?views=xt#m=digits';
const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
  limits.file = 2_000_000_000;
});

/** Puts answers by address in the place of the network. @param {Record<string, () => Response>} answers */
function network(answers) {
  /** @type {string[]} */
  const asked = [];
  globalThis.fetch = async (url, options) => {
    asked.push(`${options?.method ?? 'GET'} ${url}`);
    const answer = answers[String(url)];
    if (!answer) throw new TypeError('Failed to fetch');
    return answer();
  };
  return asked;
}

const { signal } = new AbortController();
const url = new URL('https://b.test/m/unet/x.safetensors');

test('an address names a model, alone or beside a recipe', () => {
  const read = (/** @type {string} */ text) => {
    const { url, recipe } = readAddress(text, page);
    return [url?.href, recipe];
  };
  assert.deepEqual(read('#model=https://b.test/x.safetensors'), ['https://b.test/x.safetensors', '']);
  assert.deepEqual(read('#model=https://b.test/x.safetensors&c=7&s=3'), ['https://b.test/x.safetensors', 'c=7&s=3']);
  assert.deepEqual(read('c=7&model=weights/x.safetensors&s=3'), ['https://a.test/tweedie/weights/x.safetensors', 'c=7&s=3']);
  assert.deepEqual(read('model=/x.pt'), ['https://a.test/x.pt', '']);
  assert.deepEqual(read('model=https%3A%2F%2Fb.test%2Fx%3Fa%3D1%26b%3D2'), ['https://b.test/x?a=1&b=2', '']);
  assert.deepEqual(read('model=https://b.test/100%'), ['https://b.test/100%', '']);
  assert.deepEqual(read('model=https://b.test/a%23b%2Fx.pt?alt=media'), ['https://b.test/a%23b%2Fx.pt?alt=media', '']);
  assert.deepEqual(read('model=https%3A%2F%2Fb.test%2Fa%2523b'), ['https://b.test/a%23b', '']);
  for (const other of ['', 'ftp://b.test/x', 'javascript:alert(1)', 'data:,x', 'file:///x', 'https://']) {
    assert.equal(readAddress(`model=${encodeURIComponent(other)}`, page).url, undefined, other);
  }
});

test('a recipe gets the name that the model has here', () => {
  assert.equal(renamed('', 'x-2'), 'm=x-2');
  assert.equal(renamed('m=x&c=7&h=1', 'x-2'), 'm=x-2&c=7&h=1');
  assert.equal(fileName(new URL('https://b.test/a/my%20model.pt?download=true')), 'my model.pt');
  assert.equal(fileName(new URL('https://b.test/')), 'b.test');
});

test('a file is counted as it arrives', async () => {
  network({ [url.href]: () => new Response('12345', { headers: { 'content-length': '5' } }) });
  /** @type {number[][]} */
  const heard = [];
  const file = await fileAt(url, true, (done, total) => heard.push([done, total]), signal);
  assert.deepEqual([file.name, await file.text(), heard.at(-1)], ['x.safetensors', '12345', [5, 5]]);
});

test('the size is asked for without the file, and may not be told', async () => {
  const asked = network({ [url.href]: () => new Response(null, { headers: { 'content-length': '5' } }) });
  assert.equal(await sizeAt(url, signal), 5);
  assert.deepEqual(asked, [`HEAD ${url}`]);
  network({});
  assert.equal(await sizeAt(url, signal), 0);
});

test('what goes wrong has its sentence', async () => {
  const at = (/** @type {() => Response} */ answer, foreign = true) => {
    network({ [url.href]: answer });
    return fileAt(url, foreign, () => {}, signal);
  };
  const refused = () => {
    throw new TypeError('Failed to fetch');
  };
  await assert.rejects(at(refused), { key: 'own.cors' });
  await assert.rejects(at(refused, false), { key: 'error.network' });
  const sized = { 'content-length': '9' };
  await assert.rejects(at(() => new Response('1234', { headers: sized })), { key: 'own.cut' });
  const breaks = () => new ReadableStream({ pull: (flow) => flow.error(new TypeError('network error')) });
  await assert.rejects(at(() => new Response(breaks(), { headers: sized })), { key: 'own.cut' });
  await assert.rejects(at(() => new Response(breaks())), { key: 'own.cut.unsized' });
  // Broken before the first byte: the host lets this page read the file, so that is not why.
  network({ [url.href]: () => new Response(null, { headers: sized }) });
  const answering = globalThis.fetch;
  globalThis.fetch = (at, options) => (options?.method === 'HEAD' ? answering(at, options) : Promise.reject(new TypeError('Failed to fetch')));
  await assert.rejects(fileAt(url, true, () => {}, signal), { key: 'own.cut' });
  await assert.rejects(at(() => new Response('', { status: 404 })), { key: 'own.status', values: { host: 'b.test', status: 404 } });
  await assert.rejects(at(() => new Response('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } })), { key: 'own.webpage' });
  limits.file = 4;
  await assert.rejects(at(() => new Response('12345', { headers: { 'content-length': '5' } })), { key: 'own.large' });
  await assert.rejects(at(() => new Response('12345')), { key: 'own.large' }); // where the length is not told
});

test('raw weights come with the settings beside them, as far as they are there', async () => {
  const asked = network({
    'https://b.test/m/unet/config.json': () => new Response('{"a":1}'),
    'https://b.test/m/unet/scheduler_config.json': () => new Response('', { status: 404 }),
    'https://b.test/m/scheduler/scheduler_config.json': () => new Response(' {}'),
  });
  const all = await withSettings(url, new File(['w'], 'x.safetensors'), signal);
  assert.deepEqual(all.map(({ path }) => path), ['scheduler/scheduler_config.json', 'unet/config.json', 'unet/x.safetensors']);
  assert.equal(asked.length, 3);
  network({ 'https://b.test/config.json': () => new Response('<!doctype html>') });
  const alone = await withSettings(new URL('https://b.test/x.pt'), new File(['w'], 'x.pt'), signal);
  assert.deepEqual(alone.map(({ path }) => path), ['x.pt']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal, StartError } from '../engine/crew.js';
import { brought, nameOf } from './bring.js';
import { Kept } from './kept.js';
import { noted, word } from './note.js';
import { report } from './report.js';

/** @typedef {import('./own.js').Host} Host */
/** @typedef {import('../types.js').ModelEntry} Entry */

/** A page with models of its own. @param {Entry[]} entries @param {(name: string) => Promise<object>} [load] what an engine does */
function page(entries, load = async (name) => ({ title: name, classes: ['a', 'b'], channels: 3, height: 8, width: 8, parameters: 1234, timesteps: 100 })) {
  const all = [...entries];
  /** @type {string[]} */
  const did = [];
  const engine = { workers: 4, twin: () => ((engine.workers = 2), { load, end: () => did.push('end') }) };
  const models = { listed: async () => {}, entry: (/** @type {string} */ name) => all.find((entry) => entry.name === name), add: (/** @type {Entry} */ entry) => all.push(entry) };
  const host = /** @type {Host} */ (/** @type {unknown} */ ({ engine, models, inputs: { addresses: new Map() }, loader: { start: async () => did.push('start') } }));
  const store = { list: async () => [], read: async () => undefined, write: async () => {}, describe: async () => {}, remove: async () => {} };
  return { host, kept: new Kept(store), did, all };
}

/** @param {number[]} bytes */
const file = (bytes, name = 'cat') => ({ bytes: Uint8Array.from(bytes).buffer, name, licence: 'CC0', data: '' });
const origin = { address: '', recipe: '', start: true, asked: true };
const { signal } = new AbortController();

test('a model is tried beside the engine before it is offered', async () => {
  const { host, kept, did, all } = page([]);
  assert.deepEqual(await brought(host, kept, file([1, 2]), { ...origin, address: 'https://b.test/cat' }, signal), { name: 'cat', known: false });
  assert.deepEqual(did, ['start', 'end']);
  assert.equal(host.engine.workers, 4);
  assert.deepEqual([all[0].name, all[0].shape, all[0].yours, all[0].licence], ['cat', [3, 8, 8], true, 'CC0']);
  assert.equal(host.inputs.addresses.get('cat'), 'https://b.test/cat');
  assert.deepEqual(await brought(host, kept, file([1, 2]), origin, signal), { name: 'cat', known: false }, 'the same again');
  assert.equal((await brought(host, kept, file([1, 3]), origin, signal)).name, 'cat-2', 'other bytes');
  assert.equal(all.length, 2);
});

test('one that is refused leaves nothing behind', async () => {
  for (const [error, key] of /** @type {const} */ ([
    [new Refusal({ type: 'failed', message: 'Broken.' }), undefined],
    [new Refusal({ type: 'failed', message: '', key: 'companion' }), 'own.companion'],
    [new StartError(), 'own.memory'],
  ])) {
    const { host, kept, did, all } = page([], () => Promise.reject(error));
    await assert.rejects(brought(host, kept, file([1]), origin, signal), key ? { key } : error);
    assert.deepEqual([did.at(-1), all.length, host.engine.workers, kept.get('cat')], ['end', 0, 4, undefined]);
  }
});

test('a network of two channels is refused: no picture has two', async () => {
  const { host, kept, all } = page([], async () => ({ title: '', classes: [], channels: 2, height: 8, width: 8, parameters: 1, timesteps: 100 }));
  await assert.rejects(brought(host, kept, file([1]), origin, signal), { key: 'own.channels', values: { n: 2 } });
  assert.equal(all.length, 0);
});

test('a name of the page is taken unless the bytes are the same', async () => {
  const entry = { name: 'cat', title: '', bytes: 2, classes: [], licence: '', data: '' };
  const { fetch } = globalThis;
  globalThis.fetch = async () => new Response(Uint8Array.from([1, 2]));
  try {
    const { host, kept } = page([entry]);
    assert.deepEqual(await nameOf(host, kept, file([1, 2])), { name: 'cat', there: true });
    assert.deepEqual(await nameOf(host, kept, file([2, 2])), { name: 'cat-2', there: false });
    globalThis.fetch = () => assert.fail('a file of another size need not be fetched');
    assert.deepEqual(await nameOf(host, kept, file([1, 2, 3])), { name: 'cat-2', there: false });
  } finally {
    globalThis.fetch = fetch;
  }
});

const words = () => ({ noted, word });

test('a report has a line for what is known', async () => {
  const { host, kept } = page([]);
  await brought(host, kept, file([1, 2]), origin, signal);
  const model = kept.get('cat');
  assert.ok(model);
  assert.deepEqual(report(model, words).map(([name]) => name.replace('own.fact.', '')), ['name', 'picture', 'classes', 'parameters', 'bytes', 'timesteps', 'licence', 'sha256']);
  const facts = { title: '', network: { text: 'UNet2DModel', id: 'kind.unet', values: {}, file: '' }, parameters: 1, stored: ['f32'], bytes: 2, sha256: 'abc', width: 8, height: 8, channels: 3, classes: [], prediction: '', timesteps: 0, multiplyAdds: 0, milliseconds: 3.2, memory: 0, licence: '', data: '', provenance: '' };
  const names = report({ ...model, facts }, words).map(([name]) => name);
  assert.ok(names.includes('own.fact.network') && names.includes('own.fact.speed'));
  assert.ok(!names.includes('own.fact.prediction') && !names.includes('own.fact.memory'));
});

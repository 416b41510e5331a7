import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { workers } from '../testdata/workers.js';
import { fingerprinted } from './fingerprint.js';
import { Member } from './member.js';
import { ModelFile, large } from './model-file.js';

/** @type {ReturnType<typeof workers>} */
let made;
beforeEach(() => {
  made = workers();
});
afterEach(() => {
  made.restore();
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true });
});

/** @param {Map<string, import('./member.js').Weights>} [models] @param {Promise<WebAssembly.Module>} [program] */
function hired(models = new Map(), program = Promise.resolve(/** @type {WebAssembly.Module} */ ({}))) {
  const heard = /** @type {any[]} */ ([]);
  let lost = 0;
  const member = new Member('worker.js', program, models, { heard: (_, message) => heard.push(message), lost: () => lost++ });
  return { member, heard, lost: () => lost, worker: made.all[made.all.length - 1] };
}

test('a worker is given the program, and its models as copies with their hashes', async () => {
  const bytes = await fingerprinted(new TextEncoder().encode('abc').buffer);
  const { worker } = hired(new Map([['digits', { file: ModelFile.of(bytes), eight: true }]]));
  await Promise.resolve();
  assert.equal(worker.name, 'given');
  assert.deepEqual(worker.sent.map(({ type }) => type), ['live', 'ahead', 'load', 'sampler']);
  const load = worker.sent[2];
  assert.deepEqual([load.model, load.hash, load.beside, load.eight, load.bytes.byteLength], ['digits', 'ba7816bf8f01cfea', false, true, 3]);
  assert.notEqual(load.bytes, bytes);
  assert.equal(bytes.byteLength, 3, 'its own are not transferred');
});

test('a large file goes to the first worker, and is given to the others as it is', () => {
  const bytes = new ArrayBuffer(large);
  const file = ModelFile.of(bytes);
  const models = new Map([['digits', { file }]]);
  const [first, second] = [hired(models), hired(models)].map(({ worker }) => worker.sent[2].bytes);
  assert.equal(first.length, large);
  assert.equal(second, file.content);
});

test('a program that does not come ends the worker', async () => {
  const { worker } = hired(new Map(), Promise.reject(new Error('no network')));
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(worker.alive, false);
});

test('pictures that are taken are told in bundles', () => {
  const { member, worker } = hired();
  member.begin(1);
  member.ahead = 20;
  for (let i = 0; i < 20; i++) member.took();
  assert.equal(member.ahead, 0);
  assert.deepEqual(worker.sent.filter(({ type }) => type === 'took').map(({ pictures }) => pictures), [8, 8]);
});

test('a worker that is far ahead waits, unless it need not', () => {
  const { member, worker } = hired();
  member.begin(1);
  member.ahead = 127;
  assert.equal(member.waits, false);
  member.ahead = 128;
  assert.equal(member.waits, true);
  member.free();
  assert.equal(member.waits, false);
  assert.equal(worker.sent.at(-1).most, 0);
  member.begin(1);
  assert.deepEqual([member.waits, worker.sent.at(-1).most], [false, 128]);
});

test('what it says is heard, and ends its silence; what it throws is a loss', () => {
  const { member, worker, heard, lost } = hired();
  member.silence = 9;
  worker.say({ type: 'ready', simd: true });
  assert.deepEqual([heard.length, member.silence], [1, 0]);
  worker.die();
  assert.equal(lost(), 1);
});

test('of a worker that was ended nothing is heard', () => {
  const { member, worker, heard, lost } = hired();
  member.end();
  worker.say({ type: 'ready', simd: true });
  worker.die();
  assert.deepEqual([heard.length, lost(), worker.alive], [0, 0, false]);
});

/** Locks as a browser has them, of which a test ends the holder's. */
function locks() {
  /** @type {Map<string, () => unknown>} */
  const waiting = new Map();
  const request = (/** @type {string} */ name, /** @type {{signal: AbortSignal}} */ { signal }, /** @type {() => unknown} */ act) =>
    new Promise((resolve, reject) => {
      waiting.set(name, () => resolve(act()));
      signal.addEventListener('abort', () => {
        waiting.delete(name);
        reject(new Error('aborted'));
      });
    });
  Object.defineProperty(globalThis, 'navigator', { value: { locks: { request } }, configurable: true });
  return waiting;
}

test('a worker that is ended without a word is lost once its lock is free', () => {
  const waiting = locks();
  const { worker, heard, lost } = hired();
  const { lock } = worker.sent.find(({ type }) => type === 'live');
  assert.equal(waiting.size, 0, 'it might get the lock before the worker does');
  worker.say({ type: 'alive' });
  assert.deepEqual([[...waiting.keys()], heard.length, lost()], [[lock], 0, 0]);
  waiting.get(lock)?.();
  assert.equal(lost(), 1);
});

test('one that the page ends is not lost', () => {
  const waiting = locks();
  const { member, worker, lost } = hired();
  worker.say({ type: 'alive' });
  member.end();
  assert.deepEqual([waiting.size, lost()], [0, 0]);
});

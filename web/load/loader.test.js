import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal, StartError } from '../engine/crew.js';
import { DownloadError } from './download.js';
import { Trouble, troubleOf, withoutStop } from './loader.js';

test('every failure has its sentence', () => {
  const refusal = new Refusal({ type: 'failed', message: 'The weights are broken.' });
  for (const { error, key, values } of [
    { error: new DownloadError('web/worker.wasm', 404), key: 'error.refused', values: { file: 'web/worker.wasm', status: 404 } },
    { error: new DownloadError('web/worker.wasm', 0), key: 'error.network', values: { file: 'web/worker.wasm', status: 0 } },
    { error: new DownloadError('web/worker.wasm', 0, 'error.page'), key: 'error.page', values: { file: 'web/worker.wasm', status: 0 } },
    { error: new DownloadError('web/worker.wasm', 0, 'error.damaged'), key: 'error.damaged', values: { file: 'web/worker.wasm', status: 0 } },
    { error: refusal, key: 'error.weights', values: { detail: 'The weights are broken' } },
    { error: new StartError('The sampler stopped.'), key: 'error.sampler', values: { detail: 'The sampler stopped' } },
    // What the page's sentence says is not said again.
    { error: new StartError('The sampler could not be started: no.'), key: 'error.sampler', values: { detail: 'no' } },
    { error: new Refusal({ type: 'failed', message: 'the model "a" cannot be loaded: it is empty' }), key: 'error.weights', values: { detail: 'it is empty' } },
    { error: new StartError(), key: 'error.worker', values: {} },
    { error: new WebAssembly.CompileError('no SIMD.'), key: 'error.program', values: { detail: 'no SIMD' } },
    { error: new Error('anything'), key: 'error.worker', values: {} },
    { error: new Trouble('error.wasm'), key: 'error.wasm', values: {} },
  ]) {
    const trouble = troubleOf(error);
    assert.deepEqual([trouble.key, trouble.values], [key, values], String(error));
  }
});

test('a sentence inside another has no stop', () => {
  assert.equal(withoutStop('It is broken. '), 'It is broken');
  assert.equal(withoutStop('坏了。'), '坏了');
  assert.equal(withoutStop('e.g. this'), 'e.g. this');
});

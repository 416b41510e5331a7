import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { limits } from '../engine/limits.js';
import { DownloadError, downloadBytes, downloadProgram } from './download.js';

const { fetch: kept } = globalThis;
afterEach(() => {
  globalThis.fetch = kept;
});

/** @param {Response | Error} answer */
function answers(answer) {
  globalThis.fetch = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

/** An answer that comes in parts. @param {number[]} parts @param {Record<string, string>} [headers] */
function inParts(parts, headers = {}) {
  const stream = new ReadableStream({
    start(controller) {
      for (const size of parts) controller.enqueue(new Uint8Array(size).fill(1));
      controller.close();
    },
  });
  return new Response(stream, { headers });
}

/** @param {Response} answer */
async function progress(answer) {
  answers(answer);
  /** @type {number[][]} */
  const told = [];
  const bytes = await downloadBytes('web/x.bin', (done, total) => told.push([done, total]));
  return { told, length: bytes.byteLength };
}

test('what is counted is what has arrived', async () => {
  const { told, length } = await progress(inParts([10, 20, 5], { 'content-length': '35' }));
  assert.deepEqual([told, length], [[[10, 35], [30, 35], [35, 35]], 35]);
});

test('a host that does not say how long a file is leaves that open', async () => {
  assert.deepEqual((await progress(inParts([10, 20]))).told, [[10, 0], [30, 0]]);
  // The length of what is packed says nothing of what comes out.
  assert.deepEqual((await progress(inParts([10, 20], { 'content-length': '12', 'content-encoding': 'gzip' }))).told, [[10, 0], [30, 0]]);
});

test('a file that is longer than was said is not more than whole', async () => {
  assert.deepEqual((await progress(inParts([10, 20], { 'content-length': '15' }))).told, [[10, 15], [30, 30]]);
});

test('what could not be had says which file, and why', async () => {
  const of = (/** @type {number} */ status) => (/** @type {unknown} */ error) => error instanceof DownloadError && error.file === 'web/x.bin' && error.status === status;
  answers(new Response('', { status: 404 }));
  await assert.rejects(downloadBytes('web/x.bin', () => {}), of(404));
  answers(new TypeError('no network'));
  await assert.rejects(downloadBytes('web/x.bin', () => {}), of(0));
  const broken = new ReadableStream({
    pull(controller) {
      controller.error(new Error('the line is cut'));
    },
  });
  answers(new Response(broken));
  await assert.rejects(downloadBytes('web/x.bin', () => {}), of(0));
});

test('a program is compiled whatever the host calls it', async () => {
  const program = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  for (const type of ['application/wasm', 'text/plain']) {
    answers(new Response(program, { headers: { 'content-type': type, 'content-length': '8' } }));
    const { program: compiled, whole } = await downloadProgram('web/x.wasm', () => {});
    assert.ok(compiled instanceof WebAssembly.Module, type);
    assert.equal(await whole, true, type);
  }
});

test('a web page in the place of a file is told from the file', async () => {
  answers(new Response('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } }));
  await assert.rejects(downloadBytes('web/x.bin', () => {}), { file: 'web/x.bin', reason: 'error.page' });
  answers(new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }));
  assert.equal((await downloadBytes('web/x.html', () => {})).byteLength, 15);
});

test('a download of which nothing comes for long says so, and goes on; or it ends', async () => {
  const { setInterval: every, clearInterval: stop } = globalThis;
  /** Lets a second pass. @type {() => void} */
  let second = () => {};
  Object.assign(globalThis, { setInterval: (/** @type {() => void} */ act) => (second = act), clearInterval: () => {} });
  try {
    /** @type {ReadableStreamDefaultController} */
    let stream = /** @type {any} */ (undefined);
    globalThis.fetch = async (_, { signal } = {}) => {
      const body = new ReadableStream({ start: (controller) => void (stream = controller) });
      signal?.addEventListener('abort', () => stream.error(new Error('ended')));
      return new Response(body);
    };
    const came = () => new Promise((resolve) => setTimeout(resolve));
    /** @type {(boolean | number)[]} */
    const told = [];
    const whole = downloadBytes('web/x.bin', (done) => told.push(done), undefined, (quiet) => told.push(quiet));
    await came();
    for (const size of [3, 4]) {
      for (let i = 0; i < limits.quiet - 1; i++) second();
      stream.enqueue(new Uint8Array(size));
      await came();
    }
    for (let i = 0; i < 3 * limits.quiet; i++) second();
    stream.enqueue(new Uint8Array(5));
    stream.close();
    assert.equal((await whole).byteLength, 12);
    assert.deepEqual(told, [3, 7, true, false, 12]);

    /** @type {boolean[]} */
    const heard = [];
    const last = downloadBytes('web/x.bin', () => {}, undefined, (quiet) => heard.push(quiet));
    await came();
    for (let i = 0; i < limits.quiet; i++) second();
    stream.close();
    await last;
    assert.deepEqual(heard, [true, false], 'a download that ends is silent no more');

    const alone = downloadBytes('web/x.bin', () => {});
    const refused = assert.rejects(alone, { file: 'web/x.bin', reason: 'error.network' });
    await came();
    for (let i = 0; i < limits.quiet; i++) second();
    await refused;
  } finally {
    Object.assign(globalThis, { setInterval: every, clearInterval: stop });
  }
});

test('what is no program says so', async () => {
  answers(new Response(Uint8Array.of(1, 2, 3), { headers: { 'content-type': 'application/wasm' } }));
  await assert.rejects(downloadProgram('web/x.wasm', () => {}), (/** @type {unknown} */ error) => error instanceof WebAssembly.CompileError);
});

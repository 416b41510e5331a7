// Files with honest progress: what is counted is what has arrived, unpacked. What
// is not the file that the page was built with is fetched once more, past every
// cache, before it is said to be damaged.

import { fingerprint, fingerprinted, note, ofSum } from '../engine/fingerprint.js';
import { limits } from '../engine/limits.js';
import { forgo, large, readFrom } from '../engine/model-file.js';
import { address, isOf, sizeOf } from './files.js';

/**
 * Why a file could not be had: nobody answered, or not to the end; the server
 * refused; a web page came in its place; it is not the file that it should be.
 * @typedef {'error.network' | 'error.refused' | 'error.page' | 'error.damaged'} Reason a sentence
 */

/** Says why a file could not be had. */
export class DownloadError extends Error {
  /**
   * @param {string} file
   * @param {number} status the server's answer, 0 when there was none
   * @param {Reason} [reason]
   */
  constructor(file, status, reason = status ? 'error.refused' : 'error.network') {
    super(`${reason}: ${file} ${status}`);
    this.file = file;
    this.status = status;
    this.reason = reason;
  }
}

const wasm = 'application/wasm';
/** As it comes, and then past every cache. @type {RequestCache[]} */
const ways = ['default', 'reload'];

/** @callback Progress @param {number} done @param {number} total 0 where it is not known */

/**
 * What is told of a download that is not over: that nothing has come for long, or that it goes on.
 * @callback Quiet @param {boolean} quiet
 */

/**
 * Watches a download: where nothing comes for long it says so, or, where nobody
 * listens, ends it.
 * @template T
 * @param {AbortSignal | undefined} signal ends it @param {Quiet | undefined} quiet
 * @param {(signal: AbortSignal, heard: () => void) => Promise<T>} act
 */
async function watched(signal, quiet, act) {
  const stop = new AbortController();
  const end = () => stop.abort();
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  let [silence, told] = [0, false];
  const watch = setInterval(() => {
    if (++silence < limits.quiet || told) return;
    told = true;
    if (quiet) quiet(true);
    else end();
  }, 1000);
  try {
    return await act(stop.signal, () => {
      if (told) quiet?.(false);
      [silence, told] = [0, false];
    });
  } finally {
    clearInterval(watch);
    signal?.removeEventListener('abort', end);
    if (told) quiet?.(false); // such as while what came is checked
  }
}

/**
 * Asks for a file.
 * @param {string} file relative to the page
 * @param {AbortSignal} signal @param {RequestCache} cache
 * @returns {Promise<Response>}
 */
async function ask(file, signal, cache) {
  const answer = await fetch(address(file), { signal, cache }).catch(() => {
    throw new DownloadError(file, 0);
  });
  if (!answer.ok || !answer.body) throw new DownloadError(file, answer.status);
  const page = answer.headers.get('content-type')?.startsWith('text/html') && !file.endsWith('.html');
  if (page) throw new DownloadError(file, 0, 'error.page'); // such as a network's that asks for a password
  return answer;
}

/**
 * The content of an answer, counted as it passes. Hosts that compress do not
 * tell how long a file is; the built page does.
 * @param {string} file @param {Response} answer @param {Progress} progress @param {() => void} heard
 */
async function contentOf(file, answer, progress, heard) {
  const packed = answer.headers.has('content-encoding');
  const total = packed ? sizeOf(file) : Number(answer.headers.get('content-length') ?? sizeOf(file));
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  // Where the length is known no byte is copied twice, and nothing is left of the parts.
  let bytes = new Uint8Array(Math.min(total, most) || least);
  let done = 0;
  for (let next; !(next = await reader.read().catch(() => cut(file))).done; ) {
    const { value } = next;
    if (done + value.length > bytes.length) bytes = longer(bytes, done + value.length);
    bytes.set(value, done);
    done += value.length;
    if (bytes.length >= large) forgo(value.buffer); // which waits for a collection otherwise; a program's may be shared, and is smaller
    heard();
    progress(done, Math.max(total, total && done));
  }
  return fingerprinted(done === bytes.length ? bytes.buffer : bytes.buffer.slice(0, done));
}

/** Room for a file whose length nobody knows, and the most that is made for what a host says. */
const [least, most] = [1 << 16, 1 << 28];

/** @param {Uint8Array} bytes @param {number} wanted */
function longer(bytes, wanted) {
  const more = new Uint8Array(Math.max(2 * bytes.length, wanted));
  more.set(bytes);
  return more;
}

/** @param {string} file @returns {never} */
function cut(file) {
  throw new DownloadError(file, 0);
}

/** Addresses of files that were read out of the browser's store, and not asked for. @type {Set<string>} */
export const stored = new Set();

/**
 * A large file that the service worker has kept: in its hands it comes in parts, which takes twice as
 * long. Nothing where it is not there, or is not the file.
 * @param {string} file @param {Progress} progress @param {AbortSignal} signal
 */
async function fromStore(file, progress, signal) {
  const there = await read(address(file), signal).catch(() => undefined);
  if (!there) return undefined;
  const bytes = readFrom(there.blob, there.bytes);
  note(bytes, ofSum(there.sum));
  if (!isWhole(file, bytes)) return undefined;
  progress(bytes.byteLength, bytes.byteLength);
  stored.add(address(file));
  return bytes;
}

/**
 * What the reader finds in the store.
 * @param {string} kept its address @param {AbortSignal} signal ends it @returns {Promise<{blob: Blob, bytes: ArrayBuffer, sum: ArrayBuffer} | undefined>}
 */
async function read(kept, signal) {
  const reader = new Worker(address('web/load/reader.js'));
  try {
    return await new Promise((resolve, reject) => {
      reader.onmessage = ({ data }) => resolve(data);
      reader.onerror = reject;
      signal.addEventListener('abort', reject);
      reader.postMessage(kept);
    });
  } finally {
    reader.terminate();
  }
}

/** Whether these bytes are the file. @param {string} file @param {ArrayBuffer} bytes */
const isWhole = (file, bytes) => isOf(file, bytes.byteLength, fingerprint(bytes));

/**
 * The whole content of a file, with its fingerprint known.
 * @param {string} file @param {Progress} progress @param {AbortSignal} [signal]
 * @param {Quiet} [quiet] without it a download of which nothing comes ends
 */
export async function downloadBytes(file, progress, signal, quiet) {
  const kept = sizeOf(file) >= large && (await watched(signal, undefined, (stop) => fromStore(file, progress, stop)));
  if (kept) return kept;
  for (const way of ways) {
    const bytes = await watched(signal, quiet, async (stop, heard) => contentOf(file, await ask(file, stop, way), progress, heard));
    if (isWhole(file, bytes)) return bytes;
  }
  throw new DownloadError(file, 0, 'error.damaged');
}

/**
 * A program, compiled while it arrives. It is the server's own answer that is
 * compiled, because only for such a one a browser keeps the compiled code for
 * the next visit. A host that does not know .wasm costs that, and no more.
 * Nothing waits until it is known whether it is whole.
 * @param {string} file @param {Progress} progress @param {AbortSignal} [signal] @param {Quiet} [quiet]
 * @param {RequestCache} [way]
 * @returns {Promise<{program: WebAssembly.Module, whole: Promise<boolean>}>}
 */
export async function downloadProgram(file, progress, signal, quiet, way = 'default') {
  return watched(signal, quiet, async (stop, heard) => {
    const answer = await ask(file, stop, way);
    const content = contentOf(file, answer.clone(), progress, heard);
    const whole = content.then((bytes) => {
      const is = isWhole(file, bytes);
      forgo(bytes);
      return is;
    });
    whole.catch(() => {}); // of a program that was compiled all of it came
    const typed = answer.headers.get('content-type') === wasm ? answer : new Response(answer.body, { headers: { 'content-type': wasm } });
    try {
      return { program: await WebAssembly.compileStreaming(typed), whole };
    } catch (error) {
      if (await whole) throw error;
      throw new DownloadError(file, 0, 'error.damaged');
    }
  });
}

/**
 * Whether the browser had a file already, so that no more than headers came
 * over the network; undefined where it does not tell.
 * @param {string} file
 * @returns {boolean | undefined}
 */
export function wasCached(file) {
  if (stored.has(address(file))) return true;
  const entries = performance.getEntriesByName(address(file));
  const last = /** @type {PerformanceResourceTiming | undefined} */ (entries.at(-1));
  if (!last?.encodedBodySize) return undefined;
  return last.transferSize < last.encodedBodySize;
}

// Files with honest progress: what is counted is what has arrived, unpacked.

import { address, sizeOf } from './files.js';

/** Says why a file could not be had. */
export class DownloadError extends Error {
  /**
   * @param {string} file
   * @param {number} status the server's answer, 0 when there was none
   */
  constructor(file, status) {
    super(`${file}: ${status}`);
    this.file = file;
    this.status = status;
  }
}

const wasm = 'application/wasm';

/** @callback Progress @param {number} done @param {number} total 0 where it is not known */

/**
 * Asks for a file.
 * @param {string} file relative to the page
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response>}
 */
async function ask(file, signal) {
  const answer = await fetch(address(file), { signal }).catch(() => {
    throw new DownloadError(file, 0);
  });
  if (!answer.ok || !answer.body) throw new DownloadError(file, answer.status);
  return answer;
}

/**
 * The content of an answer, counted as it passes. Hosts that compress do not
 * tell how long a file is; the built page does.
 * @param {string} file @param {Response} answer @param {Progress} progress
 */
function counted(file, answer, progress) {
  const packed = answer.headers.has('content-encoding');
  const total = packed ? sizeOf(file) : Number(answer.headers.get('content-length') ?? sizeOf(file));
  let done = 0;
  const counter = new TransformStream({
    transform(/** @type {Uint8Array} */ part, controller) {
      done += part.length;
      progress(done, Math.max(total, total && done));
      controller.enqueue(part);
    },
  });
  return /** @type {ReadableStream} */ (answer.body).pipeThrough(counter);
}

/**
 * The whole content of a file.
 * @param {string} file @param {Progress} progress @param {AbortSignal} [signal]
 */
export async function downloadBytes(file, progress, signal) {
  const content = counted(file, await ask(file, signal), progress);
  return await new Response(content).arrayBuffer().catch(() => {
    throw new DownloadError(file, 0);
  });
}

/**
 * A program, compiled while it arrives. It is the server's own answer that is
 * compiled, because only for such a one a browser keeps the compiled code for
 * the next visit. A host that does not know .wasm costs that, and no more.
 * @param {string} file @param {Progress} progress
 */
export async function downloadProgram(file, progress) {
  const answer = await ask(file);
  if (answer.headers.get('content-type') === wasm) {
    counted(file, answer.clone(), progress).pipeTo(new WritableStream()).catch(() => {}); // told by the compiler
    return await WebAssembly.compileStreaming(answer);
  }
  const typed = { headers: { 'content-type': wasm } };
  return await WebAssembly.compileStreaming(new Response(counted(file, answer, progress), typed));
}

/**
 * Whether the browser had a file already, so that no more than headers came
 * over the network; undefined where it does not tell.
 * @param {string} file
 * @returns {boolean | undefined}
 */
export function wasCached(file) {
  const entries = performance.getEntriesByName(address(file));
  const last = /** @type {PerformanceResourceTiming | undefined} */ (entries.at(-1));
  if (!last?.encodedBodySize) return undefined;
  return last.transferSize < last.encodedBodySize;
}

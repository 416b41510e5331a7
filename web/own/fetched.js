// Models from other hosts. A copy of the page in one file loads nothing from the
// web, and so does without this.

import { Trouble } from '../load/loader.js';
import { bytes } from '../text/i18n.js';
import { decoded, fileName, fits } from './address.js';

/** Files beside raw weights that the converter reads, where they are there. */
const beside = ['config.json', 'scheduler_config.json', '../scheduler/scheduler_config.json'];

/** Nothing that another host knows a person by goes with a request. @type {RequestInit} */
const plainly = { credentials: 'omit', referrerPolicy: 'no-referrer' };

/**
 * The size of the file at an address, without loading it; 0 where it is not told.
 * @param {URL} url @param {AbortSignal} signal
 */
export async function sizeAt(url, signal) {
  try {
    const answer = await fetch(url, { ...plainly, method: 'HEAD', signal });
    return answer.ok && !answer.headers.has('content-encoding') ? Number(answer.headers.get('content-length') ?? 0) : 0;
  } catch {
    return 0; // loading it will say what is wrong
  }
}

/**
 * The file at an address.
 * @param {URL} url @param {boolean} foreign whether it is another host's
 * @param {(done: number, total: number) => void} progress total is 0 where it is not known
 * @param {AbortSignal} signal
 * @returns {Promise<File>}
 * @throws {Trouble}
 */
export async function fileAt(url, foreign, progress, signal) {
  const { host } = url;
  const answer = await fetch(url, { ...plainly, signal }).catch(() => unanswered(url, foreign, signal));
  if (!answer.ok || !answer.body || answer.status === 206) throw new Trouble('own.status', { host, status: answer.status });
  if (answer.headers.get('content-type')?.startsWith('text/html')) throw new Trouble('own.webpage', { host });
  const total = answer.headers.has('content-encoding') ? 0 : Number(answer.headers.get('content-length') ?? 0);
  fits(total);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const reader = answer.body.getReader();
  let done = 0;
  try {
    for (let next; !(next = await reader.read()).done; ) {
      parts.push(next.value);
      done += next.value.length;
      fits(done);
      progress(done, total);
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    if (error instanceof Trouble) throw error;
    cut(url, done, total);
  }
  if (total > done) cut(url, done, total);
  return new File(parts, fileName(url));
}

/**
 * Says why no answer came. A host that tells another page the size of the file
 * lets it read the file too: then the connection broke, which a browser may find
 * before it gives the first bytes.
 * @param {URL} url @param {boolean} foreign @param {AbortSignal} signal @returns {Promise<never>}
 */
async function unanswered(url, foreign, signal) {
  const size = await sizeAt(url, signal);
  signal.throwIfAborted();
  if (size > 0) cut(url, 0, size);
  throw new Trouble(foreign ? 'own.cors' : 'error.network', { host: url.host, file: fileName(url) });
}

/** @param {URL} url @param {number} done @param {number} total 0 where it is not known @returns {never} */
function cut(url, done, total) {
  const values = { file: fileName(url), host: url.host, done: () => bytes(done) };
  throw total > 0 ? new Trouble('own.cut', { ...values, total: () => bytes(total) }) : new Trouble('own.cut.unsized', values);
}

/**
 * Raw weights with the settings that lie beside them, by paths as in a checkpoint.
 * @param {URL} url @param {File} file @param {AbortSignal} signal
 */
export async function withSettings(url, file, signal) {
  const folder = new URL('.', url).pathname;
  const above = new URL('..', url).pathname;
  const path = (/** @type {string} */ pathname) => decoded(pathname.slice(above.length));
  const all = [{ path: path(folder) + file.name, file }];
  await Promise.all(
    beside.map(async (name) => {
      const at = new URL(name, url);
      const text = await fetch(at, { ...plainly, signal }).then((answer) => (answer.ok ? answer.text() : ''), () => '');
      // Some hosts answer with a page where there is no file.
      if (text.trimStart().startsWith('{')) all.push({ path: path(at.pathname), file: new File([text], fileName(at)) });
    }),
  );
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

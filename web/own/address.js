// Models at addresses. In the page's own address, #model=ADDRESS stands alone or
// before a recipe, which it is no part of.

import { Trouble } from '../load/loader.js';

/** Bytes that a file from an address, or one that is loaded as it is, may have: more fit in no worker. */
export const limits = { file: 2_000_000_000 };

/** Files beside raw weights that the converter reads, where they are there. */
const beside = ['config.json', 'scheduler_config.json', '../scheduler/scheduler_config.json'];

/**
 * @typedef {object} Asked
 * @property {string} address as it was written @property {URL | undefined} url nothing if that is no address of a file
 * @property {string} recipe that stands beside it
 */

/**
 * What an address of the page asks for.
 * @param {string} text behind # @param {string} page address of the page, which relative ones are relative to
 * @returns {Asked}
 */
export function readAddress(text, page) {
  const parts = text.replace(/^#/, '').split('&');
  const [found = ''] = parts.filter((part) => part.startsWith('model='));
  const written = found.slice('model='.length);
  // An address that stands there as it is may have percent signs itself.
  const address = written.includes('://') ? written : decoded(written);
  const recipe = parts.filter((part) => part !== '' && !part.startsWith('model=')).join('&');
  return { address, url: urlOf(address, page), recipe };
}

/** @param {string} address @param {string} page */
export function urlOf(address, page) {
  try {
    const url = new URL(address, page);
    url.hash = '';
    return address !== '' && /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The name of the file at an address. @param {URL} url */
export function fileName({ pathname, hostname }) {
  return decoded(pathname.split('/').pop() ?? '') || hostname;
}

/** A recipe of the model that has got a name here. @param {string} recipe @param {string} name */
export function renamed(recipe, name) {
  const others = recipe.split('&').filter((part) => part !== '' && !part.startsWith('m='));
  return [`m=${name}`, ...others].join('&');
}

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
  const answer = await fetch(url, { ...plainly, signal }).catch(() => {
    throw new Trouble(foreign ? 'own.cors' : 'error.network', { host, file: fileName(url) });
  });
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
    throw new Trouble('error.network', { file: fileName(url) });
  }
  return new File(parts, fileName(url));
}

/** @param {number} size @throws {Trouble} */
export function fits(size) {
  if (size > limits.file) throw new Trouble('own.large', { most: limits.file / 1e9 });
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

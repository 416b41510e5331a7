// Entry of the worker that reads a large file out of the browser's store.
/// <reference lib="webworker" />
/**
 * Is sent an address. Answers once, with the bytes of the file that the store has
 * of it, their Blob and their SHA-256, or with undefined where it has none. On the
 * page's own thread that would wait while the page is built, and stop it.
 */
'use strict';

(() => {
  const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));

  /** @param {string} address */
  async function read(address) {
    const blob = await (await caches.match(address))?.blob();
    const bytes = await blob?.arrayBuffer();
    return bytes && { blob, bytes, sum: await crypto.subtle.digest('SHA-256', bytes) };
  }

  scope.onmessage = async ({ data }) => {
    const file = await read(data).catch(() => undefined); // some pages may not use the store
    scope.postMessage(file, file ? [file.bytes] : []);
  };
})();

// Entry of the worker that reads a large file out of the browser's store.
/// <reference lib="webworker" />
/**
 * Is sent an address and answers once: the file that is kept there, what it is read
 * from, and its SHA-256; nothing where there is none. The page is being built
 * meanwhile, and each of these would wait for that and keep it waiting.
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

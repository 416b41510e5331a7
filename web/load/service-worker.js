// Entry of the service worker.
/// <reference lib="webworker" />
/**
 * Keeps the page, so that the next visit needs no network. tools/pack puts this
 * script at the top of the built page, since it governs only what is below it,
 * and writes the whole version into it: every file's path and SHA-256. One
 * version is one script. A browser that finds another one installs it beside
 * the one at work; it gets every file before it may take over, and each has to
 * be the one that the script names. Whatever goes wrong, the version at work
 * stays.
 *
 * Where the page has loaded files that are not fetched in advance (`late`), it
 * says so with {type: 'here', used}, and they are kept as well. {type: 'take'}
 * asks a version that waits to take over at once.
 */
'use strict';

(() => {
  const scope = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

  /** @typedef {{path: string, sha256: string, late: boolean, copy?: string}} File sha256 in base64; where a document lies as plain text */
  /** @type {{version: string, files: File[]}} */
  const page = { version: '', files: [] };

  const home = new URL(scope.registration.scope);
  /** Caches belong to an origin, which may have other copies of the page. */
  const prefix = `tweedie ${home.pathname} `;
  const own = prefix + page.version;
  /** @type {Map<string, File>} */
  const files = new Map(page.files.map((file) => [addressOf(file.path), file]));

  /** A folder is asked for, and its index.html is meant. @param {string} path */
  function addressOf(path) {
    return new URL(path.replace(/(^|\/)index\.html$/, '$1') || '.', home).href;
  }

  /** The address of a file that a request means, whatever its query. @param {string} url */
  function meant(url) {
    const { origin, pathname } = new URL(url);
    return origin === home.origin ? addressOf(decodeURI(pathname)) : '';
  }

  /** Whether the address tells the content, so that any copy is as good. @param {string} address */
  const tells = (address) => /\.[0-9a-f]{12}\.\w+$/.test(address);

  /** @param {ArrayBuffer} bytes */
  async function sha256(bytes) {
    return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))));
  }

  /**
   * The answer to keep: it is not packed any more, nor redirected.
   * @param {File} file @param {Response} answer @param {string} [type] what it is, where the host says another
   * @throws {Error} unless it is the file of this version
   */
  async function checked(file, answer, type) {
    const bytes = await answer.arrayBuffer();
    if (!answer.ok || (await sha256(bytes)) !== file.sha256) throw new Error(`${file.path} is of another version`);
    const headers = new Headers(answer.headers);
    for (const name of ['content-encoding', 'content-length', 'vary']) headers.delete(name);
    if (type) headers.set('content-type', type);
    return new Response(bytes, { headers });
  }

  /** Fetches a file; what a cache on the way gives may be old. @param {File} file @param {string} address */
  async function brought(file, address) {
    if (tells(address)) {
      try {
        return await checked(file, await fetch(address));
      } catch {
        // Perhaps a broken copy: the host is asked for its own.
      }
    }
    const answer = await fetch(address, { cache: 'reload' });
    return file.copy ? checked(file, answer).catch(() => asText(file)) : checked(file, answer);
  }

  /** A document as it was published: some hosts write scripts of theirs into documents, but not into other files. @param {File} file */
  async function asText(file) {
    return checked(file, await fetch(new URL(file.copy ?? '', home).href), 'text/html; charset=utf-8');
  }

  /** Puts a file into this version's cache. @param {Cache} cache @param {string} address */
  async function keep(cache, address) {
    const file = /** @type {File} */ (files.get(address));
    if (await cache.match(address)) return;
    const known = tells(address) && (await caches.match(address));
    await cache.put(address, known || (await brought(file, address)));
  }

  /** Keeps everything that the page needs, or nothing. */
  async function install() {
    const cache = await caches.open(own);
    try {
      for (const [address, { late }] of files) if (!late) await keep(cache, address);
    } catch (error) {
      await caches.delete(own);
      throw error;
    }
  }

  /** Forgets other versions once no page is left that may be one of theirs. @param {number} left */
  async function forget(left) {
    const clients = await scope.clients.matchAll({ type: 'window' });
    if (clients.filter((client) => client.frameType === 'top-level').length > left) return;
    const names = await caches.keys();
    // Another version may be among them that is on its way, or waits to take over.
    if (scope.registration.installing || scope.registration.waiting) return;
    for (const name of names) {
      if (name.startsWith(prefix) && name !== own) await caches.delete(name);
    }
  }

  /** @param {string} address @param {Request} request @param {(work: Promise<unknown>) => void} also */
  async function answer(address, request, also) {
    const cache = await caches.open(own);
    const kept = await cache.match(address);
    if (kept) return kept;
    const fresh = await fetch(request);
    const file = /** @type {File} */ (files.get(address));
    const copy = fresh.clone();
    also(checked(file, copy).then((whole) => cache.put(address, whole), () => {})); // of another version: not kept
    return fresh;
  }

  scope.addEventListener('install', (event) => event.waitUntil(install()));

  scope.addEventListener('activate', (event) => {
    event.waitUntil(Promise.all([forget(0), scope.clients.claim()]));
  });

  scope.addEventListener('fetch', (event) => {
    const { request } = event;
    const address = request.method === 'GET' ? meant(request.url) : '';
    if (files.has(address)) {
      event.respondWith(answer(address, request, (work) => event.waitUntil(work)));
    } else if (address && tells(address)) {
      // A page that was open when this version took over asks for its own files.
      event.respondWith(caches.match(address).then((kept) => kept ?? fetch(request)));
    }
  });

  scope.addEventListener('message', (event) => {
    const { type, used } = event.data ?? {};
    if (type === 'take') event.waitUntil(scope.skipWaiting());
    if (type !== 'here' || !Array.isArray(used)) return;
    const late = used.map((url) => meant(String(url))).filter((address) => files.get(address)?.late);
    const cache = caches.open(own);
    event.waitUntil(Promise.allSettled([forget(1), ...late.map(async (address) => keep(await cache, address))]));
  });
})();

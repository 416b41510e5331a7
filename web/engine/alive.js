// How the page learns that a worker is gone, whatever ended it and however long its
// work takes: a worker holds a lock as long as it lives (the Web Locks API), and
// the page waits for that lock. Not every browser and address has locks; there a
// worker that ends without a word is found by its silence (engine.js).

/** A name that no other worker's lock has. */
export function lockName() {
  return `tweedie-worker-${crypto.getRandomValues(new Uint32Array(3)).join('-')}`;
}

/**
 * Calls act once the worker that holds a lock is gone.
 * @param {string} lock @param {() => void} act
 * @returns {() => void} ends the wait
 */
export function onceGone(lock, act) {
  const waiting = new AbortController();
  const { signal } = waiting;
  globalThis.navigator?.locks?.request(lock, { signal }, () => {
    if (!signal.aborted) act();
  }).catch(() => {}); // nobody waits any more
  return () => waiting.abort();
}

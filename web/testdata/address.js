// An address bar for tests.

/**
 * Puts an address, and a history of it, in the place of the browser's.
 * @param {string} start
 */
export function addressed(start) {
  const entries = [new URL(start)];
  const at = () => entries[entries.length - 1];
  const to = (/** @type {string | undefined} */ url) => new URL(url ?? at().href, at());
  Object.assign(globalThis, {
    location: {
      get href() {
        return at().href;
      },
      get search() {
        return at().search;
      },
      get hash() {
        return at().hash;
      },
      get pathname() {
        return at().pathname;
      },
    },
    history: {
      state: null,
      pushState: (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {string} */ url) => entries.push(to(url)),
      replaceState: (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {string} */ url) => (entries[entries.length - 1] = to(url)),
    },
  });
  return entries;
}

// Where the files of the page are. In the repository a file is where its name
// says; in the built page most have a hash in their name, and tools/pack has put
// into the table what each name has become and how many bytes the file has.

/** @type {Record<string, [string, number]>} */
const built = {};

/**
 * The address of a file, the same for every document of the page.
 * @param {string} name relative to the page, as in the repository
 */
export function address(name) {
  return new URL(`../../${built[name]?.[0] ?? name}`, import.meta.url).href;
}

/** Whether the page is on a host that has its files, and is not a copy in one file. */
export function isSite() {
  return has('web/worker.wasm');
}

/** Whether the built page has a file. @param {string} name */
export function has(name) {
  return name in built;
}

/**
 * Whether a content is what the built page calls so, as far as its size and the
 * first digits of its SHA-256 tell, which are in the name; '' where those are not known.
 * @param {string} name @param {number} size @param {string} hash
 */
export function isOf(name, size, hash) {
  if (!has(name)) return true;
  const [digits] = /[0-9a-f]{12}(?=\.\w+$)/.exec(built[name][0]) ?? [''];
  return size === sizeOf(name) && (hash === '' || hash.startsWith(digits));
}

/** The unpacked size of a file in bytes, 0 where nobody knows it. @param {string} name */
export function sizeOf(name) {
  return built[name]?.[1] ?? 0;
}

// The fingerprint that recipes give weights files. The browser computes it
// beside the page, and several times as fast as the sampler, which does so
// itself where the browser cannot.

/** @type {WeakMap<ArrayBuffer, string>} */
const known = new WeakMap();

/**
 * The same bytes, once their fingerprint is known. Where the page did not come
 * over a safe connection, or memory is short, the browser does not compute it.
 * @param {ArrayBuffer} bytes
 */
export async function fingerprinted(bytes) {
  if (known.has(bytes)) return bytes;
  try {
    note(bytes, ofSum(await crypto.subtle.digest('SHA-256', bytes)));
  } catch {
    // The sampler will.
  }
  return bytes;
}

/** The fingerprint of what has this SHA-256. @param {ArrayBuffer} sum */
export function ofSum(sum) {
  return Array.from(new Uint8Array(sum, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes have this fingerprint. @param {ArrayBuffer} bytes @param {string} fingerprint */
export function note(bytes, fingerprint) {
  known.set(bytes, fingerprint);
}

/** First 16 hexadecimal digits of the SHA-256, or nothing where it is not known. @param {ArrayBuffer} bytes */
export function fingerprint(bytes) {
  return known.get(bytes) ?? '';
}

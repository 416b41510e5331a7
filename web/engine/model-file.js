// The file of a model, as the page keeps it for its workers.

import { fingerprint, note } from './fingerprint.js';

/** Bytes from which on a file is a Blob, which browsers keep outside of the tab, and on disk where there are many. */
export const large = 16 << 20;
/** WebKit reads no Blob of a document that was opened from a disk. */
const blobs = globalThis.location?.protocol !== 'file:';

/** The large files of bytes, which may be gone. @type {WeakMap<ArrayBuffer, ModelFile>} */
const made = new WeakMap();

/** The Blobs that bytes were read from. @type {WeakMap<ArrayBuffer, Blob>} */
const sources = new WeakMap();

/**
 * The same bytes, once it is known what Blob they were read from. That of an answer out of Cache
 * Storage is the store's own file: no copy is made to have one.
 * @param {Blob} blob @param {ArrayBuffer} bytes
 */
export function readFrom(blob, bytes) {
  sources.set(bytes, blob);
  return bytes;
}

export class ModelFile {
  /** The bytes of a large file, until a worker has them. @type {ArrayBuffer | undefined} */
  #bytes;

  /** @param {ArrayBuffer | Blob} content @param {string} hash its fingerprint, '' where it is not known */
  constructor(content, hash) {
    this.content = content;
    this.size = content instanceof Blob ? content.size : content.byteLength;
    this.hash = hash;
  }

  /** The file of these bytes. Those of a large one go to the first worker, so that the tab keeps none of it. @param {ArrayBuffer | ModelFile} bytes */
  static of(bytes) {
    if (bytes instanceof ModelFile) return bytes;
    const there = made.get(bytes);
    if (there) return there;
    const hash = fingerprint(bytes);
    if (!blobs || bytes.byteLength < large) return new ModelFile(bytes, hash);
    const file = new ModelFile(sources.get(bytes) ?? new Blob([bytes]), hash);
    file.#bytes = bytes;
    made.set(bytes, file);
    return file;
  }

  /**
   * What a worker is given, and what of it goes over: a copy; or the Blob, of which it reads a piece at a time.
   * The first one has the bytes themselves, since that reading is a quarter of the time until the network is there.
   */
  give() {
    const { content } = this;
    const own = content instanceof Blob ? this.#bytes : content.slice(0);
    this.#bytes = undefined;
    return own ? { bytes: new Uint8Array(own), over: [own] } : { bytes: /** @type {Blob} */ (content), over: [] };
  }

  /** A copy of the bytes. */
  async bytes() {
    const bytes = this.content instanceof Blob ? await this.content.arrayBuffer() : this.content.slice(0);
    if (this.hash) note(bytes, this.hash);
    return bytes;
  }
}

/** Gives memory back at once, which would wait for a collection otherwise. @param {ArrayBufferLike} bytes */
export function forgo(bytes) {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(bytes, [bytes]);
  port1.close();
  port2.close();
}

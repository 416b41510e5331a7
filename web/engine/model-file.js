// The file of a model, as the page keeps it for its workers.

import { fingerprint, note } from './fingerprint.js';

/** Bytes from which on a file is a Blob, which browsers keep outside of the tab, and on disk where there are many. */
export const large = 16 << 20;
/** WebKit reads no Blob of a document that was opened from a disk. */
const blobs = globalThis.location?.protocol !== 'file:';

/** The large files of bytes that are gone. @type {WeakMap<ArrayBuffer, ModelFile>} */
const made = new WeakMap();

export class ModelFile {
  /** @param {ArrayBuffer | Blob} content @param {string} hash its fingerprint, '' where it is not known */
  constructor(content, hash) {
    this.content = content;
    this.size = content instanceof Blob ? content.size : content.byteLength;
    this.hash = hash;
  }

  /** The file of these bytes. Those of a large one are gone then, so that the tab has none of it. @param {ArrayBuffer | ModelFile} bytes */
  static of(bytes) {
    if (bytes instanceof ModelFile) return bytes;
    const hash = fingerprint(bytes);
    if (!blobs || bytes.byteLength < large) return made.get(bytes) ?? new ModelFile(bytes, hash);
    const file = new ModelFile(new Blob([bytes]), hash);
    made.set(bytes, file);
    forgo(bytes);
    return file;
  }

  /** What a worker is given: the Blob, of which it reads a piece at a time, or a copy that goes over to it. */
  get given() {
    return this.content instanceof Blob ? this.content : new Uint8Array(this.content.slice(0));
  }

  /** A copy of the bytes. */
  async bytes() {
    const bytes = this.content instanceof Blob ? await this.content.arrayBuffer() : this.content.slice(0);
    if (this.hash) note(bytes, this.hash);
    return bytes;
  }
}

/** Gives memory back at once, which would wait for a collection otherwise. @param {ArrayBuffer} bytes */
function forgo(bytes) {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(bytes, [bytes]);
  port1.close();
  port2.close();
}

// Bytes: parts that become one, what comes out of the browser's packers, and files
// that are read from the beginning, a part at a time.

/** @param {Uint8Array[]} parts */
export function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * What a stream makes of bytes.
 * @param {GenericTransformStream} stream @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} [limit] of what comes out
 * @throws {RangeError} if it is more
 */
export async function through(stream, bytes, limit = Infinity) {
  const writer = stream.writable.getWriter();
  writer.write(bytes).then(() => writer.close()).catch(() => {}); // the reader has the error
  const reader = stream.readable.getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  for (let next; !(next = await reader.read()).done; ) {
    parts.push(next.value);
    size += next.value.length;
    if (size > limit) throw new RangeError(`want at most ${limit} bytes to come out`);
  }
  return joined(parts);
}

/** Bytes that are read of a file at once. */
const block = 1 << 20;

/** A file from its beginning on. */
export class Reader {
  /** What was read last, and where that begins. */
  #held = new Uint8Array(0);
  #from = 0;
  #at = 0;

  /** @param {Blob} file */
  constructor(file) {
    this.file = file;
  }

  /** The next bytes; nothing if there are fewer. @param {number} n */
  async take(n) {
    const at = this.#at;
    if (at + n > this.file.size) return undefined;
    this.#at += n;
    if (this.#at > this.#from + this.#held.length) {
      this.#from = at;
      this.#held = new Uint8Array(await this.file.slice(at, at + Math.max(n, block)).arrayBuffer());
    }
    return this.#held.subarray(at - this.#from, this.#at - this.#from);
  }

  /** Passes bytes over. @param {number} n */
  skip(n) {
    this.#at += n;
  }
}

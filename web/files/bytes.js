// Bytes: parts that become one, and what comes out of the browser's packers.

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

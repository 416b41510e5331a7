// Reads GIF89a as the specification has it, for tests: slowly, and refusing what
// the page does not write.

/**
 * @typedef {{indices: Uint8Array, delay: number, palette: Uint8Array}} Frame
 * @param {Uint8Array} bytes
 * @returns {{width: number, height: number, palette: Uint8Array, loops: number, comment: string, frames: Frame[]}}
 */
export function ungif(bytes) {
  const text = (/** @type {number} */ from, /** @type {number} */ to) => String.fromCharCode(...bytes.subarray(from, to));
  const word = (/** @type {number} */ i) => bytes[i] | (bytes[i + 1] << 8);
  if (text(0, 6) !== 'GIF89a' || bytes[10] !== 0xf7) throw new Error(`a header ${text(0, 6)} with ${bytes[10]}`);
  const [width, height] = [word(6), word(8)];
  const palette = bytes.subarray(13, 13 + 768);
  let at = 13 + 768;
  const blocks = () => {
    /** @type {number[]} */
    const all = [];
    while (bytes[at] > 0) {
      all.push(...bytes.subarray(at + 1, at + 1 + bytes[at]));
      at += 1 + bytes[at];
    }
    at++;
    return all;
  };
  let [loops, comment, delay] = [-1, '', -1];
  /** @type {Frame[]} */
  const frames = [];
  while (bytes[at] !== 0x3b) {
    const [kind, label] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (kind === 0x21) {
      const body = blocks();
      if (label === 0xf9) delay = body[1] | (body[2] << 8);
      else if (label === 0xfe) comment = String.fromCharCode(...body);
      else if (label === 0xff && String.fromCharCode(...body.slice(0, 11)) === 'NETSCAPE2.0') loops = body[12] | (body[13] << 8);
      else throw new Error(`an extension ${label}`);
    } else if (kind === 0x2c) {
      at -= 1;
      if (word(at) || word(at + 2) || word(at + 4) !== width || word(at + 6) !== height || (bytes[at + 8] !== 0 && bytes[at + 8] !== 0x87)) throw new Error('a part of a frame');
      const own = bytes[at + 8] ? 768 : 0;
      const colours = own ? bytes.subarray(at + 9, at + 9 + own) : palette;
      at += 9 + own;
      const depth = bytes[at++];
      frames.push({ indices: unlzw(blocks(), depth, width * height), delay, palette: colours });
    } else {
      throw new Error(`a block ${kind}`);
    }
  }
  if (at !== bytes.length - 1) throw new Error('something after the end');
  return { width, height, palette, loops, comment, frames };
}

/** @param {number[]} data @param {number} depth @param {number} size */
function unlzw(data, depth, size) {
  const [clear, end] = [1 << depth, (1 << depth) + 1];
  /** @type {number[][]} */
  let table = [];
  const reset = () => (table = Array.from({ length: end + 1 }, (_, i) => [i]));
  reset();
  let bits = 0;
  /** @type {number[] | undefined} */
  let before;
  /** @type {number[]} */
  const out = [];
  const width = () => Math.min(12, Math.max(depth + 1, Math.ceil(Math.log2(table.length + 1))));
  for (;;) {
    let code = 0;
    const n = width();
    for (let i = 0; i < n; i++, bits++) code |= ((data[bits >> 3] >> (bits & 7)) & 1) << i;
    if (bits > 8 * data.length) throw new Error('codes without an end');
    if (code === end) break;
    if (code === clear) {
      reset();
      before = undefined;
      continue;
    }
    const entry = table[code] ?? (before && [...before, before[0]]);
    if (!entry) throw new Error(`a code ${code} before it was made`);
    out.push(...entry);
    if (before && table.length < 4096) table.push([...before, entry[0]]);
    before = entry;
  }
  if (out.length !== size) throw new Error(`${out.length} pixels, want ${size}`);
  return Uint8Array.from(out);
}

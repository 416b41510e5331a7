// Animations as GIF89a: whole frames, of one palette or each of its own, LZW of the standard.

/** Bits of a palette's index. */
const depth = 8;

export class Gif {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #parts = [];

  /**
   * @param {number} width @param {number} height
   * @param {Uint8Array} palette [256][3]
   * @param {string} comment of ASCII
   */
  constructor(width, height, palette, comment) {
    this.width = width;
    this.height = height;
    this.#push([...ascii('GIF89a'), ...word(width), ...word(height), 0xf7, 0, 0]);
    this.#push(palette);
    this.#push([0x21, 0xff, 11, ...ascii('NETSCAPE2.0'), 3, 1, 0, 0, 0]); // again and again
    this.#push([0x21, 0xfe]);
    this.#blocks(Uint8Array.from(ascii(comment)));
  }

  /**
   * @param {Uint8Array} indices [height·width]
   * @param {number} delay hundredths of a second
   * @param {Uint8Array} [palette] [256][3], where it is not that of the animation
   */
  add(indices, delay, palette) {
    this.#push([0x21, 0xf9, 4, 4, ...word(delay), 0, 0]);
    this.#push([0x2c, 0, 0, 0, 0, ...word(this.width), ...word(this.height), palette ? 0x87 : 0]);
    this.#push([...(palette ?? []), depth]);
    this.#blocks(lzw(indices));
  }

  /** Data in blocks of at most 255 bytes, and one without any at the end. @param {Uint8Array} data */
  #blocks(data) {
    for (let at = 0; at < data.length; at += 255) {
      const block = data.subarray(at, at + 255);
      this.#push([block.length]);
      this.#push(block);
    }
    this.#push([0]);
  }

  finish() {
    return new Blob([...this.#parts, Uint8Array.of(0x3b)], { type: 'image/gif' });
  }

  /** @param {ArrayLike<number>} bytes */
  #push(bytes) {
    this.#parts.push(Uint8Array.from(bytes));
  }
}

/**
 * How many bytes a frame of these pixels takes in a file.
 * @param {number} width @param {number} height @param {Uint8Array} indices @param {Uint8Array} [palette]
 */
export function frameBytes(width, height, indices, palette) {
  const gif = new Gif(width, height, new Uint8Array(0), '');
  const before = gif.finish().size;
  gif.add(indices, 0, palette);
  return gif.finish().size - before;
}

/** @param {string} text */
function ascii(text) {
  return Array.from(text, (c) => c.charCodeAt(0));
}

/** @param {number} n */
function word(n) {
  return [n & 255, n >> 8];
}

/** @param {Uint8Array} indices */
function lzw(indices) {
  const clear = 1 << depth;
  let out = new Uint8Array(1024);
  let length = 0;
  let bits = 0;
  let held = 0;
  let size = depth + 1;
  let next = clear + 2;
  /** @type {Map<number, number>} */
  let codes = new Map();
  const write = (/** @type {number} */ code) => {
    bits |= code << held;
    for (held += size; held >= 8; held -= 8, bits >>>= 8) {
      if (length === out.length) out = grown(out);
      out[length++] = bits & 255;
    }
  };
  write(clear);
  let prefix = indices[0];
  for (let i = 1; i < indices.length; i++) {
    const key = (prefix << 8) | indices[i];
    const known = codes.get(key);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    write(prefix);
    if (next === 4096) {
      write(clear);
      codes = new Map();
      size = depth + 1;
      next = clear + 2;
    } else {
      // The decoder is one code behind, so that the size grows one later.
      if (next === 1 << size) size++;
      codes.set(key, next++);
    }
    prefix = indices[i];
  }
  write(prefix);
  write(clear + 1);
  if (held > 0) {
    if (length === out.length) out = grown(out);
    out[length++] = bits & 255;
  }
  return out.subarray(0, length);
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function grown(bytes) {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}

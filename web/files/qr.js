// A QR code of a text (ISO/IEC 18004): bytes, error correction level M, up to
// version 20 and 666 bytes. It is made here, so that no address is told to
// anyone.

/** Error correction words per block, and blocks, of versions 1 to 20 at level M (table 9). */
const wordsPerBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const blockCount = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** Bytes of the longest text. */
export const longest = 666;

/**
 * The modules of a code, by row: 1 is dark. Throws if the text is too long.
 * @param {string} text
 * @param {number} [mask] 0 to 7; without one the least disturbing
 */
export function qr(text, mask) {
  const bytes = new TextEncoder().encode(text);
  const version = wordsPerBlock.findIndex((_, i) => headBits(i + 1) + 8 * bytes.length <= 8 * dataWords(i + 1)) + 1;
  if (version === 0) throw new RangeError(`qr: want at most ${longest} bytes, got ${bytes.length}`);
  const words = interleaved(dataOf(bytes, version), version);
  const { modules, fixed } = frame(version);
  place(modules, fixed, words);
  if (mask === undefined) mask = leastPenalty(modules, fixed);
  applyMask(modules, fixed, mask);
  drawFormat(modules, mask);
  return modules;
}

/** @param {number} version of the mode and the length */
function headBits(version) {
  return version < 10 ? 12 : 20;
}

/** Places of bits in a version's symbol. @param {number} version */
function rawBits(version) {
  const n = alignments(version).length;
  const patterns = version === 1 ? 0 : (25 * n - 10) * n - 55;
  return (16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0);
}

/** @param {number} version */
function dataWords(version) {
  return (rawBits(version) >> 3) - wordsPerBlock[version - 1] * blockCount[version - 1];
}

/** Mode, length, bytes and padding. @param {Uint8Array} bytes @param {number} version */
function dataOf(bytes, version) {
  const size = dataWords(version);
  const bits = [0, 1, 0, 0];
  const push = (/** @type {number} */ value, /** @type {number} */ n) => {
    for (let i = n - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  push(bytes.length, headBits(version) - 4);
  for (const b of bytes) push(b, 8);
  push(0, Math.min(4, 8 * size - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < 8 * size; pad ^= 0xec ^ 0x11) push(pad, 8);
  return Uint8Array.from({ length: size }, (_, i) => bits.slice(8 * i, 8 * i + 8).reduce((w, bit) => 2 * w + bit, 0));
}

/** The product in GF(256) modulo x⁸+x⁴+x³+x²+1. @param {number} a @param {number} b */
function times(a, b) {
  let product = 0;
  for (; b; b >>= 1) {
    if (b & 1) product ^= a;
    a = (a << 1) ^ (a & 0x80 ? 0x11d : 0);
  }
  return product;
}

/** Reed–Solomon's remainder of a block. @param {Uint8Array} block @param {number} n */
function correction(block, n) {
  const generator = new Uint8Array(n);
  generator[n - 1] = 1;
  for (let i = 0, root = 1; i < n; i++, root = times(root, 2)) {
    for (let j = 0; j < n; j++) generator[j] = times(generator[j], root) ^ (generator[j + 1] ?? 0);
  }
  const rest = new Uint8Array(n);
  for (const word of block) {
    const factor = word ^ rest[0];
    rest.copyWithin(0, 1);
    rest[n - 1] = 0;
    for (let j = 0; j < n; j++) rest[j] ^= times(generator[j], factor);
  }
  return rest;
}

/** Blocks with their corrections, one word of each in turn. @param {Uint8Array} data @param {number} version */
function interleaved(data, version) {
  const n = blockCount[version - 1];
  const short = Math.floor(data.length / n);
  const shorts = n - (data.length % n);
  const blocks = Array.from({ length: n }, (_, i) => {
    const from = i * short + Math.max(0, i - shorts);
    return data.subarray(from, from + short + (i < shorts ? 0 : 1));
  });
  const checks = blocks.map((block) => correction(block, wordsPerBlock[version - 1]));
  const words = [];
  for (let j = 0; j <= short; j++) for (const block of blocks) if (j < block.length) words.push(block[j]);
  for (let j = 0; j < checks[0].length; j++) for (const check of checks) words.push(check[j]);
  return words;
}

/** Centres of the alignment patterns. @param {number} version */
function alignments(version) {
  if (version === 1) return [];
  const n = Math.floor(version / 7) + 2;
  const step = Math.ceil((4 * version + 4) / (2 * n - 2)) * 2;
  return [6, ...Array.from({ length: n - 1 }, (_, i) => 4 * version + 10 - (n - 2 - i) * step)];
}

/** A symbol with its patterns and no data yet. @param {number} version */
function frame(version) {
  const size = 4 * version + 17;
  const modules = Array.from({ length: size }, () => new Uint8Array(size));
  const fixed = Array.from({ length: size }, () => new Uint8Array(size));
  const set = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    modules[y][x] = dark;
    fixed[y][x] = 1;
  };
  const rings = (/** @type {number} */ cx, /** @type {number} */ cy, /** @type {number} */ radius, /** @type {number[]} */ dark) => {
    for (let y = -radius; y <= radius; y++) {
      for (let x = -radius; x <= radius; x++) set(cx + x, cy + y, dark[Math.max(Math.abs(x), Math.abs(y))]);
    }
  };
  for (let i = 0; i < size; i++) {
    set(6, i, 1 - (i % 2));
    set(i, 6, 1 - (i % 2));
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) rings(x, y, 4, [1, 1, 0, 1, 0]);
  const at = alignments(version);
  at.forEach((x, i) =>
    at.forEach((y, j) => {
      const corner = (i === 0 && (j === 0 || j === at.length - 1)) || (i === at.length - 1 && j === 0);
      if (!corner) rings(x, y, 2, [1, 0, 1]);
    }),
  );
  for (let i = 0; i < 9; i++) {
    if (i !== 6) for (const [x, y] of [[8, i], [i, 8]]) set(x, y, 0);
    if (i < 8) for (const [x, y] of [[8, size - 1 - i], [size - 1 - i, 8]]) set(x, y, 0);
  }
  if (version >= 7) {
    const bits = (version << 12) | remainder(version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const a = size - 11 + (i % 3);
      const b = Math.floor(i / 3);
      set(a, b, (bits >> i) & 1);
      set(b, a, (bits >> i) & 1);
    }
  }
  return { modules, fixed };
}

/** @param {number} value @param {number} n @param {number} generator of degree n */
function remainder(value, n, generator) {
  let rest = value;
  for (let i = 0; i < n; i++) rest = (rest << 1) ^ ((rest >> (n - 1)) & 1 ? generator : 0);
  return rest & ((1 << n) - 1);
}

/** Data goes up and down in pairs of columns from the right. @param {Uint8Array[]} modules @param {Uint8Array[]} fixed @param {number[]} words */
function place(modules, fixed, words) {
  const size = modules.length;
  let i = 0;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    if (right === 6) right = 5;
    for (let n = 0; n < size; n++) {
      for (const x of [right, right - 1]) {
        const up = ((right + 1) & 2) === 0;
        const y = up ? size - 1 - n : n;
        if (fixed[y][x] || i >= 8 * words.length) continue;
        modules[y][x] = (words[i >> 3] >> (7 - (i & 7))) & 1;
        i++;
      }
    }
  }
}

/** @type {((x: number, y: number) => number)[]} */
const masks = [
  (x, y) => (x + y) % 2,
  (_, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/** @param {Uint8Array[]} modules @param {Uint8Array[]} fixed @param {number} mask */
function applyMask(modules, fixed, mask) {
  modules.forEach((row, y) => row.forEach((_, x) => !fixed[y][x] && masks[mask](x, y) === 0 && (row[x] ^= 1)));
}

/** Level M and the mask, twice. @param {Uint8Array[]} modules @param {number} mask */
function drawFormat(modules, mask) {
  const bits = ((mask << 10) | remainder(mask, 10, 0x537)) ^ 0x5412;
  const size = modules.length;
  for (let i = 0; i < 15; i++) {
    const bit = (bits >> i) & 1;
    if (i < 8) modules[i < 6 ? i : i + 1][8] = bit;
    else modules[8][i === 8 ? 7 : 14 - i] = bit;
    if (i < 8) modules[8][size - 1 - i] = bit;
    else modules[size - 15 + i][8] = bit;
  }
  modules[size - 8][8] = 1;
}

/** @param {Uint8Array[]} modules @param {Uint8Array[]} fixed */
function leastPenalty(modules, fixed) {
  const penalties = masks.map((_, mask) => {
    const tried = modules.map((row) => row.slice());
    applyMask(tried, fixed, mask);
    drawFormat(tried, mask);
    return penalty(tried);
  });
  return penalties.indexOf(Math.min(...penalties));
}

/** How hard a symbol is to read (7.8.3.1). @param {Uint8Array[]} modules */
function penalty(modules) {
  const size = modules.length;
  const columns = modules.map((_, x) => modules.map((row) => row[x]));
  let sum = 0;
  for (const line of [...modules, ...columns]) {
    const text = Array.from(line).join('');
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    for (const finder of [/(?=00001011101)/g, /(?=10111010000)/g]) sum += 40 * (text.match(finder) ?? []).length;
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const four = modules[y][x] + modules[y][x - 1] + modules[y - 1][x] + modules[y - 1][x - 1];
      if (four === 0 || four === 4) sum += 3;
    }
  }
  const dark = modules.reduce((n, row) => n + row.reduce((m, v) => m + v, 0), 0);
  return sum + 10 * Math.floor(Math.abs((20 * dark) / (size * size) - 10));
}

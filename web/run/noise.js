// The sampler's noise once more, for the recording that plays before the sampler
// is there (sampler/noise says how it is made). JavaScript leaves the last bit of a
// logarithm, sine and cosine open, so these are the sampler's numbers but for rare
// ones, and no run is made of them.

/** The upper 32 bits of a product. @param {number} a @param {number} b */
const upper = (a, b) => Math.floor(((a >>> 16) * b + Math.floor(((a & 0xffff) * b) / 65536)) / 65536);

/** A block of Philox4x32-10. @param {[number, number, number]} counter @param {[number, number]} key */
function philox([c0, c1, c2], [k0, k1]) {
  let c3 = 0;
  for (let round = 0; round < 10; round++) {
    const [hi0, lo0, hi1, lo1] = [upper(0xd2511f53, c0), Math.imul(0xd2511f53, c0), upper(0xcd9e8d57, c2), Math.imul(0xcd9e8d57, c2)];
    [c0, c1, c2, c3] = [(hi1 ^ c1 ^ k0) >>> 0, lo1 >>> 0, (hi0 ^ c3 ^ k1) >>> 0, lo0 >>> 0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** A number in (0, 1] of 53 bits. @param {number} hi @param {number} lo */
const uniform = (hi, lo) => (hi * 2 ** 21 + (lo >>> 11) + 1) / 2 ** 53;

/**
 * Unit Gaussian noise.
 * @param {number} size @param {[number, number]} seed its lower and upper half @param {number} image
 * @param {number} draw 0 is x_T, 1 + i the noise of solver step i
 */
export function normal(size, seed, image, draw) {
  const z = new Float64Array(size);
  for (let j = 0; j < size; j += 2) {
    const w = philox([j / 2, draw, image], seed);
    const [radius, angle] = [Math.sqrt(-2 * Math.log(uniform(w[0], w[1]))), 2 * Math.PI * uniform(w[2], w[3])];
    z[j] = Math.fround(radius * Math.cos(angle));
    if (j + 1 < size) z[j + 1] = Math.fround(radius * Math.sin(angle));
  }
  return z;
}

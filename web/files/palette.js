// The 256 colours that come nearest to those of a picture: it is divided where
// its colours differ most, again and again (after Heckbert's median cut, 1982).

/** Colours in whole numbers of five bits count as one. */
const bits = 5;

/** Colours that one of the palette stands for. @typedef {{bins: number[], error: number, axis: number, mean: number[]}} Box */

/**
 * A palette of a picture, and the place in it of each pixel.
 * @param {ArrayLike<number>} pixels RGBA, whose transparency means nothing
 * @returns {{palette: Uint8Array, indices: Uint8Array<ArrayBuffer>}} [256][3] and [pixels]
 */
export function quantised(pixels) {
  const count = pixels.length / 4;
  const bins = new Uint16Array(count);
  const sums = new Float64Array(4 << (3 * bits)); // of each bin: how often, and its red, green and blue
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]];
    const bin = (((r >> (8 - bits)) << (2 * bits)) | ((g >> (8 - bits)) << bits) | (b >> (8 - bits)));
    bins[i] = bin;
    sums[4 * bin]++;
    sums[4 * bin + 1] += r;
    sums[4 * bin + 2] += g;
    sums[4 * bin + 3] += b;
  }
  const boxes = [boxOf([...new Set(bins)], sums)];
  while (boxes.length < 256) {
    const widest = boxes.reduce((a, b) => (b.error > a.error ? b : a));
    if (widest.error === 0) break;
    const { axis, mean } = widest;
    const above = (/** @type {number} */ bin) => sums[4 * bin + 1 + axis] > mean[axis] * sums[4 * bin];
    boxes[boxes.indexOf(widest)] = boxOf(widest.bins.filter(above), sums);
    boxes.push(boxOf(widest.bins.filter((bin) => !above(bin)), sums));
  }
  const palette = new Uint8Array(3 * 256);
  const places = new Uint8Array(1 << (3 * bits));
  boxes.forEach((box, place) => {
    palette.set(box.mean.map(Math.round), 3 * place);
    for (const bin of box.bins) places[bin] = place;
  });
  return { palette, indices: Uint8Array.from(bins, (bin) => places[bin]) };
}

/** What bins have in common. @param {number[]} bins @param {Float64Array} sums @returns {Box} */
function boxOf(bins, sums) {
  const [total, squares] = [[0, 0, 0, 0], [0, 0, 0]];
  for (const bin of bins) {
    const n = sums[4 * bin];
    total[0] += n;
    for (let c = 0; c < 3; c++) {
      const sum = sums[4 * bin + 1 + c];
      total[1 + c] += sum;
      squares[c] += (sum * sum) / n;
    }
  }
  const mean = total.slice(1).map((sum) => sum / total[0]);
  const errors = squares.map((square, c) => square - total[0] * mean[c] ** 2);
  const error = Math.max(...errors);
  return { bins, error: bins.length > 1 ? error : 0, axis: errors.indexOf(error), mean };
}

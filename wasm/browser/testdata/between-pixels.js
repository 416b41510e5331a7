// The grey values of the picture between two seeds, at the middle of each pixel,
// which is enlarged to 15.
() => {
  const {data} = document.getElementById('between-canvas').getContext('2d').getImageData(0, 0, 480, 480);
  const at = (x, y) => data[4 * (480 * (15 * y + 7) + 15 * x + 7)];
  return Array.from({length: 32 * 32}, (_, i) => at(i % 32, Math.floor(i / 32)));
}

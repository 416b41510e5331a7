// The grey values of a PNG that an element makes, at the middle of each enlarged
// pixel of its first picture.
async (id, side) => {
  const bitmap = await createImageBitmap(await document.getElementById(id).toPNG());
  const c = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  c.drawImage(bitmap, 0, 0);
  const zoom = bitmap.width / side;
  const at = (i) => Math.floor(i * zoom + zoom / 2);
  return Array.from({length: side * side}, (_, i) => c.getImageData(at(i % side), at(Math.floor(i / side)), 1, 1).data[0]);
}

// Whether a canvas gives what was put into it.
() => {
  const context = document.createElement('canvas').getContext('2d');
  const image = context.createImageData(64, 64);
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : (i * 37) % 251;
  context.putImageData(image, 0, 0);
  return context.getImageData(0, 0, 64, 64).data.every((v, i) => v === image.data[i]);
}

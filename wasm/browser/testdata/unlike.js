// The mean difference between what is on the screen, in window.pixels, and what
// the plain canvas would draw.
async () => {
  const {Painter} = await import('/web/stage/painter.js');
  const {stage} = await import('/web/page/main.js');
  const canvas = document.createElement('canvas');
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  const painter = new Painter(canvas);
  painter.draw(stage.drawing);
  const want = painter.context.getImageData(0, 0, canvas.width, canvas.height).data;
  return want.reduce((sum, v, i) => sum + Math.abs(v - pixels.data[i]), 0) / want.length;
}

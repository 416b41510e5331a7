// Where the viewer's pixels, in window.pixels, are not those of the plain
// canvas, which is not repainted while the viewer is seen: one is painted here.
async () => {
  const {Painter} = await import('/web/stage/painter.js');
  const {stage} = await import('/web/page/main.js');
  const canvas = document.createElement('canvas');
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  const painter = new Painter(canvas);
  painter.draw(stage.drawing);
  const want = painter.context.getImageData(0, 0, canvas.width, canvas.height).data;
  const lit = want.reduce((sum, v, i) => sum + (i % 4 < 3 && v > 200), 0);
  for (let i = 0; i < want.length; i++) {
    if (want[i] !== pixels.data[i]) {
      const p = i >> 2;
      return 'at ' + p % canvas.width + ', ' + Math.floor(p / canvas.width) + ': ' + pixels.data[i] + ', want ' + want[i];
    }
  }
  return lit > 100 ? '' : 'there is nothing on the stage';
}

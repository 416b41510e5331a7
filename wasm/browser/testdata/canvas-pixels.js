// The grey levels of x_t, or of the finished picture, on the page's plain canvas, in base64.
// Where that is the large one, it stands beside where it began.
async () => {
  const {stage} = await import('/web/page/main.js');
  const [{to}] = stage.drawing.marks.filter(({picture}) => picture?.view === 'xt').sort((a, b) => b.to.w - a.to.w);
  const canvas = document.getElementById('canvas');
  const {data} = canvas.getContext('2d').getImageData(to.x, to.y, to.w, to.h);
  const {width, height} = stage.film.shape;
  const levels = Array.from({length: width * height}, (_, i) => {
    const x = Math.floor(((i % width) + 0.5) * to.w / width);
    const y = Math.floor((Math.floor(i / width) + 0.5) * to.h / height);
    return data[4 * (y * to.w + x)];
  });
  return btoa(String.fromCharCode(...levels));
}

// Which of two films each column of the first picture shows in a view, from left to
// right, by the pixels in window.pixels: 0, 1, = where the two are the same, or ?.
async (view) => {
  const {stage} = await import('/web/page/main.js');
  const {picture, to} = stage.drawing.marks.find(({picture, to}) => picture?.view === view && to.h > 60) ?? {};
  if (!picture) return '';
  const {width, height} = stage.film.shape;
  const films = stage.films.map((film) => film.frame(0)[view]);
  const zoom = to.w / width;
  const seen = (x, y) => pixels.data[4 * ((to.y + Math.floor((y + 0.5) * zoom)) * pixels.width + to.x + Math.floor((x + 0.5) * zoom))];
  const shows = (film, x) => Array.from({length: height}, (_, y) => y).every((y) => seen(x, y) === film[y * width + x]);
  return Array.from({length: width}, (_, x) => {
    const [one, other] = films.map((film) => shows(film, x));
    return one && other ? '=' : one ? '0' : other ? '1' : '?';
  }).join('');
}

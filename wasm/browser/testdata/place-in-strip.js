// Returns the middle of the picture of a step in the film strip, on which the
// slider of time lies; an empty list if the strip lacks the step.
async (step) => {
  const {stage} = await import('/web/page/main.js');
  const strip = stage.drawing.marks.filter(({picture}) => picture?.view === 'x0').map(({to}) => to);
  const box = document.getElementById('box').getBoundingClientRect();
  const places = strip.filter(({y}) => y === strip.at(-1).y);
  const place = places[stage.clock.slots(places.length).indexOf(step)];
  if (!place) return [];
  const [x, y] = [place.x + place.w / 2, place.y + place.h / 2];
  return [box.left + x / devicePixelRatio, box.top + y / devicePixelRatio];
}

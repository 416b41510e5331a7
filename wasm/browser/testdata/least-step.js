// Keeps the least of the steps that are the newest on the stage from now on.
async () => {
  const {stage} = await import('/web/page/main.js');
  window.least = stage.film.latest;
  addEventListener('tweedie:step', () => (least = Math.min(least, stage.film.latest)));
}

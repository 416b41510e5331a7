// Keeps the recipe that the page told last that it has drawn.
() => {
  window.drawn = '';
  addEventListener('tweedie:done', ({detail}) => (window.drawn = detail.recipe));
}

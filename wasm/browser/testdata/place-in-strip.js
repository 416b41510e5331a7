// Returns a point on the picture of a step in the film strip, an empty list if the
// strip lacks the step.
async (step) => {
  const {stage} = await import('/web/page/main.js');
  const box = document.getElementById('box').getBoundingClientRect();
  for (let y = box.bottom - 90; y < box.bottom; y += 4) {
    for (let x = box.left; x < box.right; x += 4) if (stage.stepAt(x, y) === step) return [x + 8, y + 8];
  }
  return [];
}

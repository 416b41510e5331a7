// Moves the timeline to a step.
(step) => {
  const timeline = document.getElementById('timeline');
  timeline.value = step;
  timeline.dispatchEvent(new Event('input', {bubbles: true}));
  return true;
}

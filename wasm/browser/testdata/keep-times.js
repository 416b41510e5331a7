// Keeps the steps that are on the stage from one frame to the next, in times.
() => {
  window.times = [];
  const look = () => {
    const timeline = document.getElementById('timeline');
    if (timeline && !timeline.disabled && times.at(-1) !== Number(timeline.value)) times.push(Number(timeline.value));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

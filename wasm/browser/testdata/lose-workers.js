// Lets workers die at the second step.
(numbers) => {
  window.lost = false;
  addEventListener('tweedie:step', ({detail}) => {
    if (detail.step !== 2 || lost) return;
    lost = true;
    for (const worker of numbers.map((i) => workers[i])) worker.die();
  });
}

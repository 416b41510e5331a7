// At which step x_t began that stands beside the finished picture, once nothing
// moves on the stage; 0 where the two views are equal.
() => new Promise((resolve) => {
  const box = document.getElementById('box');
  const look = () => (box.hasAttribute('data-turning') ? requestAnimationFrame(look) : resolve(Number(box.dataset.hero ?? 0)));
  look();
})

// Starts generations, at most twenty, until `all` are done; returns how
// many are done.
async (all) => {
  const done = () => heard.filter((e) => e.name === 'done').length;
  for (let i = 0; i < 20 && done() < all; i++) {
    const over = new Promise((resolve) => addEventListener('tweedie:done', resolve, { once: true }));
    document.getElementById('seed').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
    await over;
  }
  heard = heard.map(({ name }) => ({ name }));
  return done();
}

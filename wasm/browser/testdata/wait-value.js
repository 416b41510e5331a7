// Waits until an expression has a value, at most `patience` milliseconds.
async (expression, want, patience) => {
  for (const end = performance.now() + patience; ; ) {
    const value = String(await expression());
    if (value === want) return;
    if (performance.now() > end) throw new Error('it stays ' + value);
    await new Promise(requestAnimationFrame);
  }
}

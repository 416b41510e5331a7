// Begins, pauses and cancels runs of an engine of its own, and then runs a
// recipe: says how many were cancelled, how, and the hash in the end.
async (recipe) => {
  const { Engine } = await import('./web/engine/engine.js');
  const ends = [];
  const said = [];
  const engine = new Engine('web/engine/worker.js', (message) => {
    said.push(message.type);
    if (['done', 'cancelled', 'failed'].includes(message.type)) ends.push(message.type);
  });
  const bytes = await (await fetch('weights/digits.safetensors')).arrayBuffer();
  await engine.start(WebAssembly.compileStreaming(fetch('web/worker.wasm')));
  await engine.load('digits', bytes);
  const until = (count) => new Promise((resolve) => {
    const look = () => (ends.length >= count ? resolve() : requestAnimationFrame(look));
    look();
  });
  for (let i = 0; i < 40; i++) {
    const before = said.length;
    engine.run('m=digits&c=all&n=' + (1 + (i % 7)) + '&steps=50&s=' + i, i % 5 === 4);
    for (let frames = i % 4; frames > 0; frames--) await new Promise(requestAnimationFrame);
    if (i % 3 === 0) engine.steer('pause');
    if (i % 6 === 0) engine.steer('step');
    if (i % 2 === 0) continue; // the next run takes its place
    const count = ends.length + 1;
    engine.cancel();
    engine.cancel();
    await until(count);
  }
  const cancelled = ends.length;
  engine.run(recipe);
  let done;
  engine.heard = (message) => { if (message.type === 'done') done = message; if (message.type === 'failed') done = message; };
  while (!done) await new Promise(requestAnimationFrame);
  return cancelled + ' ' + new Set(ends).size + ends[0] + ' ' + done.hash;
}

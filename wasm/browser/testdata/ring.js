// A picture that edits begin with, and its right half as a mask; an engine with
// the digits; and a wait for the end of what is said.
async () => {
  const image = new Uint8Array(1024);
  const mask = new Uint8Array(1024);
  for (let i = 0; i < 1024; i++) {
    const x = (i % 32) - 16, y = Math.floor(i / 32) - 16, square = x * x + y * y;
    if (square > 36 && square < 81) image[i] = 255 - square;
    if (x >= 0) mask[i] = 255;
  }
  const { Engine } = await import(new URL('web/engine/engine.js', document.baseURI).href);
  const said = [];
  const engine = new Engine(new URL('web/engine/worker.js', document.baseURI).href, (message) => said.push(message));
  await engine.start(WebAssembly.compileStreaming(fetch('web/worker.wasm')));
  await engine.load('digits', await (await fetch('weights/digits.safetensors')).arrayBuffer());
  const end = async (said) => {
    const ends = ['done', 'measured', 'cancelled', 'failed'];
    while (!ends.includes(said.at(-1)?.type)) await new Promise(requestAnimationFrame);
    return said.at(-1);
  };
  return { image, mask, engine, said, end };
}

// Keeps the memory of the Go program that a worker runs, and tells how much it
// is.
() => {
  const make = WebAssembly.instantiate;
  WebAssembly.instantiate = async (...args) => {
    const made = await make.apply(WebAssembly, args);
    self.memory = (made.instance ?? made).exports.mem;
    return made;
  };
  self.addEventListener('message', (event) => {
    if (event.data?.type !== 'weigh') return;
    event.stopImmediatePropagation();
    event.data.port.postMessage(self.memory.buffer.byteLength);
  });
}

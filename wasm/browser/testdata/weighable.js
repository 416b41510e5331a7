// Keeps the memory of the Go program that a document runs.
() => {
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const make = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const made = await make.apply(WebAssembly, args);
      window.memory = (made.instance ?? made).exports.mem;
      return made;
    };
  }
}

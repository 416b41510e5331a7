// The page's memory after a collection, in bytes.
async () => {
  for (let i = 0; i < 5; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const {port1, port2} = new MessageChannel();
  const worker = new Promise((resolve) => (port1.onmessage = (event) => resolve(event.data)));
  workers[0].postMessage({type: 'weigh', port: port2}, [port2]);
  return {
    Scripts: performance.memory.usedJSHeapSize,
    Viewer: document.querySelector('iframe').contentWindow.memory.buffer.byteLength,
    Worker: await worker,
  };
}

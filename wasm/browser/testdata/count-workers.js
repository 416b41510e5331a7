// Keeps the workers that are alive.
() => {
  window.workers = new Set();
  window.Worker = class extends Worker {
    constructor(...given) { super(...given); workers.add(this); }
    terminate() { super.terminate(); workers.delete(this); }
  };
}

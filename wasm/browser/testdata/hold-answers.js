// Once a run of one picture has begun, what the first worker answers to questions waits until another
// has sent two more pictures, of the run before.
() => {
  const workers = [];
  let held;
  const release = () => {
    const all = held;
    held = undefined;
    for (const [worker, data] of all) worker.onmessage({data});
  };
  window.Worker = class extends Worker {
    number = workers.push(this);
    since = 0;
    constructor(...args) {
      super(...args);
      this.addEventListener('message', (event) => {
        const {type, images} = event.data;
        if (this.number === 1 && type === 'started' && images === 1) held = [];
        if (this.number === 1 && type === 'described' && held) {
          held.push([this, event.data]);
          event.stopImmediatePropagation();
        }
        if (this.number > 1 && type === 'step' && held && ++this.since === 2) queueMicrotask(release);
      });
    }
  };
}

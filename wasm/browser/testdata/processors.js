// Makes the browser say that it has `count` processors, and keeps the workers
// that the page starts.
(count) => {
  Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', {get: () => count});
  window.workers = [];
  window.Worker = class extends Worker {
    alive = true;
    waits = false; // at a step, until it is asked to go on
    sent = [];
    said = new Set();
    constructor(...args) {
      super(...args);
      workers.push(this);
      this.addEventListener('error', () => (this.alive = false));
      this.addEventListener('message', ({data: {type}}) => {
        this.said.add(type);
        if (type === 'paused') this.waits = true;
      });
    }
    postMessage(message, transfer) {
      this.sent.push(message.type);
      if (['run', 'next', 'resume'].includes(message.type)) this.waits = false;
      super.postMessage(message, transfer);
    }
    terminate() { this.alive = false; super.terminate(); }
    die() { super.terminate(); this.dispatchEvent(new ErrorEvent('error', {cancelable: true})); }
  };
}

// Holds back what the second worker says, until it is let; counts the steps of
// each.
() => {
  window.held = [];
  window.Worker = class extends Worker {
    steps = 0;
    constructor(...args) {
      super(...args);
      this.addEventListener('message', (event) => {
        if (event.data.type !== 'step') return;
        this.steps++;
        if (this !== workers[1] || !held) return;
        held.push(event.data);
        event.stopImmediatePropagation();
      });
    }
    let() {
      const all = held;
      held = undefined;
      for (const data of all) this.onmessage({data});
    }
  };
}

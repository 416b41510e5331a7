// Keeps what tells whether the page is at rest, in walk: requests that are not
// answered and runs that have not begun, timers that are due soon, the time of the last touch, and the recipe that
// was begun last.
() => {
  const walk = (window.walk = {open: new Set(), due: new Set(), fetching: 0, touched: 0, begun: 0, ran: ''});
  let workers = 0;
  window.Worker = class extends Worker {
    number = ++workers;
    runs = new Set(); // by the number of a run, whose first share it makes
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({data}) => {
        if (['described', 'started', 'cancelled', 'failed'].includes(data.type)) walk.open.delete(`${this.number}:${data.id}`);
        if (data.type !== 'started' || !this.runs.has(data.id)) return;
        walk.begun++;
        walk.ran = data.recipe;
      });
    }
    postMessage(message, ...rest) {
      super.postMessage(message, ...rest);
      if (['run', 'forward'].includes(message.type) && !message.share) this.runs.add(message.id);
      if (message.type === 'describe' || this.runs.has(message.id)) walk.open.add(`${this.number}:${message.id}`);
    }
    terminate() {
      super.terminate();
      for (const ask of walk.open) if (ask.startsWith(`${this.number}:`)) walk.open.delete(ask);
    }
  };
  const {setTimeout, clearTimeout} = window;
  window.setTimeout = (act, delay = 0, ...rest) => {
    const run = () => {
      walk.due.delete(timer);
      act(...rest);
    };
    const timer = setTimeout(run, delay);
    if (delay <= 600) walk.due.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    walk.due.delete(timer);
    clearTimeout(timer);
  };
  const fetched = window.fetch;
  window.fetch = (...args) => {
    walk.fetching++;
    return fetched(...args).finally(() => walk.fetching--);
  };
  for (const name of ['input', 'keydown', 'click', 'pointerup', 'hashchange', 'popstate']) {
    addEventListener(name, () => (walk.touched = performance.now()), true);
  }
}

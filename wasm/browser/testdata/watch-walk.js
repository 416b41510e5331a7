// Keeps what tells whether the page is at rest, in walk: requests that are not
// answered and runs that have not begun, timers that are due soon, the time of the last touch or answer, the address
// that the page has been told of, and the recipe that was begun last. Of what is drawn
// beside the stage, for a map or a file, it knows nothing: the page rests meanwhile.
() => {
  const walk = (window.walk = {open: new Set(), due: new Set(), fetching: 0, touched: 0, told: location.hash, begun: 0, ran: ''});
  const touch = () => (walk.touched = performance.now());
  let workers = 0;
  window.Worker = class extends Worker {
    number = ++workers;
    last = 0; // run of this worker
    runs = new Set(); // by the number of a run, whose first share it makes
    beside = false; // whether its runs are not those of the stage, which can be made again
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({data}) => {
        if (this.beside) return;
        if (data.type !== 'step') touch();
        if (['described', 'started', 'cancelled', 'failed'].includes(data.type)) walk.open.delete(`${this.number}:${data.id}`);
        if (data.type !== 'started' || !this.runs.has(data.id)) return;
        walk.begun++;
        walk.ran = data.recipe;
      });
    }
    postMessage(message, ...rest) {
      super.postMessage(message, ...rest);
      if (message.type === 'run' && !message.keep && !message.from) {
        this.beside = true;
        for (const ask of walk.open) if (ask.startsWith(`${this.number}:`)) walk.open.delete(ask);
      }
      if (this.beside) return;
      if (message.type === 'describe') walk.open.add(`${this.number}:${message.id}`);
      // A run takes the place of the one before, which may not answer any more; so does a cancel.
      if (!['run', 'forward', 'cancel'].includes(message.type) || message.share) return;
      walk.open.delete(`${this.number}:${this.last}`);
      if (message.type === 'cancel') return;
      this.runs.add((this.last = message.id));
      walk.open.add(`${this.number}:${this.last}`);
    }
    terminate() {
      super.terminate();
      for (const ask of walk.open) if (ask.startsWith(`${this.number}:`)) walk.open.delete(ask);
    }
  };
  const {setTimeout, clearTimeout} = window;
  window.setTimeout = (act, delay = 0, ...rest) => {
    const run = () => {
      if (walk.due.delete(timer)) touch();
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
    return fetched(...args).finally(() => {
      walk.fetching--;
      touch();
    });
  };
  for (const name of ['input', 'keydown', 'click', 'pointerup', 'hashchange', 'popstate']) addEventListener(name, touch, true);
  const tell = () => (walk.told = location.hash);
  for (const name of ['hashchange', 'popstate']) addEventListener(name, tell);
  for (const name of ['pushState', 'replaceState']) {
    const write = history[name];
    history[name] = (...args) => {
      write.apply(history, args);
      tell();
    };
  }
}

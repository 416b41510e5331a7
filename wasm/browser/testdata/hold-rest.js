// Keeps what would act after a rest of half a second, for rested() to have it act now.
() => {
  const {setTimeout, clearTimeout} = window;
  const held = new Map();
  window.setTimeout = (act, delay, ...rest) => {
    if (delay !== 500) return setTimeout(act, delay, ...rest);
    const id = 1e9 + held.size;
    held.set(id, act);
    return id;
  };
  window.clearTimeout = (id) => void (held.has(id) ? held.set(id, () => {}) : clearTimeout(id));
  window.rested = () => {
    for (const [id, act] of held) {
      held.set(id, () => {});
      act();
    }
  };
}

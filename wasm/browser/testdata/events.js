// Keeps the page's events.
() => {
  window.heard = [];
  for (const name of ['ready', 'step', 'done', 'error']) {
    addEventListener('tweedie:' + name, (event) => heard.push({name, ...event.detail}));
  }
}

// The blog's own script: it keeps the events that reach the document.
window.heard = [];
for (const name of ['ready', 'progress', 'step', 'done', 'error']) {
  document.addEventListener(name, ({ target, detail }) => heard.push({ id: target.id, name, ...detail }));
}
window.of = (id, name) => heard.filter((e) => e.id === id && e.name === name);

// A script of a host's own: keeps the events that reach the document, and how
// many elements were at work at a time.
window.heard = [];
window.most = 0;
const working = new Set();
for (const name of ['ready', 'progress', 'step', 'done', 'error']) {
  document.addEventListener(name, ({target, detail}) => {
    heard.push({id: target.id, name, ...detail});
    if (name === 'step') working.add(target.id);
    if (name === 'done') working.delete(target.id);
    most = Math.max(most, working.size);
  });
}
window.of = (id, name) => heard.filter((e) => e.id === id && e.name === name);

// The second model is built for ever: until its worker is ended.
() => {
  self.addEventListener('message', (event) => {
    if (event.data?.type !== 'load' || event.data.model !== 'glyphs') return;
    postMessage({type: 'building'});
    for (;;);
  });
}

// The sentences of index.html that are others than those of en.js, but for those
// that change as the page loads.
async () => {
  const plain = new DOMParser().parseFromString(await (await fetch('index.html')).text(), 'text/html');
  const {speak} = await import('/web/text/i18n.js');
  speak('en');
  const flat = (e) => e.textContent.replace(/\s+/g, ' ').trim();
  const here = (e) => [...document.querySelectorAll('[data-i18n="' + e.dataset.i18n + '"]')].map(flat);
  const changing = ['status', 'caption-strip', 'hint-g'];
  const said = (e) => e.closest('#loading dd') !== null;
  return [...plain.querySelectorAll('[data-i18n]')]
    .filter((e) => !changing.includes(e.id) && !said(e) && !here(e).includes(flat(e)))
    .map((e) => e.dataset.i18n + ': ' + flat(e));
}

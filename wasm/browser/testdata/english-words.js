// English words that a person sees or hears on the page.
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!e.checkVisibility() || e.closest('script, template, math, [lang=en], [lang|=en], .model')) continue;
    const text = walker.currentNode.data.replace(/Tweedie|Apache|WebAssembly|Go|JavaScript|DDIM|DDPM|t = |MB|[0-9a-f]{16}/g, '');
    if (/[A-Za-z]{2,}/.test(text) && !e.closest('option')) words.push(text.trim());
  }
  for (const e of document.querySelectorAll('[aria-label]')) if (/[A-Za-z]{3,}/.test(e.ariaLabel)) words.push(e.ariaLabel);
  for (const e of document.querySelectorAll('[title]')) if (/[A-Za-z]{3,}/.test(e.title)) words.push(e.title);
  return words;
}

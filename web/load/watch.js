// Entry of index.html and player.html, before their modules.
/**
 * Runs before the modules of a document. Where one of them does not arrive, or
 * is more than the browser understands, none of them runs; then this plain
 * script shows the sentence that the document has ready. The attribute
 * data-arriving is on the document until its modules have run.
 */
'use strict';

(() => {
  const root = document.documentElement;

  /** @param {string} id */
  const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

  function tell() {
    element('status').textContent = '';
    root.dataset.state = 'failed';
    element('loading').hidden = true;
    element('trouble').hidden = false;
    element('retry').addEventListener('click', () => location.reload());
  }

  // What falls on the document before it can take it must not take its place.
  for (const type of ['dragover', 'drop']) addEventListener(type, (event) => root.hasAttribute('data-arriving') && event.preventDefault());

  addEventListener(
    'error',
    ({ target }) => {
      const ofScript = target === window || target instanceof HTMLScriptElement;
      if (!ofScript || !root.hasAttribute('data-arriving')) return;
      root.removeAttribute('data-arriving');
      if (document.readyState === 'loading') addEventListener('DOMContentLoaded', tell);
      else tell();
    },
    true,
  );
})();

// Entry of index.html and player.html, before their modules.
/**
 * Runs before the modules of a document. Where one of them does not arrive, or
 * is more than the browser understands, none of them runs; then this plain
 * script shows the sentence that the document has ready. It does so as well where
 * they take long; then they may still come, and the sentence goes. The attribute
 * data-arriving is on the document until its modules have run.
 */
'use strict';

(() => {
  const root = document.documentElement;
  /** Milliseconds in which the modules come even by a slow line. */
  const patience = 20_000;

  /** @param {string} id */
  const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

  function tell() {
    element('status').textContent = '';
    root.dataset.state = 'failed';
    element('loading').hidden = true;
    element('trouble').hidden = false;
    element('retry').onclick = () => location.reload();
  }

  /** Tells it once the sentence is there. */
  function tellThen() {
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', tell);
    else tell();
  }

  setTimeout(() => root.hasAttribute('data-arriving') && tellThen(), patience);

  // What falls on the document before it can take it must not take its place.
  for (const type of ['dragover', 'drop']) addEventListener(type, (event) => root.hasAttribute('data-arriving') && event.preventDefault());

  addEventListener(
    'error',
    ({ target }) => {
      const ofScript = target === window || target instanceof HTMLScriptElement;
      if (!ofScript || !root.hasAttribute('data-arriving')) return;
      root.removeAttribute('data-arriving');
      tellThen();
    },
    true,
  );
})();

// Entry of player.html and lab-player.html, before their modules.
/**
 * In a sandbox without allow-same-origin neither modules nor workers start, as in
 * what WordPress makes of an unknown site's oEmbed. This plain script then shows
 * the sentence that the document has ready, and a link, and keeps the modules from
 * trying. WordPress puts #?secret=… behind the address, and follows a link of the
 * frame where it is told of it with that secret.
 */
'use strict';

(() => {
  const root = document.documentElement;
  if (self.origin !== 'null' || location.protocol === 'file:') return;
  root.dataset.closed = '';
  root.dataset.state = 'failed';
  root.removeAttribute('data-arriving'); // it is told of what failed, not of what did not arrive
  const [, recipe = '', secret] = /^#?(.*?)(?:#\?secret=(\w+))?$/.exec(location.hash) ?? [];
  addEventListener('DOMContentLoaded', () => {
    const link = /** @type {HTMLAnchorElement} */ (document.getElementById('closed-link'));
    link.href += `#${recipe}`;
    if (!secret) return;
    link.addEventListener('click', (event) => {
      event.preventDefault(); // the frame may open nothing
      window.parent.postMessage({ message: 'link', value: link.href, secret }, '*');
    });
  });
})();

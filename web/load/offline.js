// The page without a network: a service worker keeps this version of it, and
// says when another has come. Only the page itself asks for that, never a
// player in somebody's post, and never a copy in one file.

import { stored } from './download.js';
import { address, isSite } from './files.js';
import { element, onClick } from '../document/elements.js';

/** Whether a person has asked for the new version. */
let taking = false;

/** Keeps the page where the browser can and may. */
export async function keepPage() {
  const workers = navigator.serviceWorker;
  if (!workers || !isSite() || window.top !== window) return;
  try {
    const registration = await workers.register(address('web/load/service-worker.js'));
    watch(workers, registration);
    tellUsed(await workers.ready);
  } catch {
    // Storage is refused, or full, or the host has not got the script: then the
    // page goes on needing a network.
  }
}

/** @param {ServiceWorkerContainer} workers @param {ServiceWorkerRegistration} registration */
function watch(workers, registration) {
  const offer = () => {
    if (registration.waiting && workers.controller) element('fresh').hidden = false;
  };
  offer();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
  onClick('fresh-take', () => {
    taking = true;
    if (registration.waiting) registration.waiting.postMessage({ type: 'take' });
    else location.reload();
  });
  workers.addEventListener('controllerchange', () => {
    if (taking) location.reload();
  });
}

/** Says which files were loaded without the worker: before there was one to keep them, or out of the store. @param {ServiceWorkerRegistration} registration */
function tellUsed({ active }) {
  const used = [...performance.getEntriesByType('resource').map(({ name }) => name), ...stored];
  active?.postMessage({ type: 'here', used });
}

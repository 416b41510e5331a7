// What is taken away of the lab: the lab in one file, with the recipe of the moment and the
// programs, and the way to its tag for other pages.

import { element } from '../document/elements.js';
import { inOneFile, wholeSize } from '../files/whole.js';
import { DownloadError } from '../load/download.js';
import { bytes, say } from '../text/i18n.js';

const skeleton = 'web/lab-single.html';
const spare = 'web/lab-scalar.wasm';
const names = ['web/lab.wasm', 'web/viewer.wasm', spare];
const file = 'tweedie-lab.html';

/** @param {() => string} recipe of the moment */
export function offerTaken(recipe) {
  const room = /** @type {HTMLAnchorElement} */ (element('room-embed'));
  for (const type of ['focus', 'pointerdown']) room.addEventListener(type, () => (room.hash = recipe()));
  offerCopy(recipe);
}

/** @param {() => string} recipe that the file opens with */
function offerCopy(recipe) {
  const button = element('offline');
  const bar = /** @type {HTMLProgressElement} */ (element('offline-bar'));
  const size = wholeSize({ skeleton, names });
  const ready = () => (size ? say(button, 'lab.offline.size', { size: () => bytes(size) }) : say(button, 'lab.offline'));
  let busy = false;
  let cancelled = false;
  ready();
  button.hidden = false;
  button.addEventListener('click', async () => {
    cancelled = busy; // it is pressed again
    if (busy) return;
    busy = true;
    bar.value = 0;
    bar.hidden = false;
    say(button, 'run.cancel');
    say(element('copied'), '');
    try {
      const made = await inOneFile({ skeleton, names, spare, attributes: { recipe: recipe() } }, (part) => {
        bar.value = part;
        return !cancelled;
      });
      if (made) save(made);
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      say(element('copied'), error.reason, { file: error.file, status: error.status });
    } finally {
      busy = false;
      bar.hidden = true;
      ready();
    }
  });
}

/** @param {Blob} made */
function save(made) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(made);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say(element('copied'), 'lab.offline.saved', { file, size: () => bytes(made.size) });
}

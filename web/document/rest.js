// What an engine beside that of the stage waits for, since runs at the same time
// slow each other.

import { isPaused, isRunning } from './state.js';

/** Settled once no run goes on on the stage; one that is paused does not. @returns {Promise<void>} */
export function rested() {
  const goes = () => isRunning() && !isPaused();
  if (!goes()) return Promise.resolve();
  return new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      if (goes()) return;
      watch.disconnect();
      resolve();
    });
    watch.observe(document.documentElement, { attributeFilter: ['data-state', 'data-paused'] });
  });
}

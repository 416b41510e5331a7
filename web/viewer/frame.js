// Entry of frame.html, the document that Ebitengine has to itself: starts the Go
// viewer and tells the page that frames it when the viewer is there, and when it
// is gone.

/** @import { StageMessage } from '../types.js' */

/** @param {StageMessage['state']} state */
function tell(state) {
  parent.postMessage({ type: 'viewer', state }, location.origin);
}

/**
 * Compiles a program while it arrives, or afterwards where the server does not
 * call it application/wasm.
 * @param {string} url
 * @param {WebAssembly.Imports} imports
 */
async function instantiate(url, imports) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  if (answer.headers.get('content-type')?.startsWith('application/wasm')) {
    return (await WebAssembly.instantiateStreaming(answer, imports)).instance;
  }
  return (await WebAssembly.instantiate(await answer.arrayBuffer(), imports)).instance;
}

async function main() {
  Object.assign(globalThis, { viewerEnded: () => tell('gone') });
  const go = new Go();
  const instance = await instantiate('../viewer.wasm', go.importObject);
  const over = go.run(instance);
  const canvas = document.querySelector('canvas');
  // Without these the canvas would be a place where the Tab key ends.
  canvas?.removeAttribute('tabindex');
  canvas?.setAttribute('role', 'img');
  if ('viewer' in globalThis) tell('up');
  await over;
}

main().catch(() => tell('gone'));

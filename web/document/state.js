// What the page is doing, as others rely on it: dataset.state and dataset.paused
// of the document, and the tweedie: events on the window.

/** @import { Key, Values } from '../text/i18n.js' */
import { say } from '../text/i18n.js';

const root = document.documentElement;

/** @typedef {'loading' | 'ready' | 'running' | 'done' | 'cancelled' | 'failed'} State */

/** @param {string} id */
export function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {string} id
 * @param {() => void} act unless the button says that it cannot be used now
 */
export function onClick(id, act) {
  element(id).addEventListener('click', (event) => {
    if (element(id).getAttribute('aria-disabled') === 'true') event.preventDefault();
    else act();
  });
}

/** @param {string} id @param {boolean} allowed */
export function allow(id, allowed) {
  element(id).setAttribute('aria-disabled', String(!allowed));
}

/** Whether a model is there to run. */
let loaded = false;

/** @param {boolean} there */
export function setLoaded(there) {
  loaded = there;
}

export function isLoaded() {
  return loaded;
}

/** @param {State} state */
export function enter(state) {
  root.dataset.state = state;
  delete root.dataset.paused;
  showButtons();
}

export function isRunning() {
  return root.dataset.state === 'running';
}

export function isPaused() {
  return 'paused' in root.dataset;
}

/** @param {boolean} paused */
export function setPaused(paused) {
  root.toggleAttribute('data-paused', paused);
  showButtons();
}

function showButtons() {
  allow('start', loaded);
  allow('step', loaded);
  allow('pause', isRunning());
  allow('cancel', isRunning());
  const pause = element('pause');
  say(/** @type {Element} */ (pause.querySelector('span')), isPaused() ? 'run.resume' : 'run.pause');
  pause.querySelector('use')?.setAttribute('href', isPaused() ? '#icon-start' : '#icon-pause');
}

/** @param {string} name @param {Record<string, unknown>} detail */
export function dispatch(name, detail) {
  dispatchEvent(new CustomEvent(`tweedie:${name}`, { detail }));
}

/** What the trouble notice's button does. @type {() => void} */
let retry = () => {};
onClick('retry', () => retry());

/**
 * A sentence on the stage, with a button where trying again may help. The line
 * below the stage stays empty, so that it is not said twice.
 * @param {Key} key @param {Values} values @param {(() => void) | undefined} again
 */
export function trouble(key, values, again) {
  say(element('trouble-text'), key, values);
  element('trouble').hidden = false;
  element('loading').hidden = true;
  element('retry').hidden = again === undefined;
  retry = again ?? (() => {});
  say(element('status'), '');
}

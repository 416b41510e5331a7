// What the page is doing, as others rely on it: dataset.state and dataset.paused
// of the document, and the tweedie: events on the window.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Refused } from '../text/refusal.js' */
import { say } from '../text/i18n.js';
import { explain } from '../text/refusal.js';
import { allow, element } from './elements.js';

/** @typedef {'loading' | 'ready' | 'running' | 'done' | 'cancelled' | 'failed'} State */

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
  const { dataset } = document.documentElement;
  dataset.state = state;
  delete dataset.paused;
  showButtons();
}

export function isRunning() {
  return document.documentElement.dataset.state === 'running';
}

export function isPaused() {
  return 'paused' in document.documentElement.dataset;
}

/** @param {boolean} paused */
export function setPaused(paused) {
  document.documentElement.toggleAttribute('data-paused', paused);
  showButtons();
}

/** Milliseconds that a run may take before the button of the next becomes the one that ends it. */
const short = 400;
let turning = 0;

function showButtons() {
  allow('start', loaded);
  clearTimeout(turning);
  if (isRunning()) turning = setTimeout(() => swap('start', 'cancel'), isPaused() ? 0 : short);
  else swap('cancel', 'start');
}

/** One button takes the place of another, and its focus. @param {string} from @param {string} to */
function swap(from, to) {
  const focused = document.activeElement === element(from);
  element(to).hidden = false;
  element(from).hidden = true;
  if (focused) element(to).focus();
}

/** @param {string} name @param {Record<string, unknown>} detail */
export function dispatch(name, detail) {
  dispatchEvent(new CustomEvent(`tweedie:${name}`, { detail }));
}

/** What a sentence on the stage was about goes on. */
export function settled() {
  element('trouble').hidden = true;
  element('loading').hidden = document.documentElement.dataset.state !== 'loading';
}

/**
 * A sentence on the stage, with a button where trying again may help. The line
 * below the stage stays empty, so that it is not said twice.
 * @param {Key} key @param {Values} values @param {(() => void) | undefined} again
 */
export function trouble(key, values, again) {
  say(element('trouble-text'), key, values);
  showTrouble(again);
}

/** The same of a recipe that is refused. @param {Refused} refused */
export function complain(refused) {
  explain(element('trouble-text'), refused);
  showTrouble(undefined);
}

/** @param {(() => void) | undefined} again */
function showTrouble(again) {
  element('trouble').hidden = false;
  element('loading').hidden = true;
  element('retry').hidden = again === undefined;
  element('retry').onclick = again ?? null;
  say(element('status'), '');
}

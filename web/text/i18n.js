// The page's languages. Every sentence that a person can see is in lang/, by
// key; HTML names keys in data-i18n attributes and scripts pass them to say().
// A sentence may hold {name}: a number or word given with it, or the symbol in
// <template id="sym-name">.

import en from './en.js';
import zh, { ofWorker } from './zh.js';

/** @typedef {keyof typeof en | keyof typeof import('./own.js').en | keyof typeof import('./why.js').en | keyof typeof import('./refused.js').en | keyof typeof import('./help.js').en | keyof typeof import('./opened.js').en | keyof typeof import('./embed.js').en | keyof typeof import('./builder.js').en} Key */
/** @typedef {string | number | (() => string)} Value A function is called again for each language. */
/** @typedef {Record<string, Value>} Values */

/** @type {Record<string, Partial<Record<Key, string>>>} */
const languages = { en, 'zh-Hans': zh };
const memory = 'tweedie-language';

let current = 'en';
/** What scripts have said, so that it can be said again in another language. @type {Map<Element, Map<string, [Key, Values]>>} */
const said = new Map();

/** The language in use, as a BCP 47 tag. */
export function language() {
  return current;
}

/**
 * The language of the address, that was chosen here before, or the best of the browser's.
 * @returns {string}
 */
export function preferred() {
  const asked = [new URLSearchParams(location.search).get('lang'), remembered(), ...navigator.languages];
  for (const tag of asked) {
    if (!tag) continue;
    if (tag in languages) return tag;
    if (/^zh\b/i.test(tag)) return 'zh-Hans';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

function remembered() {
  try {
    return localStorage.getItem(memory);
  } catch {
    return null;
  }
}

/**
 * Adds sentences that come late.
 * @param {Partial<Record<Key, string>>} english @param {Partial<Record<Key, string>>} chinese
 */
export function learn(english, chinese) {
  Object.assign(languages.en, english);
  Object.assign(languages['zh-Hans'], chinese);
}

/**
 * Shows the whole page in a language.
 * @param {string} tag
 * @param {boolean} [remember] for the next visit
 */
export function speak(tag, remember = false) {
  current = tag in languages ? tag : 'en';
  document.documentElement.lang = current;
  if (remember) {
    try {
      localStorage.setItem(memory, current);
    } catch {
      // Storage may be refused; then the choice lasts as long as the page.
    }
  }
  for (const element of document.querySelectorAll('[data-i18n]')) {
    write(element, '', /** @type {Key} */ (element.getAttribute('data-i18n')), {});
  }
  for (const element of document.querySelectorAll('[data-i18n-attr]')) {
    for (const pair of (element.getAttribute('data-i18n-attr') ?? '').split(' ')) {
      const [name = '', key = ''] = pair.split('=');
      write(element, name, /** @type {Key} */ (key), {});
    }
  }
  for (const [element, parts] of said) {
    for (const [attribute, [key, values]] of parts) write(element, attribute, key, values);
  }
}

/**
 * Lets a menu choose the language, for the next visit too.
 * @param {HTMLSelectElement} menu @param {(tag: string) => void} changed
 */
export function offerLanguages(menu, changed) {
  menu.value = current;
  menu.addEventListener('change', () => {
    speak(menu.value, true);
    changed(menu.value);
  });
}

/**
 * Makes a sentence the text of an element, now and after a change of language.
 * @param {Element} element
 * @param {Key | ''} key '' for no text
 * @param {Values} [values]
 * @param {string} [attribute] to set instead of the text
 */
export function say(element, key, values = {}, attribute = '') {
  const parts = said.get(element) ?? new Map();
  said.set(element, parts);
  if (key === '') {
    parts.delete(attribute);
    if (attribute) element.removeAttribute(attribute);
    else element.replaceChildren();
    return;
  }
  parts.set(attribute, [key, values]);
  write(element, attribute, key, values);
}

/**
 * A sentence as plain text.
 * @param {Key} key
 * @param {Values} [values]
 */
export function text(key, values = {}) {
  return sentence(key).replace(/\{(\w+)\}/g, (all, name) => (name in values ? shown(values[name] ?? '') : all));
}

/** Whether there is a sentence of that key. @param {string} key @returns {key is Key} */
export function knows(key) {
  return Object.hasOwn(en, key);
}

/** @param {Key} key */
function sentence(key) {
  return languages[current]?.[key] ?? languages.en[key] ?? '';
}

/** @param {Value} value */
function shown(value) {
  if (typeof value === 'function') return value();
  return typeof value === 'number' ? value.toLocaleString(current) : value;
}

/**
 * A text that the worker gave in English, in the language in use where there is
 * a translation of it.
 * @param {string} english
 */
export function foreign(english) {
  return (current === 'zh-Hans' && ofWorker[english]) || english;
}

/** @param {number} bytes */
export function bytes(bytes) {
  const mega = (bytes / 1e6).toLocaleString(current, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return text('unit.mb', { n: mega });
}

/** @param {number} ms */
export function seconds(ms) {
  const n = (ms / 1000).toLocaleString(current, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return text('unit.s', { n });
}

/**
 * @param {Element} element @param {string} attribute
 * @param {Key} key @param {Values} values
 */
function write(element, attribute, key, values) {
  if (attribute) element.setAttribute(attribute, text(key, values));
  else element.replaceChildren(...rich(text(key, values)));
}

/**
 * Text with every {name} of a symbol replaced by the symbol.
 * @param {string} source
 * @returns {(string | Node)[]}
 */
function rich(source) {
  return source.split(/(\{\w+\})/).map((part) => {
    const symbol = part.startsWith('{') && document.getElementById(`sym-${part.slice(1, -1)}`);
    return symbol instanceof HTMLTemplateElement ? symbol.content.cloneNode(true) : part;
  });
}

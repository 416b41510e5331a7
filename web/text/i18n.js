// The page's languages. Every sentence has a key: documents name keys in data-i18n
// attributes, and scripts pass them to say(). What a document says is written there
// in English, and here in other languages only. A sentence may hold {name}: a number
// or word given with it, or the symbol in <template id="sym-name">.

import en from './en.js';

/** @typedef {keyof typeof en | keyof typeof import('./own.js').en | keyof typeof import('./why.js').en | keyof typeof import('./note.js').en | keyof typeof import('./refused.js').en | keyof typeof import('./help.js').en | keyof typeof import('./opened.js').en | keyof typeof import('./embed.js').en | keyof typeof import('./builder.js').en | keyof typeof import('./save.js').en | keyof typeof import('./edit.js').en | keyof typeof import('./ladder.js').en | keyof typeof import('./learn.js').en | keyof typeof import('./lessons.js').en | keyof typeof import('./plots.js').en | keyof typeof import('./lab.js').en | keyof typeof import('./lab-embed.js').en | keyof typeof import('./plane.js').en | keyof typeof import('./lab-refused.js').en | keyof typeof import('./lab-help.js').en | keyof typeof import('./lab-lessons.js').en | keyof typeof import('./brush.js').en | keyof typeof import('./tree.js').en} Key */
/** @typedef {string | number | (() => string)} Value A function is called again for each language. */
/** @typedef {Record<string, Value>} Values */

const chinese = 'zh-Hans';
/** Sentences of scripts by language, and of documents. English is here, without what documents say; Chinese is fetched when it is spoken first. @type {Record<string, Partial<Record<Key, string>>>} */
const languages = { en };
/** Chinese sentences that came late. @type {Partial<Record<Key, string>>} */
const late = {};
/** The worker's texts in Chinese, by the English ones. @type {Record<string, string>} */
let ofWorker = {};
const memory = 'tweedie-language';

let current = 'en';
/** Counts the languages that were asked for, so that one that comes late does not undo a newer wish. */
let wishes = 0;
/** What documents say in English where another language stands now, by element and attribute, '' for what is in it. @type {WeakMap<Element, Map<string, string | Node[]>>} */
const originals = new WeakMap();
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
    if (tag === chinese || tag in languages) return tag;
    if (/^zh\b/i.test(tag)) return chinese;
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
 * @param {Partial<Record<Key, string>>} inEnglish @param {Partial<Record<Key, string>>} inChinese
 */
export function learn(inEnglish, inChinese) {
  Object.assign(languages.en, inEnglish);
  Object.assign(late, inChinese);
  if (languages[chinese]) Object.assign(languages[chinese], inChinese);
}

/** Fetches the Chinese sentences; without them the page stays English. */
async function fetchChinese() {
  try {
    const zh = await import('./zh.js');
    languages[chinese] = { ...zh.default, ...late };
    ofWorker = zh.ofWorker;
  } catch {
    // Asking once more tries again.
  }
}

/**
 * Shows the whole page in a language: English at once, another once it is here.
 * @param {string} tag
 * @param {boolean} [remember] for the next visit
 */
export async function speak(tag, remember = false) {
  const wish = ++wishes;
  if (tag === chinese && !languages[chinese]) await fetchChinese();
  if (wish !== wishes) return;
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
    translate(element, '', element.getAttribute('data-i18n') ?? '');
  }
  for (const element of document.querySelectorAll('[data-i18n-attr]')) {
    for (const pair of (element.getAttribute('data-i18n-attr') ?? '').split(' ')) {
      const [name = '', key = ''] = pair.split('=');
      translate(element, name, key);
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
  menu.value = preferred();
  menu.addEventListener('change', async () => {
    await speak(menu.value, true);
    menu.value = current;
    changed(current);
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
    if (parts.size === 0) said.delete(element);
    if (attribute) element.removeAttribute(attribute);
    else element.replaceChildren();
    // What the document says there is over: another language must not bring it back.
    if (!attribute) element.removeAttribute('data-i18n');
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

/**
 * Shows what a document says in the language in use.
 * @param {Element} element @param {string} attribute @param {string} key
 */
function translate(element, attribute, key) {
  const kept = originals.get(element) ?? new Map();
  const original = kept.get(attribute);
  if (sentence(/** @type {Key} */ (key))) {
    if (original === undefined) originals.set(element, kept.set(attribute, attribute ? element.getAttribute(attribute) : [...element.childNodes]));
    write(element, attribute, /** @type {Key} */ (key), {});
  } else if (!original) return;
  else if (attribute) element.setAttribute(attribute, original);
  else element.replaceChildren(...original);
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
  return (current === chinese && ofWorker[english]) || english;
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

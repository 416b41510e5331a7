// The converter's lines, in the page's words.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Line } from '../types.js' */
import { en } from '../text/note.js';
import { text } from '../text/i18n.js';

/** What some values are called. @type {Record<string, string>} */
const named = { family: 'family', prediction: 'predicts', found: 'predicts', schedule: 'schedule', order: 'order' };

/**
 * The page's sentence for a line, and the converter's own where the page has
 * none: a model may have been remembered by an older page.
 * @param {Line | string} line
 * @returns {string}
 */
export function noted(line) {
  if (typeof line === 'string') return line;
  const key = `own.note.${line.id}`;
  const said = knows(key) ? text(key, values(line)) : line.text;
  return line.file ? text('own.note.of', { file: line.file, text: said }) : said;
}

/** @param {Line} line @returns {Values} */
function values(line) {
  return Object.fromEntries(Object.entries(line.values).map(([name, value]) => [name, word(named[name] ?? '', value)]));
}

/**
 * What the page calls a value of a kind: the value itself, unless it has a word for it.
 * @param {string} kind @param {string | number} value
 */
export function word(kind, value) {
  const key = `own.${kind}.${value === 'flow' ? 'flow_prediction' : value}`;
  return knows(key) ? text(key) : value;
}

/** @param {string} key @returns {key is Key & keyof typeof en} */
function knows(key) {
  return Object.hasOwn(en, key);
}

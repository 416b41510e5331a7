// The converter's lines, in the page's words.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Line } from '../types.js' */
import { en } from '../text/note.js';
import { text } from '../text/i18n.js';

/** What some values are called; what and kind are phrases, identifiers of notes. @type {Record<string, string>} */
const named = { family: 'family', prediction: 'predicts', found: 'predicts', schedule: 'schedule', order: 'order', what: 'note', kind: 'note' };

/**
 * The page's sentence for a line, and the converter's own where the page has
 * none: a model may have been remembered by an older page.
 * @param {Line | string} line
 * @returns {string}
 */
export function noted(line) {
  if (typeof line === 'string') return line;
  const key = `own.note.${line.id}`;
  const said = knows(key) ? text(key, called(line.values)) : line.text;
  return line.file ? text('own.note.of', { file: line.file, text: said }) : said;
}

/**
 * The values of a sentence of the converter, as the page calls them.
 * @param {Line['values']} values
 * @returns {Values}
 */
export function called(values) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, named[name] ? () => String(word(named[name], value, values)) : value]),
  );
}

/**
 * What the page calls a value of a kind: the value itself, unless it has a word for it.
 * @param {string} kind @param {string | number} value
 * @param {Line['values']} [beside] what a phrase may have in it
 */
export function word(kind, value, beside = {}) {
  const key = `own.${kind}.${value === 'flow' ? 'flow_prediction' : value}`;
  return knows(key) ? text(key, called(beside)) : value;
}

/** @param {string} key @returns {key is Key & keyof typeof en} */
function knows(key) {
  return Object.hasOwn(en, key);
}

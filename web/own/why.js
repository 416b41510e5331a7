// Why the converter refuses a file, in the page's words.

/** @import { Key, Values } from '../text/i18n.js' */
/** @import { Refused } from '../types.js' */
import { knows, text } from '../text/i18n.js';
import { en } from '../text/why.js';
import { called } from './note.js';

/**
 * The page's sentence for a refusal, and the converter's own where a reader of
 * files has found a fault, which only that tells.
 * @param {Pick<Refused, 'id' | 'values' | 'message'>} refusal
 * @returns {{key: Key, values: Values, detail: string}}
 */
export function why({ id, values, message }) {
  const key = `own.why.${id}`;
  if (!isWhy(key)) return { key: 'own.why', values: {}, detail: message };
  const { fault, flag } = values;
  const field = { flag: () => label(String(flag)), hint: () => text(/** @type {Key} */ (`own.set.${flag}.hint`)) };
  const quoted = fault !== undefined && !en[key].includes('{fault}');
  return { key, values: { ...withGathered(values), ...(flag !== undefined && field) }, detail: quoted ? message : '' };
}

/** Values with a name for files that did not come in one folder, which have none. @param {Refused['values']} values @returns {Values} */
function withGathered(values) {
  return Object.fromEntries(Object.entries(called(values)).map(([name, value]) => [name, value === '' ? () => text('own.gathered') : value]));
}

/** @param {string} key @returns {key is keyof typeof en} */
function isWhy(key) {
  return Object.hasOwn(en, key);
}

/** What the page calls a flag of the converter. @param {string} flag */
export function label(flag) {
  const key = `own.set.${flag}`;
  return knows(key) ? text(key) : flag;
}

/** A sentence of the converter, with the names of the page's fields in place of flags. @param {string} english */
export function inWords(english) {
  return english.replace(/(^|[\s(])-([a-z][a-z-]*)\b/g, (all, before, flag) => (knows(`own.set.${flag}`) ? `${before}“${label(flag)}”` : all));
}

// What is known of a model that a person has brought, line by line.

/** @import { Key, Value, Values } from '../text/i18n.js' */
/** @import { Model } from './kept.js' */
import { bytes, language } from '../text/i18n.js';

/** Classes that are named. */
const named = 12;

/** @typedef {[name: Key, key: Key, values?: Values]} Line */
/** @typedef {Pick<typeof import('./note.js'), 'noted' | 'word'>} Words of what the converter has said */

/**
 * The lines of a report; what is not known has none.
 * @param {Model} model @param {() => Words} words
 * @returns {Line[]}
 */
export function report({ entry, parameters, timesteps, latents, hash, address, facts }, words) {
  const [drawn = 0, height = 0, across = 0] = entry.shape ?? [];
  // Channels of latents are drawn side by side.
  const [channels, width] = latents ? [latents, across / latents] : [drawn, across];
  const size = () => bytes(entry.bytes);
  const stored = () => (facts?.stored ?? []).map((each) => each.replace(/^\d+/, (n) => Number(n).toLocaleString(language()))).join(', ');
  /** @type {[name: Key, known: unknown, key: Key, values: Values][]} */
  const lines = [
    ['own.fact.name', entry.name, 'own.line', { text: entry.name }],
    ['own.fact.network', facts?.network, 'own.line', { text: () => words().noted(facts?.network ?? '') }],
    ['own.fact.picture', width, channels === 1 ? 'own.value.grey' : channels === 3 ? 'own.value.colour' : 'own.value.channels', { width, height, channels }],
    ['own.fact.classes', true, ...classes(entry.classes)],
    ['own.fact.parameters', parameters, 'own.line', { text: number(parameters) }],
    ['own.fact.bytes', entry.bytes, facts?.stored.length ? 'own.value.bytes' : 'own.line', facts?.stored.length ? { size, stored } : { text: size }],
    ['own.fact.prediction', facts?.prediction, 'own.line', { text: () => String(words().word('predicts', facts?.prediction ?? '')) }],
    ['own.fact.timesteps', timesteps, 'own.line', { text: number(timesteps) }],
    ['own.fact.work', facts?.multiplyAdds, 'own.value.work', { n: () => short(facts?.multiplyAdds ?? 0) }],
    ['own.fact.speed', facts?.milliseconds, 'own.value.speed', { ms: () => short(facts?.milliseconds ?? 0) }],
    ['own.fact.memory', facts?.memory, 'own.line', { text: () => bytes(facts?.memory ?? 0) }],
    ['own.fact.licence', entry.licence, 'own.line', { text: entry.licence }],
    ['own.fact.data', entry.data, 'own.line', { text: entry.data }],
    ['own.fact.provenance', facts?.provenance, 'own.line', { text: facts?.provenance ?? '' }],
    ['own.fact.address', address, 'own.line', { text: address }],
    ['own.fact.sha256', facts?.sha256 || hash, 'own.line', { text: `${(facts?.sha256 || hash).slice(0, 16)}…` }],
  ];
  return lines.filter(([, known]) => known).map(([name, , key, values]) => [name, key, values]);
}

/** @param {string[]} all @returns {[Key, Values]} */
function classes(all) {
  if (all.length === 0) return ['own.value.classes.none', {}];
  const names = all.slice(0, named).join(', ');
  return ['own.value.classes', { n: all.length, names: all.length > named ? `${names}, …` : names }];
}

/** @param {number} n @returns {Value} */
function number(n) {
  return () => n.toLocaleString(language());
}

/** A number as it is said. @param {number} n */
function short(n) {
  return n.toLocaleString(language(), { notation: 'compact', maximumSignificantDigits: n < 10 ? 2 : 3 });
}

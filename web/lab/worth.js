// What models are worth, as a table: one model beside the best that there is, or two that differ
// in one choice, measure by measure.

/** @import { Measure } from './messages.js' */
/** @import { Key } from '../text/i18n.js' */
import { element } from '../document/elements.js';
import { say } from '../text/i18n.js';
import { classOf, label } from './controls.js';
import { fixed } from './figures.js';

/** @typedef {Pick<Measure, 'name' | 'at' | 'of'> & {values: number[], real: number[]}} Row of each model a value and the best */

/**
 * The measures of models side by side: those of the first in their order, then what only another
 * has. NaN is what a model has not, or has not yet.
 * @param {Measure[][]} models
 * @returns {Row[]}
 */
export function rowsOf(models) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  models.forEach((measures, i) => {
    const others = models.filter((one) => one !== measures).flat();
    for (const { name: own, at, of, value, real } of measures) {
      // What diffusion maximises beside what another model does.
      const name = own === 'denoising' && others.some((other) => other.name === 'bound') ? 'bound' : own;
      const key = `${name} ${at} ${of}`;
      const row = rows.get(key) ?? { name, at, of, values: models.map(() => NaN), real: models.map(() => NaN) };
      row.values[i] = value;
      row.real[i] = real;
      rows.set(key, row);
    }
  });
  return [...rows.values()];
}

/** @param {number} value */
function shown(value) {
  return Number.isFinite(value) ? fixed(value, 3) : '–';
}

/** The best that there is, of both models where it is not the same. @param {number[]} real */
export function best(real) {
  const known = real.filter(Number.isFinite).map(shown);
  return new Set(known).size > 1 ? known.join('\u202f/ ') : (known[0] ?? '–');
}

/** What the rows of the table are named now. */
let named = '';

/** Shows rows, whose elements stay while they are the same. @param {Row[]} rows @param {boolean} settled whether they are what will stay */
export function showWorth(rows, settled) {
  say(element('worth-said'), settled ? 'lab.worth' : 'lab.worth.now');
  element('worth').toggleAttribute('data-settled', settled);
  const body = element('measures');
  const names = JSON.stringify(rows.map(({ name, at, of, values }) => [name, at, of, values.length]));
  if (names !== named) body.replaceChildren(...rows.map(rowNamed));
  named = names;
  rows.forEach(({ values, real }, i) => {
    const cells = body.children[i].querySelectorAll('td');
    [...values.map(shown), best(real)].forEach((text, k) => (cells[k].textContent = text));
  });
  element('worth').hidden = rows.length === 0;
}

/** @param {Row} row */
function rowNamed({ name, at, of, values }) {
  const row = document.createElement('tr');
  const head = document.createElement('th');
  head.scope = 'row';
  const part = document.createElement('span');
  say(part, /** @type {Key} */ (name === 'loss' ? 'lab.loss' : `lab.measure.${name}`), { t: at });
  say(head, /** @type {Key} */ (name === 'loss' ? 'lab.loss.recent' : `lab.judges.${name}`), {}, 'title');
  head.append(part);
  if (of) {
    const whose = document.createElement('span');
    whose.className = 'whose';
    label(whose, classOf(of));
    head.append(' · ', whose);
  }
  row.append(head, ...[...values, 0].map(() => document.createElement('td')));
  return row;
}

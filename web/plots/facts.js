// The numbers of a step beside its plot, as symbols and in words.

/** @import { Key } from '../text/i18n.js' */
/** @import { Course, Kind, LevelKind } from './course.js' */
/** @import { Symbol } from './symbols.js' */
import { text } from '../text/i18n.js';
import { short } from '../text/short.js';
import { symbolOf } from './symbols.js';

/** What a symbol is at a step, also of the whole step; key is of the sentence that says so. @typedef {{symbol: Symbol, value: string, step?: string, key: Key}} Fact */

/**
 * What is known at a step: where it begins, and what is plotted.
 * @param {Kind} kind @param {Course} course @param {number} step @param {number} rms of its change, or what else films tell; NaN where it is not known
 * @param {boolean} [few] whether there is room for little beside what is plotted
 * @returns {Fact[]}
 */
export function factsOf(kind, course, step, rms, few = false) {
  const level = course.at(step);
  if (!level) return [];
  /** @type {Fact[]} */
  const plotted = [];
  if (kind === 'snr') plotted.push({ symbol: 'log', value: short(level.logSNR), key: 'plots.is.log' });
  if (kind === 'change') plotted.push({ symbol: 'change', value: short(rms), key: 'plots.is.change' });
  if (kind === 'loss' && Number.isFinite(rms)) plotted.push({ symbol: 'loss', value: short(rms), key: 'plots.is.loss' });
  if (kind === 'apart' && Number.isFinite(rms)) plotted.push({ symbol: 'apart', value: short(rms), key: 'plots.is.apart' });
  if (kind === 'beta') plotted.push({ symbol: 'beta', ...both(kind, course, step), key: 'plots.is.beta' });
  if (kind === 'deviation') plotted.push({ symbol: 'deviation', ...both(kind, course, step), key: 'plots.is.deviation' });
  const t = level.t < 0 ? 'x₀' : String(Number(level.t.toFixed(1)));
  /** @type {Fact[]} */
  const timestep = [{ symbol: 't', value: t, key: 'plots.is.t' }, { symbol: 'alphaBar', value: short(level.alphaBar), key: 'plots.is.alphaBar' }];
  /** @type {Fact} */
  const snr = { symbol: 'snr', value: short(Math.exp(level.logSNR)), key: 'plots.is.snr' };
  /** @type {Fact} */
  const sigma = { symbol: 'sigma', value: short(level.sigma), key: 'plots.is.sigma' };
  const trained = course.schedule.length > 0;
  if (few && trained) return [...timestep, ...(plotted.length > 0 ? plotted : [snr])];
  return [...(trained ? timestep : []), snr, sigma, ...plotted];
}

/** What is known of a timestep, and of the whole step. @param {LevelKind} kind @param {Course} course @param {number} step */
function both(kind, course, step) {
  return { value: short(course.ofTimestep(kind, step)), step: short(course.value(kind, step)) };
}

/** Facts in words. @param {Fact[]} facts */
export function inWords(facts) {
  return facts.map(({ key, value, step = '' }) => text(key, { value, step })).join(text('plots.and'));
}

/** Facts as they stand beside the plot. @param {Fact[]} facts */
export function spansOf(facts) {
  return facts.map(({ symbol, value, step }) => {
    const span = document.createElement('span');
    const number = document.createElement('b');
    number.textContent = value;
    span.append(symbolOf(symbol), ' ', number);
    if (step) {
      const more = document.createElement('b');
      more.textContent = step;
      span.append(` · ${text('plots.step')} `, more);
    }
    return span;
  });
}

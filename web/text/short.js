// Numbers as they are read, of any size.

import { language } from './i18n.js';

const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number in three digits, small and large ones with a power of ten. @param {number} value */
export function short(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const format = (/** @type {number} */ n) => n.toLocaleString(language(), { maximumSignificantDigits: 3 }).replace('-', '−');
  if (size === 0 || (size >= 0.001 && size < 1e5)) return format(value);
  const [parts, power] = value.toExponential(2).split('e');
  const raised = String(Math.abs(Number(power))).replace(/\d/g, (digit) => digits[Number(digit)]);
  return `${format(Number(parts))} × 10${Number(power) < 0 ? '⁻' : ''}${raised}`;
}

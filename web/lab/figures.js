// Numbers as the lab writes them: as the language groups their digits, with a minus
// as wide as a plus.

import { language } from '../text/i18n.js';

/** @param {number} value @param {Intl.NumberFormatOptions} options */
function written(value, options) {
  const text = value.toLocaleString(language(), options);
  return text.replace('-', /[1-9]/.test(text) ? '−' : '');
}

/** @param {number} value @param {number} [places] after the point */
export function fixed(value, places = 2) {
  return written(value, { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** As an axis has it. @param {number} value that one digit or a whole number says */
export function short(value) {
  return written(value, Number.isInteger(value) ? {} : { maximumSignificantDigits: 1 });
}

/** A loss in few digits. @param {number} value */
export function lossText(value) {
  return Math.abs(value) < 100 ? written(value, { minimumSignificantDigits: 2, maximumSignificantDigits: 2 }) : fixed(value, 0);
}
